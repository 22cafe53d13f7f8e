// The API document and the running engine: neither has a call that the other does not know.
#include <set>

#include "world.hpp"

namespace parley::scenario {

// "GET /graph/{}/media": the document may call a parameter otherwise than the code does.
static std::string without_names(const std::string& route) {
    std::string out;
    bool is_name = false;
    for (const char c : route) {
        if (c == '}') is_name = false;
        if (!is_name) out += c;
        if (c == '{') is_name = true;
    }
    return out;
}

class ApiDocument : public World {
  protected:
    void SetUp() override {
        start_graph();
        start_engine();
    }
    sim::Json document() {
        HttpCall call;
        call.url = door() + "/openapi.json";
        call.timeout = Millis{5'000};
        const HttpOutcome outcome = ask(std::move(call));
        EXPECT_TRUE(outcome.reply && outcome.reply->status == 200);
        return outcome.reply ? sim::Json::parse(outcome.reply->body, nullptr, false) : sim::Json();
    }
    static std::set<std::string> calls_of(const sim::Json& document) {
        std::set<std::string> calls;
        for (const auto& [path, methods] : document.at("paths").items())
            for (const auto& [method, call] : methods.items()) {
                std::string verb = method;
                std::transform(verb.begin(), verb.end(), verb.begin(),
                               [](char c) { return static_cast<char>(c - 'a' + 'A'); });
                calls.insert(without_names(verb + ' ' + path));
            }
        return calls;
    }
};

TEST_F(ApiDocument, has_every_route_of_the_engine_and_no_other) {
    const std::set<std::string> written = calls_of(document());
    std::set<std::string> answered;
    for (const std::string& route : engine->routes()) answered.insert(without_names(route));
    EXPECT_GT(answered.size(), 30U);
    for (const std::string& route : answered)
        EXPECT_TRUE(written.count(route)) << route << " is not in engine/admin/openapi.json";
    for (const std::string& call : written)
        EXPECT_TRUE(answered.count(call))
            << call << " is in engine/admin/openapi.json, and the engine does not know it";
}

TEST_F(ApiDocument, names_each_parameter_of_a_path_and_each_operation_once) {
    const sim::Json all = document();
    std::set<std::string> ids;
    for (const auto& [path, methods] : all.at("paths").items())
        for (const auto& [method, call] : methods.items()) {
            const std::string id = call.at("operationId");
            EXPECT_TRUE(ids.insert(id).second) << id << " stands twice";
            std::size_t named = 0;
            for (const sim::Json& one : call.value("parameters", sim::Json::array())) {
                const std::string reference = one.value("$ref", "");
                const sim::Json& parameter =
                    reference.empty() ? one : all.at(sim::Json::json_pointer(reference.substr(1)));
                if (parameter.at("in") != "path") continue;
                ++named;
                EXPECT_NE(path.find('{' + std::string(parameter.at("name")) + '}'), std::string::npos)
                    << method << ' ' << path;
            }
            EXPECT_EQ(named, static_cast<std::size_t>(std::count(path.begin(), path.end(), '{')))
                << method << ' ' << path;
        }
}

}  // namespace parley::scenario

#include "kit/recorded_talk.hpp"

#include <algorithm>
#include <fstream>

#include "store/record_line.hpp"

namespace parley::kit {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string document_of(const Json& line, const char* key) {
    const auto found = line.find(key);
    if (found == line.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : dumped(*found);
}

std::string from_hex_text(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}

HttpExchange to_exchange(const Json& json) {
    HttpExchange one;
    one.method = json.at("method");
    one.url = json.at("url");
    one.body = json.value("body", "");
    one.end = json.at("end");
    one.took = Millis{json.value("took_ms", 0)};
    one.status = json.value("status", 0);
    one.headers = dumped(json.value("headers", Json::object()));
    one.answer = json.value("answer", "");
    return one;
}

Said to_said(const Json& line) {
    Said said;
    said.has_answered = line.at("outcome") == "answered";
    said.error = line.value("error", "");
    for (const Json& reply : line.value("replies", Json::array())) said.replies.push_back(dumped(reply));
    if (line.contains("state_after")) said.state = dumped(line["state_after"]);
    const Json annotations = line.value("annotations", Json::object());
    for (const auto& [key, value] : annotations.items()) said.annotations[key] = value.get<std::string>();
    for (const Json& one : line.value("http", Json::array()))
        said.requests.push_back(one.at("method").get<std::string>() + " " + one.at("url").get<std::string>() +
                                "\n" + sorted_json(one.value("body", "")));
    return said;
}

std::string name_of(const Json& line) {
    const Json& agent = line.at("agent");
    return agent.value("id", "") + " " + agent.value("version", "");
}

RecordedStep to_step(const Json& line) {
    RecordedStep step;
    step.at_ms = line.at("at_ms");
    step.conversation = line.at("conversation");
    step.turn = line.at("turn");
    step.agent = name_of(line);
    testing::Message& message = step.message;
    message.text = line.at("text");
    message.type = line.at("type");
    message.sender = line.at("sender");
    message.name = line.at("name");
    message.conversation = std::to_string(step.conversation);
    message.message_json = document_of(line, "message");
    message.kind = line.at("kind");
    message.attempt = line.at("attempt");
    message.received_unix_ms = line.at("received_ms");
    step.wa_id = line.value("wa_id", "");
    step.user_id = line.value("user_id", "");
    step.state = document_of(line, "state");
    step.state_revision = line.value("state_revision", std::uint64_t{0});
    step.state_schema = line.value("state_schema", std::uint32_t{0});
    step.deadline_ms = line.value("deadline_ms", std::int64_t{20'000});
    step.random = from_hex_text(line.value("random", ""));
    for (const Json& one : line.value("http", Json::array())) step.http.push_back(to_exchange(one));
    step.missing = line.value("missing", std::vector<std::string>{});
    step.said = to_said(line);
    return step;
}

class Reader {
  public:
    Result<> read(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        if (!in) return Error{Errc::not_found, file.string() + ": cannot be read"};
        std::string text;
        const Json header = std::getline(in, text) ? Json::parse(text, nullptr, false) : Json();
        if (!header.is_object() || !header.contains("parley_records"))
            return Error{Errc::invalid_input, file.string() + ": is no file of records"};
        if (header["parley_records"] != record_form)
            return Error{Errc::invalid_input,
                         file.string() +
                             ": was written by another version of parley, in a form that this one "
                             "does not know"};
        talks_.deployment = header.value("deployment", "");
        while (std::getline(in, text)) take(text);
        return {};
    }

    RecordedTalks talks(std::size_t limit) {
        std::vector<std::int64_t> order;
        for (auto& [key, shadow] : shadows_) give_shadow(key, std::move(shadow));
        for (auto& [id, talk] : by_id_) {
            const auto earlier = [](const RecordedStep& a, const RecordedStep& b) {
                return a.at_ms < b.at_ms;
            };
            std::stable_sort(talk.steps.begin(), talk.steps.end(), earlier);
            order.push_back(id);
        }
        const auto newest = [&](std::int64_t id) { return by_id_.at(id).steps.back().at_ms; };
        std::stable_sort(order.begin(), order.end(),
                         [&](std::int64_t a, std::int64_t b) { return newest(a) > newest(b); });
        if (limit > 0 && order.size() > limit) order.resize(limit);
        std::sort(order.begin(), order.end());
        for (const std::int64_t id : order) talks_.talks.push_back(std::move(by_id_.at(id)));
        return std::move(talks_);
    }

  private:
    struct Shadow {
        Said said;
        std::string agent;
    };
    using Key = std::pair<std::int64_t, std::int64_t>;  // conversation, turn

    void take(const std::string& text) {
        if (text.empty()) return;
        const Json line = Json::parse(text, nullptr, false);
        try {
            if (line.value("shadow", false)) {
                shadows_[{line.at("conversation"), line.at("turn")}] = {to_said(line), name_of(line)};
                return;
            }
            RecordedStep step = to_step(line);
            RecordedTalk& talk = by_id_[step.conversation];
            talk.conversation = step.conversation;
            talk.steps.push_back(std::move(step));
        } catch (const std::exception&) {
            ++talks_.unreadable;
        }
    }

    void give_shadow(const Key& key, Shadow shadow) {
        const auto talk = by_id_.find(key.first);
        if (talk == by_id_.end()) return;
        for (RecordedStep& step : talk->second.steps) {
            if (step.turn != key.second) continue;
            step.shadow = std::move(shadow.said);
            step.shadow_agent = std::move(shadow.agent);
            return;
        }
    }

    RecordedTalks talks_;
    std::map<std::int64_t, RecordedTalk> by_id_;
    std::map<Key, Shadow> shadows_;
};

}  // namespace

std::string sorted_json(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    return json.is_object() || json.is_array() ? dumped(json) : text;
}

Result<RecordedTalks> read_records(const fs::path& file_or_folder, std::size_t limit) {
    std::vector<fs::path> files;
    std::error_code failed;
    if (fs::is_directory(file_or_folder, failed)) {
        for (const auto& entry : fs::directory_iterator(file_or_folder, failed))
            if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
        if (files.empty())
            return Error{Errc::not_found, file_or_folder.string() +
                                              ": holds no records; give the folder of a deployment, "
                                              "STATE/DATABASE.records/DEPLOYMENT"};
        std::sort(files.begin(), files.end());
    } else {
        files.push_back(file_or_folder);
    }
    Reader reader;
    for (const fs::path& file : files)
        if (const auto read = reader.read(file); !read) return read.error();
    return reader.talks(limit);
}

}  // namespace parley::kit

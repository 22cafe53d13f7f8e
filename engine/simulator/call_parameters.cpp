// Query, JSON and forms.
#include "simulator/call_parameters.hpp"

#include "net/http_message.hpp"

namespace parley::sim {

CallParameters::CallParameters(const GraphCall& call) : query_(call.query) {
    if (call.body.empty()) return;
    if (auto parsed = parse_object(call.body))
        body_ = std::move(*parsed);
    else if (call.content_type.starts_with("application/x-www-form-urlencoded"))
        form_ = call.body;
    else
        is_broken_ = true;
}

std::string CallParameters::text(std::string_view name) const {
    if (const Json* value = member(body_, name)) {
        if (value->is_string()) return value->get<std::string>();
        return value->is_number() ? value->dump() : std::string();
    }
    std::string found = query_value(query_, name);
    return found.empty() ? query_value(form_, name) : found;
}

std::vector<std::string> CallParameters::fields() const {
    std::vector<std::string> names(1);
    unsigned depth = 0;
    for (const char c : query_value(query_, "fields")) {
        if (c == '{') ++depth;
        if (c == '}' && depth > 0) {
            --depth;
            continue;
        }
        if (depth > 0 || c == ' ') continue;
        if (c == ',')
            names.emplace_back();
        else
            names.back() += c;
    }
    std::erase(names, std::string());
    return names;
}

GraphReply pick_fields(const Json& object, const GraphCall& call, const std::vector<std::string>& defaults) {
    std::vector<std::string> names = CallParameters(call).fields();
    if (names.empty()) names = defaults;
    Json picked = Json::object();
    for (const std::string& name : names) {
        const Json* value = member(object, name);
        if (!value) return parameter_error("Tried accessing nonexisting field (" + name + ")");
        if (!value->is_null()) picked[name] = *value;
    }
    if (const Json* id = member(object, "id")) picked["id"] = *id;
    return GraphBody{std::move(picked)};
}

}  // namespace parley::sim

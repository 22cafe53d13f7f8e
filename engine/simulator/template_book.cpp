// Templates.
#include "simulator/template_book.hpp"

#include <algorithm>
#include <array>

#include "net/http_message.hpp"
#include "simulator/paging.hpp"

namespace parley::sim {
namespace {

bool is_template_name(const std::string& name) {
    return !name.empty() && name.size() <= 512 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

GraphError with_subcode(int subcode, std::string text) {
    GraphError error = parameter_error(std::move(text));
    error.subcode = subcode;
    return error;
}

Complaint check_new(const Json& content) {
    if (!is_template_name(text_of(content, "name")))
        return with_subcode(2388042, "Param name must be lower-case letters, digits and underscores.");
    if (auto wrong = check_text(content, "", "language", 32)) return wrong;
    const std::string category = text_of(content, "category");
    constexpr std::array<std::string_view, 3> categories{"AUTHENTICATION", "MARKETING", "UTILITY"};
    if (std::find(categories.begin(), categories.end(), category) == categories.end())
        return parameter_error("Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}.");
    return check_array(content, "", "components", 1, 10);
}

const Json* body_of(const Json& components, std::string_view type) {
    if (!components.is_array()) return nullptr;
    for (const Json& component : components) {
        std::string name = text_of(component, "type");
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::toupper(c); });
        if (name == type) return &component;
    }
    return nullptr;
}

// How many different {{…}} a text has; the same one twice is one parameter.
std::size_t parameters_of(const std::string& text) {
    std::vector<std::string> names;
    for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
        const auto end = text.find("}}", at);
        if (end == std::string::npos) break;
        const std::string name = text.substr(at + 2, end - at - 2);
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names.size();
}

}  // namespace

GraphReply TemplateBook::answer(const GraphCall& call, WallTime now, Millis review) {
    if (call.method == "GET") return list(call, now);
    return call.method == "POST" ? create(call, now + review) : remove(call);
}

GraphReply TemplateBook::list(const GraphCall& call, WallTime now) const {
    const std::string name = query_value(call.query, "name");
    std::vector<std::pair<std::uint64_t, Json>> found;
    for (const Entry& entry : entries_) {
        if (entry.waba_id != call.node || (!name.empty() && text_of(entry.content, "name") != name)) continue;
        Json shown = entry.content;
        shown["status"] = entry.approved <= now ? "APPROVED" : "PENDING";
        shown["id"] = std::to_string(entry.id);
        found.emplace_back(entry.id, std::move(shown));
    }
    return page_of(std::move(found), call);
}

GraphReply TemplateBook::create(const GraphCall& call, WallTime approved) {
    auto content = parse_object(call.body);
    if (!content) return parameter_error("The request body is not a JSON object.");
    if (auto wrong = check_new(*content)) return *wrong;
    std::size_t count = 0;
    for (const Entry& entry : entries_) {
        if (entry.waba_id != call.node) continue;
        ++count;
        if (entry.content["name"] == (*content)["name"] &&
            entry.content["language"] == (*content)["language"])
            return with_subcode(2388024, "Content in this language already exists.");
    }
    if (count >= max_templates)
        return with_subcode(2388019, "The limit of 250 message templates is reached.");
    GraphBody answer{
        {{"id", std::to_string(++last_id_)}, {"status", "PENDING"}, {"category", (*content)["category"]}}};
    accounts_.insert(call.node);
    entries_.push_back({last_id_, call.node, std::move(*content), approved});
    return answer;
}

GraphReply TemplateBook::remove(const GraphCall& call) {
    const std::string name = query_value(call.query, "name");
    const std::string id = query_value(call.query, "hsm_id");
    if (name.empty()) return parameter_error("The parameter name is required.");
    const auto gone = std::erase_if(entries_, [&](const Entry& entry) {
        return entry.waba_id == call.node && text_of(entry.content, "name") == name &&
               (id.empty() || std::to_string(entry.id) == id);
    });
    if (gone == 0) return with_subcode(2593002, "Message template was not found.");
    return success();
}

Complaint TemplateBook::check(const std::string& waba_id, const Json& body, WallTime now) const {
    if (!accounts_.contains(waba_id) || text_of(body, "type") != "template") return {};
    const Json& wanted = body["template"];
    const std::string name = text_of(wanted, "name");
    const std::string language = text_of(wanted["language"], "code");
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.waba_id == waba_id && text_of(entry.content, "name") == name &&
               text_of(entry.content, "language") == language;
    });
    if (found == entries_.end() || found->approved > now)
        return graph_error(132001, "template name (" + name + ") does not exist in " + language);
    const Json* text = body_of(found->content["components"], "BODY");
    const Json* components = member(wanted, "components");
    const Json* given = components ? body_of(*components, "BODY") : nullptr;
    const Json* parameters = given ? member(*given, "parameters") : nullptr;
    const std::size_t expected = text ? parameters_of(text_of(*text, "text")) : 0;
    const std::size_t count = parameters && parameters->is_array() ? parameters->size() : 0;
    if (expected == count) return {};
    return graph_error(132000, "body: number of localizable_params (" + std::to_string(count) +
                                   ") does not match the expected number of params (" +
                                   std::to_string(expected) + ")");
}

void TemplateBook::clear() {
    entries_.clear();
    accounts_.clear();
}

}  // namespace parley::sim

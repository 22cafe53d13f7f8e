#include "host/config_schema.hpp"

#include <map>
#include <set>

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/suggestion.hpp"

namespace parley {
namespace {

using rapidjson::Document;
using rapidjson::Pointer;
using rapidjson::Value;

constexpr std::size_t most_mistakes = 50;

std::string text_of(const Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

std::string text_of(const Pointer& pointer) {
    rapidjson::StringBuffer buffer;
    pointer.Stringify(buffer);
    return {buffer.GetString(), buffer.GetSize()};
}

std::string json_of(const Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

const Value* member(const Value& object, const char* name) {
    if (!object.IsObject()) return nullptr;
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string name_of_type(std::string_view type) {
    if (type == "string") return "a text";
    if (type == "integer") return "a whole number";
    if (type == "number") return "a number";
    if (type == "boolean") return "true or false";
    if (type == "array") return "a list";
    if (type == "object") return "a block of keys";
    return "nothing";  // null
}

std::string type_of(const Value& value) {
    if (value.IsString()) return "a text";
    if (value.IsInt64() || value.IsUint64()) return "a whole number";
    if (value.IsNumber()) return "a number";
    if (value.IsBool()) return "true or false";
    if (value.IsArray()) return "a list";
    return value.IsObject() ? "a block of keys" : "nothing";
}

std::string joined(const Value& list, std::string (*word)(const Value&)) {
    std::string text;
    for (rapidjson::SizeType i = 0; i < list.Size(); ++i)
        text += (i == 0 ? "" : i + 1 == list.Size() ? " or " : ", ") + word(list[i]);
    return text;
}

std::string expected_type(const Value& schema) {
    const Value* type = member(schema, "type");
    if (type == nullptr) return "another value";
    const auto word = [](const Value& name) { return name_of_type(text_of(name)); };
    return type->IsArray() ? joined(*type, +word) : word(*type);
}

// What a schema node's keyword asks for: "at least 3".
std::string demand(const Value& schema, std::string_view keyword) {
    const Value* bound = member(schema, std::string(keyword).c_str());
    if (bound == nullptr) return "something else than what its schema forbids";
    const std::string value = json_of(*bound);
    if (keyword == "enum") return joined(*bound, json_of);
    if (keyword == "pattern") return "a text of the form " + text_of(*bound);
    if (keyword == "minimum") return "at least " + value;
    if (keyword == "maximum") return "at most " + value;
    if (keyword == "multipleOf") return "a multiple of " + value;
    if (keyword == "minLength") return "at least " + value + " characters";
    if (keyword == "maxLength") return "at most " + value + " characters";
    if (keyword == "minItems") return "at least " + value + " elements";
    if (keyword == "maxItems") return "at most " + value + " elements";
    if (keyword == "minProperties") return "at least " + value + " keys";
    if (keyword == "maxProperties") return "at most " + value + " keys";
    return "what its schema says under \"" + std::string(keyword) + "\"";
}

// The library stops at the first mistake; each is taken out of the way, and it looks again.
class Search {
  public:
    Search(Document& schema, Document& config) : schema_(schema), config_(config) {}

    std::vector<SettingMistake> run() {
        while (found_.size() < most_mistakes && has_one()) {
        }
        return std::move(found_);
    }

  private:
    bool has_one() {
        const rapidjson::SchemaDocument compiled(schema_);
        rapidjson::SchemaValidator validator(compiled);
        if (config_.Accept(validator)) return false;
        const std::string_view keyword = validator.GetInvalidSchemaKeyword();
        const Pointer place = validator.GetInvalidDocumentPointer();
        Value* node = validator.GetInvalidSchemaPointer().Get(schema_);
        if (node == nullptr) return false;
        if (keyword == "required") return take_required(*node, place);
        if (keyword == "additionalProperties")
            note_unknown(*node, place);
        else
            note_wrong(*node, keyword, place);
        return take_away(place);
    }

    // False for the whole document.
    bool take_away(const Pointer& place) {
        const std::string pointer = as_written(place);
        if (!place.Erase(config_)) return false;
        const auto slash = pointer.rfind('/');
        if (const Value* parent = parent_of(place).Get(config_); parent != nullptr && parent->IsArray())
            gone_[pointer.substr(0, slash)].insert(std::stoul(pointer.substr(slash + 1)));
        return true;
    }

    static Pointer parent_of(const Pointer& place) {
        return {place.GetTokens(), place.GetTokenCount() == 0 ? 0 : place.GetTokenCount() - 1};
    }

    // The pointer as it was before elements of lists were taken away.
    std::string as_written(const Pointer& place) const {
        std::string written;
        for (std::size_t i = 0; i < place.GetTokenCount(); ++i) {
            const Pointer::Token& token = place.GetTokens()[i];
            const auto gone = gone_.find(written);
            if (gone == gone_.end()) {
                written += text_of(Pointer(&token, 1));
                continue;
            }
            std::size_t index = token.index;
            for (const std::size_t before : gone->second)
                if (before <= index) ++index;
            written += "/" + std::to_string(index);
        }
        return written;
    }

    // With its `required` gone a node says nothing of keys that were taken away, either.
    bool take_required(Value& node, const Pointer& place) {
        const Value* object = place.Get(config_);
        const Value* names = member(node, "required");
        if (object == nullptr || names == nullptr || !names->IsArray()) return false;
        for (const Value& name : names->GetArray()) {
            if (!name.IsString() || object->HasMember(name)) continue;
            const std::string pointer = as_written(place.Append(name, nullptr));
            if (is_noted(pointer)) continue;
            const Value* properties = member(node, "properties");
            const Value* its = properties == nullptr ? nullptr : member(*properties, name.GetString());
            const Value* about = its == nullptr ? nullptr : member(*its, "description");
            std::string what = "is missing";
            if (about != nullptr && about->IsString()) what += ": " + text_of(*about);
            found_.push_back({pointer, what, "write  " + text_of(name) + ": …"});
        }
        return node.RemoveMember("required");
    }

    void note_unknown(const Value& node, const Pointer& place) {
        const auto& token = place.GetTokens()[place.GetTokenCount() - 1];
        const std::string name(token.name, token.length);
        std::vector<std::string_view> known;
        if (const Value* properties = member(node, "properties"); properties && properties->IsObject())
            for (const auto& its : properties->GetObject())
                known.emplace_back(its.name.GetString(), its.name.GetStringLength());
        const std::string_view meant = nearest(name, known);
        std::string instead;
        if (!meant.empty()) {
            instead = "did you mean \"" + std::string(meant) + "\"?";
        } else {
            for (const std::string_view one : known)
                instead.append(instead.empty() ? "known here: " : ", ").append(one);
        }
        found_.push_back({as_written(place), "this agent has no such setting", instead});
    }

    void note_wrong(const Value& node, std::string_view keyword, const Pointer& place) {
        const Value* value = place.Get(config_);
        std::string what = "expected " + (keyword == "type" ? expected_type(node) : demand(node, keyword));
        if (keyword == "type" && value != nullptr) what += ", found " + type_of(*value);
        found_.push_back({as_written(place), what, ""});
    }

    bool is_noted(const std::string& pointer) const {
        for (const SettingMistake& one : found_)
            if (one.pointer == pointer) return true;
        return false;
    }

    Document& schema_;
    Document& config_;
    std::vector<SettingMistake> found_;
    std::map<std::string, std::set<std::size_t>> gone_;  // elements by their list, both as written
};

}  // namespace

Result<std::vector<SettingMistake>> find_setting_mistakes(std::string_view schema_json,
                                                          std::string_view config_json) {
    if (schema_json.empty()) return std::vector<SettingMistake>{};
    Document schema;
    schema.Parse(schema_json.data(), schema_json.size());
    if (schema.HasParseError() || !schema.IsObject())
        return Error{Errc::invalid_input, "the agent's config_schema is not a JSON object"};
    Document config;
    config.Parse(config_json.data(), config_json.size());
    if (config.HasParseError() || !config.IsObject())
        return Error{Errc::invalid_input, "the agent's configuration is not a JSON object"};
    return Search(schema, config).run();
}

}  // namespace parley

#include "whatsapp/message_limits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <span>

#include "base/utf16.hpp"
#include "whatsapp/text_split.hpp"

namespace parley {
namespace {

using Found = std::optional<std::string>;

enum class Measure { characters, elements, presence };
enum Demand : unsigned { optional = 0, required = 1, one_line = 2, distinct = 4 };

struct Limit {
    std::string_view path;  // dotted; [] stands for each element of a list
    Measure measure;
    std::size_t least, most;
    unsigned demands;
};

constexpr Limit characters(std::string_view path, std::size_t most, unsigned demands = optional) {
    return {path, Measure::characters, 1, most, demands};
}
constexpr Limit elements(std::string_view path, std::size_t least, std::size_t most) {
    return {path, Measure::elements, least, most, required};
}
// A text that must be there and has no documented limit.
constexpr Limit text_at(std::string_view path, unsigned demands = required) {
    return characters(path, SIZE_MAX, demands);
}
constexpr Limit present(std::string_view path) {
    return {path, Measure::presence, 0, 0, required};
}

constexpr std::array text{characters("text.body", longest_text, required)};
constexpr std::array image{characters("image.caption", 1024)};
constexpr std::array video{characters("video.caption", 1024)};
constexpr std::array document{characters("document.caption", 1024)};
constexpr std::array contacts{elements("contacts", 1, 257), text_at("contacts[].name.formatted_name")};
constexpr std::array location{present("location.latitude"), present("location.longitude")};
constexpr std::array reaction{text_at("reaction.message_id"), present("reaction.emoji")};
constexpr std::array message_template{characters("template.name", 512, required),
                                      text_at("template.language.code"),
                                      characters("template.components[].parameters[].coupon_code", 20)};

constexpr Limit short_body = characters("interactive.body.text", 1024, required);
constexpr Limit long_body = characters("interactive.body.text", 4096, required);
constexpr Limit footer = characters("interactive.footer.text", 60);
constexpr Limit header = characters("interactive.header.text", 60);

constexpr std::array buttons{
    short_body,
    footer,
    header,
    elements("interactive.action.buttons", 1, 3),
    characters("interactive.action.buttons[].reply.id", 256, required | distinct),
    characters("interactive.action.buttons[].reply.title", 20, required | one_line | distinct),
};
constexpr std::array list{
    long_body,
    footer,
    header,
    characters("interactive.action.button", 20, required | one_line),
    elements("interactive.action.sections", 1, 10),
    characters("interactive.action.sections[].title", 24),
    elements("interactive.action.sections[].rows", 1, 10),
    characters("interactive.action.sections[].rows[].id", 200, required | distinct),
    characters("interactive.action.sections[].rows[].title", 24, required | one_line),
    characters("interactive.action.sections[].rows[].description", 72),
};
constexpr std::array cta_url{
    short_body,
    footer,
    header,
    characters("interactive.action.parameters.display_text", 20, required | one_line),
    text_at("interactive.action.parameters.url"),
};
constexpr std::array flow{
    short_body,
    footer,
    header,
    text_at("interactive.action.parameters.flow_message_version"),
    characters("interactive.action.parameters.flow_cta", 30, required),
};
constexpr std::array product{
    characters("interactive.body.text", 1024),
    footer,
    text_at("interactive.action.catalog_id"),
    text_at("interactive.action.product_retailer_id"),
};
constexpr std::array product_list{
    short_body,
    footer,
    characters("interactive.header.text", 60, required),
    text_at("interactive.action.catalog_id"),
    elements("interactive.action.sections", 1, 10),
    characters("interactive.action.sections[].title", 24),
    elements("interactive.action.sections[].product_items", 1, 30),
    text_at("interactive.action.sections[].product_items[].product_retailer_id"),
};
constexpr std::array carousel{
    short_body,
    elements("interactive.action.cards", 2, 10),
    characters("interactive.action.cards[].body.text", 160),
};
constexpr std::array with_body{short_body, footer};
constexpr std::array with_body_or_none{characters("interactive.body.text", 1024), footer};

struct TypeLimits {
    std::string_view type;
    std::span<const Limit> limits;
};

constexpr TypeLimits types[] = {
    {"text", text},         {"image", image},       {"video", video},       {"document", document},
    {"contacts", contacts}, {"location", location}, {"reaction", reaction}, {"template", message_template},
};
constexpr TypeLimits interactive_types[] = {
    {"button", buttons},
    {"list", list},
    {"cta_url", cta_url},
    {"flow", flow},
    {"product", product},
    {"product_list", product_list},
    {"carousel", carousel},
    {"location_request_message", with_body},
    {"request_contact_info", with_body},
    {"catalog_message", with_body},
    {"address_message", with_body},
    {"call_permission_request", with_body_or_none},
    {"voice_call", with_body_or_none},
};

std::span<const Limit> limits_of(std::span<const TypeLimits> all, std::string_view type) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const TypeLimits& one) { return one.type == type; });
    return found == all.end() ? std::span<const Limit>() : found->limits;
}

std::string counted(std::size_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

// Holds one message against one limit, wherever its path leads.
class Check {
  public:
    explicit Check(const Limit& limit) : limit_(limit) {}

    Found find(const JsonValue& at) { return find(at, limit_.path, {}); }

  private:
    Found find(const JsonValue& at, std::string_view rest, const std::string& place) {
        if (rest.empty()) return judge(at, place);
        const std::string_view step = rest.substr(0, rest.find('.'));
        rest.remove_prefix(std::min(rest.size(), step.size() + 1));
        const bool each = step.ends_with("[]");
        const std::string_view name = each ? step.substr(0, step.size() - 2) : step;
        const JsonValue child = at[name];
        const std::string inside = place.empty() ? std::string(name) : place + "." + std::string(name);
        if (!each) return find(child, rest, inside);
        std::size_t index = 0;
        for (const JsonValue element : child) {
            if (!child.is_array()) break;
            if (auto broken = find(element, rest, inside + "[" + std::to_string(index++) + "]"))
                return broken;
        }
        return {};
    }

    Found judge(const JsonValue& value, const std::string& place) {
        if (!value || value.raw() == "null") {
            if ((limit_.demands & required) == 0) return {};
            return place + ": is missing";
        }
        if (limit_.measure == Measure::presence) return {};
        if (limit_.measure == Measure::elements) {
            if (!value.is_array()) return place + ": must be a list";
            return within(value.size(), "element", place);
        }
        if (!value.is_string()) return place + ": must be a text";
        return judge_text(value.text(), place);
    }

    Found judge_text(const std::string& value, const std::string& place) {
        if (auto broken = within(utf16_units(value), "character", place)) return broken;
        if ((limit_.demands & one_line) != 0 && value.find('\n') != std::string::npos)
            return place + ": has a line break";
        if ((limit_.demands & distinct) != 0 && !seen_.insert(value).second)
            return place + ": is the same as another one";
        return {};
    }

    Found within(std::size_t count, std::string_view what, const std::string& place) const {
        if (count == 0 && limit_.least > 0) return place + ": is empty";
        if (count < limit_.least)
            return place + ": " + counted(count, what) + ", at least " + std::to_string(limit_.least);
        if (count > limit_.most)
            return place + ": " + counted(count, what) + ", at most " + std::to_string(limit_.most);
        return {};
    }

    const Limit& limit_;
    std::set<std::string> seen_;
};

Found check_all(std::span<const Limit> limits, const JsonValue& message) {
    for (const Limit& limit : limits)
        if (auto broken = Check(limit).find(message)) return broken;
    return {};
}

Found check_media(std::string_view type, const JsonValue& media) {
    const std::string name(type);
    if (static_cast<bool>(media["id"]) == static_cast<bool>(media["link"]))
        return name + ": needs either id or link";
    const bool takes_caption = type != "audio" && type != "sticker";
    if (!takes_caption && media["caption"]) return name + ".caption: " + name + " takes none";
    return {};
}

// What no single field shows.
Found check_sections(const JsonValue& sections, std::string_view items, std::size_t most) {
    const bool needs_titles = sections.size() > 1;
    std::size_t count = 0;
    std::size_t index = 0;
    for (const JsonValue section : sections) {
        const std::string place = "interactive.action.sections[" + std::to_string(index++) + "]";
        if (needs_titles && section["title"].text().empty())
            return place + ".title: is missing, and several sections need one each";
        count += section[items].size();
    }
    if (count <= most) return {};
    return "interactive.action.sections: " + std::to_string(count) + " " + std::string(items) +
           " in all, at most " + std::to_string(most);
}

Found check_interactive(const JsonValue& message) {
    const JsonValue interactive = message["interactive"];
    if (!interactive.is_object()) return "interactive: is missing";
    const std::string type = interactive["type"].text();
    if (auto broken = check_all(limits_of(interactive_types, type), message)) return broken;
    const JsonValue sections = interactive["action"]["sections"];
    if (type == "list") {
        const JsonValue head = interactive["header"];
        if (head && head["type"].text() != "text") return "interactive.header.type: a list takes text only";
        return check_sections(sections, "rows", 10);
    }
    if (type == "product_list") return check_sections(sections, "product_items", 30);
    if (type == "carousel" || type == "location_request_message")
        for (const char* part : {"header", "footer"})
            if (interactive[part]) return std::string("interactive.") + part + ": " + type + " takes none";
    return {};
}

}  // namespace

Found find_broken_limit(const JsonValue& message) {
    const std::string type = message["type"].text();
    if (type == "interactive") return check_interactive(message);
    for (const std::string_view media : {"image", "video", "audio", "document", "sticker"}) {
        if (type != media) continue;
        if (!message[media].is_object()) return type + ": is missing";
        if (auto broken = check_media(media, message[media])) return broken;
    }
    return check_all(limits_of(types, type), message);
}

}  // namespace parley

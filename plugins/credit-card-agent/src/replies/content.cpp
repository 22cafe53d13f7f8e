// Reads, checks and renders the wording.
#include "replies/content.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace edge {
namespace {

constexpr std::size_t longest_title = 20;
constexpr std::size_t most_buttons = 3;

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text;
}

class Renderer {
  public:
    Renderer(const Facts& facts, std::string_view name) : facts_(facts), name_(name) {}

    std::string render(std::string_view text) {
        std::string out;
        std::string heading;  // said only when a line follows
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            const auto line = rendered_line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
            if (!line) continue;
            if (!heading.empty()) out += (out.empty() ? "" : "\n") + std::exchange(heading, {});
            if (line->ends_with(':')) {
                heading = *line;
                continue;
            }
            if (!out.empty()) out += '\n';
            out += *line;
        }
        return out;
    }

    bool missing = false;

  private:
    std::optional<std::string> value(std::string_view key) const {
        if (key == "name") return name_.empty() ? std::nullopt : std::optional<std::string>(name_);
        return facts_.text(key);
    }

    bool holds(std::string_view condition) const {
        if (condition.starts_with('!')) return !holds(condition.substr(1));
        const auto equals = condition.find('=');
        if (equals == std::string_view::npos) return value(condition).has_value();
        return value(condition.substr(0, equals)) == std::string(condition.substr(equals + 1));
    }

    std::optional<std::string> rendered_line(std::string_view line) {
        while (line.starts_with('[')) {
            const auto close = std::min(line.find(']'), line.size());
            const auto condition = line.substr(1, close - std::min<std::size_t>(close, 1));
            if (condition.find('|') != std::string_view::npos || condition.empty()) break;
            if (!holds(condition)) return std::nullopt;
            line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ', close + 1)));
        }
        // The table exists or not as a whole; its absence is worded in the content itself.
        if (line == "{cashback.table}" && !value("cashback.table")) return std::nullopt;
        const auto filled = filled_in(with_options(line));
        if (!filled) missing = true;
        return filled;
    }

    std::string with_options(std::string_view line) const {
        std::string out;
        for (std::size_t at = 0; at < line.size();) {
            const auto bar = line[at] == '[' ? line.find('|', at) : std::string_view::npos;
            const auto close = bar == std::string_view::npos ? bar : line.find(']', bar);
            if (close == std::string_view::npos) {
                out += line[at++];
                continue;
            }
            if (holds(line.substr(at + 1, bar - at - 1))) out += line.substr(bar + 1, close - bar - 1);
            at = close + 1;
        }
        while (!out.empty() && out.back() == ' ') out.pop_back();
        return out;
    }

    std::optional<std::string> filled_in(std::string_view line) const {
        std::string out;
        for (std::size_t at = 0; at < line.size();) {
            const auto close = line[at] == '{' ? line.find('}', at) : std::string_view::npos;
            if (close == std::string_view::npos) {
                out += line[at++];
                continue;
            }
            const auto fact = value(line.substr(at + 1, close - at - 1));
            if (!fact) return std::nullopt;
            out += *fact;
            at = close + 1;
        }
        return out;
    }

    const Facts& facts_;
    std::string_view name_;
};

// What a text names between braces and in conditions.
std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '{' && text[at] != '[') continue;
        std::string_view name = text.substr(at + 1, text.find_first_of("}]|=", at) - at - 1);
        if (name.starts_with('!')) name.remove_prefix(1);
        out.emplace_back(name);
    }
    return out;
}

void check_language(Language language, const std::map<std::string, std::string, std::less<>>& texts,
                    const std::string& file, std::string& errors) {
    const auto need = [&](const std::string& key) {
        if (!texts.contains(key))
            errors += file + ": " + key + " is missing (" + std::string(name_of(language)) + ")\n";
    };
    for (std::string_view intent : intent_names) need(std::string(intent));
    for (const char* key : {"AFFIRM.apply", "AFFIRM.human", "AFFIRM.block", "UNCLEAR.again", "MEDIA",
                            "OFFER.apply", "OFFER.human", "MISSING", "MISSING.rest"})
        need(key);
    for (const auto& [key, text] : texts) {
        if (key.ends_with("~b") && !texts.contains(std::string_view(key).substr(0, key.size() - 2)))
            errors += file + ": " + key + ": is a second wording of nothing\n";
        if (text.empty()) errors += file + ": " + key + " is empty\n";
        if (std::count(text.begin(), text.end(), '{') != std::count(text.begin(), text.end(), '}') ||
            std::count(text.begin(), text.end(), '[') != std::count(text.begin(), text.end(), ']'))
            errors += file + ": " + key + ": a { or [ is not closed\n";
        if (key.starts_with("BUTTON.") && characters(text) > longest_title)
            errors += file + ": " + key + ": a title has at most 20 characters\n";
    }
}

}  // namespace

std::optional<Content> Content::parse(const Files& files, const std::string& origin, std::string& error) {
    Content content;
    std::string errors;
    constexpr std::array language_of{Language::english, Language::hindi, Language::hinglish};
    for (std::size_t i = 0; i < file_names.size(); ++i) {
        const std::string name = origin + std::string(file_names[i]);
        const auto file = files.find(file_names[i]);
        if (file == files.end()) {
            errors += name + ": is missing\n";
            continue;
        }
        std::string reason;
        const auto values = read_flat_yaml(file->second, name, reason);
        if (!values) {
            errors += reason + '\n';
            continue;
        }
        if (i < language_count) {
            auto& texts = content.texts_[index_of(language_of[i])];
            for (const auto& [key, value] : *values)
                texts[key] = value.items.empty() ? "" : trimmed(value.items[0]);
            check_language(language_of[i], texts, name, errors);
            continue;
        }
        for (const auto& [key, value] : *values) {
            const auto intent = intent_named(key);
            if (!intent) errors += name + ": " + key + ": not an intent\n";
            if (value.items.size() > most_buttons)
                errors += name + ": " + key + ": at most three quick replies\n";
            for (const std::string& item : value.items) {
                const auto target = intent_named(item);
                if (!target) errors += name + ": " + key + ": " + item + " is not an intent\n";
                if (intent && target) content.next_[index_of(*intent)].push_back(*target);
            }
        }
    }
    std::set<Intent> offered;
    for (const auto& targets : content.next_) offered.insert(targets.begin(), targets.end());
    for (Language language : language_of) {
        if (content.texts_[index_of(language)].empty()) continue;  // its file has a mistake of its own
        for (Intent target : offered)
            if (!content.has(language, "BUTTON." + std::string(name_of(target))))
                errors += origin + "next.yaml: BUTTON." + std::string(name_of(target)) + " has no title in " +
                          std::string(name_of(language)) + '\n';
    }
    if (errors.empty()) return content;
    error = trimmed(errors);
    return std::nullopt;
}

std::string Content::unknown_facts(const Facts& facts) const {
    std::string out;
    for (std::size_t language = 0; language < language_count; ++language)
        for (const auto& [key, text] : texts_[language])
            for (const std::string& name : names_in(text))
                if (!facts.may_be_named(name))
                    out += std::string(file_names[language]) + ": " + key + ": " + name +
                           " is no fact; the facts file does not have it either\n";
    return trimmed(out);
}

bool Content::has(Language language, std::string_view key) const {
    return texts_[index_of(language)].contains(key);
}

std::string Content::render(Language language, std::string_view key, const Facts& facts,
                            std::string_view name, bool& missing) const {
    const auto found = texts_[index_of(language)].find(key);
    if (found == texts_[index_of(language)].end()) return {};
    Renderer renderer(facts, name);
    std::string out = renderer.render(found->second);
    missing = missing || renderer.missing;
    return out;
}

std::string Content::title(Language language, Intent intent) const {
    const auto& texts = texts_[index_of(language)];
    const auto found = texts.find("BUTTON." + std::string(name_of(intent)));
    return found == texts.end() ? std::string() : found->second;
}

std::optional<Content::Tap> Content::tapped(std::string_view title) const {
    std::optional<Tap> out;
    for (std::size_t language = 0; language < language_count; ++language) {
        for (const auto& [key, text] : texts_[language]) {
            if (!key.starts_with("BUTTON.") || text != title) continue;
            const auto intent = intent_named(std::string_view(key).substr(7));
            if (!intent || (out && out->intent != *intent)) continue;
            if (!out) out = Tap{*intent, {}};
            out->languages[language] = true;
        }
    }
    return out;
}

std::vector<std::string> Content::keys(Language language) const {
    std::vector<std::string> out;
    for (const auto& [key, text] : texts_[index_of(language)]) out.push_back(key);
    return out;
}

}  // namespace edge

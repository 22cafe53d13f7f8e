#include "app/yaml_document.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <map>
#include <optional>
#include <streambuf>
#include <unordered_map>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace parley {
namespace {

constexpr std::size_t most_bytes = 1U << 20;
constexpr std::size_t most_levels = 64;
constexpr std::size_t most_nodes = 100'000;

struct Refusal {
    Position at;
    std::string what;
    std::string instead;
};

struct ViewBuffer : std::streambuf {
    explicit ViewBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // setg wants it; a read-only buffer never writes
        setg(begin, begin, begin + text.size());
    }
};

// The bytes of one UTF-8 character at the front, 0 when it is none.
std::size_t character_size(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    }
    const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    const bool beyond = first == 0xF4 && byte(1) > 0x8F;
    return overlong || surrogate || beyond ? 0 : size;
}

// yaml-cpp ends a text silently at byte 4 and turns broken UTF-8 into U+FFFD, so both are refused before it
// sees them.
std::optional<Refusal> refuse_bytes(std::string_view text) {
    Position at{1, 1};
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        if (size == 0) return Refusal{at, "this byte is not UTF-8", "save the file as UTF-8"};
        const char c = text.front();
        const bool is_control =
            (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
        if (is_control)
            return Refusal{at, "a control character",
                           "remove it; in double quotes \"\\x1B\" can stand for one"};
        at = c == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
        text.remove_prefix(size);
    }
    return std::nullopt;
}

// Turns yaml-cpp's marks, which count bytes, into places that count characters.
class Places {
  public:
    explicit Places(std::string_view text) : text_(text) {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') starts_.push_back(i + 1);
        }
    }

    Position of(const YAML::Mark& mark) const {
        if (mark.is_null() || mark.line < 0) return {};
        const auto line = static_cast<std::size_t>(mark.line);
        const auto bytes = static_cast<std::size_t>(std::max(mark.column, 0));
        if (line >= starts_.size()) return {static_cast<unsigned>(starts_.size()), 1};
        const std::string_view before = text_.substr(starts_[line], bytes);
        const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        });
        return {static_cast<unsigned>(line + 1), static_cast<unsigned>(characters + 1)};
    }

  private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
};

class TreeBuilder final : public YAML::EventHandler {
  public:
    explicit TreeBuilder(const Places& places) : places_(places) {}

    YamlNodePtr root() const { return root_; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        auto node = std::make_shared<YamlNode>();
        node->at = places_.of(mark);
        // An absent value has the place of the token that follows, which may be lines below.
        if (!open_.empty() && open_.back().has_key && node->at.line != open_.back().key_at.line) {
            node->at = open_.back().key_at;
        }
        finish(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto named = anchors_.find(anchor);
        if (named == anchors_.end()) {
            throw Refusal{places_.of(mark), "an alias inside the very block that it names",
                          "write the values out"};
        }
        count(named->second->weight, places_.of(mark));
        take(named->second, places_.of(mark));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        const Position at = places_.of(mark);
        if (tag != "?" && tag != "!" && tag != "tag:yaml.org,2002:str") refuse_tag(at);
        auto node = std::make_shared<YamlNode>();
        node->kind = YamlNode::Kind::scalar;
        node->at = at;
        node->is_plain = tag == "?";
        node->text = value;
        finish(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::list, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::map, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Open {
        std::shared_ptr<YamlNode> node;
        YAML::anchor_t anchor = YAML::NullAnchor;
        bool has_key = false;
        std::string key;
        Position key_at;
        std::map<std::string, Position, std::less<>> keys;
    };

    [[noreturn]] static void refuse_tag(Position at) {
        throw Refusal{at, "YAML tags (!name) have no meaning here",
                      "remove the tag; quotes make a value text"};
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        const Position at = places_.of(mark);
        if (tag != "?" && !tag.empty()) refuse_tag(at);
        if (!open_.empty() && open_.back().node->kind == YamlNode::Kind::map && !open_.back().has_key) {
            throw Refusal{at, "a key must be a word, not a list or a block",
                          "write, for example:  name: value"};
        }
        if (open_.size() == most_levels) {
            throw Refusal{at, "more than " + std::to_string(most_levels) + " levels of nesting", {}};
        }
        auto node = std::make_shared<YamlNode>();
        node->kind = kind;
        node->at = at;
        open_.push_back({std::move(node), anchor, false, {}, {}, {}});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        finish(std::move(done.node), done.anchor);
    }

    void finish(std::shared_ptr<YamlNode> node, YAML::anchor_t anchor) {
        const Position at = node->at;
        count(1, at);
        if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
        take(std::move(node), at);
    }

    void count(std::size_t nodes, Position at) {
        total_ += nodes;
        if (total_ > most_nodes) {
            throw Refusal{
                at, "more than " + std::to_string(most_nodes) + " values, aliases counted in full", {}};
        }
    }

    void take(YamlNodePtr node, Position at) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node->kind == YamlNode::Kind::map && !parent.has_key) {
            take_key(parent, *node, at);
            return;
        }
        parent.node->weight += node->weight;
        if (parent.node->kind == YamlNode::Kind::list) {
            parent.node->items.push_back(std::move(node));
            return;
        }
        const auto [first, is_new] = parent.keys.try_emplace(parent.key, parent.key_at);
        parent.node->entries.push_back(
            {std::move(parent.key), parent.key_at, std::move(node), is_new ? Position{} : first->second});
        parent.has_key = false;
    }

    static void take_key(Open& parent, const YamlNode& key, Position at) {
        if (key.kind != YamlNode::Kind::scalar) {
            throw Refusal{at, "a key must be a word", "write, for example:  name: value"};
        }
        if (key.is_plain && key.text == "<<") {
            throw Refusal{at, "merge keys (<<) are not supported",
                          "write the keys out, or use an alias for a whole block"};
        }
        parent.key = key.text;
        parent.key_at = at;
        parent.has_key = true;
    }

    const Places& places_;
    YamlNodePtr root_ = std::make_shared<YamlNode>();
    std::vector<Open> open_;
    std::unordered_map<YAML::anchor_t, YamlNodePtr> anchors_;
    std::size_t total_ = 0;
};

// What people did when yaml-cpp says so.
std::string remedy(std::string_view message) {
    struct Remedy {
        std::string_view message, instead;
    };
    static constexpr std::array remedies{
        Remedy{"illegal map value",
               "put a value that holds \": \" into quotes, and give keys of one block one indentation"},
        Remedy{"end of map not found", "give keys of one block one indentation"},
        Remedy{"end of sequence not found", "give the dashes of one list one indentation"},
        Remedy{"end of map flow not found", "close the { with a }"},
        Remedy{"end of sequence flow not found", "close the [ with a ]"},
        Remedy{"illegal EOF in scalar", "close the quotes"},
        Remedy{"unknown token", "put a value that begins with @, `, % or a tab into quotes"},
        Remedy{"illegal tab when looking for indentation", "indent with spaces"},
        Remedy{"the referenced anchor is not defined",
               "define it above with &name, or put a text that begins with * into quotes"},
        Remedy{"unknown escape character",
               "in double quotes write \\\\ for a backslash, or use single quotes"},
    };
    for (const Remedy& known : remedies) {
        if (message.starts_with(known.message)) return std::string(known.instead);
    }
    return {};
}

Diagnostic mistake(Position at, std::string what, std::string instead) {
    return {{}, at, {}, std::move(what), std::move(instead)};
}

YamlNodePtr build(std::string_view text, const Places& places) {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    TreeBuilder first(places);
    parser.HandleNextDocument(first);
    TreeBuilder second(places);
    if (parser.HandleNextDocument(second)) {
        throw Refusal{second.root()->at, "a second document begins here",
                      "keep one document a file: remove the line ---"};
    }
    return first.root();
}

}  // namespace

std::string_view name_of(YamlNode::Kind kind) noexcept {
    switch (kind) {
        case YamlNode::Kind::null:
            return "nothing";
        case YamlNode::Kind::scalar:
            return "a single value";
        case YamlNode::Kind::list:
            return "a list";
        case YamlNode::Kind::map:
            return "a block of keys";
    }
    return "nothing";
}

YamlDocument parse_yaml(std::string_view text) {
    if (text.size() > most_bytes) {
        return {nullptr, {mistake({}, "the file is larger than 1 MiB", {})}};
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (auto refusal = refuse_bytes(text)) {
        return {nullptr, {mistake(refusal->at, refusal->what, refusal->instead)}};
    }
    const Places places(text);
    try {
        return {build(text, places), {}};
    } catch (const Refusal& refusal) {
        return {nullptr, {mistake(refusal.at, refusal.what, refusal.instead)}};
    } catch (const YAML::Exception& problem) {
        return {
            nullptr,
            {mistake(places.of(problem.mark), "not YAML: " + printable(problem.msg), remedy(problem.msg))}};
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& problem) {
        return {nullptr, {mistake({}, "not YAML: " + printable(problem.what()), {})}};
    }
}

}  // namespace parley

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

#include "app/yaml_source.hpp"

namespace parley {
namespace {

constexpr std::size_t most_bytes = 1U << 20;
constexpr std::size_t most_levels = 64;
constexpr std::size_t most_nodes = 100'000;

using Refusal = YamlSource::Refusal;

struct ViewBuffer : std::streambuf {
    explicit ViewBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // setg wants it; a read-only buffer never writes
        setg(begin, begin, begin + text.size());
    }
};

class TreeBuilder final : public YAML::EventHandler {
  public:
    explicit TreeBuilder(const YamlSource& source) : source_(source) {}

    YamlNodePtr root() const { return root_; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        auto node = std::make_shared<YamlNode>();
        node->at = source_.place(mark.line, mark.column);
        // An absent value has the place of the token that follows, which may be lines below.
        if (!open_.empty() && open_.back().has_key && node->at.line != open_.back().key_at.line) {
            node->at = open_.back().key_at;
        }
        finish(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto named = anchors_.find(anchor);
        if (named == anchors_.end()) {
            throw Refusal{source_.place(mark.line, mark.column),
                          "an alias inside the very block that it names", "write the values out"};
        }
        count(named->second->weight, source_.place(mark.line, mark.column));
        take(named->second, source_.place(mark.line, mark.column));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        const Position at = source_.place(mark.line, mark.column);
        if (tag != "?" && !source_.closes_quotes(mark.line, mark.column)) {
            throw Refusal{at, "the quotes that open here never close", "close them"};
        }
        if (tag != "?" && tag != "!" && tag != "tag:yaml.org,2002:str") refuse_tag(at);
        auto node = std::make_shared<YamlNode>();
        node->kind = YamlNode::Kind::scalar;
        node->at = at;
        node->is_plain = tag == "?";
        node->text = YamlSource::with_braces(value);
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
        const Position at = source_.place(mark.line, mark.column);
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

    const YamlSource& source_;
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

YamlNodePtr build(const YamlSource& source) {
    ViewBuffer buffer(source.text());
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    TreeBuilder first(source);
    parser.HandleNextDocument(first);
    TreeBuilder second(source);
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
    if (auto refusal = YamlSource::refuse_bytes(text)) {
        return {nullptr, {mistake(refusal->at, refusal->what, refusal->instead)}};
    }
    const YamlSource source(text);
    try {
        return {build(source), {}};
    } catch (const Refusal& refusal) {
        return {nullptr, {mistake(refusal.at, refusal.what, refusal.instead)}};
    } catch (const YAML::Exception& problem) {
        const bool has_tab = source.begins_with_tab(problem.mark.line);
        return {nullptr,
                {mistake(source.place(problem.mark.line, problem.mark.column),
                         "not YAML: " + printable(problem.msg),
                         has_tab ? "indent with spaces: this line begins with a tab" : remedy(problem.msg))}};
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& problem) {
        return {nullptr, {mistake({}, "not YAML: " + printable(problem.what()), {})}};
    }
}

}  // namespace parley

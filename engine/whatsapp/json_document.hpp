// JSON text with the place of every value in it, so that parts of what arrived can be kept byte for byte.
//
// simdjson judges whether a text is JSON; its tree forgets where a value stood and how it was escaped. The
// index beside it remembers both and costs one pass over text that is known to be good.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace parley {

class JsonDocument;

// One value of a JsonDocument, or none. Cheap to copy; valid until the document parses again. Every question
// may be asked of every value, also of none: a wrong kind answers as if nothing was there.
class JsonValue {
  public:
    JsonValue() = default;

    explicit operator bool() const noexcept { return document_ != nullptr; }
    bool is_object() const noexcept { return first() == '{'; }
    bool is_array() const noexcept { return first() == '['; }
    bool is_string() const noexcept { return first() == '"'; }

    std::string_view raw() const noexcept;      // the value's bytes as received
    std::string_view raw_key() const noexcept;  // of a member: its key with quotes
    bool has_key(std::string_view key) const;   // whether this member's key, unescaped, is `key`

    JsonValue operator[](std::string_view key) const;  // the first member of that name
    std::string text() const;                          // a string decoded, a number as written, else ""
    std::string_view plain_text() const noexcept;      // the same without copying; "" when it holds escapes
    std::optional<std::int64_t> integer() const;       // a whole number, or a string of digits

    class Iterator;  // over elements or members
    Iterator begin() const;
    Iterator end() const;
    std::size_t size() const;

  private:
    friend class JsonDocument;
    JsonValue(const JsonDocument* document, std::uint32_t node) : document_(document), node_(node) {}
    char first() const noexcept;

    const JsonDocument* document_ = nullptr;
    std::uint32_t node_ = 0;
};

// Reused for many texts; one thread at a time. Memory that one very large text needed is given back with the
// next one.
class JsonDocument {
  public:
    static constexpr std::size_t max_depth = 64;

    JsonDocument();
    ~JsonDocument();

    // Copies and checks `text`. invalid_input when it is not UTF-8, not JSON or nested deeper than max_depth.
    // A \uD800 … \uDFFF without its other half becomes \ufffd: one cut emoji must not cost a batch.
    Result<JsonValue> parse(std::string_view text);

    // Indexes a text that an earlier parse() accepted; it must outlive what is read from it. Anything else is
    // safe to ask of, but the answers mean nothing.
    JsonValue index(std::string_view accepted);

  private:
    friend class JsonValue;
    struct Node {
        std::uint32_t begin, end, key_begin, key_end;
        std::uint32_t after;  // the first node that is no part of this one
    };
    void scan();

    struct Judge;
    std::unique_ptr<Judge> judge_;
    std::string buffer_;  // the copied text and simdjson's padding
    std::string_view text_;
    std::vector<Node> nodes_;
};

class JsonValue::Iterator {
  public:
    JsonValue operator*() const { return {document_, node_}; }
    Iterator& operator++();
    bool operator!=(const Iterator& other) const { return node_ != other.node_; }

  private:
    friend class JsonValue;
    Iterator(const JsonDocument* document, std::uint32_t node) : document_(document), node_(node) {}
    const JsonDocument* document_;
    std::uint32_t node_;
};

}  // namespace parley

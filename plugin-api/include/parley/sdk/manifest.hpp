// The manifest's text, put together from string literals, and its check at compile time.
#pragma once

#include <cstddef>
#include <string_view>

#include <parley/plugin.h>

#define PARLEY_SDK_VERSION "1.0.0"

#if defined(__clang__)
#define PARLEY_SDK_COMPILER __VERSION__
#else
#define PARLEY_SDK_COMPILER "g++ " __VERSION__
#endif

#define PARLEY_SDK_TEXT_OF(number) #number
#define PARLEY_SDK_TEXT(number) PARLEY_SDK_TEXT_OF(number)

#define PARLEY_SDK_MANIFEST(id, version, summary, members)                                                   \
    "{\"id\":\"" id "\",\"version\":\"" version "\",\"summary\":\"" summary "\",\"abi\":[" PARLEY_SDK_TEXT(  \
        PARLEY_ABI_MAJOR) "," PARLEY_SDK_TEXT(PARLEY_ABI_MINOR) "],\"sdk\":\"parley-sdk " PARLEY_SDK_VERSION \
                                                                "\",\"compiler\":\"" PARLEY_SDK_COMPILER     \
                                                                "\"," members "}"

namespace parley::detail {

// Answers one question: is this text one JSON object?
class JsonCheck {
  public:
    constexpr explicit JsonCheck(std::string_view text) : rest_(text) {}

    constexpr bool is_object() {
        skip_blanks();
        if (!next_is('{') || !take_value()) return false;
        skip_blanks();
        return rest_.empty();
    }

  private:
    constexpr bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
    constexpr bool next_is_digit() const {
        return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    }

    constexpr bool take(char c) {
        if (!next_is(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    constexpr void skip_blanks() {
        while (next_is(' ') || next_is('\n') || next_is('\t') || next_is('\r')) rest_.remove_prefix(1);
    }

    constexpr bool take_string() {
        if (!take('"')) return false;
        while (!rest_.empty() && !next_is('"')) {
            if (static_cast<unsigned char>(rest_.front()) < 0x20) return false;
            rest_.remove_prefix(next_is('\\') && rest_.size() > 1 ? 2 : 1);
        }
        return take('"');
    }

    constexpr bool take_digits() {
        if (!next_is_digit()) return false;
        while (next_is_digit()) rest_.remove_prefix(1);
        return true;
    }

    constexpr bool take_number() {
        take('-');
        if (!take('0') && !take_digits()) return false;
        if (take('.') && !take_digits()) return false;
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            return take_digits();
        }
        return true;
    }

    constexpr bool take_word(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    constexpr bool take_members(char close, bool named) {
        skip_blanks();
        if (take(close)) return true;
        do {
            skip_blanks();
            if (named) {
                if (!take_string()) return false;
                skip_blanks();
                if (!take(':')) return false;
            }
            if (!take_value()) return false;
            skip_blanks();
        } while (take(','));
        return take(close);
    }

    constexpr bool take_value() {
        skip_blanks();
        if (take('{')) return take_members('}', true);
        if (take('[')) return take_members(']', false);
        if (next_is('"')) return take_string();
        return take_word("true") || take_word("false") || take_word("null") || take_number();
    }

    std::string_view rest_;
};

}  // namespace parley::detail

// Secret: a token, key or password that cannot be printed by accident.
//
// It has no operator<<, no conversion to string and no formatter; reveal() is the only way to its text, easy
// to find in a review. The bytes are wiped when it goes.
#pragma once

#include <string>
#include <string_view>

namespace parley {

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    // Moving would leave a short text's bytes behind.
    Secret(Secret&& other) noexcept : text_(other.text_) {  // NOLINT(performance-move-constructor-init)
        other.wipe();
    }
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(); }

    std::string_view reveal() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

    // Takes time that depends on the candidate's length only.
    bool equals(std::string_view candidate) const noexcept;

  private:
    void wipe() noexcept;
    std::string text_;
};

}  // namespace parley

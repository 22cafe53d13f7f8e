#include "base/secret.hpp"

#include <cstring>
#include <utility>

#include "base/crypto/compare.hpp"

namespace parley {

Secret& Secret::operator=(const Secret& other) {
    if (this != &other) {
        wipe();
        text_ = other.text_;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = other.text_;
        other.wipe();
    }
    return *this;
}

bool Secret::equals(std::string_view candidate) const noexcept {
    return equal_in_constant_time(text_, candidate);
}

void Secret::wipe() noexcept {
    explicit_bzero(text_.data(), text_.size());
    text_.clear();
}

}  // namespace parley

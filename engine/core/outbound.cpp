#include "core/outbound.hpp"

#include "base/base64.hpp"

namespace parley {

std::string provisional_id(const std::string& callback) {
    return "wamid." + to_base64(callback);
}

}  // namespace parley

// What every HTTP client shares.
#include "net/http_client.hpp"

namespace parley {

std::string HttpReply::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

}  // namespace parley

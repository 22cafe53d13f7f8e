#include "whatsapp/local_trial.hpp"

#include <algorithm>
#include <string>

namespace parley {

bool is_local_trial(const HttpRequest& request) {
    const std::string_view type = request.header("Content-Type");
    std::string essence(type.substr(0, std::min(type.find_first_of("; \t"), type.size())));
    std::transform(essence.begin(), essence.end(), essence.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return essence == "application/json" && is_local_request(request);
}

}  // namespace parley

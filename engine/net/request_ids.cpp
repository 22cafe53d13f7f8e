#include "net/request_ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace parley {
namespace {

constexpr std::size_t longest = 64;

bool is_sane(std::string_view id) {
    return !id.empty() && id.size() <= longest && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '_' || c == '-';
    });
}

std::string random_prefix(Random& random) {
    static constexpr char digits[] = "0123456789abcdef";
    std::array<unsigned char, 8> bytes{};
    random.fill(bytes);
    std::string prefix;
    for (const unsigned char byte : bytes) (prefix += digits[byte >> 4U]) += digits[byte & 15U];
    return prefix += '-';
}

}  // namespace

RequestIds::RequestIds(Random* random) {
    if (random != nullptr) prefix_ = random_prefix(*random);
}

void RequestIds::trust(Networks proxies) {
    auto next = proxies.empty() ? nullptr : std::make_shared<const Networks>(std::move(proxies));
    const std::lock_guard lock(mutex_);
    proxies_ = std::move(next);
}

bool RequestIds::is_trusted(std::string_view peer) const {
    std::shared_ptr<const Networks> proxies;
    {
        const std::lock_guard lock(mutex_);
        proxies = proxies_;
    }
    return proxies && proxies->contain(peer);
}

void RequestIds::name(const HttpRequest& request, std::string& id) {
    if (prefix_.empty()) return id.clear();
    const std::string_view given = request.header("X-Request-Id");
    if (is_sane(given) && is_trusted(request.peer()))
        id = given;
    else
        make(id);
}

void RequestIds::make(std::string& id) {
    id = prefix_;
    if (prefix_.empty()) return;
    std::array<char, 24> digits;
    const std::uint64_t number = last_.fetch_add(1, std::memory_order_relaxed) + 1;
    id.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void add_request_id(HttpResponse& response, std::string_view id) {
    if (id.empty() || response.content_type != "application/problem+json" || !response.body.ends_with('}'))
        return;
    response.body.pop_back();
    response.body.append(response.body.size() > 1 ? ",\"request_id\":\"" : "\"request_id\":\"").append(id) +=
        "\"}";
}

}  // namespace parley

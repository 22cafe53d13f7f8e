// Files with ids.
#include "simulator/media_shelf.hpp"

#include <array>
#include <charconv>

#include "net/http_message.hpp"

namespace parley::sim {
namespace {

constexpr std::uint64_t first_id = 1'000'000'000'000'001;

std::uint64_t number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

}  // namespace

MediaShelf::MediaShelf(Random& random) : last_id_(first_id - 1) {
    std::array<unsigned char, 16> bytes{};
    random.fill(bytes);
    key_.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

const MediaFile& MediaShelf::add(MediaFile file) {
    bytes_ += file.bytes->size();
    while (bytes_ > max_bytes && !files_.empty()) erase(files_.begin()->second.id);
    file.id = std::to_string(++last_id_);
    return files_.emplace(last_id_, std::move(file)).first->second;
}

const MediaFile* MediaShelf::find(const std::string& id, WallTime now) const {
    const auto found = files_.find(number_of(id));
    return found == files_.end() || found->second.expires <= now ? nullptr : &found->second;
}

bool MediaShelf::was_issued(const std::string& id) const {
    const std::uint64_t number = number_of(id);
    return number >= first_id && number <= last_id_;
}

bool MediaShelf::erase(const std::string& id) {
    const auto found = files_.find(number_of(id));
    if (found == files_.end()) return false;
    bytes_ -= found->second.bytes->size();
    files_.erase(found);
    return true;
}

std::string MediaShelf::seal(std::string_view id, std::int64_t until_s) const {
    const std::string text = std::string(id) + '/' + std::to_string(until_s);
    return to_hex(HmacSha256(Secret(key_)).mac(text)).substr(0, 32);
}

std::string MediaShelf::url_query(const std::string& id, WallTime expires) const {
    const std::int64_t until_s = unix_ms(expires) / 1000;
    return "mid=" + id + "&ext=" + std::to_string(until_s) + "&hash=" + seal(id, until_s);
}

const MediaFile* MediaShelf::open(std::string_view query, WallTime now) const {
    const std::string id = query_value(query, "mid");
    const auto until_s = static_cast<std::int64_t>(number_of(query_value(query, "ext")));
    if (query_value(query, "hash") != seal(id, until_s) || unix_ms(now) / 1000 >= until_s) return nullptr;
    return find(id, now);
}

void MediaShelf::clear() {
    files_.clear();
    bytes_ = 0;
}

}  // namespace parley::sim

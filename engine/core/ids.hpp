// Ids as types: none can be handed over in another's place.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace parley {

template <class Tag>
class TextId {
  public:
    TextId() = default;
    explicit TextId(std::string value) : value_(std::move(value)) {}
    const std::string& str() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }
    friend auto operator<=>(const TextId&, const TextId&) = default;

  private:
    std::string value_;
};

using MessageId = TextId<struct MessageIdTag>;          // a wamid
using PhoneNumberId = TextId<struct PhoneNumberIdTag>;  // the sender id of Graph URLs, not the number
using DeploymentId = TextId<struct DeploymentIdTag>;    // a key under `deployments:`
using AppId = TextId<struct AppIdTag>;                  // a Meta app by the name the configuration gives it

// Numbers that the store's writer assigns, rising. 0 is none.
enum class ConversationId : std::int64_t {};
enum class ItemSeq : std::int64_t {};     // one stored webhook item
enum class OutboundId : std::int64_t {};  // one message to send

template <class Id>
requires std::is_enum_v<Id>
constexpr std::int64_t to_int(Id id) {
    return static_cast<std::int64_t>(id);
}

}  // namespace parley

template <class Tag>
struct std::hash<parley::TextId<Tag>> {
    std::size_t operator()(const parley::TextId<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.str());
    }
};

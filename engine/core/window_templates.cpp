#include "core/window_templates.hpp"

#include "base/json_text.hpp"
#include "core/callback_id.hpp"

namespace parley {
namespace {

constexpr std::chrono::hours once_in{24};

std::string native_template(const OutsideWindow& what) {
    std::string native = R"({"type":"template","template":{"name":)";
    append_json_string(native, what.template_name);
    native += R"(,"language":{"code":)";
    append_json_string(native, what.language);
    return native += "}}}";
}

}  // namespace

std::optional<NewOutbound> WindowTemplates::instead(ConversationId conversation, const Recipient& to,
                                                    const Deployment& deployment) {
    if (deployment.outside_window.template_name.empty()) return std::nullopt;
    const MonoTime now = clock_.mono();
    const auto [last, is_first] = sent_.try_emplace(conversation, now);
    if (!is_first && now - last->second < once_in) return std::nullopt;
    last->second = now;
    NewOutbound message;
    message.channel = deployment.channel;
    message.to = to;
    message.payload_json = native_template(deployment.outside_window);
    message.callback = make_callback_id(clock_, random_);
    return message;
}

void WindowTemplates::forget_old() {
    const MonoTime now = clock_.mono();
    std::erase_if(sent_, [now](const auto& one) { return now - one.second >= once_in; });
}

}  // namespace parley

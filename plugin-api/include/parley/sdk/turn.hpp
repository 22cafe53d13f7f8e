// One event and the duty to answer it, as an agent's coroutine holds it.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <parley/sdk/followup.hpp>
#include <parley/sdk/http.hpp>
#include <parley/sdk/kv.hpp>
#include <parley/sdk/log.hpp>
#include <parley/sdk/media.hpp>
#include <parley/sdk/postpone.hpp>
#include <parley/sdk/timer.hpp>

namespace parley {

// Defined by parley/sdk/json.hpp, which turn.state() and turn.state(document) need.
template <class>
struct JsonBinding;

// Anything that knows its native WhatsApp message object: the builders of sdk/reply.hpp, or an agent's own.
template <class R>
concept ReplyObject = requires(const R& reply) {
    { reply.json() } -> std::convertible_to<std::string>;
};

// What is staged (replies, state, annotations) becomes visible together when the coroutine returns, and never
// when it throws. Owns copies of the event's texts, so it may be kept across co_await. Any function may throw
// Refused; TurnOver when the host took the turn away meanwhile.
class Turn : public FollowupCalls<Turn> {
  public:
    Turn(Instance& instance, const parley_event& event)
        : kind(event.kind),
          attempt(event.attempt),
          received_unix_ms(event.received_unix_ms),
          state_schema(event.state_schema),
          state_revision(event.state_revision),
          deployment(view(event.deployment)),
          conversation(view(event.conversation)),
          sender(view(event.sender)),
          sender_name(view(event.sender_name)),
          type(view(event.type)),
          text(view(event.text)),
          locale(view(event.locale)),
          message_json(view(event.message_json)),
          state_json(view(event.state_json)),
          traceparent(PARLEY_HAS(&event, traceparent) ? view(event.traceparent) : std::string_view()),
          instance_(&instance),
          id_(event.turn),
          deadline_ns_(event.deadline_ns) {}

    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&&) noexcept = default;
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() = default;

    // As in parley_event, where each is described.
    std::uint32_t kind, attempt;
    std::uint64_t received_unix_ms;
    std::uint32_t state_schema;
    std::uint64_t state_revision;
    std::string deployment, conversation, sender, sender_name, type, text, locale, message_json, state_json;
    std::string traceparent;  // empty: the host is an older one

    void reply(std::string_view message) {
        require_ok(host().reply_text(host().ctx, id_, str(message)), "reply");
    }

    // One native message object, for example {"type":"image","image":{"link":"https://…"}}.
    void reply_json(std::string_view object) {
        require_ok(host().reply(host().ctx, id_, str(object)), "reply_json");
    }

    template <ReplyObject R>
    void reply(const R& object) {
        reply_json(object.json());
    }

    // The conversation's whole new document, a JSON object. The last one given before the end counts.
    void put_state_json(std::string_view document) {
        require_ok(host().state_put(host().ctx, id_, str(document)), "state");
    }

    // With parley/sdk/json.hpp: the document as it was when the turn began; an empty object when there was none.
    template <class J = void>
    auto state() const {
        return JsonBinding<J>::parse_object(state_json);
    }

    template <class J = void>
    void state(const typename JsonBinding<J>::Document& document) {
        put_state_json(JsonBinding<J>::text_of(document));
    }

    // What was understood ("language", "intent" …), for operators.
    void annotate(std::string_view key, std::string_view value) {
        require_ok(host().annotate(host().ctx, id_, str(key), str(value)), "annotate");
    }

    void log(LogLevel level, std::string_view message, std::string_view fields_json = {}) const noexcept {
        write_log(host(), id_, level, message, fields_json);
    }
    void log(std::string_view message) const noexcept { log(LogLevel::info, message); }
    // co_await gives an HttpAnswer.
    HttpCall http(std::string_view url) { return {*instance_, id_, url}; }
    Kv kv() const noexcept { return {*instance_, id_}; }  // values of the deployment, see sdk/kv.hpp

    // A user's file; co_await gives FetchedMedia.
    FetchWaiter media(std::string media_id) { return {*instance_, id_, std::move(media_id)}; }

    // A file to send; co_await gives UploadedMedia. Bytes up to 16 MiB, or a file by its absolute path.
    UploadWaiter upload(std::string_view mime_type, std::string bytes, std::string_view filename = {}) {
        return {*instance_, id_, detail::upload_json(mime_type, "filename", filename), std::move(bytes), {}};
    }
    UploadWaiter upload_file(std::string_view mime_type, std::string_view path) {
        return {*instance_, id_, detail::upload_json(mime_type, "path", path), {}, {}};
    }
    UploadWaiter remove_media(std::string media_id) { return {*instance_, id_, {}, {}, std::move(media_id)}; }

    // To be awaited. Does not outlast the deadline.
    SleepWaiter sleep(std::chrono::milliseconds duration) noexcept { return {*instance_, id_, duration}; }

    std::chrono::milliseconds remaining() const noexcept {
        const std::uint64_t now = host().now_mono_ns(host().ctx);
        return std::chrono::milliseconds(
            now < deadline_ns_ ? static_cast<std::int64_t>((deadline_ns_ - now) / 1'000'000) : 0);
    }

    // Moves the deadline that far from now. False when the host allows no more.
    bool extend(std::chrono::milliseconds duration) {
        const parley_status status =
            host().extend(host().ctx, id_, static_cast<std::uint32_t>(duration.count()));
        if (status == PARLEY_LIMIT) return false;
        require_ok(status, "extend");
        return true;
    }

    // Then co_return: nothing of this turn counts, and it begins again after `pause`, at most an hour.
    void postpone(std::chrono::milliseconds pause) { postpone_turn(*instance_, id_, pause); }

    std::int64_t now_unix_ms() const noexcept { return host().now_unix_ms(host().ctx); }

    std::uint64_t random() const noexcept {
        std::uint64_t number = 0;
        host().random(host().ctx, &number, sizeof number);
        return number;
    }

    parley_turn id() const noexcept { return id_; }
    Instance& instance() const noexcept { return *instance_; }

  private:
    const parley_host& host() const noexcept { return instance_->host_for(id_); }

    Instance* instance_;
    parley_turn id_;
    std::uint64_t deadline_ns_;
};

}  // namespace parley

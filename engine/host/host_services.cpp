#include "host/host_services.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <span>

#include "base/log.hpp"
#include "core/message_log.hpp"
#include "host/host_followup.hpp"
#include "host/host_http.hpp"
#include "host/host_kv.hpp"
#include "host/host_media.hpp"
#include "host/host_metrics.hpp"
#include "host/host_postpone.hpp"
#include "host/host_secrets.hpp"
#include "host/host_text.hpp"
#include "host/host_thread_check.hpp"
#include "host/host_timer.hpp"
#include "host/json_check.hpp"
#include "host/remote_functions.hpp"
#include "host/traced_callback.hpp"

namespace parley {
namespace {

constexpr std::size_t max_operations = 1024;      // twice DispatcherOptions::max_turns
constexpr std::size_t max_document = 256U << 10;  // a larger one is refused before it is parsed
constexpr std::size_t max_log_text = 4U << 10;
constexpr std::size_t max_error_text = 1U << 10;
constexpr std::string_view host_version = PARLEY_VERSION;

HostServices& services(void* ctx) {
    return *static_cast<HostServices*>(ctx);
}

// No exception may cross into the agent's frames, whatever language they are written in.
template <class F>
parley_status guarded(F&& call) noexcept {
    try {
        return call();
    } catch (const std::bad_alloc&) {
        return PARLEY_LIMIT;
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

template <class F>
parley_status with_turn(void* ctx, parley_turn turn, F&& use) noexcept {
    return guarded([&] {
        parley_status status = PARLEY_STALE;
        const TurnPtr open = services(ctx).open_turn(turn, status);
        return open ? to_status(use(*open)) : status;
    });
}

const void* get_extension(void* ctx, const char* id) {
    if (id == nullptr) return nullptr;
    if (std::strcmp(id, PARLEY_EXT_SECRETS) == 0)
        return services(ctx).identity().reads_secrets ? &host_secrets_table : nullptr;
    if (std::strcmp(id, PARLEY_EXT_METRICS) == 0) return &host_metrics_table;
    if (std::strcmp(id, PARLEY_EXT_THREAD_CHECK) == 0) return &host_thread_check_table;
    if (services(ctx).ports().engine != nullptr) return remote_extension(id);
    if (std::strcmp(id, PARLEY_EXT_HTTP) == 0) return &host_http_table;
    if (std::strcmp(id, PARLEY_EXT_TIMER) == 0) return &host_timer_table;
    if (std::strcmp(id, PARLEY_EXT_MEDIA) == 0) return &host_media_table;
    if (std::strcmp(id, PARLEY_EXT_POSTPONE) == 0) return &host_postpone_table;
    if (std::strcmp(id, PARLEY_EXT_KV) == 0) return &host_kv_table;
    if (std::strcmp(id, PARLEY_EXT_FOLLOWUP) == 0) return &host_followup_table;
    return nullptr;
}

LogLevel to_log_level(std::int32_t level) {
    switch (level) {
        case PARLEY_LOG_DEBUG:
            return LogLevel::debug;
        case PARLEY_LOG_INFO:
            return LogLevel::info;
        case PARLEY_LOG_ERROR:
            return LogLevel::error;
        default:
            return LogLevel::warning;
    }
}

void write_log(void* ctx, std::int32_t level, parley_turn turn, parley_str message, parley_str fields_json) {
    (void)guarded([&] {
        HostServices& self = services(ctx);
        std::string_view text;
        std::string_view fields;
        if (!read_parley_str(message, text) || !read_parley_str(fields_json, fields)) return PARLEY_INVALID;
        if (EngineLink* const engine = self.ports().engine) {
            if (level != PARLEY_LOG_PLUGIN_MISBEHAVING && !log_enabled(to_log_level(level))) return PARLEY_OK;
            const TurnPtr open = turn == 0 ? nullptr : self.turns().find(turn).turn;
            engine->log(level, open ? static_cast<std::uint64_t>(to_int(open->event().seq)) : 0,
                        text.substr(0, max_log_text), fields.substr(0, max_log_text));
            return PARLEY_OK;
        }
        if (level == PARLEY_LOG_PLUGIN_MISBEHAVING) self.misbehaved(text);
        if (!log_enabled(to_log_level(level))) return PARLEY_OK;
        const TurnTable::Found found = turn == 0 ? TurnTable::Found{} : self.turns().find(turn);
        const std::string message_line = one_line(text, max_log_text);
        const std::string fields_line = one_line(fields, max_log_text);
        std::vector<LogField> shown{{"deployment", self.identity().deployment.str()},
                                    {"agent", self.identity().agent},
                                    {"text", message_line}};
        if (!fields_line.empty()) shown.emplace_back("fields", fields_line);
        std::string name;
        std::string trace;
        if (found.turn) {
            const TurnEvent& event = found.turn->event();
            name = message_name(event.seq);
            trace = to_text(event.trace_id);
            shown.emplace_back("message", name);
            shown.emplace_back("conversation", to_int(event.conversation));
            shown.emplace_back("trace", trace);
        }
        log(to_log_level(level), "agent", std::span<const LogField>(shown));
        return PARLEY_OK;
    });
}

parley_status reply(void* ctx, parley_turn turn, parley_str message_json) {
    return with_turn(ctx, turn, [&](Turn& open) {
        std::string_view json;
        if (!read_parley_str(message_json, json)) return Staged::invalid;
        if (json.size() > max_document) return Staged::limit;
        if (!is_message_object(json)) return Staged::invalid;
        return open.reply(std::string(json));
    });
}

parley_status reply_text(void* ctx, parley_turn turn, parley_str text) {
    return with_turn(ctx, turn, [&](Turn& open) {
        std::string_view view;
        return read_parley_str(text, view) ? open.reply_text(view) : Staged::invalid;
    });
}

parley_status state_put(void* ctx, parley_turn turn, parley_str state_json) {
    return with_turn(ctx, turn, [&](Turn& open) {
        std::string_view json;
        if (!read_parley_str(state_json, json)) return Staged::invalid;
        if (json.size() > max_document) return Staged::limit;
        return is_json_object(json) ? open.put_state(std::string(json)) : Staged::invalid;
    });
}

parley_status annotate(void* ctx, parley_turn turn, parley_str key, parley_str value) {
    return with_turn(ctx, turn, [&](Turn& open) {
        std::string_view name;
        std::string_view text;
        if (!read_parley_str(key, name) || !read_parley_str(value, text)) return Staged::invalid;
        return open.annotate(name, text);
    });
}

parley_status finish(void* ctx, parley_turn turn, parley_status status, parley_str error) {
    return guarded([&] {
        std::string_view text;
        if (!read_parley_str(error, text)) text = {};
        return services(ctx).finish(turn, status, text);
    });
}

parley_status extend(void* ctx, parley_turn turn, std::uint32_t ms) {
    return guarded([&] { return services(ctx).extend(turn, ms); });
}

std::int64_t now_unix_ms(void* ctx) {
    return unix_ms(services(ctx).ports().clock.wall());
}

std::uint64_t now_mono_ns(void* ctx) {
    return to_mono_ns(services(ctx).ports().clock.mono());
}

void fill_random(void* ctx, void* buffer, std::size_t size) {
    if (buffer == nullptr || size == 0) return;
    const std::span bytes(static_cast<unsigned char*>(buffer), size);
    services(ctx).ports().random.fill(bytes);
    if (TurnTrace* const trace = TracedCallback::current()) trace->drew(bytes);
}

}  // namespace

parley_status to_status(Staged staged) noexcept {
    switch (staged) {
        case Staged::ok:
            return PARLEY_OK;
        case Staged::stale:
            return PARLEY_STALE;
        case Staged::invalid:
            return PARLEY_INVALID;
        case Staged::limit:
            return PARLEY_LIMIT;
    }
    return PARLEY_INTERNAL;
}

parley_status cancel_operation(void* ctx, parley_op op) noexcept {
    try {
        return services(ctx).operations()->cancel(op);
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

std::uint64_t to_mono_ns(MonoTime time) noexcept {
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0));
}

AgentIdentity identity_of(DeploymentId deployment, const PluginManifest& manifest) {
    return {std::move(deployment), manifest.id, manifest.names_extension(PARLEY_EXT_SECRETS)};
}

HostServices::HostServices(AgentIdentity identity, AgentPolicy policy, HostPorts ports,
                           Operations::Deliver deliver, std::function<void()> on_turn_closed)
    : identity_(std::move(identity)),
      policy_(std::make_shared<const AgentPolicy>(std::move(policy))),
      ports_(ports),
      on_turn_closed_(std::move(on_turn_closed)),
      operations_(std::make_shared<Operations>(max_operations, std::move(deliver))),
      metrics_(ports_.metrics, {{"deployment", identity_.deployment.str()}, {"agent", identity_.agent}}),
      misbehaviour_(ports_.metrics.counter("parley_agent_misbehaviour_total",
                                           "Calls of an agent that broke the plugin contract",
                                           {{"deployment", identity_.deployment.str()}})),
      table_{sizeof(parley_host),
             PARLEY_ABI_MAJOR,
             PARLEY_ABI_MINOR,
             this,
             to_parley_str("parley"),
             to_parley_str(host_version),
             get_extension,
             write_log,
             reply,
             reply_text,
             state_put,
             annotate,
             parley::finish,
             parley::extend,
             now_unix_ms,
             now_mono_ns,
             fill_random} {}

std::shared_ptr<const AgentPolicy> HostServices::policy() const {
    const std::lock_guard lock(policy_mutex_);
    return policy_;
}

void HostServices::set_policy(AgentPolicy policy) {
    auto next = std::make_shared<const AgentPolicy>(std::move(policy));
    const std::lock_guard lock(policy_mutex_);
    policy_.swap(next);
}

TurnPtr HostServices::open_turn(parley_turn turn, parley_status& status, OperationOwner* owner) {
    TurnTable::Found found = turns_.find(turn);
    if (found.state == TurnTable::State::open) {
        if (owner != nullptr) *owner = {turn, found.lane, found.turn->event().seq};
        return std::move(found.turn);
    }
    status = PARLEY_STALE;
    if (found.state == TurnTable::State::unknown)
        misbehaved("it used a turn that is over or was never given to it");
    return nullptr;
}

parley_status HostServices::finish(parley_turn turn, parley_status status, std::string_view error) {
    const TurnTable::Found found = turns_.finish(turn);
    if (found.state == TurnTable::State::unknown)
        misbehaved("it finished a turn that is over or was never given to it");
    if (found.state != TurnTable::State::open) return PARLEY_STALE;
    operations_->cancel_turn(turn);
    std::string text = one_line(error, max_error_text);
    if (status != PARLEY_OK && text.empty())
        text = std::string("the agent finished with ") + to_string_status(status);
    const Staged done = found.turn->finish(status == PARLEY_OK, std::move(text));
    on_turn_closed_();
    return to_status(done);
}

parley_status HostServices::extend(parley_turn turn, std::uint32_t ms) {
    parley_status status = PARLEY_STALE;
    const TurnPtr open = open_turn(turn, status);
    if (open && ports_.engine != nullptr)
        return ports_.engine
            ->call(
                {RemoteFunction::extend, static_cast<std::uint64_t>(to_int(open->event().seq)), 0, {}, {ms}})
            .status;
    return open ? to_status(open->extend(ports_.clock.mono() + Millis{ms})) : status;
}

void HostServices::fail(parley_turn turn, const std::string& error) {
    const TurnTable::Found found = turns_.finish(turn);
    if (found.state != TurnTable::State::open) return;
    operations_->cancel_turn(turn);
    found.turn->finish(false, one_line(error, max_error_text));
    on_turn_closed_();
}

bool HostServices::withdraw(parley_op op) {
    if (!operations_->withdraw(op)) return false;
    on_turn_closed_();  // a retired agent may have waited for this operation only
    return true;
}

bool HostServices::may_log_complaint() {
    const auto now = ports_.clock.mono().time_since_epoch();
    MonoTime::rep next = next_complaint_.load();
    return now.count() >= next && next_complaint_.compare_exchange_strong(
                                      next, MonoTime::duration(now + std::chrono::seconds(1)).count());
}

void HostServices::misbehaved(std::string_view what) {
    if (ports_.engine != nullptr) return ports_.engine->log(PARLEY_LOG_PLUGIN_MISBEHAVING, 0, what, {});
    misbehaviour_.add();
    if (!may_log_complaint()) return;
    log_warning("agent misbehaves", {{"deployment", identity_.deployment.str()},
                                     {"agent", identity_.agent},
                                     {"reason", one_line(what, max_log_text)}});
}

void HostServices::refused(std::string_view what, std::string_view reason, const TurnEvent* about) {
    if (!may_log_complaint()) return;
    const std::string line = one_line(reason, max_log_text);
    if (about != nullptr)
        return log_about(LogLevel::warning, what, *about, {{"agent", identity_.agent}, {"reason", line}});
    log_warning(what,
                {{"deployment", identity_.deployment.str()}, {"agent", identity_.agent}, {"reason", line}});
}

}  // namespace parley

// An agent that does what the message tells it, one word of command and its argument, and writes down what
// happened: every later status and callback appears as an annotation, a reply, or a record that the word
// `report` replies.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <parley/ext/followup.h>
#include <parley/ext/handover.h>
#include <parley/ext/health.h>
#include <parley/ext/http.h>
#include <parley/ext/kv.h>
#include <parley/ext/media.h>
#include <parley/ext/metrics.h>
#include <parley/ext/postpone.h>
#include <parley/ext/secrets.h>
#include <parley/ext/state-migrate.h>
#include <parley/ext/thread-check.h>
#include <parley/ext/timer.h>
#include <parley/plugin.h>

PARLEY_MANIFEST(
    "{\"id\":\"probe\",\"version\":\"" PROBE_VERSION
    "\",\"abi\":[1,0],\"summary\":\"Does as told\",\"requires\":[\"parley.http/1\",\"parley.timer/1\"],"
    "\"optional\":[\"com.example.nobody/1\",\"parley.secrets/1\"]" PROBE_EXTRA "}");

namespace {

parley_str str(std::string_view text) {
    return {text.data(), text.size()};
}
std::string_view view(parley_str text) {
    return {text.data, text.size};
}

struct Probe {
    explicit Probe(const parley_host* h) : host(h) {}

    const parley_host* host;
    const parley_http* http = nullptr;
    const parley_timer* timer = nullptr;
    const parley_media* media = nullptr;
    const parley_kv* kv = nullptr;
    const parley_metrics* metrics = nullptr;
    int is_agent_in_create = -1;
    parley_metric asked = 0, depth = 0, length = 0;
    std::mutex mutex;  // with concurrency: conversation several callbacks run at once
    std::map<parley_op, parley_turn> waiting;
    parley_op last_op = 0;
    parley_turn last_turn = 0;
    std::string record;
    std::string memory = "nothing";  // what `remember` says, an export gives and an import brings
    int health = PARLEY_HEALTH_OK;
    std::string health_text;

    void note(const std::string& line) {
        const std::lock_guard lock(mutex);
        record += line + "\n";
    }

    void say(parley_turn turn, const std::string& text) { host->reply_text(host->ctx, turn, str(text)); }
    void done(parley_turn turn) { host->finish(host->ctx, turn, PARLEY_OK, {nullptr, 0}); }
    void say_status(parley_turn turn, parley_status status) {
        say(turn, std::to_string(status));
        done(turn);
    }

    bool stage(const parley_event& event, std::string_view word, std::string_view argument);
    bool measure(const parley_event& event, std::string_view word, std::string_view argument);
    bool follow_up(const parley_event& event, std::string_view word, std::string_view argument);
    bool end(const parley_event& event, std::string_view word, std::string_view argument);
    bool wait(const parley_event& event, std::string_view word, std::string_view argument);
    void obey(const parley_event& event);
};

bool Probe::stage(const parley_event& event, std::string_view word, std::string_view argument) {
    const parley_turn turn = event.turn;
    if (word == "echo")
        say(turn, std::string(argument)), done(turn);
    else if (word == "reply")
        say_status(turn, host->reply(host->ctx, turn, str(argument)));
    else if (word == "state")
        say_status(turn, host->state_put(host->ctx, turn, str(argument)));
    else if (word == "big-state")
        say_status(turn,
                   host->state_put(host->ctx, turn, str("{\"a\":\"" + std::string(300'000, 'x') + "\"}")));
    else if (word == "annotate")
        host->annotate(host->ctx, turn, str("intent"), str(argument)), done(turn);
    else if (word == "log")
        host->log(host->ctx, PARLEY_LOG_INFO, turn, str(argument), str("{}")), done(turn);
    else if (word == "log-much")
        host->log(host->ctx, PARLEY_LOG_ERROR, turn, str(std::string(100'000, 'x')), {nullptr, 0}),
            done(turn);
    else if (word == "postpone") {
        const auto* later =
            static_cast<const parley_postpone*>(host->get_extension(host->ctx, PARLEY_EXT_POSTPONE));
        say_status(turn, later->postpone(host->ctx, turn,
                                         static_cast<std::uint32_t>(std::stoul(std::string(argument)))));
    } else if (word == "secret") {
        const auto* secrets =
            static_cast<const parley_secrets*>(host->get_extension(host->ctx, PARLEY_EXT_SECRETS));
        char buffer[16] = "";
        std::size_t size = 0;
        const parley_status status = secrets->get(host->ctx, str(argument), buffer, sizeof buffer, &size);
        say(turn, std::to_string(status) + " " + std::to_string(size) + " " + buffer), done(turn);
    } else if (word == "remember") {
        memory = argument, done(turn);
    } else if (word == "recall") {
        say(turn, memory), done(turn);
    } else if (word == "health") {
        health = std::stoi(std::string(argument.substr(0, 1)));
        health_text = argument.substr(1), done(turn);
    } else if (word == "schema") {
        say(turn, std::to_string(event.state_schema) + " " + std::string(view(event.state_json))), done(turn);
    } else if (word == "bad-text")
        say_status(turn, host->reply_text(host->ctx, turn, {nullptr, 5}));
    else if (word == "clocks")
        say(turn, std::to_string(host->now_unix_ms(host->ctx)) + " " +
                      std::to_string(host->now_mono_ns(host->ctx))),
            done(turn);
    else if (word == "event")
        say(turn, std::string(view(event.deployment)) + "|" + std::string(view(event.conversation)) + "|" +
                      std::string(view(event.sender)) + "|" + std::string(view(event.sender_name)) + "|" +
                      std::string(view(event.type)) + "|" + std::string(view(event.message_json)) + "|" +
                      std::string(view(event.state_json)) + "|" + std::to_string(event.state_revision) + "|" +
                      std::to_string(event.attempt) + "|" + std::to_string(event.received_unix_ms) + "|" +
                      std::to_string(event.deadline_ns)),
            done(turn);
    else if (word == "report") {
        std::string text;
        {
            const std::lock_guard lock(mutex);
            text = record.empty() ? "nothing" : record;
        }
        say(turn, text), done(turn);
    } else
        return false;
    return true;
}

bool Probe::measure(const parley_event& event, std::string_view word, std::string_view argument) {
    const parley_turn turn = event.turn;
    const auto number = [&] { return std::stod(std::string(argument)); };
    if (word == "count")
        say_status(turn, metrics->add(host->ctx, asked, number()));
    else if (word == "depth")
        say_status(turn, metrics->set(host->ctx, depth, number()));
    else if (word == "deeper")
        say_status(turn, metrics->add(host->ctx, depth, number()));
    else if (word == "length")
        say_status(turn, metrics->observe(host->ctx, length, number()));
    else if (word == "set-counter")
        say_status(turn, metrics->set(host->ctx, asked, number()));
    else if (word == "define-late") {
        parley_metric late = 0;
        say_status(turn, metrics->counter(host->ctx, str("late"), str("Too late"), {nullptr, 0}, &late));
    } else if (word == "where") {
        const auto* check =
            static_cast<const parley_thread_check*>(host->get_extension(host->ctx, PARLEY_EXT_THREAD_CHECK));
        std::string where = std::to_string(check->is_agent(host->ctx));
        std::thread([&] { where += std::to_string(check->is_agent(host->ctx)); }).join();
        say(turn, where + std::to_string(is_agent_in_create)), done(turn);
    } else
        return false;
    return true;
}

// follow-up KEY DELAY FLAGS [PAYLOAD] · unfollow KEY
bool Probe::follow_up(const parley_event& event, std::string_view word, std::string_view argument) {
    const parley_turn turn = event.turn;
    const auto* later =
        static_cast<const parley_followup*>(host->get_extension(host->ctx, PARLEY_EXT_FOLLOWUP));
    const auto take = [&] {
        const std::string_view part = argument.substr(0, argument.find(' '));
        argument.remove_prefix(std::min(part.size() + 1, argument.size()));
        return part;
    };
    if (event.kind == PARLEY_EVENT_FOLLOWUP) {
        say(turn, std::to_string(event.kind) + " " + std::string(view(event.text)) + " " +
                      std::string(view(event.message_json)));
        done(turn);
    } else if (word == "follow-up") {
        const std::string_view key = take();
        const auto delay = std::stoull(std::string(take()));
        const auto flags = static_cast<std::uint32_t>(std::stoul(std::string(take())));
        say_status(turn, later->schedule(host->ctx, turn, str(key), delay, flags, str(argument)));
    } else if (word == "unfollow") {
        say_status(turn, later->cancel(host->ctx, turn, str(argument)));
    } else
        return false;
    return true;
}

bool Probe::end(const parley_event& event, std::string_view word, std::string_view argument) {
    const parley_turn turn = event.turn;
    if (word == "hold") {
        const std::lock_guard lock(mutex);
        last_turn = turn;
    } else if (word == "finish-held") {
        parley_turn held = 0;
        {
            const std::lock_guard lock(mutex);
            held = last_turn;
        }
        say_status(turn, host->finish(host->ctx, held, PARLEY_OK, {nullptr, 0}));
    } else if (word == "twice") {
        done(turn);
        note("second finish " + std::to_string(host->finish(host->ctx, turn, PARLEY_OK, {nullptr, 0})));
        note("late reply " + std::to_string(host->reply_text(host->ctx, turn, str("late"))));
    } else if (word == "invent")
        say_status(turn, host->reply_text(host->ctx, 0x123456789abcdefULL, str("x")));
    else if (word == "fail")
        say(turn, "never seen"), host->finish(host->ctx, turn, PARLEY_INTERNAL, str(argument));
    else if (word == "fail-silently")
        host->finish(host->ctx, turn, PARLEY_TIMEOUT, {nullptr, 0});
    else if (word == "throw")
        throw std::runtime_error(std::string(argument));
    else if (word == "throw-number")
        throw 7;
    else if (word == "extend")
        say_status(turn, host->extend(host->ctx, turn,
                                      static_cast<std::uint32_t>(std::stoul(std::string(argument)))));
    else if (word == "elsewhere") {
        std::thread([this, turn] { say(turn, "from a thread of its own"), done(turn); }).join();
    } else
        return false;
    return true;
}

bool Probe::wait(const parley_event& event, std::string_view word, std::string_view argument) {
    const parley_turn turn = event.turn;
    parley_op op = 0;
    parley_status status = PARLEY_OK;
    if (word == "get") {
        const std::string json = "{\"url\":\"" + std::string(argument) + "\"}";
        status = http->request(host->ctx, turn, str(json), {nullptr, 0}, &op);
    } else if (word == "request" || word == "request-then-throw")
        status = http->request(host->ctx, turn, str(argument), str("body"), &op);
    else if (word == "media")
        status = media ? media->fetch(host->ctx, turn, str(argument), &op) : PARLEY_UNSUPPORTED;
    else if (word == "upload")
        status = media->upload(host->ctx, turn, str(argument), str("file"), &op);
    else if (word == "upload-path")
        status = media->upload(host->ctx, turn, str(argument), {nullptr, 0}, &op);
    else if (word == "remove-media")
        status = media->remove(host->ctx, turn, str(argument), &op);
    else if (word == "kv-get")
        status = kv->get(host->ctx, turn, str(argument), &op);
    else if (word == "kv-put") {  // key version-or-any value
        const auto key = argument.substr(0, argument.find(' '));
        const auto rest = argument.substr(key.size() + 1);
        const auto version = rest.substr(0, rest.find(' '));
        const std::uint64_t expected = version == "any" ? PARLEY_KV_ANY : std::stoull(std::string(version));
        status = kv->put(host->ctx, turn, str(key), str(rest.substr(version.size() + 1)), expected, &op);
    } else if (word == "kv-put-large")
        status = kv->put(host->ctx, turn, str("k"), str(std::string(65'537, 'x')), PARLEY_KV_ANY, &op);
    else if (word == "kv-remove")
        status = kv->remove(host->ctx, turn, str(argument), PARLEY_KV_ANY, &op);
    else if (word == "kv-list")
        status = kv->list(host->ctx, turn, str(argument), {}, 2, &op);
    else if (word == "sleep")
        status =
            timer->start(host->ctx, turn, static_cast<std::uint32_t>(std::stoul(std::string(argument))), &op);
    else if (word == "flood") {
        int accepted = 0;
        for (; status == PARLEY_OK && accepted < 5000; ++accepted)
            status = timer->start(host->ctx, turn, 1'000, &op);
        say(turn, std::to_string(accepted - 1) + " accepted, then " + std::to_string(status));
        done(turn);
        return true;
    } else if (word == "cancel-own") {
        status = timer->start(host->ctx, turn, 1'000, &op);
        note("cancel " + std::to_string(timer->cancel(host->ctx, op)));
        note("cancel again " + std::to_string(timer->cancel(host->ctx, op)));
    } else if (word == "cancel-unknown")
        return say_status(turn, timer->cancel(host->ctx, 0x777)), true;
    else if (word == "start-and-finish") {
        status = http->request(host->ctx, turn, str("{\"url\":\"https://example.org/\"}"), {nullptr, 0}, &op);
        note("started " + std::to_string(status));
        done(turn);
        return true;
    } else
        return false;
    if (status != PARLEY_OK) return say_status(turn, status), true;
    const std::lock_guard lock(mutex);
    waiting[op] = turn;
    last_op = op;
    return true;
}

void Probe::obey(const parley_event& event) {
    const std::string_view text = view(event.text);
    const std::string_view word = text.substr(0, text.find(' '));
    const std::string_view argument =
        word.size() < text.size() ? text.substr(word.size() + 1) : std::string_view{};
    if (word == "nap") {
        std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(std::string(argument))));
        say(event.turn, "rested");
        done(event.turn);
        return;
    }
    if (follow_up(event, word, argument) || stage(event, word, argument) || measure(event, word, argument) ||
        end(event, word, argument) || wait(event, word, argument))
        return;
    host->finish(host->ctx, event.turn, PARLEY_INVALID, str("no such word"));
}

const void* kv_of(const parley_host* host) {
    return host->get_extension(host->ctx, PARLEY_EXT_KV);
}

parley_status start(void* self) {
    auto& probe = *static_cast<Probe*>(self);
    probe.http = static_cast<const parley_http*>(probe.host->get_extension(probe.host->ctx, PARLEY_EXT_HTTP));
    probe.timer =
        static_cast<const parley_timer*>(probe.host->get_extension(probe.host->ctx, PARLEY_EXT_TIMER));
    probe.media =
        static_cast<const parley_media*>(probe.host->get_extension(probe.host->ctx, PARLEY_EXT_MEDIA));
    const double bounds[] = {1, 10};
    probe.metrics =
        static_cast<const parley_metrics*>(probe.host->get_extension(probe.host->ctx, PARLEY_EXT_METRICS));
    void* ctx = probe.host->ctx;
    const parley_str kind = str(R"({"kind":"any"})");
    const bool measures =
        probe.metrics->counter(ctx, str("asked"), str("Asked"), kind, &probe.asked) == PARLEY_OK &&
        probe.metrics->gauge(ctx, str("depth"), str("Depth"), {}, &probe.depth) == PARLEY_OK &&
        probe.metrics->histogram(ctx, str("length"), str("Length"), {}, bounds, 2, &probe.length) ==
            PARLEY_OK;
    if (!measures) return PARLEY_INTERNAL;
    probe.kv = static_cast<const parley_kv*>(kv_of(probe.host));
    const void* nobody = probe.host->get_extension(probe.host->ctx, "com.example.nobody/1");
    return probe.http != nullptr && probe.timer != nullptr && nobody == nullptr ? PARLEY_OK : PARLEY_INTERNAL;
}

void on_event(void* self, const parley_event* event) {
    static_cast<Probe*>(self)->obey(*event);
}

void on_result(void* self, parley_op op, const parley_result* result) {
    auto& probe = *static_cast<Probe*>(self);
    parley_turn turn = 0;
    {
        const std::lock_guard lock(probe.mutex);
        if (const auto found = probe.waiting.find(op); found != probe.waiting.end())
            turn = found->second, probe.waiting.erase(found);
    }
    const std::string text = std::to_string(result->status) + " " + std::to_string(result->http_status) +
                             " " + std::string(view(result->headers_json)) + " " +
                             std::string(view(result->body));
    probe.note("result " + text);
    if (view(result->body) == "throw") throw std::runtime_error("cannot bear this body");
    if (turn == 0) return;
    probe.say(turn, text);
    probe.done(turn);
}

void on_cancel(void* self, parley_turn turn, parley_status why) {
    auto& probe = *static_cast<Probe*>(self);
    probe.note("cancelled " + std::to_string(why) + ", reply " +
               std::to_string(probe.host->reply_text(probe.host->ctx, turn, str("x"))));
    const std::lock_guard lock(probe.mutex);
    for (auto it = probe.waiting.begin(); it != probe.waiting.end();)
        it = it->second == turn ? probe.waiting.erase(it) : std::next(it);
}

void put_words(std::string_view text, char* err, size_t cap) {
    err[text.copy(err, cap - 1)] = '\0';
}

// The document says what to do: "fail", "throw", "silence" or "rubbish"; else "was" tells the old schema.
parley_status migrate(void*, uint32_t from, parley_str state_json, void* sink_ctx, parley_sink sink,
                      char* err, size_t cap) {
    const std::string_view json = view(state_json);
    const auto says = [&](const char* word) { return json.find(word) != std::string_view::npos; };
    if (says("throw")) throw std::runtime_error("cannot bear this document");
    if (says("fail")) return put_words("of another century", err, cap), PARLEY_INVALID;
    if (says("silence")) return PARLEY_OK;
    sink(sink_ctx, says("rubbish") ? str("[1]") : str("{\"was\":" + std::to_string(from) + "}"));
    return PARLEY_OK;
}

parley_status export_memory(void* self, void* sink_ctx, parley_sink sink, char* err, size_t cap) {
    const Probe& probe = *static_cast<Probe*>(self);
    if (probe.memory == "secret") return put_words("will not tell", err, cap), PARLEY_DENIED;
    if (probe.memory == "huge") return sink(sink_ctx, str(std::string(5U << 20, 'x'))), PARLEY_OK;
    if (probe.memory == "crash") std::abort();
    sink(sink_ctx, str("{\"memory\":\"" + probe.memory + "\"}"));
    return PARLEY_OK;
}

parley_status import_memory(void* self, parley_str version, parley_str json, char* err, size_t cap) {
    if (view(json).find("\"unwelcome\"") != std::string_view::npos)
        return put_words("not my kind", err, cap), PARLEY_INVALID;
    static_cast<Probe*>(self)->memory =
        std::string(view(version)) + " said " + std::string(view(json).substr(10));
    return PARLEY_OK;
}

int32_t check_health(void* self, char* text, size_t cap) {
    const Probe& probe = *static_cast<Probe*>(self);
    put_words(probe.health_text, text, cap);
    return probe.health;
}

constexpr parley_state_migrate migrate_table{sizeof(parley_state_migrate), migrate};
constexpr parley_handover handover_table{sizeof(parley_handover), export_memory, import_memory};
constexpr parley_health health_table{sizeof(parley_health), check_health};

const void* get_extension(void*, const char* id) {
    const std::string_view wanted(id);
    if (wanted == PARLEY_EXT_STATE_MIGRATE) return &migrate_table;
    if (wanted == PARLEY_EXT_HANDOVER) return &handover_table;
    return wanted == PARLEY_EXT_HEALTH ? &health_table : nullptr;
}

void destroy(void* self) {
    delete static_cast<Probe*>(self);
}

parley_status create(const char* id, const parley_host* host, parley_str config, parley_agent* out, char* err,
                     size_t cap) {
    if (std::string_view(id) != "probe") return PARLEY_INVALID;
    if (view(config).find("\"throw\"") != std::string_view::npos)
        throw std::runtime_error("thrown from create");
    if (view(config).find("\"refuse\"") != std::string_view::npos) {
        std::string_view("refuse: this agent cannot be configured").copy(err, cap - 1);
        return PARLEY_CONFIG;
    }
    auto* probe = new Probe(host);
    const auto* check =
        static_cast<const parley_thread_check*>(host->get_extension(host->ctx, PARLEY_EXT_THREAD_CHECK));
    probe->is_agent_in_create = check->is_agent(host->ctx);
    out->self = probe;
    out->start = start;
    out->on_event = on_event;
    out->on_result = on_result;
    out->on_cancel = on_cancel;
    out->get_extension = get_extension;
    out->destroy = destroy;
    return PARLEY_OK;
}

uint32_t count() {
    return 1;
}

const parley_desc* desc(uint32_t index) {
    static const parley_desc only{sizeof(parley_desc), "probe", PROBE_VERSION, "Does as told"};
    return index == 0 ? &only : nullptr;
}

}  // namespace

extern "C" PARLEY_EXPORT const parley_plugin parley_plugin_v1 = {
    sizeof(parley_plugin), 1, 0, count, desc, create};

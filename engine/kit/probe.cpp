#include "kit/probe.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include <cxxabi.h>
#include <sys/resource.h>

#include <parley/ext/followup.h>
#include <parley/ext/http.h>
#include <parley/ext/kv.h>
#include <parley/ext/media.h>
#include <parley/ext/metrics.h>
#include <parley/ext/postpone.h>
#include <parley/ext/secrets.h>
#include <parley/ext/thread-check.h>
#include <parley/ext/timer.h>

#include "host/host_text.hpp"
#include "host/json_check.hpp"
#include "kit/process_facts.hpp"
#include "whatsapp/send_payload.hpp"

namespace parley::kit {
namespace {

constexpr std::size_t most_of_a_state = 256 * 1024;

// Of the exception being handled, when it is no std::exception.
std::string type_of_current_exception() {
    const std::type_info* type = abi::__cxa_current_exception_type();
    if (type == nullptr) return "something";
    int status = 0;
    char* readable = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
    std::string name = status == 0 ? readable : type->name();
    std::free(readable);
    return name;
}

bool is_about_phase(const std::string& misbehaviour) {
    return misbehaviour.find(": called ") != std::string::npos;
}

// Why WhatsApp would not take it; empty: it would.
std::string fault_of_reply(std::string_view json) {
    if (!is_json_object(json)) return "is not a JSON object: " + one_line(json, 80);
    if (!is_message_object(json)) return "has no \"type\": " + one_line(json, 80);
    const auto messages = to_messages(std::string(json));
    return messages ? "" : messages.error().message();
}

}  // namespace

Probe::Probe(const Subject& subject, Progress& progress, ProbeOptions options)
    : progress_(progress),
      options_(std::move(options)),
      config_json_(options_.config_json.empty() ? subject.config_json : options_.config_json),
      isolated_(subject.is_isolated ? std::make_unique<IsolatedPlugin>(subject.worker, subject.file)
                                    : nullptr),
      host_(isolated_ ? testing::FakeHost(isolated_->table(), host_options(subject, options_))
                      : testing::FakeHost(
                            testing::Library((options_.file.empty() ? subject.file : options_.file).string()),
                            host_options(subject, options_))) {
    host_.on_http("*", "").reply(200, "{}", R"({"content-type":"application/json"})");
}

Probe::~Probe() {
    try {
        stop();
        progress_.at("unloading it");
    } catch (const std::exception&) {
        return;  // FakeHost threw: the check has its finding already
    }
}

testing::HostOptions Probe::host_options(const Subject& subject, const ProbeOptions& options) {
    testing::HostOptions host;
    host.seed = options.seed.value_or(subject.seed);
    host.state_schema = subject.manifest.state_schema;
    host.any_secret = "a-secret-of-the-kit";
    if (!subject.manifest.names_extension(PARLEY_EXT_SECRETS)) host.withheld = {PARLEY_EXT_SECRETS};
    if (options.is_bare)
        host.withheld.insert({PARLEY_EXT_FOLLOWUP, PARLEY_EXT_HTTP, PARLEY_EXT_KV, PARLEY_EXT_MEDIA,
                              PARLEY_EXT_METRICS, PARLEY_EXT_POSTPONE, PARLEY_EXT_SECRETS,
                              PARLEY_EXT_THREAD_CHECK, PARLEY_EXT_TIMER});
    host.hooks.refuse = [this, refuse = options.refuse](std::string_view name) {
        ++calls_;
        be_poor(false);
        return refuse ? refuse(name) : PARLEY_OK;
    };
    host.hooks.observe = [this](const testing::HostCall& call) {
        observe(call);
        be_poor(true);
    };
    host.hooks.around = [this](std::string_view callback, const std::function<void()>& call) {
        around(callback, call);
    };
    return host;
}

void Probe::run_guarded(std::string_view callback, const std::function<void()>& call) {
    const auto threw = [&](const std::string& what) {
        exceptions_.push_back(std::string(callback) + " threw " + what);
    };
    try {
        call();
    } catch (const WorkerEnded& end) {
        throw WorkerEnded(std::string(end.what()) + " in " + std::string(callback) + " (" + now_ + ")");
    } catch (const std::exception& error) {
        threw(type_of_current_exception() + " (" + one_line(error.what(), 120) + ")");
    } catch (...) {
        threw("an exception of type " + type_of_current_exception());
    }
}

// The host's own functions have what they need: only what the agent asks for itself is refused.
void Probe::be_poor(bool is_poor) {
    if (!options_.is_poor) return;
    rlimit limit{};
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = is_poor ? memory_limit_ : limit.rlim_max;
    setrlimit(RLIMIT_AS, &limit);
}

void Probe::around(std::string_view callback, const std::function<void()>& call) {
    progress_.at(std::string(callback) + " (" + now_ + ")");
    if (options_.is_poor) memory_limit_ = virtual_memory();
    const auto begin = std::chrono::steady_clock::now();
    be_poor(true);
    if (options_.on_new_threads)
        std::thread([&] { run_guarded(callback, call); }).join();
    else
        run_guarded(callback, call);
    be_poor(false);
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    if (took > slowest_) {
        slowest_ = took;
        slowest_callback_ = callback;
    }
    progress_.at("the kit's own work (after " + std::string(callback) + ", " + now_ + ")");
}

void Probe::observe(const testing::HostCall& call) {
    const bool was_refused = call.status != PARLEY_OK && call.status != PARLEY_INVALID;
    if (call.name == "reply" && !was_refused) {
        if (const auto fault = fault_of_reply(call.text); !fault.empty())
            bad_replies_.push_back({now_, fault});
    } else if (call.name == "reply_text" && call.status == PARLEY_INVALID) {
        bad_replies_.push_back({now_, "is an empty text: stage no reply at all"});
    } else if (call.name == "state_put") {
        if (call.text.size() > most_of_a_state)
            bad_states_.push_back("has " + std::to_string(call.text.size()) +
                                  " bytes, at most 262144 are kept");
        else if (call.status == PARLEY_INVALID)
            bad_states_.push_back("is not a JSON object: " + one_line(call.text, 80));
    } else if ((call.name == "http.request" || call.name == "timer.start") && call.status == PARLEY_OK) {
        ++operations_;
    }
}

testing::StartResult Probe::start() {
    now_ = "with the configuration " + one_line(config_json_, 120);
    return host_.start(config_json_);
}

void Probe::must_start() {
    const auto started = start();
    if (!started.ok()) throw std::runtime_error("refused its configuration: " + one_line(started.error, 200));
}

void Probe::stop() {
    now_ = "at the end";
    host_.stop();
}

const testing::TurnRecord& Probe::begin(const testing::Message& message, const std::string& name) {
    now_ = name;
    return host_.send(message);
}

const testing::TurnRecord& Probe::say(const testing::Message& message, const std::string& name) {
    const std::size_t thrown = exceptions_.size();
    const std::size_t operations = operations_;
    const testing::TurnRecord& turn = begin(message, name);
    // Twice the deadline is as far as extend() goes.
    for (int second = 0; second < 41 && turn.open(); ++second) host_.advance(std::chrono::seconds(1));
    if (exceptions_.size() != thrown) {
        if (turn.open()) host_.cancel(turn.id);
        return turn;
    }
    if (turn.cancelled)
        unfinished_.push_back(name);
    else if (turn.finished && turn.status != PARLEY_OK && operations == operations_)
        failed_.push_back(name + " with " + to_string_status(turn.status) +
                          (turn.error.empty() ? "" : " (" + one_line(turn.error, 120) + ")"));
    return turn;
}

void Probe::say_all(const std::vector<Sample>& all) {
    for (const Sample& sample : all) {
        const std::size_t failed = failed_.size();
        const std::size_t replies = bad_replies_.size();
        say(sample.message, sample.name);
        if (sample.is_usual) continue;
        failed_.resize(failed);
        bad_replies_.resize(replies);
    }
}

std::vector<std::string> Probe::exceptions() const {
    std::vector<std::string> all = exceptions_;
    if (isolated_) all.insert(all.end(), isolated_->faults().begin(), isolated_->faults().end());
    return all;
}

std::vector<std::string> Probe::overdue_followups() const {
    std::vector<std::string> all;
    for (const testing::TurnRecord* turn : host_.followup_turns())
        if (turn->cancelled && turn->status == PARLEY_TIMEOUT)
            all.push_back(one_line(turn->followup_key, 64));
    return all;
}

std::vector<std::string> Probe::misuses() const {
    std::vector<std::string> all = host_.misbehaviours();
    std::erase_if(all, is_about_phase);
    return all;
}

std::vector<std::string> Probe::early_or_late() const {
    std::vector<std::string> all = host_.misbehaviours();
    std::erase_if(all, [](const std::string& one) { return !is_about_phase(one); });
    return all;
}

std::string some_of(const std::vector<std::string>& all) {
    std::vector<std::string> once;
    for (const std::string& one : all)
        if (std::find(once.begin(), once.end(), one) == once.end()) once.push_back(one);
    std::string text;
    for (std::size_t i = 0; i < once.size() && i < 3; ++i) text += (i == 0 ? "" : "; ") + once[i];
    if (once.size() > 3) text += " … and " + std::to_string(once.size() - 3) + " more";
    return text;
}

}  // namespace parley::kit

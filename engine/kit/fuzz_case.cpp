#include "kit/fuzz_case.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "host/host_text.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::json;
using testing::Message;

constexpr int actions_of_a_case = 40;

constexpr std::array<std::string_view, 18> pieces{
    "0",    "-1", "4294967296",       "1e308",  "%s%n",         "\"",   "\\",    "{}",   "[[",
    "null", "\n", "\xF0\x9F\x91\x8D", "\u202E", "\xE0\xA4\xB9", "</a>", "'; --", "\x7F", "\xCC\x81"};

void change_text(std::string& text, Dice& dice) {
    const std::size_t at = dice.below(text.size() + 1);
    switch (dice.below(6)) {
        case 0:
            text.insert(at, pieces[dice.below(pieces.size())]);
            break;
        case 1:
            text.erase(at, dice.below(8) + 1);
            break;
        case 2:
            text.insert(at, text.substr(at, dice.below(40) + 1));
            break;
        case 3:
            if (at < text.size()) text[at] = static_cast<char>(dice.below(256));
            break;
        case 4:
            if (text.size() < 2000) text += std::string(dice.below(3000), "ax \n"[dice.below(4)]);
            break;
        default:
            text.resize(at);
    }
}

Json odd_value(Dice& dice) {
    switch (dice.below(9)) {
        case 0:
            return nullptr;
        case 1:
            return 0;
        case 2:
            return -1;
        case 3:
            return 1e308;
        case 4:
            return "";
        case 5:
            return Json::array();
        case 6:
            return Json::object();
        case 7:
            return std::string(dice.below(5000), 'x');
        default:
            return std::string(pieces[dice.below(pieces.size())]);
    }
}

// Changes one member, somewhere.
void change_json(Json& value, Dice& dice, int depth) {
    if (!value.is_structured() || value.empty() || depth > 8 || dice.one_in(6)) {
        value = odd_value(dice);
        return;
    }
    auto member = value.begin();
    std::advance(member, static_cast<std::ptrdiff_t>(dice.below(value.size())));
    if (dice.one_in(6))
        value.erase(member);
    else
        change_json(*member, dice, depth + 1);
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class Play {
  public:
    Play(const Subject& subject, std::uint64_t seed, const std::vector<Sample>& corpus, Progress& progress,
         const std::function<void(const std::string&)>& tell)
        : corpus_(corpus),
          tell_(tell),
          dice_(seed),
          probe_(subject, progress,
                 {.seed = seed, .refuse = [this](std::string_view call) { return refuse(call); }}) {}

    std::vector<std::string> run() {
        probe_.must_start();
        for (int i = 0; i < actions_of_a_case; ++i) act();
        told("the end");
        is_calm_ = true;
        probe_.host().on_http("*", "").reply(200, "{}", R"({"content-type":"application/json"})");
        probe_.say({.text = "Hi", .conversation = "the last"}, "a plain text at the end");
        probe_.stop();
        std::vector<std::string> findings = probe_.exceptions();
        for (const std::string& one : probe_.misuses()) findings.push_back(one);
        if (!probe_.unfinished().empty()) findings.push_back("does not finish a plain turn at the end");
        // What an HTTP server says may go through an agent as it is.
        for (const auto& one :
             probe_.operations() > 0 ? std::vector<Probe::BadReply>{} : probe_.bad_replies())
            findings.push_back("stages a reply that WhatsApp refuses: " + one.what);
        for (const std::string& one : probe_.bad_states()) findings.push_back("its state " + one);
        return findings;
    }

  private:
    // What the host may refuse on a bad day: operations, and rarely anything else but the end of a turn.
    parley_status refuse(std::string_view call) {
        if (is_calm_ || call == "finish" || call == "extend") return PARLEY_OK;
        const bool is_operation = call == "http.request" || call == "timer.start";
        if (!dice_.one_in(is_operation ? 6 : 60)) return PARLEY_OK;
        return dice_.one_in(2) ? PARLEY_LIMIT : PARLEY_INTERNAL;
    }

    void told(const std::string& action) {
        if (tell_) tell_(action);
    }

    void act() {
        const std::size_t what = dice_.below(20);
        if (what < 12) return send();
        if (what < 14) return pass_time();
        if (what < 16) return take_a_turn_away();
        if (what < 19) return change_weather();
        change_state();
    }

    void send() {
        const Sample& sample = corpus_[dice_.below(corpus_.size())];
        Message message = dice_.one_in(4) ? sample.message : mutated(sample.message, dice_);
        message.sender = "91980000000" + std::to_string(dice_.below(3));
        if (dice_.one_in(20)) message.attempt = 1;
        told("send " + message.type + " \"" + one_line(message.text, 60) + "\" from " + message.sender);
        turns_.push_back(&probe_.begin(message, sample.name + ", changed"));
    }

    void pass_time() {
        const std::chrono::milliseconds much(
            std::array<int, 5>{1, 100, 3000, 25'000, 90'000'000}[dice_.below(5)]);
        told("advance " + std::to_string(much.count()) + " ms");
        probe_.host().advance(much);
    }

    void take_a_turn_away() {
        std::erase_if(turns_, [](const testing::TurnRecord* turn) { return !turn->open(); });
        if (turns_.empty()) return;
        told("cancel a turn");
        probe_.host().cancel(turns_[dice_.below(turns_.size())]->id);
    }

    void change_weather() {
        testing::HttpRule& rule = probe_.host().on_http("*", "");
        std::string body =
            R"({"message":"Hello","messages":[{"type":"text","text":{"body":"x"}}],"a":{"b":[1,2]}})";
        Json json = Json::parse(body);
        for (std::size_t i = dice_.below(4); i > 0; --i) change_json(json, dice_, 0);
        body = dumped(json);
        for (std::size_t i = dice_.below(3); i > 0; --i) change_text(body, dice_);
        const int status = std::array<int, 8>{200, 200, 204, 302, 404, 429, 500, 503}[dice_.below(8)];
        told("HTTP answers " + std::to_string(status));
        if (dice_.one_in(5))
            rule.fail(dice_.one_in(2) ? PARLEY_TIMEOUT : PARLEY_INTERNAL, "weather");
        else if (dice_.one_in(8))
            rule.hang();
        else
            rule.reply(status, body).after(std::chrono::milliseconds(dice_.below(2000)));
    }

    void change_state() {
        const std::string conversation = "91980000000" + std::to_string(dice_.below(3));
        Json json = Json::parse(probe_.host().state(conversation), nullptr, false);
        if (!json.is_object()) json = Json::object();
        change_json(json, dice_, 0);
        if (!json.is_object()) json = Json::object();
        told("state " + one_line(dumped(json), 80));
        probe_.host().set_state(conversation, dumped(json));
    }

    const std::vector<Sample>& corpus_;
    const std::function<void(const std::string&)>& tell_;
    Dice dice_;
    bool is_calm_ = false;
    std::vector<const testing::TurnRecord*> turns_;
    Probe probe_;  // last: its hooks use the rest
};

// Every step says whose case it is: after a crash nothing else is left.
class SeedProgress final : public Progress {
  public:
    SeedProgress(Progress& to, std::uint64_t seed) : to_(to), seed_(std::to_string(seed)) {}
    void at(std::string_view step) override { to_.at(seed_ + " " + std::string(step)); }

  private:
    Progress& to_;
    std::string seed_;
};

}  // namespace

std::uint64_t Dice::next() {
    // splitmix64
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
    return z ^ (z >> 31U);
}

testing::Message mutated(const testing::Message& original, Dice& dice) {
    Message message = original;
    for (std::size_t i = dice.below(5); i > 0; --i) change_text(message.text, dice);
    if (dice.one_in(10)) change_text(message.type, dice);
    if (dice.one_in(10)) change_text(message.name, dice);
    if (dice.one_in(30)) message.kind = static_cast<std::uint32_t>(dice.below(6));
    if (message.native_json.empty()) return message;
    Json native = Json::parse(message.native_json, nullptr, false);
    for (std::size_t i = dice.below(4); i > 0; --i) change_json(native, dice, 0);
    if (native.is_object()) message.native_json = dumped(native);
    return message;
}

FuzzCase play_case(const Subject& subject, std::uint64_t seed, const std::vector<Sample>& corpus,
                   Progress& progress, const std::function<void(const std::string&)>& tell) {
    SeedProgress mine(progress, seed);
    Play play(subject, seed, corpus, mine, tell);
    return {seed, play.run()};
}

}  // namespace parley::kit

// The users' side of the pretended cloud, and what tests and the phone page ask of it.
#include <algorithm>
#include <cctype>

#include "base/utf16.hpp"
#include "simulator/cloud.hpp"
#include "simulator/media_calls.hpp"
#include "simulator/media_rules.hpp"
#include "simulator/wire_ids.hpp"

namespace parley::sim {
namespace {

constexpr std::size_t max_user_text = 4096;
constexpr std::size_t max_user_id = 131;  // two letters, a dot and 128: a BSUID
constexpr std::size_t max_names = 100'000;

Error bad_request(const std::string& what) {
    return {Errc::invalid_input, what};
}

Result<std::string> user_of(const Json& request) {
    std::string user = text_of(request, "from", text_of(request, "user_id"));
    if (user.starts_with('+')) user.erase(0, 1);
    const bool clean =
        std::all_of(user.begin(), user.end(), [](unsigned char c) { return std::isalnum(c) || c == '.'; });
    if (user.empty() || user.size() > max_user_id || !clean) {
        return bad_request("from: expected a phone number's digits (or user_id: a BSUID)");
    }
    return user;
}

// type and body of what the user sent.
Result<Json> content_of(const Json& request) {
    if (const Json* message = member(request, "message")) {
        if (!message->is_object() || text_of(*message, "type").empty()) {
            return bad_request("message: expected a native object with a type");
        }
        Json content = *message;
        for (const char* key : {"from", "from_user_id", "id", "timestamp"}) content.erase(key);
        return content;
    }
    const std::string text = text_of(request, "text");
    if (text.empty()) return bad_request("text: expected a text, or message: a native object");
    if (utf16_units(text) > max_user_text) return bad_request("text: at most 4096 characters");
    return Json{{"type", "text"}, {"text", {{"body", text}}}};
}

}  // namespace

WebhookItem Cloud::inbound_item(const Json& request, const std::string& user, const SimulatorNumber& number) {
    const std::string name = text_of(request, "name", user);
    const std::string bsuid = text_of(request, "user_id");
    const bool by_phone = member(request, "from") != nullptr;
    WebhookItem item;
    item.phone_number_id = number.phone_number_id;
    item.user = user;
    item.wamid = text_of(request, "id");
    if (item.wamid.empty()) item.wamid = make_wamid(user, ++last_id_, random_);
    item.lane = "user/" + number.phone_number_id + '/' + user;
    item.contact = {{"profile", {{"name", name}}}};
    if (by_phone) {
        item.element["from"] = user;
        item.contact["wa_id"] = user;
    }
    if (!bsuid.empty()) {
        item.element["from_user_id"] = bsuid;
        item.contact["user_id"] = bsuid;
    }
    const std::int64_t now_s = unix_ms(clock_.wall()) / 1000;
    item.element["id"] = item.wamid;
    item.element["timestamp"] = std::to_string(sim::number_of(request, "timestamp", now_s));
    return item;
}

Result<> Cloud::add_user_media(Json& content, const SimulatorNumber& number) {
    auto file = take_user_media(content);
    if (!file) return file.error();
    file->phone_number_id = number.phone_number_id;
    file->expires = clock_.wall() + options_.behaviour.received_kept;
    const MediaFile& kept = media_.add(std::move(*file));
    fill_user_media(content, kept, media_url(kept));
    return {};
}

Result<std::string> Cloud::user_message(const Json& request) {
    const auto user = user_of(request);
    if (!user) return user.error();
    auto content = content_of(request);
    if (!content) return content.error();

    const std::lock_guard lock(mutex_);
    const SimulatorNumber* number =
        number_for(text_of(request, "phone_number_id", options_.numbers.front().phone_number_id));
    if (!number) return Error(Errc::not_found, "phone_number_id: the simulator has no such number");
    if (!is_registered(number->phone_number_id))
        return bad_request("phone_number_id: the number is not registered, so nobody can write to it");
    const std::string kind = text_of(*content, "type");
    if (is_media_kind(kind) && (!member(*content, kind) || !member((*content)[kind], "id"))) {
        if (auto added = add_user_media(*content, *number); !added) return added.error();
    }
    if (const std::string quoted = text_of(request, "reply_to"); !quoted.empty()) {
        (*content)["context"] = {{"from", digits_of(*number)}, {"id", quoted}};
    }
    WebhookItem item = inbound_item(request, *user, *number);
    item.element.update(*content);

    ChatMessage shown;
    shown.id = item.wamid;
    shown.phone_number_id = item.phone_number_id;
    shown.user = *user;
    shown.user_name = text_of(request, "name");
    shown.from_user = true;
    shown.at = clock_.wall();
    shown.content = std::move(*content);
    const bool is_blocked = blocked_.contains(item.phone_number_id, *user);
    const bool is_told = !is_blocked && route(item);
    shown.state = is_told ? "waiting" : "accepted";
    if (is_told && !queue_.push(std::move(item), clock_.mono(), options_.behaviour, random_)) {
        return Error(Errc::busy, "too many webhooks wait already");
    }
    if (!is_blocked) limits_.saw_inbound(shown.phone_number_id, *user, clock_.wall());
    if (names_.size() >= max_names) names_.clear();
    if (!shown.user_name.empty()) names_[*user] = shown.user_name;
    std::string wamid = shown.id;
    if (!book_.find(wamid)) book_.add(std::move(shown));
    announce();
    return wamid;
}

Result<> Cloud::add_fault(FaultRule rule) {
    const std::lock_guard lock(mutex_);
    return faults_.add(std::move(rule));
}

Result<> Cloud::add_faults(const Json& request) {
    const Json* rules = request.is_object() ? member(request, "rules") : nullptr;
    const Json& source = rules ? *rules : request;
    std::vector<FaultRule> parsed;
    for (const Json& rule : source.is_array() ? source : Json::array({source})) {
        auto one = parse_fault_rule(rule);
        if (!one) return one.error();
        parsed.push_back(std::move(*one));
    }
    const std::lock_guard lock(mutex_);
    FaultScript extended = faults_;
    for (FaultRule& rule : parsed) {
        if (auto added = extended.add(std::move(rule)); !added) return added;
    }
    faults_ = std::move(extended);
    return {};
}

void Cloud::clear_faults() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
}

Result<> Cloud::change_behaviour(const Json& changes) {
    const std::lock_guard lock(mutex_);
    return options_.behaviour.apply(changes);
}

Json Cloud::behaviour() const {
    const std::lock_guard lock(mutex_);
    return options_.behaviour.to_json();
}

void Cloud::verification(std::string state, std::string reason) {
    const std::lock_guard lock(mutex_);
    verification_ = {{"state", std::move(state)}, {"reason", std::move(reason)}};
    book_.touch();
    announce();
}

void Cloud::reset() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
    limits_.clear();
    queue_.clear();
    accepted_.clear();
    media_.clear();
    templates_.clear();
    blocked_.clear();
    for (auto& [id, life] : lives_) life.forget_limits();
    book_.clear();
    timers_.clear();
    typing_.clear();
    refused_.clear();
    counts_.clear();
    last_webhook_error_ = nullptr;
    ++epoch_;
    announce();
}

std::uint64_t Cloud::revision() const {
    const std::lock_guard lock(mutex_);
    return book_.revision();
}

Json Cloud::changes_after(std::uint64_t revision) const {
    const std::lock_guard lock(mutex_);
    Json changes{{"epoch", epoch_}};
    changes.update(book_.changes_after(revision));
    Json typing = Json::array();
    const MonoTime now = clock_.mono();
    for (const auto& [chat, until] : typing_) {
        if (until <= now) continue;
        const auto slash = chat.find('/');
        typing.push_back({{"phone_number_id", chat.substr(0, slash)},
                          {"user", chat.substr(slash + 1)},
                          {"for_ms", std::chrono::duration_cast<Millis>(until - now).count()}});
    }
    Json numbers = Json::array();
    for (const SimulatorNumber& number : options_.numbers) {
        if (!is_registered(number.phone_number_id)) continue;
        numbers.push_back({{"phone_number_id", number.phone_number_id},
                           {"display_phone_number", number.display_phone_number},
                           {"verified_name", number.verified_name}});
    }
    changes["typing"] = std::move(typing);
    changes["numbers"] = std::move(numbers);
    changes["codes"] = list_codes();
    changes["webhook"] = {{"url", options_.webhook_url}, {"verification", verification_}};
    return changes;
}

Json Cloud::state(const std::string& recipient, std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    const WebhookQueue::Counts& posts = queue_.counts();
    Json refused = Json::object();
    for (const auto& [code, count] : refused_) refused[std::to_string(code)] = count;
    Json counts = Json::object();
    for (const auto& [name, count] : counts_) counts[name] = count;
    Json state{{"sends", accepted_.to_json(recipient, limit)}};
    state["sends"]["refused"] = std::move(refused);
    state["sends"]["counts"] = std::move(counts);
    state["webhooks"] = {{"posts", posts.posts},
                         {"delivered", posts.delivered},
                         {"retried", posts.retried},
                         {"given_up", posts.given_up},
                         {"dropped", posts.dropped},
                         {"waiting", queue_.waiting()},
                         {"in_flight", queue_.in_flight()},
                         {"retrying", queue_.retrying()},
                         {"last_error", last_webhook_error_},
                         {"url", options_.webhook_url},
                         {"verification", verification_}};
    state["timers"] = timers_.size();
    state["idle"] = idle();
    state["faults"] = faults_.to_json();
    state["behaviour"] = options_.behaviour.to_json();
    return state;
}

std::uint64_t Cloud::accepted() const {
    const std::lock_guard lock(mutex_);
    return accepted_.total();
}

std::vector<AcceptedMessage> Cloud::accepted_to(const std::string& recipient) const {
    const std::lock_guard lock(mutex_);
    return accepted_.to(recipient);
}

}  // namespace parley::sim

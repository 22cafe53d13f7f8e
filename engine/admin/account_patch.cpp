#include "admin/account_patch.hpp"

#include "admin/account_request.hpp"
#include "core/recipient_text.hpp"

namespace parley {
namespace {

using nlohmann::json;

const json& member(const json& object, const char* name) {
    static const json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

// What says again what is so already is no change.
void keep_identity(const CurrentAccount& now, const json& before, json& change,
                   std::vector<FieldMistake>& mistakes) {
    const std::string number = phone_digits(text_of(member(before, "phone_number")));
    const std::pair<const char*, std::string> kept[] = {{"account_id", now.id.str()},
                                                        {"phone_number_id", now.channel.str()},
                                                        {"waba_id", now.waba_id},
                                                        {"phone_number", number}};
    for (const auto& [field, value] : kept) {
        if (!change.contains(field)) continue;
        std::string wish = change[field].is_null() ? std::string() : text_of(change[field]);
        if (std::string_view(field) == "phone_number") wish = phone_digits(wish);
        if (wish.empty() || wish != value)
            mistakes.push_back(
                {field, "cannot be changed; delete the account, and create one with the other value"});
        change.erase(field);
    }
}

void check_profile(const CurrentAccount& now, const json& before, const json& after,
                   std::vector<FieldMistake>& mistakes) {
    if (now.channel.empty()) return;  // Meta has not been told anything yet
    if (member(before, "name") != member(after, "name"))
        mistakes.push_back(
            {"business_profile.name", "is reviewed by Meta; change it in the WhatsApp Manager"});
    for (const char* field : {"about", "industry"})
        if (!member(before, field).is_null() && member(after, field).is_null())
            mistakes.push_back({std::string("business_profile.") + field,
                                "cannot be taken away at Meta; write another one"});
}

template <class T>
void note_change(const std::optional<T>& before, const std::optional<T>& after, std::optional<T>& change) {
    if (before != after) change = after.value_or(T{});
}

BusinessProfile difference(const BusinessProfile& before, const BusinessProfile& after) {
    BusinessProfile change;
    note_change(before.about, after.about, change.about);
    note_change(before.address, after.address, change.address);
    note_change(before.description, after.description, change.description);
    note_change(before.email, after.email, change.email);
    note_change(before.vertical, after.vertical, change.vertical);
    note_change(before.websites, after.websites, change.websites);
    return change;
}

// Of a request that was right once: rules of its other parts may have become stricter.
BusinessProfile profile_of(json request) {
    request.erase("webhook_config");
    const auto read = read_new_account(request.dump());
    return read ? read->profile : BusinessProfile{};
}

std::string names_of(const json& object) {
    std::string names;
    for (const auto& [name, value] : object.items()) names += (names.empty() ? "" : ", ") + name;
    return names;
}

}  // namespace

AccountResult<ChangedAccount> read_change(const CurrentAccount& now, std::string_view patch) {
    BodyReader body(patch);
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    body.only(account_fields());
    const json before = json::parse(now.request_json, nullptr, false);
    if (!before.is_object())
        return AccountFailure(Errc::corrupt, "the request that created it cannot be read");
    json change = body.object();
    keep_identity(now, before, change, body.mistakes());
    if (change.contains("pin") && now.is_verified)
        body.wrong("pin", "was set at Meta when the number was registered; it can be given before that only");
    json after = before;
    after.merge_patch(change);
    check_profile(now, member(before, "business_profile"), member(after, "business_profile"),
                  body.mistakes());
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    auto account = read_new_account(after.dump(-1, ' ', false, json::error_handler_t::replace));
    if (!account) return account.error();
    account->channel = now.channel;
    account->waba_id = now.waba_id;
    ChangedAccount changed{std::move(*account), {}, names_of(change)};
    if (!now.channel.empty()) changed.profile = difference(profile_of(before), changed.account.profile);
    return changed;
}

bool tells_anything(const BusinessProfile& profile) {
    return profile.description || profile.vertical || profile.about || profile.address || profile.email ||
           profile.websites;
}

std::string etag_of(std::uint64_t version) {
    return '"' + std::to_string(version) + '"';
}

bool is_match(std::string_view if_match, std::uint64_t version) {
    if (if_match.empty()) return true;
    while (!if_match.empty()) {
        const auto comma = if_match.find(',');
        std::string_view one = if_match.substr(0, comma);
        if_match.remove_prefix(comma == std::string_view::npos ? if_match.size() : comma + 1);
        while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
        while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
        if (one == "*" || one == etag_of(version)) return true;
    }
    return false;
}

}  // namespace parley

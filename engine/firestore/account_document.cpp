#include "firestore/account_document.hpp"

namespace parley::firestore {
namespace {

constexpr std::size_t most_id = 1500;  // bytes

std::string detail(const Json& details, const char* name) {
    const auto found = details.is_object() ? details.find(name) : details.end();
    return found != details.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string business_name(const Json& details) {
    const auto profile = details.is_object() ? details.find("business_profile") : details.end();
    return profile != details.end() ? detail(*profile, "name") : std::string();
}

std::optional<AccountState> state_named(const std::string& word) {
    for (int i = 0; i <= static_cast<int>(AccountState::deleted); ++i)
        if (word == to_string(static_cast<AccountState>(i))) return static_cast<AccountState>(i);
    return std::nullopt;
}

// The texts of a document; the first that is missing is remembered.
class Texts {
  public:
    explicit Texts(const Json& fields) : fields_(fields) {}
    std::string operator()(const char* name) {
        auto value = read_text(fields_, name);
        if (!value && missing_.empty()) missing_ = name;
        return value.value_or("");
    }
    const std::string& missing() const { return missing_; }

  private:
    const Json& fields_;
    std::string missing_;
};

}  // namespace

Json account_fields(const StoredAccount& account, const std::string& write_id) {
    const Json details = Json::parse(account.details_json, nullptr, false);
    Json sealed = Json::object();
    for (const auto& [field, envelope] : account.sealed) sealed[field] = text(envelope);
    return {{"deployment_id", text(account.id.str())},
            {"phone_number_id", text(account.channel.str())},
            {"phone_number", text(detail(details, "phone_number"))},
            {"business_name", text(business_name(details))},
            {"waba_id", text(account.waba_id)},
            {"agent", text(account.agent)},
            {"status", text(to_string(account.state))},
            {"details_json", text(account.details_json)},
            {"sealed", {{"mapValue", {{"fields", std::move(sealed)}}}}},
            {"version", integer(static_cast<std::int64_t>(account.version))},
            {"write_id", text(write_id)},
            {"created_at", time(account.created_at)},
            {"updated_at", time(account.changed_at)}};
}

Result<StoredAccount> read_account(const std::string& id, const Json& fields) {
    const auto corrupt = [&](const std::string& name) {
        return Error(Errc::corrupt, "the Firestore document " + std::string(accounts_collection) + "/" + id +
                                        " has no readable `" + name + "`");
    };
    Texts texts(fields);
    StoredAccount account;
    account.id = DeploymentId(id);
    account.channel = PhoneNumberId(texts("phone_number_id"));
    account.waba_id = texts("waba_id");
    account.agent = texts("agent");
    account.details_json = texts("details_json");
    const auto state = state_named(texts("status"));
    if (!texts.missing().empty()) return corrupt(texts.missing());
    if (!state) return corrupt("status");
    account.state = *state;
    const auto version = read_integer(fields, "version");
    if (!version || *version < 1) return corrupt("version");
    account.version = static_cast<std::uint64_t>(*version);
    const auto created = read_time(fields, "created_at"), changed = read_time(fields, "updated_at");
    if (!created || !changed) return corrupt(created ? "updated_at" : "created_at");
    account.created_at = *created;
    account.changed_at = *changed;
    const Json* sealed = read_map(fields, "sealed");
    if (sealed == nullptr) return corrupt("sealed");
    for (const auto& [field, value] : sealed->items()) {
        auto envelope = read_text(*sealed, field.c_str());
        if (!envelope) return corrupt("sealed." + field);
        account.sealed.emplace(field, std::move(*envelope));
    }
    return account;
}

bool is_account(const Json& fields) {
    return fields.contains("version") && fields.contains("write_id");
}

Json history_fields(const PhoneNumberId& number, const SetupHistory& history) {
    return {{"phone_number_id", text(number.str())},
            {"registrations", times(history.registrations)},
            {"code_requests", times(history.code_requests)},
            {"code_tries", times(history.code_tries)},
            {"registrations_blocked_until", time(history.registrations_blocked_until)},
            {"codes_blocked_until", time(history.codes_blocked_until)},
            {"pins_blocked_until", time(history.pins_blocked_until)}};
}

SetupHistory read_history(const Json& fields) {
    return {read_times(fields, "registrations"),      read_times(fields, "code_requests"),
            read_times(fields, "code_tries"),         read_time(fields, "registrations_blocked_until"),
            read_time(fields, "codes_blocked_until"), read_time(fields, "pins_blocked_until")};
}

bool is_document_id(std::string_view id) noexcept {
    const bool is_reserved = id.size() >= 4 && id.starts_with("__") && id.ends_with("__");
    return !id.empty() && id.size() <= most_id && id != "." && id != ".." && !is_reserved &&
           id.find('/') == std::string_view::npos;
}

}  // namespace parley::firestore

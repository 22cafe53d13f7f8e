#include "app/account_setup.hpp"

#include <array>

#include "admin/account_patch.hpp"
#include "app/awaited_answer.hpp"

namespace parley {
namespace {

template <class T, class Start>
SetupResult<T> wait_for(Start start) {
    return wait_for_answer<SetupResult<T>>(std::move(start));
}

AccountFailure to_failure(const SetupFailure& failure) {
    AccountFailure told(failure.kind, failure.meaning);
    if (!failure.reason.empty() && failure.reason != failure.meaning)
        told.message += " (" + failure.reason + ")";
    told.remedy = failure.remedy;
    told.graph_code = failure.code;
    told.wait = failure.wait;
    return told;
}

bool may_work_later(const AccountFailure& failure) {
    return failure.kind == Errc::unavailable || failure.kind == Errc::busy;
}

// ITU-T E.164: codes of one and of two digits; all others have three.
std::size_t country_code_length(std::string_view digits) {
    static constexpr std::string_view two =
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
        "81 82 84"
        " 86 90 91 92 93 94 95 98";
    if (digits.starts_with('1') || digits.starts_with('7')) return 1;
    return two.find(digits.substr(0, 2)) == std::string_view::npos ? 3 : 2;
}

AppConfig app_of(const Config& config, const StoredAccount& row) {
    for (const DeploymentConfig& one : config.deployments)
        for (const AppConfig& app : config.whatsapp.apps)
            if (one.deployment.id == row.id && app.id == one.deployment.app) return app;
    return config.whatsapp.default_app;
}

Secret make_pin(Random& random) {
    const std::string digits = std::to_string(1'000'000 + random.below(1'000'000));
    return Secret(digits.substr(1));
}

}  // namespace

template <class Call>
std::optional<AccountFailure> AccountSetup::limited(const PhoneNumberId& number, Take take, Call call) {
    auto history = book_.store().setup_history(number);
    if (!history) return AccountFailure(history.error());
    SetupLimits limits(clock_, std::move(*history));
    if (const auto refused = (limits.*take)()) return to_failure(*refused);
    if (auto kept = book_.store().put_setup_history(number, limits.history()); !kept)
        return AccountFailure(kept.error());
    const SetupResult<> answer = wait_for<void>(call);
    if (answer) return std::nullopt;
    limits.learn(answer.error());
    if (auto kept = book_.store().put_setup_history(number, limits.history()); !kept)
        return AccountFailure(kept.error());
    return to_failure(answer.error());
}

AccountResult<Secret> AccountSetup::token_of(const StoredAccount& row, const Config& config) const {
    auto token = book_.open(row, account_field::access_token);
    if (!token) return AccountFailure(token.error());
    return token->empty() ? config.whatsapp.access_token : std::move(*token);
}

AccountResult<StoredAccount> AccountSetup::find_or_add(StoredAccount row, const NewAccount& order,
                                                       const Config& config) {
    const auto token = token_of(row, config);
    if (!token) return token.error();
    const auto found = wait_for<std::optional<NumberFacts>>(
        [&](auto done) { meta_.find_number(row.waba_id, order.phone_number, *token, std::move(done)); });
    if (!found) return to_failure(found.error());
    if (*found) {
        row.channel = (*found)->id;
        return book_.put(std::move(row));
    }
    const std::size_t split = country_code_length(order.phone_number);
    const std::string name = order.verified_name.empty() ? row.id.str() : order.verified_name;
    const auto added = wait_for<PhoneNumberId>([&](auto done) {
        meta_.add_number(row.waba_id,
                         {order.phone_number.substr(0, split), order.phone_number.substr(split), name},
                         *token, std::move(done));
    });
    if (!added) return to_failure(added.error());
    row.channel = *added;
    return book_.put(std::move(row));
}

std::optional<AccountFailure> AccountSetup::subscribe(const StoredAccount& row, const Secret& token,
                                                      const Config& config) {
    std::optional<WebhookOverride> elsewhere;
    if (std::string base = config.whatsapp.webhook_base_url; !base.empty()) {
        while (base.ends_with('/')) base.pop_back();
        elsewhere = WebhookOverride{base + "/webhook", app_of(config, row).verify_token};
        if (elsewhere->verify_token.empty())
            elsewhere->verify_token = config.whatsapp.default_app.verify_token;
    }
    const auto done = wait_for<void>(
        [&](auto answer) { meta_.subscribe(row.waba_id, std::move(elsewhere), token, std::move(answer)); });
    if (done) return std::nullopt;
    return to_failure(done.error());
}

AccountResult<StoredAccount> AccountSetup::bring_up(StoredAccount row, const NewAccount& order,
                                                    const Config& config) {
    if (row.waba_id.empty()) {
        row.state = AccountState::active;
        return book_.put(std::move(row));
    }
    const auto token = token_of(row, config);
    if (!token) return token.error();
    const auto later = [&](const AccountFailure& why) -> AccountResult<StoredAccount> {
        if (!may_work_later(why)) return why;
        book_.set_problem(row.id, why.message + "; the same request goes on from here");
        return row;
    };
    const auto known = facts(row.channel, *token);
    if (!known) return later(known.error());
    if (const auto failed = subscribe(row, *token, config)) return later(*failed);
    if (const auto failed = write_profile(row, order.profile, *token)) return later(*failed);
    if (known->is_registered() && known->is_verified()) {
        row.state = AccountState::active;
        return book_.put(std::move(row));
    }
    auto next = known->is_verified() ? register_number(row, *token)
                                     : request_code(row, CodeMethod::sms, "en_US", config);
    if (!next) return later(next.error());
    return next;
}

AccountResult<StoredAccount> AccountSetup::request_code(StoredAccount row, CodeMethod method,
                                                        const std::string& language, const Config& config) {
    if (row.state == AccountState::active || row.state == AccountState::paused)
        return AccountFailure(Errc::conflict, "the account " + row.id.str() + " is verified already");
    if (row.channel.empty())
        return AccountFailure(
            Errc::conflict,
            "the account " + row.id.str() + " has no number at Meta yet; send its create-account again");
    const auto token = token_of(row, config);
    if (!token) return token.error();
    if (const auto failed = limited(row.channel, &SetupLimits::take_code_request, [&](auto done) {
            meta_.request_code(row.channel, method, language, *token, std::move(done));
        }))
        return *failed;
    book_.set_problem(row.id, {});
    row.state = AccountState::code_sent;
    return book_.put(std::move(row));
}

AccountResult<StoredAccount> AccountSetup::verify(StoredAccount row, const Secret& code,
                                                  const Config& config) {
    if (row.state == AccountState::active || row.state == AccountState::paused)
        return AccountFailure(Errc::conflict, "the account " + row.id.str() + " is verified already");
    const auto token = token_of(row, config);
    if (!token) return token.error();
    const auto known = facts(row.channel, *token);
    if (!known) return known.error();
    // A registration that failed after the code was right is made again without it.
    if (!known->is_verified())
        if (const auto failed = limited(row.channel, &SetupLimits::take_code_try, [&](auto done) {
                meta_.verify_code(row.channel, code, *token, std::move(done));
            }))
            return *failed;
    return register_number(std::move(row), *token);
}

AccountResult<StoredAccount> AccountSetup::register_number(StoredAccount row, const Secret& token) {
    auto pin = book_.open(row, account_field::pin);
    if (!pin) return AccountFailure(pin.error());
    if (pin->empty()) {
        // Stored first: a PIN that is set and not known locks the number.
        *pin = make_pin(random_);
        book_.seal(row, account_field::pin, *pin);
        auto kept = book_.put(std::move(row));
        if (!kept) return kept.error();
        row = std::move(*kept);
    }
    if (const auto failed = limited(row.channel, &SetupLimits::take_registration, [&](auto done) {
            meta_.register_number(row.channel, *pin, {}, token, std::move(done));
        }))
        return *failed;
    book_.set_problem(row.id, {});
    row.state = AccountState::active;
    return book_.put(std::move(row));
}

std::optional<AccountFailure> AccountSetup::write_profile(const StoredAccount& row,
                                                          const BusinessProfile& profile,
                                                          const Secret& token) {
    if (!tells_anything(profile)) return std::nullopt;
    const auto written =
        wait_for<void>([&](auto done) { meta_.write_profile(row.channel, profile, token, std::move(done)); });
    if (written) return std::nullopt;
    return to_failure(written.error());
}

std::string AccountSetup::deregister(const DeploymentId& id, const Config& config) {
    const auto row = book_.row(id);
    if (!row) return row.error().message;
    const auto token = token_of(*row, config);
    if (!token) return token.error().message;
    const auto failed = limited(row->channel, &SetupLimits::take_registration, [&](auto done) {
        meta_.deregister_number(row->channel, *token, std::move(done));
    });
    return failed ? failed->message : std::string();
}

AccountResult<NumberFacts> AccountSetup::facts(const PhoneNumberId& number, const Secret& token) {
    auto told = wait_for<NumberFacts>([&](auto done) { meta_.read_number(number, token, std::move(done)); });
    if (!told) return to_failure(told.error());
    return std::move(*told);
}

}  // namespace parley

#include "firestore/account_store.hpp"

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/log.hpp"
#include "firestore/account_document.hpp"

namespace parley::firestore {
namespace {

constexpr std::size_t page_size = 300;
constexpr unsigned most_pages = 1000;
constexpr unsigned most_rounds = 4;  // of one change, when somebody else writes the same documents

std::string account_path(const std::string& id) {
    return std::string(accounts_collection) + "/" + id;
}
std::string number_path(const std::string& number) {
    return std::string(numbers_collection) + "/" + number;
}

// What Firestore does not take is nothing that its caller could change.
Error as_unavailable(const Error& error) {
    return error.code() == Errc::invalid_input ? Error(Errc::unavailable, error.message()) : error;
}

Result<> check_id(const char* what, const std::string& id) {
    if (is_document_id(id)) return {};
    return Error(Errc::invalid_input, std::string("Firestore takes no ") + what + " like \"" + id + "\"");
}

std::string make_write_id(Random& random) {
    std::array<unsigned char, 15> bytes{};
    random.fill(bytes);
    return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

Result<std::vector<StoredAccount>> FirestoreAccountStore::accounts() {
    std::vector<StoredAccount> all;
    std::string page;
    for (unsigned pages = 0; pages < most_pages; ++pages) {
        auto read = client_.list(accounts_collection, page_size, page);
        if (!read) return as_unavailable(read.error());
        for (const Document& one : read->documents) {
            if (!is_account(one.fields)) {
                note_foreign(one.id);
                continue;
            }
            auto account = read_account(one.id, one.fields);
            if (!account) return account.error();
            all.push_back(std::move(*account));
        }
        page = std::move(read->next);
        if (page.empty()) break;
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return all;
}

void FirestoreAccountStore::note_foreign(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (foreign_.insert(id).second)
        log_warning("a document of another program is left alone", {{"document", account_path(id)}});
}

Result<FirestoreAccountStore::Known> FirestoreAccountStore::read(const DeploymentId& id,
                                                                 const PhoneNumberId& number) {
    std::vector<std::string> paths{account_path(id.str())};
    if (!number.empty()) paths.push_back(number_path(number.str()));
    auto found = client_.get(paths);
    if (!found) return as_unavailable(found.error());
    Known known;
    known.account = std::move((*found)[0]);
    if (found->size() > 1) known.number = std::move((*found)[1]);
    return known;
}

// A claim whose account is gone, or has another number by now, was left by whoever edited documents by hand.
Result<std::string> FirestoreAccountStore::owner_of(const Document& number) {
    const std::string owner = read_text(number.fields, "deployment_id").value_or("");
    if (!is_document_id(owner)) return std::string();
    const auto account = client_.get({account_path(owner)});
    if (!account) return as_unavailable(account.error());
    const bool has_it = read_text(account->front().fields, "phone_number_id") == number.id;
    return account->front().exists && has_it ? owner : std::string();
}

Result<> FirestoreAccountStore::check(const StoredAccount& account, const Known& known) {
    const std::int64_t stored =
        known.account.exists ? read_integer(known.account.fields, "version").value_or(-1) : 0;
    if (account.version == 0 && stored != 0)
        return Error(Errc::conflict, "there is an account " + account.id.str() + " already");
    if (static_cast<std::int64_t>(account.version) != stored)
        return Error(Errc::conflict, "the account " + account.id.str() + " was changed meanwhile");
    if (account.channel.empty() || !known.number.exists) return {};
    if (read_text(known.number.fields, "deployment_id") == account.id.str()) return {};
    const auto owner = owner_of(known.number);
    if (!owner) return owner.error();
    if (owner->empty()) return {};
    return Error(Errc::conflict,
                 "the phone_number_id " + account.channel.str() + " belongs to the account " + *owner);
}

Json FirestoreAccountStore::release(const std::string& number) const {
    return client_.update_some(number_path(number), {{"deployment_id", text("")}}, Client::no_matter());
}

Result<> FirestoreAccountStore::write(const StoredAccount& account, const std::string& write_id,
                                      const Known& known) {
    std::vector<Json> writes{client_.update(account_path(account.id.str()), account_fields(account, write_id),
                                            Client::unchanged(known.account))};
    const std::string before = read_text(known.account.fields, "phone_number_id").value_or("");
    if (!account.channel.empty())
        writes.push_back(client_.update_some(
            number_path(account.channel.str()),
            {{"phone_number_id", text(account.channel.str())}, {"deployment_id", text(account.id.str())}},
            Client::unchanged(known.number)));
    if (is_document_id(before) && before != account.channel.str()) writes.push_back(release(before));
    return client_.commit(writes);
}

Result<StoredAccount> FirestoreAccountStore::put_account(StoredAccount account) {
    if (auto fit = check_id("account id", account.id.str()); !fit) return fit.error();
    if (!account.channel.empty())
        if (auto fit = check_id("phone_number_id", account.channel.str()); !fit) return fit.error();
    const std::string write_id = make_write_id(random_);
    for (unsigned round = 0; round < most_rounds; ++round) {
        const auto known = read(account.id, account.channel);
        if (!known) return known.error();
        StoredAccount next = account;
        ++next.version;
        if (known->account.exists)
            next.created_at = read_time(known->account.fields, "created_at").value_or(next.created_at);
        const bool is_ours = read_text(known->account.fields, "write_id") == write_id;
        if (is_ours) return next;  // the answer to its commit was lost
        if (auto checked = check(account, *known); !checked) return checked.error();
        const auto written = write(next, write_id, *known);
        if (written) return next;
        if (written.error().code() != Errc::conflict) return as_unavailable(written.error());
    }
    return Error(Errc::conflict, "the account " + account.id.str() + " was changed meanwhile");
}

Result<> FirestoreAccountStore::try_remove(const DeploymentId& id) {
    const auto known = read(id, {});
    if (!known) return known.error();
    if (!known->account.exists) return {};
    std::vector<Json> writes{client_.remove(account_path(id.str()), Client::unchanged(known->account))};
    const std::string number = read_text(known->account.fields, "phone_number_id").value_or("");
    if (is_document_id(number)) {
        const auto claim = client_.get({number_path(number)});
        if (!claim) return as_unavailable(claim.error());
        if (read_text(claim->front().fields, "deployment_id") == id.str()) writes.push_back(release(number));
    }
    if (auto removed = client_.commit(writes); !removed) return as_unavailable(removed.error());
    return {};
}

Result<> FirestoreAccountStore::remove_account(const DeploymentId& id) {
    if (!is_document_id(id.str())) return {};
    auto removed = try_remove(id);
    for (unsigned round = 1; !removed && removed.error().code() == Errc::conflict && round < most_rounds;
         ++round)
        removed = try_remove(id);
    return removed;
}

Result<SetupHistory> FirestoreAccountStore::setup_history(const PhoneNumberId& number) {
    if (!is_document_id(number.str())) return SetupHistory{};
    const auto known = client_.get({number_path(number.str())});
    if (!known) return as_unavailable(known.error());
    return read_history(known->front().fields);
}

Result<> FirestoreAccountStore::put_setup_history(const PhoneNumberId& number, const SetupHistory& history) {
    if (auto fit = check_id("phone_number_id", number.str()); !fit) return fit;
    const auto written = client_.commit({client_.update_some(
        number_path(number.str()), history_fields(number, history), Client::no_matter())});
    if (!written) return as_unavailable(written.error());
    return {};
}

}  // namespace parley::firestore

#include "firestore/account_store.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_firestore.hpp"
#include "fakes/firestore_client.hpp"

namespace parley::firestore {
namespace {

using fakes::FakeFirestore;
using Fault = FakeFirestore::Fault;

StoredAccount account(const std::string& id, const std::string& channel) {
    StoredAccount one;
    one.id = DeploymentId(id);
    one.channel = PhoneNumberId(channel);
    one.details_json = R"({"business_profile":{"name":"Acme"},"phone_number":"+919800000100"})";
    one.sealed = {{"access_token", "p1.a"}};
    one.created_at = one.changed_at = from_unix_ms(1'790'000'000'000);
    return one;
}

class FirestoreAccounts : public testing::Test {
  protected:
    FakeFirestore cloud;
    fakes::FirestoreClient with{cloud};
    FirestoreAccountStore store{with.client, with.random};
    FirestoreAccountStore other{with.client, with.random};

    std::string owner_of(const std::string& number) {
        return read_text(cloud.fields_of("whatsapp_numbers/" + number), "deployment_id").value_or("none");
    }
};

TEST_F(FirestoreAccounts, are_documents_that_a_person_understands) {
    ASSERT_TRUE(store.put_account(account("shop", "111")));
    const Json fields = cloud.fields_of("whatsapp_accounts/shop");
    EXPECT_EQ(fields.at("deployment_id"), text("shop"));
    EXPECT_EQ(fields.at("phone_number"), text("+919800000100"));
    EXPECT_EQ(fields.at("business_name"), text("Acme"));
    EXPECT_EQ(fields.at("status"), text("active"));
    EXPECT_EQ(fields.at("created_at"), (Json{{"timestampValue", "2026-09-21T14:13:20.000Z"}}));
    EXPECT_EQ(fields.at("version"), (Json{{"integerValue", "1"}}));
    EXPECT_EQ(owner_of("111"), "shop");
}

TEST_F(FirestoreAccounts, give_a_number_to_one_of_two_writers_at_once) {
    cloud.before_commit = [&] { ASSERT_TRUE(other.put_account(account("support", "111"))); };
    const auto late = store.put_account(account("shop", "111"));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), Error(Errc::conflict, "the phone_number_id 111 belongs to the account support"));
    EXPECT_TRUE(cloud.fields_of("whatsapp_accounts/shop").is_null());
    EXPECT_EQ(owner_of("111"), "support");
}

TEST_F(FirestoreAccounts, take_one_of_two_changes_of_the_same_version) {
    const StoredAccount known = store.put_account(account("shop", "111")).value();
    StoredAccount theirs = known;
    theirs.agent = "theirs";
    cloud.before_commit = [&] { ASSERT_TRUE(other.put_account(theirs)); };
    const auto late = store.put_account(known);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), Error(Errc::conflict, "the account shop was changed meanwhile"));
    EXPECT_EQ(store.accounts().value().front().agent, "theirs");
}

TEST_F(FirestoreAccounts, are_not_refused_because_a_call_for_their_number_was_counted_meanwhile) {
    ASSERT_TRUE(store.put_setup_history(PhoneNumberId("111"), {}));
    cloud.before_commit = [&] {
        ASSERT_TRUE(other.put_setup_history(PhoneNumberId("111"), {{with.clock.wall()}, {}, {}, {}, {}, {}}));
    };
    ASSERT_TRUE(store.put_account(account("shop", "111")));
    EXPECT_EQ(store.setup_history(PhoneNumberId("111")).value().registrations.size(), 1U);
}

TEST_F(FirestoreAccounts, that_were_written_are_recognised_when_the_answer_was_lost) {
    cloud.troubles = {{Fault::none}, {Fault::lose_answer}};  // of the read, and of the commit
    const auto stored = store.put_account(account("shop", "111"));
    ASSERT_TRUE(stored) << stored.error().message();
    EXPECT_EQ(stored->version, 1U);
    EXPECT_EQ(store.accounts().value().size(), 1U);
}

TEST_F(FirestoreAccounts, release_the_number_that_they_had_before) {
    StoredAccount one = store.put_account(account("shop", "111")).value();
    one.channel = PhoneNumberId("222");
    ASSERT_TRUE(store.put_account(one));
    EXPECT_EQ(owner_of("111"), "");
    EXPECT_EQ(owner_of("222"), "shop");
    ASSERT_TRUE(store.put_account(account("support", "111")));
}

TEST_F(FirestoreAccounts, do_not_keep_a_number_after_their_document_was_deleted_by_hand) {
    ASSERT_TRUE(store.put_account(account("shop", "111")));
    cloud.erase("whatsapp_accounts/shop");
    ASSERT_TRUE(store.put_account(account("support", "111")));
    EXPECT_EQ(owner_of("111"), "support");
}

TEST_F(FirestoreAccounts, are_read_beside_documents_of_other_programs) {
    cloud.put("whatsapp_accounts/seed", {{"deployment_id", text("seed")}, {"status", text("active")}});
    for (const char* id : {"e", "d", "c", "b", "a"}) ASSERT_TRUE(store.put_account(account(id, "")));
    const auto all = store.accounts().value();
    ASSERT_EQ(all.size(), 5U);
    EXPECT_EQ(all.front().id.str(), "a");
    EXPECT_GE(cloud.count("pageToken"), 2U);
    const auto taken = store.put_account(account("seed", ""));
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code(), Errc::conflict);
    EXPECT_EQ(cloud.fields_of("whatsapp_accounts/seed").size(), 2U);
}

TEST_F(FirestoreAccounts, that_were_damaged_are_told_with_the_field) {
    ASSERT_TRUE(store.put_account(account("shop", "111")));
    Json fields = cloud.fields_of("whatsapp_accounts/shop");
    fields["status"] = text("asleep");
    cloud.put("whatsapp_accounts/shop", fields);
    const auto all = store.accounts();
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error(),
              Error(Errc::corrupt, "the Firestore document whatsapp_accounts/shop has no readable `status`"));
}

TEST_F(FirestoreAccounts, are_refused_under_names_that_firestore_does_not_take) {
    EXPECT_EQ(store.put_account(account("__x__", "")).error().code(), Errc::invalid_input);
    EXPECT_EQ(store.put_account(account("shop", "1/1")).error().code(), Errc::invalid_input);
    EXPECT_TRUE(cloud.calls().empty());
}

TEST_F(FirestoreAccounts, stay_as_they_are_while_firestore_is_down) {
    ASSERT_TRUE(store.put_account(account("shop", "111")));
    cloud.troubles.assign(100, {Fault::refuse_connection});
    for (const Error& error : {store.accounts().error(), store.put_account(account("support", "222")).error(),
                               store.remove_account(DeploymentId("shop")).error(),
                               store.setup_history(PhoneNumberId("111")).error()})
        EXPECT_EQ(error, Error(Errc::unavailable, "Firestore cannot be reached: connection refused"));
    cloud.troubles.clear();
    EXPECT_EQ(store.accounts().value().size(), 1U);
}

}  // namespace
}  // namespace parley::firestore

#include "whatsapp/graph_media_library.hpp"

#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/crypto/hmac.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_http_client.hpp"
#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

const std::string photo = "JFIF a photo";
const DeploymentId shop{"shop"};

std::string base64_hash(const std::string& bytes) {
    const Sha256 hash = sha256(bytes);
    return to_base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

struct GraphMediaLibraryTest : testing::Test {
    fakes::TempFolder folder;
    FakeClock clock;
    FakeHttpClient http;
    Metrics metrics;
    AccountRegistry accounts;
    WorkerPool workers{2, 16};
    GraphMedia graph{{.graph_url = "http://127.0.0.1:8001"}, http};
    MediaCache cache{{.folder = folder.path() / "media"}, clock};
    std::unique_ptr<GraphMediaLibrary> library;

    using Answer = std::future<Result<MediaFile>>;

    GraphMediaLibraryTest() {
        std::vector<Deployment> list;
        for (const char* name : {"shop", "bank"}) {
            Deployment deployment;
            deployment.id = DeploymentId(name);
            deployment.channel = PhoneNumberId(list.empty() ? "111" : "222");
            deployment.access_token = Secret("token of " + deployment.id.str());
            list.push_back(deployment);
        }
        accounts.replace(std::move(list));
        EXPECT_TRUE(cache.open());
        make({});
    }
    void make(MediaLibraryOptions options) {
        library = std::make_unique<GraphMediaLibrary>(
            options, GraphMediaLibrary::Ports{graph, cache, accounts, workers, metrics});
    }
    Answer fetch(const std::string& id = "1", const DeploymentId& deployment = shop) {
        auto promise = std::make_shared<std::promise<Result<MediaFile>>>();
        library->fetch(deployment, id,
                       [promise](Result<MediaFile> file) { promise->set_value(std::move(file)); });
        return promise->get_future();
    }
    static Result<MediaFile> wait(Answer& answer) {
        if (answer.wait_for(std::chrono::seconds(20)) == std::future_status::ready) return answer.get();
        return Error{Errc::fault, "no answer"};
    }
    HttpCall call(std::size_t number) { return http.wait_for_call(number).value().second; }
    void tell(HttpCallId id, const std::string& sha256, const std::string& size = "12") {
        ASSERT_TRUE(http.wait_for_call(id));
        http.answer(id, 200,
                    R"({"url":"http://127.0.0.1:8001/d?n=)" + std::to_string(id) +
                        R"(","mime_type":"image/jpeg","sha256":")" + sha256 + R"(","file_size":)" + size +
                        "}");
    }
    void give(HttpCallId id, const std::string& bytes = photo) {
        ASSERT_TRUE(http.wait_for_call(id));
        http.answer(id, 200, bytes);
    }
};

TEST_F(GraphMediaLibraryTest, fetches_a_file_and_keeps_it) {
    Answer first = fetch();
    EXPECT_EQ(call(1).url, "http://127.0.0.1:8001/v25.0/1?phone_number_id=111");
    tell(1, to_hex(sha256(photo)));
    give(2);
    const auto file = wait(first);
    ASSERT_TRUE(file) << file.error().message();
    EXPECT_EQ(file->mime_type, "image/jpeg");
    EXPECT_EQ(file->sha256, to_hex(sha256(photo)));
    EXPECT_EQ(file->size, photo.size());
    std::string read(photo.size(), '\0');
    std::ifstream(file->path, std::ios::binary).read(read.data(), static_cast<std::streamsize>(read.size()));
    EXPECT_EQ(read, photo);

    Answer second = fetch("2");
    tell(3, base64_hash(photo));
    EXPECT_EQ(wait(second)->path, file->path);
    EXPECT_EQ(http.started_calls(), 3U) << "the second was not downloaded";
}

TEST_F(GraphMediaLibraryTest, checks_the_hash_in_either_spelling) {
    for (const std::string& spelling :
         {to_hex(sha256("another")), base64_hash("another"), std::string("nonsense")}) {
        const std::size_t before = http.started_calls();
        Answer answer = fetch();
        tell(before + 1, spelling);
        if (spelling != "nonsense") give(before + 2);
        EXPECT_EQ(wait(answer).error().code(), Errc::unavailable) << spelling;
    }
    EXPECT_EQ(cache.size(), 0U);
    Answer unhashed = fetch();
    tell(http.started_calls(), "");
    give(http.started_calls());
    EXPECT_TRUE(wait(unhashed)) << "without a hash from Graph the file is taken as it is";
}

TEST_F(GraphMediaLibraryTest, looks_an_expired_url_up_once_more) {
    Answer answer = fetch();
    tell(1, to_hex(sha256(photo)));
    ASSERT_TRUE(http.wait_for_call(2));
    http.answer(2, 404, "URL signature expired");
    EXPECT_EQ(call(3).url, call(1).url);
    tell(3, to_hex(sha256(photo)));
    EXPECT_EQ(call(4).url, "http://127.0.0.1:8001/d?n=3");
    give(4);
    EXPECT_TRUE(wait(answer));

    Answer hopeless = fetch("2");
    tell(5, to_hex(sha256("x")));
    ASSERT_TRUE(http.wait_for_call(6));
    http.answer(6, 404, "");
    tell(7, to_hex(sha256("x")));
    ASSERT_TRUE(http.wait_for_call(8));
    http.answer(8, 404, "");
    EXPECT_EQ(wait(hopeless).error().code(), Errc::not_found);
    EXPECT_EQ(http.started_calls(), 8U);
}

TEST_F(GraphMediaLibraryTest, makes_those_who_ask_at_once_share_a_fetch) {
    Answer one = fetch();
    Answer two = fetch();
    Answer other_number = fetch("1", DeploymentId{"bank"});
    EXPECT_EQ(http.started_calls(), 2U);
    EXPECT_EQ(call(2).headers.at(0).second, "Bearer token of bank");
    EXPECT_EQ(call(2).url, "http://127.0.0.1:8001/v25.0/1?phone_number_id=222");
    tell(1, to_hex(sha256(photo)));
    give(3);
    EXPECT_EQ(wait(one)->path, wait(two)->path);
    http.answer(2, 400, R"({"error":{"message":"no","code":100,"error_subcode":33}})");
    EXPECT_EQ(wait(other_number).error().code(), Errc::not_found);
}

TEST_F(GraphMediaLibraryTest, refuses_files_that_are_too_large) {
    make({.most_file = 11});
    Answer told = fetch();
    tell(1, to_hex(sha256(photo)), "12");
    EXPECT_EQ(wait(told).error().code(), Errc::invalid_input);
    Answer untold = fetch("2");
    tell(2, to_hex(sha256(photo)), "0");
    EXPECT_EQ(call(3).max_response, 11U);
    http.fail(3, {HttpFailure::Kind::too_large, true, "the answer is larger than 11 bytes"});
    EXPECT_EQ(wait(untold).error().code(), Errc::invalid_input);
}

TEST_F(GraphMediaLibraryTest, runs_a_few_fetches_at_a_time_and_lets_some_wait) {
    make({.at_once = 1, .most_waiting = 1});
    Answer one = fetch("1");
    Answer two = fetch("2");
    Answer three = fetch("3");
    EXPECT_EQ(wait(three).error().code(), Errc::busy);
    EXPECT_EQ(http.started_calls(), 1U);
    http.answer(1, 400, R"({"error":{"message":"no","code":100,"error_subcode":33}})");
    EXPECT_FALSE(wait(one));
    tell(2, to_hex(sha256(photo)));
    give(3);
    EXPECT_TRUE(wait(two));
}

TEST_F(GraphMediaLibraryTest, fails_when_nobody_can_write_to_the_disk_any_more) {
    workers.stop();
    Answer answer = fetch();
    tell(1, to_hex(sha256(photo)));
    EXPECT_EQ(wait(answer).error().code(), Errc::busy);
}

TEST_F(GraphMediaLibraryTest, names_wrong_ids_and_unknown_deployments) {
    Answer wrong = fetch("../me");
    EXPECT_EQ(wait(wrong).error().code(), Errc::invalid_input);
    Answer gone = fetch("1", DeploymentId{"gone"});
    EXPECT_EQ(wait(gone).error().code(), Errc::not_found);
    EXPECT_EQ(http.started_calls(), 0U);
}

TEST_F(GraphMediaLibraryTest, uploads_bytes_and_files) {
    const auto upload = [&](NewMedia media) {
        auto promise = std::make_shared<std::promise<Result<std::string>>>();
        library->upload(shop, std::move(media),
                        [promise](Result<std::string> id) { promise->set_value(std::move(id)); });
        return promise->get_future();
    };
    auto bytes = upload({"image/png", "", "pixels", ""});
    EXPECT_NE(call(1).body.find("pixels"), std::string::npos);
    http.answer(1, 200, R"({"id":"9"})");
    EXPECT_EQ(bytes.get().value(), "9");

    const std::string path = (folder.path() / "terms.pdf").string();
    std::ofstream(path) << "%PDF terms";
    auto file = upload({"application/pdf", "", "", path});
    ASSERT_TRUE(http.wait_for_call(2));
    EXPECT_NE(call(2).body.find("%PDF terms"), std::string::npos);
    http.answer(2, 400, R"({"error":{"message":"(#100) Param file","code":100}})");
    EXPECT_EQ(file.get().error().code(), Errc::invalid_input);
    EXPECT_EQ(upload({"application/pdf", "", "", path + ".gone"}).get().error().code(), Errc::not_found);
    EXPECT_EQ(upload({"application/pdf", "", "", folder.path().string()}).get().error().code(),
              Errc::not_found);
    make({.most_file = 3});
    EXPECT_EQ(upload({"application/pdf", "", "", path}).get().error().code(), Errc::invalid_input);
    EXPECT_EQ(upload({"image/png", "", "pixels", ""}).get().error().code(), Errc::invalid_input);
}

TEST_F(GraphMediaLibraryTest, removes_media) {
    std::promise<Result<>> removed;
    library->remove(shop, "77", [&](Result<> result) { removed.set_value(std::move(result)); });
    EXPECT_EQ(call(1).method, "DELETE");
    http.answer(1, 200, R"({"success":true})");
    EXPECT_TRUE(removed.get_future().get());
}

}  // namespace
}  // namespace parley

// Calls of Firestore's REST interface that are tried again where that helps.
//
// Time      A call blocks, tries and waits included, for ClientOptions::patience, and the 10 s of a sign-in, at most.
// Threads   Any but the spine's.
// Errors    unavailable: it cannot be reached, does not let us in, or is not set up; the sentence says what to do. A
//           commit may have happened all the same when its answer was lost. conflict: a precondition of a commit does
//           not hold; nothing was written. invalid_input: it does not take what was sent; never tried again. corrupt: an
//           answer that is none.
#pragma once

#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "base/pause.hpp"
#include "base/random.hpp"
#include "firestore/access_tokens.hpp"
#include "firestore/value.hpp"

namespace parley::firestore {

struct ClientOptions {
    std::string project;
    std::string database = "(default)";
    std::string emulator;  // host:port; empty: Google's own
    Millis patience{20'000};
    Millis try_timeout{10'000};
    unsigned most_tries = 5;
};

struct Document {
    std::string id;       // the last part of its name
    bool exists = false;  // false: the rest is empty
    Json fields = Json::object();
    std::string update_time;  // as Firestore wrote it, for preconditions
};

struct DocumentPage {
    std::vector<Document> documents;
    std::string next;  // the token of the next page; empty: there is none
};

class Client {
  public:
    // All outlive the client.
    struct Ports {
        HttpClient& http;
        AccessTokens& tokens;
        const Clock& clock;
        Random& random;
        Pause& pause;
        Metrics& metrics;
    };
    Client(ClientOptions options, Ports ports);

    // Paths are "collection/id". The documents come in the order of the paths, missing ones too.
    Result<std::vector<Document>> get(const std::vector<std::string>& paths);
    Result<DocumentPage> list(const std::string& collection, std::size_t limit, const std::string& page);
    // The body of a structured query.
    Result<std::vector<Document>> query(const Json& structured);
    // All of the writes or none; at most 500.
    Result<> commit(const std::vector<Json>& writes);

    // For commit(). `precondition` is of the next three.
    Json update(const std::string& path, Json fields, const Json& precondition) const;
    Json update_some(const std::string& path, Json fields, const Json& precondition) const;  // others stay
    Json remove(const std::string& path, const Json& precondition) const;
    static Json unchanged(const Document& document);  // since it was read, be it there or not
    static Json no_matter() { return nullptr; }

  private:
    Result<Json> call(const char* method, const std::string& path, const std::string& body, bool is_commit);
    Result<Json> try_once(const char* method, const std::string& path, const std::string& body, MonoTime end,
                          bool is_commit, bool& is_worth_another);
    Result<HttpOutcome> send(const char* method, const std::string& path, const std::string& body,
                             MonoTime end);
    Error explain(int status, const Json& answer, bool is_commit, bool& is_worth_another) const;
    std::string base_url() const;

    const ClientOptions options_;
    const std::string documents_;  // projects/P/databases/D/documents
    Ports ports_;
    Counter& done_;
    Counter& again_;
    Counter& failed_;
};

}  // namespace parley::firestore

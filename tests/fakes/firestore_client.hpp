// A Firestore client with all it needs, over any HTTP client.
#pragma once

#include "fakes/fake_clock.hpp"
#include "fakes/fake_pause.hpp"
#include "fakes/fake_random.hpp"
#include "firestore/client.hpp"

namespace parley::fakes {

struct FirestoreClient {
    explicit FirestoreClient(HttpClient& http,
                             firestore::ClientOptions options = {.project = "p", .emulator = "fake:1"})
        : client(std::move(options), {http, tokens, clock, random, pause, metrics}) {}

    FakeClock clock;
    FakeRandom random;
    FakePause pause{clock};
    Metrics metrics;
    firestore::AccessTokens tokens{firestore::make_emulator_tokens(), clock};
    firestore::Client client;
};

}  // namespace parley::fakes

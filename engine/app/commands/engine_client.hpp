// How commands talk to a running engine: its address, the API key, and what to say when it does not answer.
#pragma once

#include <iosfwd>
#include <string>

#include <nlohmann/json.hpp>

#include "net/curl_client.hpp"

namespace CLI {
class App;
}

namespace parley {

struct EngineAddress {
    std::string url = "http://127.0.0.1:8000";
    std::string api_key;
};

// --url and --api-key, which the variable API_KEY gives, too. `address` outlives the app.
void add_engine_options(CLI::App& app, EngineAddress& address);

class EngineClient {
  public:
    using Json = nlohmann::ordered_json;

    // `command` begins each complaint on `err`: "parley status".
    EngineClient(const EngineAddress& address, std::string command, std::ostream& err)
        : address_(address), command_(std::move(command)), err_(err) {}

    // The answer to a call that succeeded, or null with the reason on err. Blocks.
    Json get(const std::string& path) { return call("GET", path); }
    Json call(const std::string& method, const std::string& path);

  private:
    const EngineAddress& address_;
    const std::string command_;
    std::ostream& err_;
    CurlClient http_{CurlOptions{}};
};

// A text as it is, anything else as JSON; null is nothing.
std::string text_of(const EngineClient::Json& value);

}  // namespace parley

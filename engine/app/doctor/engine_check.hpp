// The engine that runs, or should: whether it answers, is this program, keeps up, and runs what the file says.
#pragma once

#include <string>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"
#include "net/http_client.hpp"

namespace parley::doctor {

struct EngineAnswer {
    Report report;
    bool has_answered = false;
};

// `url` without a slash at its end; `only` names the one deployment that counts, empty: all that run. Blocks for four
// calls at most.
EngineAnswer examine_engine(const std::string& url, const Config& config, const std::string& only,
                            HttpClient& http);

// Where the engine of a configuration listens, as a client on this machine calls it; empty: port 0, or HTTPS, whose name
// is not known.
std::string engine_url(const Config& config);

}  // namespace parley::doctor

// `parley doctor` in order: the configuration, the machine, the agents, the engine, Meta, the webhook.
//
// Effects   None: nothing is stored, sent or changed, here or at Meta.
// Time      Each call has ten seconds; the deployments, four at a time, two minutes in all. What is left is skipped.
// Secrets   None gets into a finding, also when a server sends it back.
#pragma once

#include <functional>
#include <memory>

#include "app/agent_inspection.hpp"
#include "app/doctor/door_check.hpp"
#include "app/doctor/engine_check.hpp"
#include "app/doctor/finding.hpp"

namespace parley::doctor {

struct Section {
    std::string name;  // stable: configuration, machine, agents, engine, meta, webhook
    Report report;
};

struct Ports {
    const Clock& clock;
    Random& random;
    InspectAgent inspect;  // may start processes; runs before there is an HTTP client
    std::filesystem::path executable;
    std::function<std::unique_ptr<HttpClient>()> make_http;
    AskCertificate certificate;
};

struct Questions {
    std::string deployment;  // only this one; empty: all of the file
    std::string url;  // the engine's, without a slash at its end; empty: where the configuration listens
    bool is_offline = false;  // neither the engine, nor Meta, nor the webhook is called
};

struct Listener {
    std::function<void(const std::string& section)> began;
    std::function<void(const Section& section)> ended;
};

// `report` is of a file that exists; one with mistakes is examined no further. The deployment that is asked for is in it.
void examine(const LoadReport& report, const Questions& questions, const Ports& ports,
             const Listener& listener);

}  // namespace parley::doctor

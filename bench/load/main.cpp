// Generator and mock Graph in one thread: sends signed webhooks to a server, counts acknowledgements and
// replies, prints JSON.
#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "load/door.hpp"
#include "load/graph.hpp"
#include "load/process.hpp"

namespace parley::bench {
namespace {

struct Arguments {
    DoorOptions door;
    double seconds = 4;
    double warm_up = 1;
    unsigned users = 1000;
    std::uint64_t messages = 0;  // stop after so many; 0: after the time
    bool replies = false;
    unsigned graph_delay_ms = 0;
    std::uint64_t sample_every = 0;
    std::string phone_number_id = "111";
};

Nanos of_seconds(double seconds) {
    return Nanos{static_cast<Nanos::rep>(seconds * 1e9)};
}

struct Server {
    unsigned short port = 0;
    pid_t process = 0;
};

// Whoever starts us configures the server once it knows the mock Graph's port, and then tells where it is.
Server meet_server(unsigned short graph_port) {
    std::cout << graph_port << std::endl;
    Server server;
    if (!(std::cin >> server.port >> server.process))
        throw std::runtime_error("no server: expected PORT PID");
    return server;
}

nlohmann::ordered_json run(const Arguments& arguments) {
    Loop loop;
    Ledger ledger(arguments.users);
    Graph graph(Nanos{std::chrono::milliseconds(arguments.graph_delay_ms)}, loop, ledger);
    const Server server = meet_server(graph.port());
    const Webhooks webhooks("127.0.0.1:" + std::to_string(server.port), std::to_string(::getpid()) + "A",
                            arguments.phone_number_id, Secret("bench-app-secret"));
    Door door(arguments.door, server.port, loop, webhooks, ledger);
    constexpr Nanos patience = std::chrono::seconds(10);  // without any progress, the rest counts as lost
    const double cpu_before = cpu_ms(server.process);
    const Nanos from = now() + of_seconds(arguments.warm_up);
    const Nanos to = from + of_seconds(arguments.seconds);
    double resident = 0;
    nlohmann::ordered_json samples = nlohmann::ordered_json::array();
    bool sending = true;
    for (;;) {
        const Nanos at = now();
        if (sending && (arguments.messages > 0 ? ledger.begun() >= arguments.messages : at > to)) {
            sending = false;
            door.stop();
            resident = resident_mb(server.process);
        }
        if (arguments.sample_every > 0 && ledger.accepted() / arguments.sample_every > samples.size())
            samples.push_back(resident_mb(server.process));
        const bool answered = !arguments.replies || ledger.replies() >= ledger.accepted();
        if (!sending && ((door.idle() && answered) || at - ledger.last_progress() > patience)) break;
        loop.wait(std::min(door.send_due(at), graph.answer_due(at)));
    }
    const double cpu = cpu_ms(server.process) - cpu_before;
    auto report = ledger.report(from, arguments.messages > 0 ? now() : to);
    report["cpu_ms_per_1000"] =
        cpu * 1000 / static_cast<double>(std::max<std::uint64_t>(1, ledger.accepted()));
    report["resident_mb"] = resident;
    report["peak_mb"] = peak_mb(server.process);
    if (!samples.empty()) report["resident_mb_samples"] = samples;
    return report;
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
    using namespace parley::bench;
    Arguments arguments;
    CLI::App app("Sends signed webhooks, plays Graph, prints what it saw as JSON");
    app.add_option("--connections", arguments.door.connections);
    app.add_option("--rate", arguments.door.rate, "Messages a second; 0: as fast as they are answered");
    app.add_option("--seconds", arguments.seconds);
    app.add_option("--warm-up", arguments.warm_up, "Seconds before those that count");
    app.add_option("--users", arguments.users)->check(CLI::PositiveNumber);
    app.add_option("--messages", arguments.messages, "Stop after so many instead");
    app.add_flag("--replies", arguments.replies, "Wait for a reply to each");
    app.add_option("--graph-delay-ms", arguments.graph_delay_ms);
    app.add_option("--sample-every", arguments.sample_every,
                   "Note the server's memory every so many messages");
    app.add_option("--phone-number-id", arguments.phone_number_id, "Whom the messages are for");
    CLI11_PARSE(app, argc, argv);
    try {
        std::cout << run(arguments).dump() << std::endl;
    } catch (const std::exception& e) {
        std::cerr << "bench-load: " << e.what() << "\n";
        return 1;
    }
}

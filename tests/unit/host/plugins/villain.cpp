// An agent that does what no agent should, by the word of the message: it ends its process in every way, and abuses
// the socket to the engine.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <parley/ext/http.h>
#include <parley/plugin.h>

PARLEY_MANIFEST("{\"id\":\"villain\",\"version\":\"1.0.0\",\"abi\":[1,0],\"requires\":[\"parley.http/1\"]}");

extern char** environ;

namespace {

constexpr int socket_fd = 3;

struct Villain {
    const parley_host* host = nullptr;
    parley_turn asking = 0;
};

parley_str str(std::string_view text) {
    return {text.data(), text.size()};
}

void answer(const Villain& self, parley_turn turn, const std::string& text) {
    self.host->reply_text(self.host->ctx, turn, str(text));
    self.host->finish(self.host->ctx, turn, PARLEY_OK, {nullptr, 0});
}

// Several crashes look the same to a compiler that may assume there are none.
void end_process(std::string_view how) {
    if (how == "segv") std::raise(SIGSEGV);
    if (how == "abort") std::abort();
    if (how == "exit") std::exit(0);
    if (how == "_exit") ::_exit(0);
    if (how == "kill") std::raise(SIGKILL);
    if (how == "stop") std::raise(SIGSTOP);
    if (how == "thread") std::thread([] { std::abort(); }).join();
    if (how == "close-fds")
        for (int fd = 3; fd < 256; ++fd) ::close(fd);
    if (how == "spin")
        for (volatile bool forever = true; forever;) {
        }
}

void write_frame(std::uint16_t type, std::uint64_t handle, const std::string& payload, std::uint32_t length) {
    std::string packet(16, '\0');
    std::memcpy(packet.data(), &type, 2);
    std::memcpy(packet.data() + 4, &length, 4);
    std::memcpy(packet.data() + 8, &handle, 8);
    packet += payload;
    (void)!::send(socket_fd, packet.data(), packet.size(), MSG_NOSIGNAL);
}

void abuse_socket(std::string_view how) {
    constexpr std::uint16_t finish = 67;
    constexpr std::uint16_t closed = 68;
    constexpr std::uint16_t log = 71;
    if (how == "short") (void)!::send(socket_fd, "x", 1, MSG_NOSIGNAL);
    if (how == "liar") write_frame(finish, 1, "abc", 77);
    if (how == "nonsense") write_frame(finish, 1, "abc", 3);
    if (how == "unknown-type") write_frame(999, 1, "", 0);
    if (how == "stranger") write_frame(finish, 0x123456789, std::string(27, '\0'), 27);
    if (how == "close-stranger") write_frame(closed, 0x123456789, "", 0);
    for (int i = 0; how == "flood" && i < 1'000'000; ++i) write_frame(log, 0, std::string(12, '\0'), 12);
}

std::string tell(std::string_view what) {
    if (what.starts_with("pid")) return std::to_string(::getpid());
    if (what == "environment") {
        std::string all;
        for (char** one = environ; *one != nullptr; ++one) all += std::string(*one) + ";";
        return all;
    }
    if (what == "fds") {
        std::string open;
        for (int fd = 0; fd < 64; ++fd)
            if (::fcntl(fd, F_GETFD) >= 0) open += std::to_string(fd) + " ";
        return open;
    }
    rlimit files{};
    rlimit memory{};
    rlimit core{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    ::getrlimit(RLIMIT_AS, &memory);
    ::getrlimit(RLIMIT_CORE, &core);
    return std::to_string(files.rlim_cur) + " " + std::to_string(memory.rlim_cur >> 20) + " " +
           std::to_string(core.rlim_cur) + " " + std::to_string(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

void on_event(void* me, const parley_event* event) {
    Villain& self = *static_cast<Villain*>(me);
    const std::string text(event->text.data, event->text.size);
    const std::string word = text.substr(0, text.find(' '));
    const std::string rest = word.size() < text.size() ? text.substr(word.size() + 1) : "";
    if (word == "end") end_process(rest);
    if (word == "end-once" && event->attempt == 0) std::abort();
    if (word == "abuse") abuse_socket(rest);
    if (word == "print") std::puts(rest.c_str()), std::fflush(stdout);
    if (word == "tell") return answer(self, event->turn, tell(rest));
    if (word == "hold") return;
    if (word == "hold-once") {  // rest: a file that says whether this was held before
        if (std::ifstream(rest)) return answer(self, event->turn, "delivered again");
        std::ofstream(rest) << "held";
        return;
    }
    if (word == "post") {
        const auto* http =
            static_cast<const parley_http*>(self.host->get_extension(self.host->ctx, PARLEY_EXT_HTTP));
        parley_op op = 0;
        self.asking = event->turn;
        const std::string body(std::stoul(rest), 'b');
        const parley_status status =
            http->request(self.host->ctx, event->turn,
                          str(R"({"method":"POST","url":"https://example.org/"})"), str(body), &op);
        if (status != PARLEY_OK) answer(self, event->turn, std::to_string(status));
        return;
    }
    answer(self, event->turn, text + (event->attempt > 0 ? " #" + std::to_string(event->attempt) : ""));
}

void on_result(void* me, parley_op, const parley_result* result) {
    const Villain& self = *static_cast<Villain*>(me);
    answer(self, self.asking, std::to_string(result->status) + " " + std::to_string(result->body.size));
}

void destroy(void* me) {
    delete static_cast<Villain*>(me);
}

parley_status start(void*) {
    return PARLEY_OK;
}

parley_status start_and_die(void*) {
    std::abort();
}

parley_status create(const char*, const parley_host* host, parley_str config, parley_agent* out, char*,
                     size_t) {
    out->self = new Villain{host};
    const bool dies = std::string_view(config.data, config.size).find("die") != std::string_view::npos;
    out->start = dies ? start_and_die : start;
    out->on_event = on_event;
    out->on_result = on_result;
    out->destroy = destroy;
    return PARLEY_OK;
}

uint32_t count() {
    return 1;
}

const parley_desc* desc(uint32_t index) {
    static const parley_desc only{sizeof(parley_desc), "villain", "1.0.0", "Does what no agent should"};
    return index == 0 ? &only : nullptr;
}

}  // namespace

extern "C" PARLEY_EXPORT const parley_plugin parley_plugin_v1 = {
    sizeof(parley_plugin), 1, 0, count, desc, create};

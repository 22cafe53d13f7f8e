// `parley-worker`: runs one agent of one deployment for the engine that started it; see docs/operating.md.
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "host/worker/worker_agent.hpp"
#include "host/worker_process.hpp"

namespace {

using namespace parley;

bool is_started_by_engine() {
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(worker_socket_fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

void limit(__rlimit_resource what, std::uint64_t most) {
    const rlimit both{most, most};
    ::setrlimit(what, &both);
}

void apply_limits(const LoadMessage& load) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they reserve terabytes of addresses
    if (load.max_memory > 0) limit(RLIMIT_AS, load.max_memory);
#endif
    if (load.max_files > 0) limit(RLIMIT_NOFILE, load.max_files);
    limit(RLIMIT_CORE, 0);  // a core dump would hold what people wrote
}

}  // namespace

int main() {
    if (!is_started_by_engine()) {
        std::fputs("parley-worker is started by parley, for deployments with `isolation: process`\n", stderr);
        return 2;
    }
    // If the engine has ended already, the socket says so below.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::umask(0077);
    for (const int fd : {worker_socket_fd, worker_board_fd}) ::fcntl(fd, F_SETFD, FD_CLOEXEC);

    auto board = CallbackBoard::attach(OwnedFd(worker_board_fd));
    if (!board) return 1;
    // Neither is ever destroyed: the agent's threads run until the process ends.
    auto& blame = *new Blame(std::move(*board));
    auto& engine = *new EngineConnection(OwnedFd(worker_socket_fd));
    auto& agent = *new WorkerAgent(engine, blame);

    const Frame first = engine.receive();
    const auto load = read_message<LoadMessage>(first.payload);
    if (first.type != FrameType::load || !load) return 1;
    configure_log(static_cast<LogLevel>(load->log_level), LogFormat::text);
    apply_limits(*load);
    agent.load(first);
    for (;;) agent.take(engine.receive());
}

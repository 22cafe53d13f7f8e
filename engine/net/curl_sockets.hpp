// libcurl's sockets in an epoll set.
//
// A socket stays registered while its connection is idle between requests, so a request on a kept-alive
// connection costs no epoll_ctl. One thread, but wake().
#pragma once

#include <span>
#include <vector>

#include <curl/curl.h>
#include <sys/epoll.h>

namespace parley {

class CurlSockets {
  public:
    CurlSockets();
    ~CurlSockets();
    CurlSockets(const CurlSockets&) = delete;
    CurlSockets& operator=(const CurlSockets&) = delete;

    // Without these two a number used again for another socket would be taken for the old one.
    void opened(curl_socket_t socket);
    void closed(curl_socket_t socket);

    void want(curl_socket_t socket, int what);  // CURL_POLL_*

    std::span<const epoll_event> wait(int timeout_ms);  // -1 waits without end
    int to_curl(const epoll_event& event);              // CURL_CSELECT_*; 0 when libcurl need not hear of it
    void wake();                                        // any thread: ends the wait, now or the next

  private:
    struct Entry {
        unsigned registered = 0, wanted = 0;  // EPOLL*
        bool kept = false;                    // libcurl tells us when it closes it
    };
    Entry& entry(curl_socket_t socket);
    void register_events(curl_socket_t socket, Entry& entry, unsigned events);

    const int epoll_, wake_;
    std::vector<Entry> entries_;  // by descriptor
    std::vector<epoll_event> events_;
};

}  // namespace parley

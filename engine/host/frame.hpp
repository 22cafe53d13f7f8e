// What the engine and a worker process say to each other: frames of a 16-byte header and a payload.
//
// A frame is one packet of a SEQPACKET socket. A payload larger than max_inline travels in a sealed memfd beside
// its header. Numbers are little-endian: both ends are on one machine. Nothing a worker sends is trusted: a
// payload is read by PayloadReader, which never leaves its bytes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace parley {

inline constexpr std::uint32_t worker_protocol = 1;
inline constexpr std::size_t max_inline = 128U << 10;
inline constexpr std::size_t max_payload = 32U << 20;

enum class FrameType : std::uint16_t {
    // engine to worker
    load = 1,
    event,   // handle: the turn
    cancel,  // a turn
    result,  // handle: the operation, as the worker numbers it
    answer,  // handle: the call
    ping,
    retire,
    ask,     // handle: the question
    settle,  // asks for settled, with the same handle; the kit does, the engine never
    // worker to engine
    ready = 65,
    refused,
    finish,     // a turn
    closed,     // a turn that was cancelled is over in the worker too
    call,       // handle: chosen by the worker
    cancel_op,  // an operation
    log,        // handle: a turn, or 0
    fault,
    slow,
    pong,
    metrics,
    told,     // the answer to a question
    settled,  // none of the agent's callbacks runs or waits
};

struct FrameHeader {
    std::uint16_t type = 0;
    std::uint16_t flags = 0;
    std::uint32_t length = 0;  // of the payload
    std::uint64_t handle = 0;
};
static_assert(sizeof(FrameHeader) == 16 && std::endian::native == std::endian::little);

inline constexpr std::uint16_t in_memfd =
    1;  // flag: the payload is in the descriptor that came with the frame

struct Frame {
    FrameType type{};
    std::uint64_t handle = 0;
    std::string payload;
};

class PayloadWriter {
  public:
    template <class... T>
    bool operator()(const T&... values) {
        (put(values), ...);
        return true;
    }
    std::string take() { return std::move(bytes_); }

  private:
    template <class T>
    requires std::is_arithmetic_v<T>
    void put(T value) {
        char raw[sizeof value];
        std::memcpy(raw, &value, sizeof value);
        bytes_.append(raw, sizeof raw);
    }
    void put(std::string_view text) {
        put(static_cast<std::uint32_t>(text.size()));
        bytes_ += text;
    }
    template <class A, class B>
    void put(const std::pair<A, B>& both) {
        put(both.first), put(both.second);
    }
    template <class T>
    void put(const std::vector<T>& list) {
        put(static_cast<std::uint32_t>(list.size()));
        for (const T& item : list) put(item);
    }

    std::string bytes_;
};

// Texts are views into the payload.
class PayloadReader {
  public:
    static constexpr std::uint32_t max_items = 256;  // of a list

    explicit PayloadReader(std::string_view payload) : left_(payload) {}

    template <class... T>
    bool operator()(T&... values) {
        return (get(values) && ...);
    }
    bool is_at_end() const noexcept { return left_.empty(); }

  private:
    template <class T>
    requires std::is_arithmetic_v<T>
    bool get(T& value) {
        if (left_.size() < sizeof value) return false;
        if constexpr (std::is_same_v<T, bool>)
            value = left_.front() != 0;
        else
            std::memcpy(&value, left_.data(), sizeof value);
        left_.remove_prefix(sizeof value);
        return true;
    }
    bool get(std::string_view& text) {
        std::uint32_t size = 0;
        if (!get(size) || left_.size() < size) return false;
        text = left_.substr(0, size);
        left_.remove_prefix(size);
        return true;
    }
    template <class A, class B>
    bool get(std::pair<A, B>& both) {
        return get(both.first) && get(both.second);
    }
    template <class T>
    bool get(std::vector<T>& list) {
        std::uint32_t count = 0;
        if (!get(count) || count > max_items) return false;
        list.resize(count);
        for (T& item : list)
            if (!get(item)) return false;
        return true;
    }

    std::string_view left_;
};

}  // namespace parley

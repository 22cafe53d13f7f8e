#include "kit/boundary_trace.hpp"

#include "base/json_text.hpp"
#include "host/host_text.hpp"

namespace parley::kit {
namespace {

constexpr std::size_t most_of_a_text = 200;

}  // namespace

BoundaryTrace::BoundaryTrace(const std::filesystem::path& file) : out_(file, std::ios::binary) {
    out_ << R"([{"name":"process_name","ph":"M","pid":1,"tid":1,"args":{"name":"agent"}})" << std::flush;
}

BoundaryTrace::~BoundaryTrace() {
    out_ << "\n]\n";
}

void BoundaryTrace::add(const char* phase, std::string_view name, const std::string& more) {
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin_);
    out_ << ",\n{\"name\":" << json_string(name) << R"(,"ph":")" << phase << R"(","pid":1,"tid":1,"ts":)"
         << now.count() << more << '}';
}

void BoundaryTrace::around(std::string_view callback, const std::function<void()>& call) {
    class End {
      public:
        End(BoundaryTrace& trace, std::string_view callback) : trace_(trace), callback_(callback) {}
        ~End() { trace_.add("E", callback_); }

      private:
        BoundaryTrace& trace_;
        std::string_view callback_;
    };
    add("B", callback);
    out_.flush();
    const End end(*this, callback);
    call();
}

testing::HostHooks BoundaryTrace::hooks() {
    testing::HostHooks hooks;
    hooks.around = [this](std::string_view callback, const std::function<void()>& call) {
        around(callback, call);
    };
    hooks.observe = [this](const testing::HostCall& call) {
        add("i", call.name,
            R"(,"s":"t","args":{"turn":)" + std::to_string(call.turn) + R"(,"text":)" +
                json_string(one_line(call.text, most_of_a_text)) + R"(,"status":")" +
                to_string_status(call.status) + R"("})");
        out_.flush();
    };
    return hooks;
}

}  // namespace parley::kit

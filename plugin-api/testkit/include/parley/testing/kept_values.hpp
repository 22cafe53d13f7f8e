// What an agent keeps by parley.kv/1, in a fake host.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parley/plugin.h>

namespace parley::testing {

// host.kept().put("rate", "9.5"); … EXPECT_EQ(host.kept().value("seen"), "3");
class KeptValues {
  public:
    std::optional<std::string> value(const std::string& key) const;
    std::size_t size() const { return all_.size(); }
    void put(const std::string& key, std::string value) { all_[key] = {++last_version_, std::move(value)}; }
    void remove(const std::string& key) { all_.erase(key); }
    // The next operation completes with this status and reason, and does nothing.
    void fail(parley_status status, std::string reason) { failure_ = Ending{status, {}, std::move(reason)}; }

    // For the host.
    struct Ending {
        parley_status status = PARLEY_OK;
        std::string headers_json, body;
    };
    Ending get(const std::string& key);
    Ending put_if(const std::string& key, std::string value, std::uint64_t expected);
    Ending remove_if(const std::string& key, std::uint64_t expected);
    Ending list(const std::string& prefix, const std::string& after, std::uint32_t limit);

  private:
    struct Kept {
        std::uint64_t version = 0;
        std::string value;
    };
    std::optional<Ending> take_failure();
    std::optional<Ending> refusal(const std::string& key, std::uint64_t expected) const;

    std::map<std::string, Kept> all_;
    std::uint64_t last_version_ = 0;
    std::optional<Ending> failure_;
};

}  // namespace parley::testing

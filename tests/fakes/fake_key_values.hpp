// A KeyValueStore in memory, which may be told to fail.
#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "core/key_value_store.hpp"

namespace parley {

// Completes at once, on the caller's thread; while held, nothing completes.
class FakeKeyValues final : public KeyValueStore {
  public:
    void key_value(KeyValueCall call, Completion<Result<KeyValueAnswer>> done) override {
        std::optional<Result<KeyValueAnswer>> answer;
        {
            const std::lock_guard lock(mutex_);
            if (is_held) return held_.push_back(std::move(done));
            answer = failure ? Result<KeyValueAnswer>(*failure) : perform(call);
        }
        done(std::move(*answer));
    }

    std::optional<Error> failure;
    bool is_held = false;

  private:
    Result<KeyValueAnswer> perform(const KeyValueCall& call) {
        auto& all = values_[call.deployment.str()];
        KeyValueAnswer answer;
        if (call.kind == KeyValueCall::Kind::list) {
            for (const auto& [key, kept] : all) {
                if (!key.starts_with(call.key) || key <= call.after) continue;
                answer.has_more = answer.keys.size() == call.limit;
                if (answer.has_more) break;
                answer.keys.push_back(key);
            }
            return answer;
        }
        const auto found = all.find(call.key);
        answer.version = found == all.end() ? 0 : found->second.first;
        answer.value = found == all.end() ? "" : found->second.second;
        if (call.kind == KeyValueCall::Kind::get) return answer;
        answer.is_done = !call.expected || *call.expected == answer.version;
        if (!answer.is_done) return answer;
        answer.value.clear();
        if (call.kind == KeyValueCall::Kind::remove) {
            all.erase(call.key);
            answer.version = 0;
        } else {
            answer.version = ++last_;
            all[call.key] = {last_, call.value};
        }
        return answer;
    }

    std::mutex mutex_;
    std::map<std::string, std::map<std::string, std::pair<std::uint64_t, std::string>>> values_;
    std::uint64_t last_ = 0;
    std::vector<Completion<Result<KeyValueAnswer>>> held_;
};

}  // namespace parley

// Values under keys, of the deployment: auto seen = co_await turn.kv().get("seen"); co_await turn.kv().put("seen", "7");
#pragma once

#include <charconv>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parley/ext/kv.h>
#include <parley/sdk/error.hpp>
#include <parley/sdk/extension.hpp>
#include <parley/sdk/flat_json.hpp>
#include <parley/sdk/instance.hpp>
#include <parley/sdk/text.hpp>

namespace parley {

// As with HttpAnswer, trouble is an answer too; parley/ext/kv.h tells what each outcome means.
struct KvAnswer {
    std::string value;              // of get; of put_if and remove_if that did nothing: what is there
    std::vector<std::string> keys;  // of keys()
    bool has_more = false;          // likewise
    std::uint64_t version = 0;      // that the key has now; 0: it is not there
    bool is_done = false;           // of put_if and remove_if: the key had that version
    parley_status outcome = PARLEY_OK;
    std::string reason;  // why it failed, for operators

    bool ok() const noexcept { return outcome == PARLEY_OK; }
    bool found() const noexcept { return ok() && version != 0; }
};

class KvWaiter final : public Waiter {
  public:
    using Start = std::function<parley_status(const parley_kv& kv, void* ctx, parley_op* op)>;

    KvWaiter(Instance& instance, Start start, bool is_list = false)
        : Waiter(instance.operations), instance_(instance), start_(std::move(start)), is_list_(is_list) {}

    bool await_ready() const noexcept { return false; }

    bool await_suspend(std::coroutine_handle<> coroutine) {
        parley_op op = 0;
        const parley_kv* kv = find_extension(*instance_.host, PARLEY_EXT_KV, &parley_kv::cancel);
        answer_.outcome = kv ? start_(*kv, instance_.host->ctx, &op) : PARLEY_UNSUPPORTED;
        if (answer_.outcome != PARLEY_OK) {
            answer_.reason = std::string("the host refused the key: ") + status_name(answer_.outcome);
            return false;
        }
        wait_for(op, coroutine);
        return true;
    }

    KvAnswer await_resume() {
        if (answer_.outcome == PARLEY_STALE) throw TurnOver{};
        return std::move(answer_);
    }

  protected:
    void take(const parley_result& result) override {
        answer_.outcome = result.status;
        if (result.status != PARLEY_OK) {
            answer_.reason = view(result.body);
            return;
        }
        const std::string version = detail::flat_member(view(result.headers_json), "version");
        std::from_chars(version.data(), version.data() + version.size(), answer_.version);
        answer_.is_done = detail::flat_member(view(result.headers_json), "done") == "true";
        if (!is_list_) {
            answer_.value = view(result.body);
            return;
        }
        std::string_view body = view(result.body);
        answer_.keys = detail::take_list(body);
        answer_.has_more = detail::flat_member(body, "more") == "true";
    }

  private:
    Instance& instance_;
    Start start_;
    bool is_list_;
    KvAnswer answer_;
};

// What turn.kv() gives. Not part of the turn: what is done stays done when the turn fails.
class Kv {
  public:
    Kv(Instance& instance, parley_turn turn) noexcept : instance_(&instance), turn_(turn) {}

    KvWaiter get(std::string key) const {
        return {*instance_,
                [turn = turn_, key = std::move(key)](const parley_kv& kv, void* ctx, parley_op* op) {
                    return kv.get(ctx, turn, str(key), op);
                }};
    }
    KvWaiter put(std::string key, std::string value) const {
        return put_if(std::move(key), std::move(value), PARLEY_KV_ANY);
    }
    // Only if the key has this version, 0: if it is not there. Else is_done is false, and the answer is what is there.
    KvWaiter put_if(std::string key, std::string value, std::uint64_t version) const {
        return {*instance_, [turn = turn_, key = std::move(key), value = std::move(value), version](
                                const parley_kv& kv, void* ctx, parley_op* op) {
                    return kv.put(ctx, turn, str(key), str(value), version, op);
                }};
    }
    KvWaiter remove(std::string key) const { return remove_if(std::move(key), PARLEY_KV_ANY); }
    KvWaiter remove_if(std::string key, std::uint64_t version) const {
        return {*instance_,
                [turn = turn_, key = std::move(key), version](const parley_kv& kv, void* ctx, parley_op* op) {
                    return kv.remove(ctx, turn, str(key), version, op);
                }};
    }

    // Those that begin with `prefix` and come after `after`, at most 200, by their bytes.
    KvWaiter keys(std::string prefix = {}, std::string after = {}, std::uint32_t limit = 200) const {
        return {*instance_,
                [turn = turn_, prefix = std::move(prefix), after = std::move(after), limit](
                    const parley_kv& kv, void* ctx, parley_op* op) {
                    return kv.list(ctx, turn, str(prefix), str(after), limit, op);
                },
                true};
    }

  private:
    Instance* instance_;
    parley_turn turn_;
};

}  // namespace parley

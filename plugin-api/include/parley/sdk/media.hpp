// Media inside a turn: auto photo = co_await turn.media(id); auto made = co_await turn.upload("application/pdf", bytes);
#pragma once

#include <charconv>
#include <coroutine>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <parley/sdk/error.hpp>
#include <parley/sdk/flat_json.hpp>
#include <parley/sdk/instance.hpp>
#include <parley/sdk/text.hpp>

namespace parley {

// A user's file. As with HttpAnswer, trouble is an answer too; parley/ext/media.h tells what each outcome means.
struct FetchedMedia {
    std::string path;  // of the host's copy: read it, change nothing, copy what is needed for longer
    std::string mime_type;
    std::string sha256;  // 64 hexadecimal digits
    std::uint64_t size = 0;
    parley_status outcome = PARLEY_OK;
    std::string reason;  // without a file: why, for operators

    bool ok() const noexcept { return outcome == PARLEY_OK; }
};

// What was uploaded, to be sent with Media::by_id(id); after a removal without an id.
struct UploadedMedia {
    std::string id;
    parley_status outcome = PARLEY_OK;
    std::string reason;

    bool ok() const noexcept { return outcome == PARLEY_OK; }
};

namespace detail {

inline std::string upload_json(std::string_view mime_type, const char* key, std::string_view value) {
    return "{\"mime_type\":" + json_string(mime_type) + ",\"" + key + "\":" + json_string(value) + '}';
}

}  // namespace detail

class MediaWaiter : public Waiter {
  public:
    bool await_ready() const noexcept { return false; }

    bool await_suspend(std::coroutine_handle<> coroutine) {
        parley_op op = 0;
        outcome_ = instance_.media ? begin(*instance_.media, instance_.host->ctx, &op) : PARLEY_UNSUPPORTED;
        if (outcome_ != PARLEY_OK) {
            body_ = std::string("the host refused the media operation: ") + status_name(outcome_);
            return false;
        }
        wait_for(op, coroutine);
        return true;
    }

  protected:
    MediaWaiter(Instance& instance, parley_turn turn)
        : Waiter(instance.operations), turn_(turn), instance_(instance) {}

    virtual parley_status begin(const parley_media& media, void* ctx, parley_op* op) = 0;

    void take(const parley_result& result) override {
        outcome_ = result.status;
        body_ = view(result.body);
    }
    parley_status require_turn() const {
        if (outcome_ == PARLEY_STALE) throw TurnOver{};
        return outcome_;
    }

    parley_turn turn_;
    parley_status outcome_ = PARLEY_OK;
    std::string body_;

  private:
    Instance& instance_;
};

class FetchWaiter final : public MediaWaiter {
  public:
    FetchWaiter(Instance& instance, parley_turn turn, std::string media_id)
        : MediaWaiter(instance, turn), media_id_(std::move(media_id)) {}

    FetchedMedia await_resume() const {
        FetchedMedia file;
        file.outcome = require_turn();
        if (!file.ok()) {
            file.reason = body_;
            return file;
        }
        file.path = detail::flat_member(body_, "path");
        file.mime_type = detail::flat_member(body_, "mime_type");
        file.sha256 = detail::flat_member(body_, "sha256");
        const std::string size = detail::flat_member(body_, "size");
        std::from_chars(size.data(), size.data() + size.size(), file.size);
        return file;
    }

  private:
    parley_status begin(const parley_media& media, void* ctx, parley_op* op) override {
        return media.fetch(ctx, turn_, str(media_id_), op);
    }
    std::string media_id_;
};

// An upload, or with a media id alone a removal.
class UploadWaiter final : public MediaWaiter {
  public:
    UploadWaiter(Instance& instance, parley_turn turn, std::string request, std::string bytes,
                 std::string removed)
        : MediaWaiter(instance, turn),
          request_(std::move(request)),
          bytes_(std::move(bytes)),
          removed_(std::move(removed)) {}

    UploadedMedia await_resume() const {
        UploadedMedia made;
        made.outcome = require_turn();
        if (made.ok())
            made.id = detail::flat_member(body_, "id");
        else
            made.reason = body_;
        return made;
    }

  private:
    parley_status begin(const parley_media& media, void* ctx, parley_op* op) override {
        if (!removed_.empty()) return media.remove(ctx, turn_, str(removed_), op);
        return media.upload(ctx, turn_, str(request_), str(bytes_), op);
    }
    std::string request_, bytes_, removed_;
};

}  // namespace parley

#include "host/host_media.hpp"

#include <simdjson.h>

#include "base/json_text.hpp"
#include "host/host_services.hpp"
#include "host/host_text.hpp"

namespace parley {
namespace {

constexpr std::size_t max_request_json = 64U << 10;
constexpr std::size_t max_bytes = 16U << 20;
constexpr std::size_t max_media_id = 256;

parley_status to_status(Errc code) {
    switch (code) {
        case Errc::invalid_input:
        case Errc::not_found:
            return PARLEY_INVALID;
        case Errc::unauthorized:
            return PARLEY_DENIED;
        case Errc::busy:
            return PARLEY_LIMIT;
        default:
            return PARLEY_INTERNAL;
    }
}

OperationResult to_result(const MediaFile& file) {
    return {PARLEY_OK, 0, "{}",
            "{\"path\":" + json_string(file.path) + ",\"mime_type\":" + json_string(file.mime_type) +
                ",\"sha256\":" + json_string(file.sha256) + ",\"size\":" + std::to_string(file.size) + "}"};
}

OperationResult to_result(const std::string& media_id) {
    return {PARLEY_OK, 0, "{}", "{\"id\":" + json_string(media_id) + "}"};
}

OperationResult to_result(const Error& error) {
    return {to_status(error.code()), 0, {}, error.message()};
}

Result<NewMedia> read_request(std::string_view json) {
    thread_local simdjson::dom::parser parser;
    simdjson::dom::object request;
    if (json.empty() || json.size() > max_request_json || parser.parse(json.data(), json.size()).get(request))
        return Error{Errc::invalid_input, "request_json must be a JSON object of at most 64 KiB"};
    NewMedia media;
    const auto read = [&](const char* key, std::string& out) {
        const auto value = request[key];
        if (value.error() == simdjson::NO_SUCH_FIELD) return true;
        std::string_view text;
        if (value.get(text)) return false;
        out = text;
        return true;
    };
    if (!read("mime_type", media.mime_type) || !read("filename", media.filename) || !read("path", media.path))
        return Error{Errc::invalid_input, "mime_type, filename and path must be strings"};
    if (media.mime_type.empty()) return Error{Errc::invalid_input, "mime_type is missing"};
    if (!media.path.empty() && !media.path.starts_with('/'))
        return Error{Errc::invalid_input, "path must be absolute"};
    return media;
}

// Opens an operation of the turn and lets `start` begin what completes it.
template <class Start>
parley_status begin(HostServices& host, parley_turn turn, parley_op* op, Start&& start) {
    if (host.ports().media == nullptr) return PARLEY_UNSUPPORTED;
    parley_status status = PARLEY_STALE;
    OperationOwner owner;
    const TurnPtr open = host.open_turn(turn, status, &owner);
    if (!open) return status;
    if (!open->is_open()) return PARLEY_STALE;
    if (open->event().trace) open->event().trace->misses("media");
    const parley_op id = host.operations()->open(owner);
    if (id == 0) return PARLEY_LIMIT;
    // The turn may have ended meanwhile; if its end saw the operation, that completes as cancelled.
    if (host.turns().find(turn).state != TurnTable::State::open && host.withdraw(id)) return PARLEY_STALE;
    *op = id;
    start(*host.ports().media, host.identity().deployment,
          [weak = std::weak_ptr(host.operations()), id](OperationResult result) {
              if (const auto alive = weak.lock()) alive->complete(id, std::move(result));
          });
    return PARLEY_OK;
}

bool read_media_id(parley_str given, std::string& media_id) {
    std::string_view text;
    if (!read_parley_str(given, text) || text.empty() || text.size() > max_media_id) return false;
    media_id = text;
    return true;
}

parley_status fetch(void* ctx, parley_turn turn, parley_str given, parley_op* op) {
    try {
        std::string media_id;
        if (op == nullptr || !read_media_id(given, media_id)) return PARLEY_INVALID;
        return begin(*static_cast<HostServices*>(ctx), turn, op,
                     [&](auto& media, auto& deployment, auto complete) {
                         media.fetch(deployment, media_id, [complete](Result<MediaFile> file) {
                             complete(file ? to_result(*file) : to_result(file.error()));
                         });
                     });
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

parley_status upload(void* ctx, parley_turn turn, parley_str request_json, parley_str given, parley_op* op) {
    try {
        HostServices& host = *static_cast<HostServices*>(ctx);
        std::string_view json;
        std::string_view bytes;
        if (op == nullptr || !read_parley_str(request_json, json) || !read_parley_str(given, bytes))
            return PARLEY_INVALID;
        if (bytes.size() > max_bytes) return PARLEY_LIMIT;
        auto request = read_request(json);
        if (request && request->path.empty() == bytes.empty())
            request = Error{Errc::invalid_input, "give either bytes or a path"};
        if (!request) {
            host.refused("agent upload invalid", request.error().message());
            return PARLEY_INVALID;
        }
        request->bytes = bytes;
        return begin(host, turn, op, [&](auto& media, auto& deployment, auto complete) {
            media.upload(deployment, std::move(*request), [complete](Result<std::string> id) {
                complete(id ? to_result(*id) : to_result(id.error()));
            });
        });
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

parley_status remove(void* ctx, parley_turn turn, parley_str given, parley_op* op) {
    try {
        std::string media_id;
        if (op == nullptr || !read_media_id(given, media_id)) return PARLEY_INVALID;
        return begin(*static_cast<HostServices*>(ctx), turn, op,
                     [&](auto& media, auto& deployment, auto complete) {
                         media.remove(deployment, media_id, [complete](Result<> removed) {
                             complete(removed ? OperationResult{PARLEY_OK, 0, "{}", "{}"}
                                              : to_result(removed.error()));
                         });
                     });
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

}  // namespace

const parley_media host_media_table{sizeof(parley_media), fetch, upload, parley::remove, cancel_operation};

}  // namespace parley

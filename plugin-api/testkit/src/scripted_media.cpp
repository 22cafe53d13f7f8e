// Media operations that end as the test says, and the C functions that the agent calls for them.
#include <nlohmann/json.hpp>

#include <parley/sdk/text.hpp>
#include <parley/testing/scripted_media.hpp>

#include "host_state.hpp"

namespace parley::testing {

ScriptedMedia::Ending ScriptedMedia::fetch(const std::string& media_id) {
    fetched_.push_back(media_id);
    if (failure_) return *std::exchange(failure_, {});
    const auto found = files_.find(media_id);
    if (found == files_.end())
        return {PARLEY_INVALID, "media " + media_id + ": this test gave no such media"};
    const ScriptedFile& file = found->second;
    return {PARLEY_OK,
            "{\"path\":" + json_string(file.path) + ",\"mime_type\":" + json_string(file.mime_type) +
                ",\"sha256\":" + json_string(file.sha256) + ",\"size\":" + std::to_string(file.size) + '}'};
}

ScriptedMedia::Ending ScriptedMedia::upload(Upload upload) {
    upload.id = "upload-" + std::to_string(uploads_.size() + 1);
    uploads_.push_back(std::move(upload));
    if (failure_) return *std::exchange(failure_, {});
    return {PARLEY_OK, "{\"id\":" + json_string(uploads_.back().id) + '}'};
}

ScriptedMedia::Ending ScriptedMedia::remove(const std::string& media_id) {
    removed_.push_back(media_id);
    if (failure_) return *std::exchange(failure_, {});
    return {PARLEY_OK, "{}"};
}

namespace {

constexpr std::size_t most_of_an_upload = 16U << 20;

HostState& state_of(void* ctx) {
    return *static_cast<HostState*>(ctx);
}

parley_status end(HostState& state, parley_turn turn, ScriptedMedia::Ending ending, parley_op* op) {
    return state.add_operation(turn, {.status = ending.first, .body = std::move(ending.second)}, op);
}

parley_status fetch(void* ctx, parley_turn turn, parley_str media_id, parley_op* op) {
    HostState& state = state_of(ctx);
    if (!state.use(turn, "media.fetch")) return PARLEY_STALE;
    if (media_id.size == 0) return PARLEY_INVALID;
    return end(state, turn, state.media_script.fetch(std::string(view(media_id))), op);
}

parley_status upload(void* ctx, parley_turn turn, parley_str request_json, parley_str bytes, parley_op* op) {
    HostState& state = state_of(ctx);
    if (!state.use(turn, "media.upload")) return PARLEY_STALE;
    const auto request = nlohmann::json::parse(view(request_json), nullptr, false);
    const auto text = [&](const char* key) {
        const auto found = request.find(key);
        return found != request.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (bytes.size > most_of_an_upload) return PARLEY_LIMIT;
    if (!request.is_object() || text("mime_type").empty()) return PARLEY_INVALID;
    const std::string path = text("path");
    if (path.empty() == (bytes.size == 0) || (!path.empty() && !path.starts_with('/'))) return PARLEY_INVALID;
    Upload made{"", text("mime_type"), text("filename"), path, std::string(view(bytes)), turn};
    return end(state, turn, state.media_script.upload(std::move(made)), op);
}

parley_status remove(void* ctx, parley_turn turn, parley_str media_id, parley_op* op) {
    HostState& state = state_of(ctx);
    if (!state.use(turn, "media.remove")) return PARLEY_STALE;
    if (media_id.size == 0) return PARLEY_INVALID;
    return end(state, turn, state.media_script.remove(std::string(view(media_id))), op);
}

parley_status cancel(void* ctx, parley_op op) {
    HostState& state = state_of(ctx);
    state.require_running("media.cancel");
    return state.cancel_operation(op) ? PARLEY_OK : PARLEY_STALE;
}

}  // namespace

void connect_media(HostState& state) {
    state.media = {sizeof(parley_media), &fetch, &upload, &testing::remove, &cancel};
}

}  // namespace parley::testing

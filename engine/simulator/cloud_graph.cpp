// Graph beside the send endpoint: numbers, media, templates, blocked users.
#include "simulator/cloud.hpp"
#include "simulator/graph_access.hpp"
#include "simulator/media_calls.hpp"
#include "simulator/wire_ids.hpp"

namespace parley::sim {
namespace {

constexpr std::string_view download_path = "/whatsapp_business/attachments/?";

GraphError unsupported(const GraphCall& call) {
    std::string method(call.method);
    for (char& c : method) c = static_cast<char>(c | 0x20);
    return parameter_error("Unsupported " + method + " request.");
}

Json describe_number(const SimulatorNumber& number) {
    return {{"verified_name", number.verified_name},
            {"code_verification_status", "VERIFIED"},
            {"display_phone_number", number.display_phone_number},
            {"quality_rating", "GREEN"},
            {"platform_type", "CLOUD_API"},
            {"throughput", {{"level", "STANDARD"}}},
            {"status", "CONNECTED"},
            {"id", number.phone_number_id}};
}

}  // namespace

HttpResponse Cloud::graph(const GraphCall& call) {
    // Up to 100 MB are read and hashed before the lock is taken.
    std::optional<std::variant<MediaFile, GraphError>> upload;
    if (call.edge == "media") upload = read_upload(call);
    const std::lock_guard lock(mutex_);
    GraphReply reply = answer(call, std::move(upload));
    HttpResponse response;
    if (const auto* error = std::get_if<GraphError>(&reply)) {
        response = refuse(*error).response;
    } else {
        const GraphBody& body = std::get<GraphBody>(reply);
        response = graph_response(body.status, to_text(body.body));
    }
    tell_usage(response, call.node);
    return response;
}

GraphReply Cloud::answer(const GraphCall& call, std::optional<std::variant<MediaFile, GraphError>> upload) {
    if (call.edge == "message_templates") {
        if (auto error = admit_account(call)) return std::move(*error);
        return templates_.answer(call, clock_.wall(), options_.behaviour.template_review);
    }
    if (call.edge.empty() && media_.was_issued(call.node)) return answer_media(call);
    if (auto error = admit(call.version, call.node, call.authorization)) return std::move(*error);
    if (call.edge == "block_users") {
        return blocked_.answer(call, [&](const std::string& user) {
            return limits_.window_open(call.node, user, clock_.wall());
        });
    }
    if (upload) {
        if (auto* error = std::get_if<GraphError>(&*upload)) return std::move(*error);
        MediaFile file = std::get<MediaFile>(std::move(*upload));
        file.phone_number_id = call.node;
        file.expires = clock_.wall() + options_.behaviour.uploads_kept;
        ++counts_["uploads"];
        return GraphBody{{{"id", media_.add(std::move(file)).id}}};
    }
    if (call.method != "GET") return unsupported(call);
    return GraphBody{describe_number(number_of(call.node))};
}

GraphReply Cloud::answer_media(const GraphCall& call) {
    if (auto error = check_token(call.version, call.authorization)) return std::move(*error);
    const MediaFile* file = media_.find(call.node, clock_.wall());
    if (!file) return unknown_object(call.node);
    if (!opens(number_of(file->phone_number_id), call.authorization)) return bad_token();
    const std::string asked = query_value(call.query, "phone_number_id");
    if (!asked.empty() && asked != file->phone_number_id) return unknown_object(call.node);
    if (call.method == "DELETE") {
        media_.erase(call.node);
        return success();
    }
    const WallTime until = clock_.wall() + options_.behaviour.media_url_for;
    ++counts_["media_lookups"];
    return GraphBody{
        describe_media(*file, call.origin + std::string(download_path) + media_.url_query(file->id, until))};
}

HttpResponse Cloud::download(std::string_view authorization, std::string_view query) {
    const std::lock_guard lock(mutex_);
    if (bearer_of(authorization).empty()) return HttpResponse::text(401, "Authentication is needed.");
    const MediaFile* file = media_.open(query, clock_.wall());
    if (file && options_.behaviour.expired_downloads > 0) {
        --options_.behaviour.expired_downloads;
        file = nullptr;
    }
    if (!file) return HttpResponse::text(404, "URL signature expired or the file does not exist.");
    if (!opens(number_of(file->phone_number_id), authorization))
        return HttpResponse::text(401, "The token is not that of the file's owner.");
    ++counts_["media_downloads"];
    return {200, file->mime_type, *file->bytes, {{"X-Content-Type-Options", "nosniff"}}, false};
}

void Cloud::serves_media_at(std::string origin) {
    const std::lock_guard lock(mutex_);
    media_origin_ = std::move(origin);
}

std::optional<GraphError> Cloud::admit_account(const GraphCall& call) const {
    if (auto error = check_token(call.version, call.authorization)) return error;
    bool is_known = false;
    for (const SimulatorNumber& number : options_.numbers) {
        if (number.waba_id != call.node) continue;
        if (opens(number, call.authorization)) return std::nullopt;
        is_known = true;
    }
    return is_known ? bad_token() : unknown_object(call.node);
}

// An id that was never one of this number is refused at once; one that cannot be used fails by status.
bool Cloud::passes_media(const Send& send, Verdict& verdict) const {
    const std::string id = sent_media_id(send.body);
    if (id.empty()) return true;
    const MediaFile* file = media_.find(id, clock_.wall());
    if (!media_.was_issued(id) || (file && file->phone_number_id != send.phone_number_id)) {
        verdict.refused = graph_error(131009, "Media id " + id + " is not of this phone number.");
    } else if (!file) {
        verdict.later = graph_error(131053, "Media id " + id + " has expired or was deleted.");
    } else {
        verdict.later = check_sent_media(send.body, *file);
    }
    return !verdict.refused && !verdict.later;
}

std::string Cloud::media_url(const MediaFile& file) const {
    if (media_origin_.empty()) return {};
    const WallTime until = clock_.wall() + options_.behaviour.media_url_for;
    return media_origin_ + std::string(download_path) + media_.url_query(file.id, until);
}

// Of the app and of the number's account, as percentages of what is allowed in an hour.
void Cloud::tell_usage(HttpResponse& response, const std::string& node) const {
    const Behaviour& behaviour = options_.behaviour;
    if (behaviour.usage_percent == 0 && behaviour.regain_access_minutes == 0) return;
    const unsigned percent = behaviour.usage_percent;
    response.headers.emplace_back(
        "X-App-Usage",
        to_text({{"call_count", percent}, {"total_time", percent / 2}, {"total_cputime", percent / 2}}));
    const Json usage{{"type", "whatsapp"},
                     {"call_count", percent},
                     {"total_cputime", percent / 2},
                     {"total_time", percent / 2},
                     {"estimated_time_to_regain_access", behaviour.regain_access_minutes}};
    response.headers.emplace_back("X-Business-Use-Case-Usage",
                                  to_text({{number_of(node).waba_id, Json::array({usage})}}));
}

}  // namespace parley::sim

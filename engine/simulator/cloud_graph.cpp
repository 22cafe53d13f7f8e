// Graph beside the send endpoint: who may call what; media.
#include "simulator/cloud.hpp"
#include "simulator/graph_access.hpp"
#include "simulator/media_calls.hpp"
#include "simulator/wire_ids.hpp"

namespace parley::sim {
namespace {

constexpr std::string_view download_path = "/whatsapp_business/attachments/?";

std::string_view name_of(const GraphCall& call, bool is_media) {
    if (!call.edge.empty()) return call.edge;
    if (call.node == "debug_token") return call.node;
    return is_media ? "media_id" : "number";
}

}  // namespace

GraphAnswer Cloud::graph(const GraphCall& call) {
    // Up to 100 MB are read and hashed before the lock is taken.
    std::optional<std::variant<MediaFile, GraphError>> upload;
    if (call.edge == "media") upload = read_upload(call);
    const std::lock_guard lock(mutex_);
    const auto do_it = [&] { return to_answer(answer(call, std::move(upload))); };
    const std::string_view name = name_of(call, media_.was_issued(call.node));
    const auto fault = faults_.next_call(name, call.node, random_);
    GraphAnswer made =
        fault ? play(*fault, do_it, [&](const GraphError& error) { return refuse(error); }) : do_it();
    tell_usage(made.response, call.node);
    for (auto& [header, value] : made.response.headers)
        if (header == "facebook-api-version" && is_version(call.version)) value = call.version;
    return made;
}

GraphAnswer Cloud::to_answer(GraphReply reply) {
    if (const auto* error = std::get_if<GraphError>(&reply)) return refuse(*error);
    GraphAnswer made;
    if (auto* handshake = std::get_if<Handshake>(&reply)) {
        made.handshake = std::move(*handshake);
    } else {
        const GraphBody& body = std::get<GraphBody>(reply);
        made.response = graph_response(body.status, to_text(body.body));
    }
    return made;
}

HttpResponse Cloud::shaken(const Handshake& handshake, const std::string& problem) {
    const std::lock_guard lock(mutex_);
    if (!problem.empty()) {
        GraphError error = graph_error(2200);
        error.message += " with the following errors: " + problem;
        return refuse(error).response;
    }
    if (handshake.node == simulated_app)
        subscriptions_.move_app(handshake.url, handshake.fields);
    else
        subscriptions_.subscribe(handshake.node, handshake.url);
    return to_answer(success()).response;
}

GraphReply Cloud::answer(const GraphCall& call, std::optional<std::variant<MediaFile, GraphError>> upload) {
    if (call.edge == "message_templates" || call.edge == "phone_numbers" || call.edge == "subscribed_apps") {
        if (auto error = admit_account(call)) return std::move(*error);
        if (call.edge == "phone_numbers") return answer_numbers(call);
        if (call.edge == "subscribed_apps") return subscriptions_.answer(call);
        return templates_.answer(call, clock_.wall(), options_.behaviour.template_review);
    }
    if (call.edge == "subscriptions") {
        if (!is_app_token(bearer_of(call.authorization))) return bad_token();
        if (call.node != simulated_app) return unknown_object(call.node);
        return subscriptions_.answer_app(call);
    }
    if (call.edge.empty() && call.node == "debug_token") return debug_token(call);
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
    return answer_number(call);
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
    if (is_known) return bad_token();
    return learns_numbers_ && is_digits(call.node) ? std::nullopt : std::optional(unknown_object(call.node));
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

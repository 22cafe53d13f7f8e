#include "firestore/client.hpp"

#include <algorithm>

#include "base/backoff.hpp"
#include "firestore/blocking_call.hpp"

namespace parley::firestore {
namespace {

constexpr std::size_t most_answer = 16U << 20;
constexpr Backoff backoff{Millis{250}, Millis{4'000}};
constexpr std::size_t most_told = 300;  // bytes of Google's own words

Counter& calls(Metrics& metrics, const char* result) {
    return metrics.counter("parley_firestore_calls_total", "Calls to Firestore by how a try ended",
                           {{"result", result}});
}

// Of a stream, errors come inside of its array.
const Json& error_in(const Json& answer) {
    static const Json none = Json::object();
    const Json& outer = answer.is_array() && !answer.empty() ? answer.front() : answer;
    if (!outer.is_object()) return none;
    const auto error = outer.find("error");
    return error != outer.end() && error->is_object() ? *error : none;
}

std::string text_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// On one line.
std::string word_of(const Json& json, const char* name) {
    std::string word = text_in(json, name).substr(0, most_told);
    std::replace_if(
        word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return word;
}

Document to_document(const Json& json) {
    Document document;
    const std::string name = text_in(json, "name");
    document.id = name.substr(name.rfind('/') + 1);
    document.exists = true;
    if (const auto fields = json.find("fields"); fields != json.end() && fields->is_object())
        document.fields = *fields;
    document.update_time = text_in(json, "updateTime");
    return document;
}

Error no_answer(const char* what) {
    return {Errc::corrupt, std::string("Firestore's answer ") + what};
}

}  // namespace

Client::Client(ClientOptions options, Ports ports)
    : options_(std::move(options)),
      documents_("projects/" + options_.project + "/databases/" + options_.database + "/documents"),
      ports_(ports),
      done_(calls(ports.metrics, "ok")),
      again_(calls(ports.metrics, "retried")),
      failed_(calls(ports.metrics, "failed")) {}

std::string Client::base_url() const {
    return options_.emulator.empty() ? "https://firestore.googleapis.com/v1/"
                                     : "http://" + options_.emulator + "/v1/";
}

Result<std::vector<Document>> Client::get(const std::vector<std::string>& paths) {
    Json names = Json::array();
    for (const std::string& path : paths) names.push_back(documents_ + "/" + path);
    const auto answer = call("POST", ":batchGet", to_body({{"documents", names}}), false);
    if (!answer) return answer.error();
    if (!answer->is_array()) return no_answer("to a batchGet is no list");
    std::vector<Document> documents(paths.size());
    std::size_t told = 0;
    for (const Json& one : *answer) {
        if (!one.is_object()) continue;
        const auto found = one.find("found");
        const bool is_found = found != one.end() && found->is_object();
        const std::string name = is_found ? text_in(*found, "name") : text_in(one, "missing");
        const auto at = std::find(names.begin(), names.end(), Json(name));
        if (at == names.end()) continue;
        ++told;
        if (is_found) documents[static_cast<std::size_t>(at - names.begin())] = to_document(*found);
    }
    // A document that is not told of is not missing: taking it for missing would make another in its place.
    if (told != paths.size()) return no_answer("does not tell of every document");
    return documents;
}

Result<DocumentPage> Client::list(const std::string& collection, std::size_t limit, const std::string& page) {
    std::string path = "/" + collection + "?pageSize=" + std::to_string(limit);
    if (!page.empty()) path += "&pageToken=" + percent_encode(page);
    const auto answer = call("GET", path, {}, false);
    if (!answer) return answer.error();
    if (!answer->is_object()) return no_answer("to a list is no object");
    DocumentPage read;
    if (const auto found = answer->find("documents"); found != answer->end() && found->is_array())
        for (const Json& one : *found)
            if (one.is_object()) read.documents.push_back(to_document(one));
    read.next = text_in(*answer, "nextPageToken");
    return read;
}

Result<std::vector<Document>> Client::query(const Json& structured) {
    const auto answer = call("POST", ":runQuery", to_body({{"structuredQuery", structured}}), false);
    if (!answer) return answer.error();
    if (!answer->is_array()) return no_answer("to a query is no list");
    std::vector<Document> documents;
    for (const Json& one : *answer)
        if (one.is_object() && one.contains("document") && one["document"].is_object())
            documents.push_back(to_document(one["document"]));
    return documents;
}

Result<> Client::commit(const std::vector<Json>& writes) {
    const auto answer = call("POST", ":commit", to_body({{"writes", writes}}), true);
    if (!answer) return answer.error();
    return {};
}

Json Client::update(const std::string& path, Json fields, const Json& precondition) const {
    Json write{{"update", {{"name", documents_ + "/" + path}, {"fields", std::move(fields)}}}};
    if (!precondition.is_null()) write["currentDocument"] = precondition;
    return write;
}

Json Client::update_some(const std::string& path, Json fields, const Json& precondition) const {
    Json names = Json::array();
    for (const auto& [name, value] : fields.items()) names.push_back(name);
    Json write = update(path, std::move(fields), precondition);
    write["updateMask"] = {{"fieldPaths", std::move(names)}};
    return write;
}

Json Client::remove(const std::string& path, const Json& precondition) const {
    Json write{{"delete", documents_ + "/" + path}};
    if (!precondition.is_null()) write["currentDocument"] = precondition;
    return write;
}

Json Client::unchanged(const Document& document) {
    if (!document.exists) return {{"exists", false}};
    return {{"updateTime", document.update_time}};
}

Result<Json> Client::call(const char* method, const std::string& path, const std::string& body,
                          bool is_commit) {
    const MonoTime end = ports_.clock.mono() + options_.patience;
    for (unsigned tried = 1;; ++tried) {
        bool is_worth_another = false;
        auto answer = try_once(method, path, body, end, is_commit, is_worth_another);
        if (answer) {
            done_.add();
            return answer;
        }
        const Millis pause = backoff.delay(tried, ports_.random);
        const bool is_time_left = ports_.clock.mono() + pause < end;
        if (!is_worth_another || tried >= options_.most_tries || !is_time_left || !ports_.pause.wait(pause)) {
            failed_.add();
            return answer;
        }
        again_.add();
    }
}

Result<HttpOutcome> Client::send(const char* method, const std::string& path, const std::string& body,
                                 MonoTime end) {
    for (bool is_second = false;; is_second = true) {
        const auto token = ports_.tokens.get();
        if (!token) return token.error();
        HttpCall call;
        call.method = method;
        call.url = base_url() + documents_ + path;
        call.headers = {{"Authorization", "Bearer " + std::string(token->reveal())}};
        if (!body.empty()) call.headers.emplace_back("Content-Type", "application/json");
        call.body = body;
        const auto left = std::chrono::duration_cast<Millis>(end - ports_.clock.mono());
        call.timeout = std::clamp(left, Millis{1}, options_.try_timeout);
        call.max_response = most_answer;
        HttpOutcome outcome = ask(ports_.http, std::move(call));
        if (!outcome.reply || outcome.reply->status != 401 || is_second) return outcome;
        ports_.tokens.forget(*token);
    }
}

Result<Json> Client::try_once(const char* method, const std::string& path, const std::string& body,
                              MonoTime end, bool is_commit, bool& is_worth_another) {
    const auto sent = send(method, path, body, end);
    if (!sent) {
        is_worth_another = sent.error().code() == Errc::unavailable;
        return Error(Errc::unavailable, sent.error().message());
    }
    if (!sent->reply) {
        is_worth_another = sent->failure.kind != HttpFailure::Kind::cancelled &&
                           sent->failure.kind != HttpFailure::Kind::too_large;
        const bool is_doubtful = is_commit && sent->failure.may_have_arrived;
        return Error(Errc::unavailable,
                     "Firestore cannot be reached: " + sent->failure.reason +
                         (is_doubtful ? "; what was to be written may have been written" : ""));
    }
    Json answer = Json::parse(sent->reply->body, nullptr, false);
    const int status = sent->reply->status;
    if (status == 200 && !answer.is_discarded() && error_in(answer).empty()) return answer;
    if (status == 200 && answer.is_discarded()) return no_answer("is no JSON");
    return explain(status, answer, is_commit, is_worth_another);
}

Error Client::explain(int status, const Json& answer, bool is_commit, bool& is_worth_another) const {
    const Json& error = error_in(answer);
    if (const auto code = error.find("code"); code != error.end() && code->is_number_integer())
        status = code->get<int>();  // a stream that failed later has status 200
    const std::string word = word_of(error, "status"), message = word_of(error, "message");
    const std::string told = (word.empty() ? std::to_string(status) : word) +
                             (message.empty() ? std::string() : " (" + message + ")");
    const std::string refuses = "Firestore refuses: " + told;
    is_worth_another = status == 429 || status >= 500 || word == "ABORTED";
    if (is_worth_another) return {Errc::unavailable, "Firestore does not work now: " + told};
    if (is_commit && (word == "FAILED_PRECONDITION" || word == "ALREADY_EXISTS" || word == "NOT_FOUND"))
        return {Errc::conflict, "the document was changed by somebody else meanwhile"};
    if (status == 401 || status == 403)
        return {Errc::unavailable,
                refuses + "; give " + ports_.tokens.who() +
                    " the role Cloud Datastore User (roles/datastore.user) in the project " +
                    options_.project};
    if (status == 404)
        return {Errc::unavailable, refuses + "; the project " + options_.project + " needs a database " +
                                       options_.database + " in native mode"};
    return {Errc::invalid_input, refuses};
}

}  // namespace parley::firestore

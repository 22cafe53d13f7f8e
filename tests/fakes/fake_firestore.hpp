// FakeFirestore: Firestore's REST interface in memory, behind the port of HTTP: preconditions, masks, commits that write
// all or nothing, pages, equality queries, and its errors. A test breaks it on purpose.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "net/http_client.hpp"

namespace parley::fakes {

class FakeFirestore final : public HttpClient {
  public:
    using Json = nlohmann::json;
    struct Stored {
        Json fields;
        std::string update_time;
    };
    enum class Fault { none, answer, refuse_connection, lose_request, lose_answer };
    struct Trouble {
        Fault fault = Fault::answer;
        int status = 503;
        std::string word = "UNAVAILABLE";
    };

    explicit FakeFirestore(std::string database = "projects/p/databases/(default)/documents")
        : database_(std::move(database)) {}

    std::string token = "owner";                          // what it lets in
    std::deque<Trouble> troubles;                         // one a call, before anything else
    std::function<void()> before_commit;                  // as if somebody else were faster; runs once
    std::function<HttpReply(const HttpCall&)> elsewhere;  // answers other hosts

    HttpCallId start(HttpCall call, Completion<HttpOutcome> done) override {
        HttpOutcome outcome = answer(call);
        done(std::move(outcome));
        return 0;
    }
    void cancel(HttpCallId) override {}

    // Of a path like whatsapp_accounts/shop; null when there is none.
    Json fields_of(const std::string& path) const {
        const std::lock_guard lock(mutex_);
        const auto found = documents_.find(path);
        return found == documents_.end() ? Json() : found->second.fields;
    }
    std::vector<std::string> paths(const std::string& collection) const {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> all;
        for (const auto& [path, stored] : documents_)
            if (path.starts_with(collection + "/")) all.push_back(path);
        return all;
    }
    void put(const std::string& path, Json fields) {
        const std::lock_guard lock(mutex_);
        documents_[path] = {std::move(fields), next_time()};
    }
    void erase(const std::string& path) {
        const std::lock_guard lock(mutex_);
        documents_.erase(path);
    }
    std::vector<HttpCall> calls() const {
        const std::lock_guard lock(mutex_);
        return calls_;
    }
    std::size_t count(const std::string& what) const {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(std::count_if(calls_.begin(), calls_.end(), [&](const HttpCall& one) {
            return one.url.find(what) != std::string::npos;
        }));
    }

  private:
    struct Refusal {
        int status;
        std::string word;
    };

    HttpOutcome answer(const HttpCall& call) {
        Trouble trouble;
        bool is_troubled = false;
        std::function<void()> others;
        {
            const std::lock_guard lock(mutex_);
            calls_.push_back(call);
            if (call.url.find(database_) == std::string::npos && elsewhere) return {elsewhere(call), {}};
            if ((is_troubled = !troubles.empty())) {
                trouble = troubles.front();
                troubles.pop_front();
            }
            if (call.url.ends_with(":commit")) std::swap(others, before_commit);
        }
        if (others) others();
        const std::lock_guard lock(mutex_);
        if (is_troubled && trouble.fault == Fault::answer) return refuse({trouble.status, trouble.word});
        if (is_troubled && trouble.fault == Fault::refuse_connection)
            return {{}, {HttpFailure::Kind::not_sent, false, "connection refused", false, false}};
        if (is_troubled && trouble.fault == Fault::lose_request)
            return {{}, {HttpFailure::Kind::in_doubt, true, "timed out", true, false}};
        HttpOutcome done = serve(call);
        if (is_troubled && trouble.fault == Fault::lose_answer)
            return {{}, {HttpFailure::Kind::in_doubt, true, "connection reset", false, false}};
        return done;
    }

    HttpOutcome serve(const HttpCall& call) {
        const bool lets_in = std::any_of(call.headers.begin(), call.headers.end(), [&](const auto& header) {
            return header.first == "Authorization" && header.second == "Bearer " + token;
        });
        if (!lets_in) return refuse({401, "UNAUTHENTICATED"});
        std::string rest = call.url.substr(call.url.find(database_) + database_.size());
        const Json body = call.body.empty() ? Json::object() : Json::parse(call.body);
        if (rest == ":batchGet") return batch_get(body);
        if (rest == ":runQuery") return run_query(body.at("structuredQuery"));
        if (rest == ":commit") return commit(body.at("writes"));
        if (call.method == "GET") return list(rest.substr(1));
        return refuse({400, "INVALID_ARGUMENT"});
    }

    static HttpOutcome ok(const Json& body) { return {HttpReply{200, {}, body.dump()}, {}}; }
    static HttpOutcome refuse(const Refusal& refusal) {
        const Json body{
            {"error", {{"code", refusal.status}, {"message", "told by Google"}, {"status", refusal.word}}}};
        return {HttpReply{refusal.status, {}, body.dump()}, {}};
    }
    std::string path_of(const std::string& name) const { return name.substr(database_.size() + 1); }
    std::string next_time() {
        char text[40];
        std::snprintf(text, sizeof text, "2026-11-21T08:00:00.%06dZ", ++time_);
        return text;
    }
    Json shown(const std::string& path, const Stored& stored) const {
        Json document{{"name", database_ + "/" + path}, {"updateTime", stored.update_time}};
        if (!stored.fields.empty()) document["fields"] = stored.fields;
        return document;
    }

    // In another order than asked for, as Firestore may.
    HttpOutcome batch_get(const Json& body) {
        Json all = Json::array();
        for (const Json& name : body.at("documents")) {
            const auto found = documents_.find(path_of(name));
            all.insert(all.begin(), found == documents_.end()
                                        ? Json{{"missing", name}}
                                        : Json{{"found", shown(found->first, found->second)}});
        }
        return ok(all);
    }

    HttpOutcome list(const std::string& rest) {
        const std::string collection = rest.substr(0, rest.find('?'));
        const std::string query = rest.substr(rest.find('?') + 1);
        const std::string after = query_value(query, "pageToken");
        const auto limit = std::min<std::size_t>(std::stoul(query_value(query, "pageSize")), most_in_page);
        Json page = Json::object();
        std::string last;
        for (const auto& [path, stored] : documents_) {
            if (!path.starts_with(collection + "/") || path <= after) continue;
            if (page["documents"].size() == limit) {
                page["nextPageToken"] = last;
                break;
            }
            page["documents"].push_back(shown(path, stored));
            last = path;
        }
        return ok(page);
    }

    static bool fits(const Json& fields, const Json& filter) {
        if (filter.contains("compositeFilter")) {
            const Json& all = filter.at("compositeFilter").at("filters");
            return std::all_of(all.begin(), all.end(), [&](const Json& one) { return fits(fields, one); });
        }
        const Json& one = filter.at("fieldFilter");
        const auto field = fields.find(one.at("field").at("fieldPath").get<std::string>());
        return field != fields.end() && *field == one.at("value");
    }
    HttpOutcome run_query(const Json& query) {
        const std::string collection = query.at("from").at(0).at("collectionId");
        Json all = Json::array();
        for (const auto& [path, stored] : documents_) {
            if (!path.starts_with(collection + "/") || !fits(stored.fields, query.at("where"))) continue;
            if (all.size() < query.at("limit").get<std::size_t>())
                all.push_back({{"document", shown(path, stored)}});
        }
        if (all.empty()) all.push_back({{"readTime", "2026-11-21T08:00:00Z"}});
        return ok(all);
    }

    HttpOutcome commit(const Json& writes) {
        if (writes.size() > 500) return refuse({400, "INVALID_ARGUMENT"});
        for (const Json& write : writes)
            if (auto refusal = why_not(write)) return refuse(*refusal);
        Json results = Json::array();
        const std::string at = next_time();
        for (const Json& write : writes) {
            apply(write, at);
            results.push_back({{"updateTime", at}});
        }
        return ok({{"writeResults", results}, {"commitTime", at}});
    }
    std::optional<Refusal> why_not(const Json& write) const {
        const bool is_delete = write.contains("delete");
        const auto found =
            documents_.find(path_of(is_delete ? write.at("delete") : write.at("update").at("name")));
        const bool exists = found != documents_.end();
        if (!is_delete && write.at("update").dump().size() > (1U << 20))
            return Refusal{400, "INVALID_ARGUMENT"};
        if (!is_delete)
            for (const Json& value : write.at("update").at("fields"))
                if (!value.is_object() || value.size() != 1) return Refusal{400, "INVALID_ARGUMENT"};
        const Json condition = write.value("currentDocument", Json::object());
        if (condition.contains("exists") && condition["exists"] != exists)
            return exists ? Refusal{409, "ALREADY_EXISTS"} : Refusal{404, "NOT_FOUND"};
        if (!condition.contains("updateTime")) return std::nullopt;
        if (!exists) return Refusal{404, "NOT_FOUND"};
        if (condition["updateTime"] != found->second.update_time) return Refusal{400, "FAILED_PRECONDITION"};
        return std::nullopt;
    }
    void apply(const Json& write, const std::string& at) {
        if (write.contains("delete")) {
            documents_.erase(path_of(write["delete"]));
            return;
        }
        Stored& stored = documents_[path_of(write.at("update").at("name"))];
        const Json& fields = write.at("update").at("fields");
        stored.update_time = at;
        if (!write.contains("updateMask")) {
            stored.fields = fields;
            return;
        }
        for (const std::string name : write.at("updateMask").at("fieldPaths"))
            if (fields.contains(name))
                stored.fields[name] = fields[name];
            else
                stored.fields.erase(name);
    }

    static constexpr std::size_t most_in_page = 2;  // fewer than asked for, as Firestore may
    const std::string database_;
    mutable std::mutex mutex_;
    std::map<std::string, Stored> documents_;
    std::vector<HttpCall> calls_;
    int time_ = 0;
};

}  // namespace parley::fakes

#include "whatsapp/graph_block_list.hpp"

#include "whatsapp/graph_answer.hpp"

namespace parley {
namespace {

constexpr std::int32_t partly_done = 139100;

std::optional<GraphFailure> check_call(const DeploymentPtr& account) {
    if (!account || account->access_token.empty())
        return refused_call(ErrorClass::token, "the deployment has no access token");
    if (!is_path_safe(account->channel.str()))
        return refused_call(ErrorClass::request, "the phone_number_id is no id");
    return std::nullopt;
}

std::string path_of(const Deployment& account) {
    return account.channel.str() + "/block_users";
}

std::string to_body(const std::vector<Recipient>& users) {
    GraphJson list = GraphJson::array();
    for (const Recipient& user : users) {
        if (user.wa_id.empty())
            list.push_back({{"user_id", user.user_id}});
        else
            list.push_back({{"user", "+" + user.wa_id}});
    }
    return GraphJson{{"messaging_product", "whatsapp"}, {"block_users", std::move(list)}}.dump(
        -1, ' ', false, GraphJson::error_handler_t::replace);
}

Recipient read_user(const GraphJson& item) {
    return {text_of(item, "wa_id"), text_of(item, "user_id")};
}

std::string reason_of(const GraphJson& item) {
    const GraphJson& errors = member_of(item, "errors");
    if (!errors.is_array() || errors.empty()) return {};
    const std::string details = text_of(member_of(errors[0], "error_data"), "details");
    return details.empty() ? text_of(errors[0], "message") : details;
}

BlockChange read_change(const HttpReply& reply, const char* list) {
    const GraphJson root = parse_answer(reply.body);
    const GraphJson& users = member_of(root, "block_users");
    BlockChange change;
    if (const GraphJson& done = member_of(users, list); done.is_array())
        for (const GraphJson& item : done) change.done.push_back(read_user(item));
    if (const GraphJson& failed = member_of(users, "failed_users"); failed.is_array())
        for (const GraphJson& item : failed) change.failed.push_back({read_user(item), reason_of(item)});
    return change;
}

}  // namespace

GraphBlockList::GraphBlockList(GraphOptions options, HttpClient& http)
    : caller_(std::move(options)), http_(http) {}

void GraphBlockList::list(const std::string& after, DeploymentPtr account,
                          Completion<GraphResult<BlockedPage>> done, unsigned limit) {
    if (auto refused = check_call(account)) return done(std::move(*refused));
    std::string path = path_of(*account) + "?limit=" + std::to_string(limit);
    if (!after.empty()) path += "&after=" + percent_encode(after);
    http_.start(caller_.make("GET", path, account->access_token),
                [account, done = std::move(done)](HttpOutcome outcome) mutable {
                    if (auto failure = find_failure(outcome, account->access_token))
                        return done(std::move(*failure));
                    const GraphJson root = parse_answer(outcome.reply->body);
                    BlockedPage page{{}, next_cursor(root)};
                    if (const GraphJson& data = member_of(root, "data"); data.is_array())
                        for (const GraphJson& item : data) page.users.push_back(read_user(item));
                    done(std::move(page));
                });
}

void GraphBlockList::add(const std::vector<Recipient>& users, DeploymentPtr account,
                         Completion<GraphResult<BlockChange>> done) {
    change("POST", "added_users", users, std::move(account), std::move(done));
}

void GraphBlockList::remove(const std::vector<Recipient>& users, DeploymentPtr account,
                            Completion<GraphResult<BlockChange>> done) {
    change("DELETE", "removed_users", users, std::move(account), std::move(done));
}

void GraphBlockList::change(const char* method, const char* list, const std::vector<Recipient>& users,
                            DeploymentPtr account, Completion<GraphResult<BlockChange>> done) {
    if (auto refused = check_call(account)) return done(std::move(*refused));
    if (users.empty()) return done(refused_call(ErrorClass::request, "no users are given"));
    http_.start(caller_.make_json(method, path_of(*account), account->access_token, to_body(users)),
                [account, list, done = std::move(done)](HttpOutcome outcome) mutable {
                    auto failure = find_failure(outcome, account->access_token);
                    if (failure && failure->code != partly_done) return done(std::move(*failure));
                    BlockChange change = read_change(*outcome.reply, list);
                    if (failure && change.failed.empty()) return done(std::move(*failure));
                    done(std::move(change));
                });
}

}  // namespace parley

#include "app/account_graph.hpp"

#include "app/awaited_answer.hpp"

namespace parley {
namespace {

AccountFailure to_failure(const GraphFailure& graph) {
    Errc kind = to_error(graph).code();
    if (graph.error_class == ErrorClass::limit || graph.error_class == ErrorClass::pair) kind = Errc::busy;
    AccountFailure failure(kind, graph.meaning.empty() ? graph.reason : graph.meaning);
    if (!graph.meaning.empty() && !graph.reason.empty() && graph.reason != graph.meaning)
        failure.message += " (" + graph.reason + ")";
    failure.remedy = graph.remedy;
    failure.graph_code = graph.code;
    failure.wait = graph.wait;
    return failure;
}

TemplateItem to_item(MessageTemplate one) {
    return {std::move(one.id),       std::move(one.name),   std::move(one.language),
            std::move(one.category), std::move(one.status), std::move(one.components_json)};
}

}  // namespace

AccountResult<DeploymentPtr> GraphOfAccounts::running(const DeploymentId& id) {
    if (DeploymentPtr account = accounts_.by_id(id)) return account;
    const auto view = directory_.find(id);
    if (!view) return view.error();
    if (view->channel.empty())
        return AccountFailure(Errc::conflict, "the account " + id.str() + " has no number at Meta yet");
    return AccountFailure(Errc::conflict, "the account " + id.str() + " does not run" +
                                              (view->problem.empty() ? "" : ": " + view->problem));
}

AccountResult<TemplateItems> GraphOfAccounts::templates(const DeploymentId& id, const std::string& after,
                                                        unsigned limit, const std::string& name) {
    const auto account = running(id);
    if (!account) return account.error();
    auto page = wait_for_answer<GraphResult<TemplatePage>>([&](auto done) {
        templates_.list({limit, after, name}, *account, std::move(done));
    });
    if (!page) return to_failure(page.error());
    TemplateItems items;
    for (MessageTemplate& one : page->templates) items.templates.push_back(to_item(std::move(one)));
    items.next = std::move(page->after);
    return items;
}

AccountResult<TemplateItem> GraphOfAccounts::create_template(const DeploymentId& id,
                                                             const std::string& template_json) {
    const auto account = running(id);
    if (!account) return account.error();
    auto made = wait_for_answer<GraphResult<MessageTemplate>>(
        [&](auto done) { templates_.create(template_json, *account, std::move(done)); });
    if (!made) return to_failure(made.error());
    return to_item(std::move(*made));
}

AccountResult<bool> GraphOfAccounts::remove_template(const DeploymentId& id, const std::string& name,
                                                     const std::string& template_id) {
    const auto account = running(id);
    if (!account) return account.error();
    const auto gone = wait_for_answer<GraphResult<void>>(
        [&](auto done) { templates_.remove(name, template_id, *account, std::move(done)); });
    if (!gone) return to_failure(gone.error());
    return true;
}

AccountResult<BlockedItems> GraphOfAccounts::blocked(const DeploymentId& id, const std::string& after,
                                                     unsigned limit) {
    const auto account = running(id);
    if (!account) return account.error();
    auto page = wait_for_answer<GraphResult<BlockedPage>>(
        [&](auto done) { block_list_.list(after, *account, std::move(done), limit); });
    if (!page) return to_failure(page.error());
    return BlockedItems{std::move(page->users), std::move(page->after)};
}

AccountResult<BlockOutcome> GraphOfAccounts::block(const DeploymentId& id,
                                                   const std::vector<Recipient>& users, bool is_blocked) {
    const auto account = running(id);
    if (!account) return account.error();
    auto change = wait_for_answer<GraphResult<BlockChange>>([&](auto done) {
        if (is_blocked)
            block_list_.add(users, *account, std::move(done));
        else
            block_list_.remove(users, *account, std::move(done));
    });
    if (!change) return to_failure(change.error());
    BlockOutcome outcome{std::move(change->done), {}};
    for (BlockChange::Failed& one : change->failed)
        outcome.failed.push_back({std::move(one.user), std::move(one.reason)});
    return outcome;
}

}  // namespace parley

// The templates and block lists of the accounts that run, at the Graph API.
#pragma once

#include "admin/account_graph.hpp"
#include "core/account_registry.hpp"
#include "whatsapp/graph_block_list.hpp"
#include "whatsapp/graph_templates.hpp"

namespace parley {

class GraphOfAccounts final : public AccountGraph {
  public:
    // All outlive this. The client's calls must have ended before this goes.
    GraphOfAccounts(const GraphOptions& options, HttpClient& http, const AccountRegistry& accounts,
                    AccountDirectory& directory)
        : templates_(options, http), block_list_(options, http), accounts_(accounts), directory_(directory) {}

    AccountResult<TemplateItems> templates(const DeploymentId& id, const std::string& after, unsigned limit,
                                           const std::string& name) override;
    AccountResult<TemplateItem> create_template(const DeploymentId& id,
                                                const std::string& template_json) override;
    AccountResult<bool> remove_template(const DeploymentId& id, const std::string& name,
                                        const std::string& template_id) override;
    AccountResult<BlockedItems> blocked(const DeploymentId& id, const std::string& after,
                                        unsigned limit) override;
    AccountResult<BlockOutcome> block(const DeploymentId& id, const std::vector<Recipient>& users,
                                      bool is_blocked) override;

  private:
    AccountResult<DeploymentPtr> running(const DeploymentId& id);

    GraphTemplates templates_;
    GraphBlockList block_list_;
    const AccountRegistry& accounts_;
    AccountDirectory& directory_;
};

}  // namespace parley

// Port: what Meta keeps beside an account: the templates of its WhatsApp Business Account (WABA), the block list of its
// number. Of the file's deployments, too.
//
// Threads   Any but the spine's: every call blocks until Meta has answered.
// Errors    invalid_input: Meta refuses it, with `graph_code`; not_found, conflict: the account; unavailable, busy: later.
#pragma once

#include <string>
#include <vector>

#include "admin/account_directory.hpp"
#include "core/outbound.hpp"

namespace parley {

struct TemplateItem {
    std::string id, name, language, category;
    std::string status;           // APPROVED, PENDING, REJECTED … an open set
    std::string components_json;  // an array; empty: not told
};

struct TemplateItems {
    std::vector<TemplateItem> templates;
    std::string next;  // empty: these were the last
};

struct BlockedItems {
    std::vector<Recipient> users;
    std::string next;
};

struct BlockOutcome {
    struct Failed {
        Recipient user;
        std::string reason;
    };
    std::vector<Recipient> done;
    std::vector<Failed> failed;
};

class AccountGraph {
  public:
    virtual ~AccountGraph() = default;

    // A page; with `name` only that template, in all its languages.
    virtual AccountResult<TemplateItems> templates(const DeploymentId& id, const std::string& after,
                                                   unsigned limit, const std::string& name) = 0;
    // Meta's own object; gives its id, category and status.
    virtual AccountResult<TemplateItem> create_template(const DeploymentId& id,
                                                        const std::string& template_json) = 0;
    // With `template_id` that language of it only.
    virtual AccountResult<bool> remove_template(const DeploymentId& id, const std::string& name,
                                                const std::string& template_id) = 0;

    virtual AccountResult<BlockedItems> blocked(const DeploymentId& id, const std::string& after,
                                                unsigned limit) = 0;
    // Puts them on the list, or takes them off; Meta may do a part.
    virtual AccountResult<BlockOutcome> block(const DeploymentId& id, const std::vector<Recipient>& users,
                                              bool is_blocked) = 0;
};

}  // namespace parley

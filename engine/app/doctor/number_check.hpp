// One deployment at Meta: its access token, its number, and whether the app gets its account's webhooks.
#pragma once

#include <string>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"
#include "core/phone_setup.hpp"

namespace parley::doctor {

struct NumberAnswer {
    Report report;
    std::string app_id;  // of the Meta app; empty: not known
    std::string
        override_url;  // where the account's messages go instead of to the app's URL; empty: nowhere else
    bool is_subscribed = false;
};

// `app` is the deployment's, null when it has none. Blocks for four calls at most.
NumberAnswer examine_number(const DeploymentConfig& deployment, const AppConfig* app, PhoneSetup& meta,
                            WallTime now);

}  // namespace parley::doctor

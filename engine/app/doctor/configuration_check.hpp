// The configuration as `parley check` reads it, and who may read and change its files.
#pragma once

#include "app/config_loader.hpp"
#include "app/doctor/finding.hpp"

namespace parley::doctor {

// Each mistake is a failure, each warning one.
Report examine_configuration(const LoadReport& report);

// The file, the `.env` beside it, the private key, and the files that ${file:…} names.
Report examine_permissions(const Config& config);

}  // namespace parley::doctor

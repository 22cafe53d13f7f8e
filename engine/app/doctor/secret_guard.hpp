// Keeps the secrets of a configuration out of a report, whatever a server or a library puts into its words.
#pragma once

#include <vector>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"

namespace parley::doctor {

class SecretGuard {
  public:
    explicit SecretGuard(const Config& config);

    // Each secret of eight bytes and more, plain or percent-encoded, becomes ***. Shorter ones are words of any sentence.
    void clean(Report& report) const;

  private:
    std::vector<Secret> secrets_;
};

}  // namespace parley::doctor

// The configuration an agent gets: the deployment's `config`, as JSON text. sdk/settings.hpp reads it.
#pragma once

#include <string_view>

#include <parley/sdk/error.hpp>

namespace parley {

// Borrowed: valid while the constructor, configure() or reconfigure() that got it runs.
class Config {
  public:
    explicit Config(std::string_view json) noexcept : json_(json) {}

    // A JSON object, "{}" when the deployment has no `config`. Paths in it are absolute already.
    std::string_view json() const noexcept { return json_.empty() ? std::string_view{"{}"} : json_; }

  private:
    std::string_view json_;
};

}  // namespace parley

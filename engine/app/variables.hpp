// Fills ${NAME}, ${NAME:-default} and ${file:/path} in one scalar after parsing, so a value can never break
// the YAML.
//
//   ${NAME}            the variable; an error when it is not set
//   ${NAME:-default}   the default when the variable is not set or empty
//   ${file:/path}      the file's text without its last line break; relative paths start at the
//   configuration's folder
//   ${secret:NAME}     only in an agent's config: left as it is, for the engine to fill in when the agent
//   sends
//   $${                the two characters ${
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "app/diagnostic.hpp"
#include "app/environment.hpp"

namespace parley {

class Variables {
  public:
    // Both are kept by reference or copy as the types say; `environment` must outlive this.
    Variables(const Environment& environment, std::filesystem::path base_dir);

    struct Filled {
        std::string text;
        bool was_filled = false;  // something came from outside: never quote `text` in a message
        std::string what;         // not empty: it failed, and this says why, with names only
        std::string instead;
    };
    Filled fill(std::string_view text) const;

    // The same, leaving ${secret:NAME} in place when `is_known` accepts NAME.
    Filled fill(std::string_view text, const std::function<bool(std::string_view)>& is_known) const;

  private:
    void expand(std::string_view expression, Filled& filled) const;
    void expand_file(std::string_view path, Filled& filled) const;

    const Environment& environment_;
    std::filesystem::path base_dir_;
};

// Whether the text holds a ${…}.
bool has_variable(std::string_view text) noexcept;

}  // namespace parley

// Reads the YAML values of single keys into their places: fills ${…} in, is strict about what was written,
// and goes on after every mistake so that one run reports all of them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "app/config_table.hpp"
#include "app/variables.hpp"
#include "app/yaml_document.hpp"
#include "base/result.hpp"

namespace parley {

// What came of a file so far. Mistakes are added without a file name; the loader sets it.
struct Findings {
    Diagnostics errors;
    Diagnostics warnings;

    void error(Position at, std::string path, std::string what, std::string instead = {});
    void warning(Position at, std::string path, std::string what, std::string instead = {});
};

class YamlReader {
  public:
    // Both must outlive the reader.
    YamlReader(const Variables& variables, Findings& findings) : variables_(variables), findings_(findings) {}

    // Fills the key's slot from `node`, or reports why not and leaves it as it was. `path` is the key's path
    // with the names of the file in place of its stars. An empty value (`key:`) is a mistake.
    void read(const Key& key, const std::string& path, const YamlNode& node, Target& target);

  private:
    struct Place {
        const Key& key;
        std::string path;
        const YamlNode& node;
    };
    struct Scalar {
        std::string text;
        std::string found;  // for messages: what was found, without a value that must not be shown
    };

    std::optional<Scalar> scalar(const Place& place);
    void refuse(const Place& place, const std::string& what, std::string instead = {});
    void refuse_value(const Place& place, const Scalar& scalar, const Error& problem);

    // The scalar through one of the parse_* functions.
    template <class T>
    std::optional<T> parsed(const Place& place, Result<T> (*parse)(std::string_view));
    std::optional<std::uint64_t> whole(const Place& place, Result<std::uint64_t> (*parse)(std::string_view),
                                       std::string (*write)(std::uint64_t));
    std::optional<std::string> text(const Place& place);
    std::optional<Secret> secret(const Place& place);

    void read_slot(const Place& place, std::string* slot);
    void read_slot(const Place& place, PhoneNumberId* slot);
    void read_slot(const Place& place, AppId* slot);
    void read_slot(const Place& place, bool* slot);
    void read_slot(const Place& place, unsigned* slot);
    void read_slot(const Place& place, std::size_t* slot);
    void read_slot(const Place& place, double* slot);
    void read_slot(const Place& place, Millis* slot);
    void read_slot(const Place& place, Secret* slot);
    void read_slot(const Place& place, std::vector<Secret>* slot);
    void read_slot(const Place& place, std::vector<std::string>* slot);
    void read_slot(const Place& place, std::map<std::string, Secret>* slot);
    bool is_choice(const Place& place, const std::string& value);
    void read_choice(const Place& place, const ChoiceSlot& slot, Target& target);
    void read_later(const Place& place);

    const Variables& variables_;
    Findings& findings_;
};

// Reports the keys of a block that stand there twice; the first one counts.
void refuse_repeated_keys(const YamlNode& map, const std::string& path, Findings& findings);

// "write, for example:  deadline: 20s"
std::string example_line(const Key& key);

// The path of something inside: "deployments" + "a" = "deployments.a".
std::string inside(const std::string& path, std::string_view name);

}  // namespace parley

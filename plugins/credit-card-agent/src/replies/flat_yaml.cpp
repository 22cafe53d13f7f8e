// The only file that sees yaml-cpp, which throws.
#include "replies/flat_yaml.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <yaml-cpp/yaml.h>

namespace edge {
namespace {

class Flattener {
  public:
    Flattener(std::string origin, std::string& error) : origin_(std::move(origin)), error_(error) {}

    bool add_map(const YAML::Node& map, const std::string& prefix) {
        for (const auto& entry : map) {
            if (!entry.first.IsScalar()) return fail(entry.first.Mark(), "a key must be a plain text");
            const std::string key = prefix + entry.first.Scalar();
            const YAML::Node& value = entry.second;
            if (value.IsMap()) {
                if (!add_map(value, key + ".")) return false;
                continue;
            }
            FlatValue flat;
            flat.is_list = value.IsSequence();
            if (!add_items(value, key, flat)) return false;
            if (!out.emplace(key, std::move(flat)).second)
                return fail(entry.first.Mark(), key + ": given twice");
        }
        return true;
    }

    FlatYaml out;

  private:
    bool add_items(const YAML::Node& value, const std::string& key, FlatValue& flat) {
        if (value.IsScalar()) {
            flat.items.push_back(value.Scalar());
            return true;
        }
        if (!value.IsSequence()) return fail(value.Mark(), key + ": expected a text or a list of texts");
        for (const YAML::Node& item : value) {
            if (!item.IsScalar()) return fail(item.Mark(), key + ": expected a list of texts");
            flat.items.push_back(item.Scalar());
        }
        return true;
    }

    bool fail(const YAML::Mark& mark, const std::string& what) {
        error_ = origin_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) +
                 ": " + what;
        return false;
    }

    std::string origin_;
    std::string& error_;
};

}  // namespace

std::optional<FlatYaml> read_flat_yaml(std::string_view text, const std::string& origin, std::string& error) {
    try {
        const YAML::Node document = YAML::Load(std::string(text));
        if (!document.IsMap()) {
            error = origin + ": expected lines of the form  key: \"value\"";
            return std::nullopt;
        }
        Flattener flattener(origin, error);
        if (!flattener.add_map(document, "")) return std::nullopt;
        return std::move(flattener.out);
    } catch (const YAML::Exception& fault) {
        error = origin + ":" + std::to_string(fault.mark.line + 1) + ":" +
                std::to_string(fault.mark.column + 1) + ": " + fault.msg;
        return std::nullopt;
    }
}

std::optional<std::string> read_file(const std::string& path, std::string& error) {
    std::ifstream in(path, std::ios::binary);
    std::string text;
    if (in) text.assign(std::istreambuf_iterator<char>(in), {});
    if (!in || in.bad()) {
        error = path + ": " + (errno != 0 ? std::strerror(errno) : "cannot be read");
        return std::nullopt;
    }
    return text;
}

}  // namespace edge

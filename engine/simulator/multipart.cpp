// Forms.
#include "simulator/multipart.hpp"

#include <algorithm>
#include <cctype>

namespace parley::sim {
namespace {

constexpr std::size_t max_parts = 32;

bool begins_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(),
                      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// The parameter of a header value: form-data; name="file"; filename="a.pdf".
std::string parameter(std::string_view value, std::string_view name) {
    for (auto at = value.find(';'); at != std::string_view::npos; at = value.find(';', at + 1)) {
        std::string_view rest = trimmed(value.substr(at + 1));
        if (!begins_with(rest, name) || rest.size() <= name.size() || rest[name.size()] != '=') continue;
        rest.remove_prefix(name.size() + 1);
        if (!rest.starts_with('"')) return std::string(trimmed(rest.substr(0, rest.find(';'))));
        rest.remove_prefix(1);
        return std::string(rest.substr(0, rest.find('"')));
    }
    return {};
}

std::optional<FormPart> read_part(std::string_view text) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    FormPart part;
    part.bytes = text.substr(end + 4);
    std::string_view headers = text.substr(0, end);
    while (!headers.empty()) {
        const auto line_end = std::min(headers.find("\r\n"), headers.size());
        const std::string_view line = headers.substr(0, line_end);
        headers.remove_prefix(std::min(line_end + 2, headers.size()));
        if (begins_with(line, "content-disposition:")) {
            part.name = parameter(line, "name");
            part.filename = parameter(line, "filename");
        } else if (begins_with(line, "content-type:")) {
            part.content_type = trimmed(line.substr(13));
        }
    }
    if (part.name.empty()) return std::nullopt;
    return part;
}

}  // namespace

std::optional<std::vector<FormPart>> read_form(std::string_view content_type, std::string_view body) {
    const std::string boundary = parameter(content_type, "boundary");
    if (!begins_with(content_type, "multipart/form-data") || boundary.empty()) return std::nullopt;
    const std::string first = "--" + boundary;
    const std::string next = "\r\n" + first;
    if (!body.starts_with(first)) return std::nullopt;
    body.remove_prefix(first.size());
    std::vector<FormPart> form;
    while (!body.starts_with("--")) {
        if (!body.starts_with("\r\n") || form.size() == max_parts) return std::nullopt;
        const auto end = body.find(next, 2);
        if (end == std::string_view::npos) return std::nullopt;
        auto part = read_part(body.substr(2, end - 2));
        if (!part) return std::nullopt;
        form.push_back(std::move(*part));
        body.remove_prefix(end + next.size());
    }
    return form;
}

const FormPart* find_part(const std::vector<FormPart>& form, std::string_view name) {
    const auto found =
        std::find_if(form.begin(), form.end(), [&](const FormPart& part) { return part.name == name; });
    return found == form.end() ? nullptr : &*found;
}

}  // namespace parley::sim

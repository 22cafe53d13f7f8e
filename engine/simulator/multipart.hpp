// Reading a multipart/form-data body (RFC 7578).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sim {

struct FormPart {
    std::string name;
    std::string filename;
    std::string content_type;
    std::string_view bytes;  // of the body that was read
};

// The parts in order; nothing when the content type or the body is no form.
std::optional<std::vector<FormPart>> read_form(std::string_view content_type, std::string_view body);

const FormPart* find_part(const std::vector<FormPart>& form, std::string_view name);  // null: none

}  // namespace parley::sim

#include "kit/subject.hpp"

#include <cstdlib>
#include <fstream>

#include "host/elf_file.hpp"

namespace parley::kit {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "parley-kit-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<Subject> read_subject(const fs::path& file, const std::string& config_json, std::uint64_t seed,
                             const fs::path& folder) {
    if (folder.empty()) return Error{Errc::unavailable, "cannot make a folder for temporary files"};
    auto bytes = read_library(file);
    if (!bytes) return bytes.error();
    Subject subject;
    subject.named = file;
    subject.folder = folder;
    subject.file = folder / (file.stem().string() + ".so");
    std::ofstream copy(subject.file, std::ios::binary);
    copy << *bytes;
    copy.close();
    if (!copy) return Error{Errc::unavailable, subject.file.string() + ": cannot be written"};
    subject.bytes = std::move(*bytes);
    subject.seed = seed;
    subject.has_own_config = !config_json.empty();
    if (subject.has_own_config) subject.config_json = config_json;
    if (const auto object = read_shared_object(subject.bytes))
        if (auto manifest = parse_manifest(object->manifest)) subject.manifest = std::move(*manifest);
    return subject;
}

}  // namespace parley::kit

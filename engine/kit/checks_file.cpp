// Level 1, without running anything of the library.
#include "host/elf_file.hpp"
#include "kit/check.hpp"
#include "kit/elf_dynamic.hpp"

namespace parley::kit {
namespace {

Findings failed(const Error& error) {
    return {{Verdict::fail, error.message(), ""}};
}

Findings check_elf(const Subject& subject, Progress&) {
    const auto object = read_shared_object(subject.bytes);
    if (object || object.error().message().find("manifest") != std::string::npos) return {};
    return failed(object.error());
}

Findings check_manifest(const Subject& subject, Progress&) {
    const auto object = read_shared_object(subject.bytes);
    if (!object) return failed(object.error());
    const auto manifest = parse_manifest(object->manifest);
    return manifest ? Findings{} : failed(manifest.error());
}

Findings check_contract(const Subject& subject, Progress&) {
    const auto fits = check_compatible(subject.manifest);
    return fits ? Findings{} : failed(fits.error());
}

Findings check_exports(const Subject& subject, Progress&) {
    const std::string about = "library";
    const auto info = inspect_plugin_bytes(about, subject.bytes);
    if (!info) {
        const std::string sentence = info.error().message();
        return {{Verdict::fail, sentence.substr(std::min(sentence.size(), about.size() + 2)), ""}};
    }
    Findings found;
    for (const std::string& warning : info->warnings)
        if (warning.find("STB_GNU_UNIQUE") == std::string::npos)  // unload.symbols has that
            found.push_back({Verdict::warn, warning, ""});
    return found;
}

Findings check_hardening(const Subject& subject, Progress&) {
    const DynamicFacts facts = read_dynamic_facts(subject.bytes);
    Findings found;
    if (facts.has_text_relocations)
        found.push_back({Verdict::fail, "has text relocations: its code is changed while it is loaded",
                         "compile every object that goes into it with -fPIC"});
    if (facts.has_executable_stack)
        found.push_back({Verdict::fail, "asks for an executable stack, for the whole host",
                         "link with -Wl,-z,noexecstack; assembler files need a .note.GNU-stack section"});
    if (!facts.run_path.empty())
        found.push_back({Verdict::warn, "searches for libraries in " + facts.run_path + " (RPATH or RUNPATH)",
                         "set CMAKE_SKIP_RPATH, or install what it needs where the loader looks"});
    return found;
}

}  // namespace

std::vector<Check> file_checks() {
    return {
        {"file.elf", 1, "is a whole shared library for this machine", {}, check_elf},
        {"file.manifest", 1, "says what it is in a manifest", {"file.elf"}, check_manifest},
        {"file.contract",
         1,
         "speaks this host's contract and needs nothing it lacks",
         {"file.manifest"},
         check_contract},
        {"file.exports", 1, "exports parley_plugin_v1 and nothing else", {"file.contract"}, check_exports},
        {"file.hardening", 1, "weakens no protection of the process", {"file.elf"}, check_hardening},
    };
}

}  // namespace parley::kit

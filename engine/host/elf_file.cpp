#include "host/elf_file.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>

#include <elf.h>

namespace parley {
namespace {

constexpr std::size_t max_manifest_bytes = 64U << 10;
constexpr std::size_t max_symbol_name = 4096;  // mangled names of generated code get long

Error refusal(std::string sentence) {
    return {Errc::invalid_input, std::move(sentence)};
}

Error truncated(const std::string& what) {
    return refusal("is truncated or damaged (" + what + "): copy or build the library again");
}

class Bytes {
  public:
    explicit Bytes(std::string_view all) : all_(all) {}

    std::optional<std::string_view> range(std::uint64_t offset, std::uint64_t size) const {
        if (offset > all_.size() || size > all_.size() - offset) return std::nullopt;
        return all_.substr(offset, size);
    }

    template <class T>
    std::optional<T> at(std::uint64_t offset) const {
        const auto found = range(offset, sizeof(T));
        if (!found) return std::nullopt;
        T value;
        std::memcpy(&value, found->data(), sizeof value);
        return value;
    }

    std::size_t size() const { return all_.size(); }

  private:
    std::string_view all_;
};

std::optional<std::string_view> name_at(std::string_view table, std::uint64_t offset) {
    if (offset >= table.size()) return std::nullopt;
    const std::string_view rest = table.substr(offset, max_symbol_name);
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    return rest.substr(0, end);
}

constexpr std::uint16_t host_machine() {
#if defined(__x86_64__)
    return EM_X86_64;
#elif defined(__aarch64__)
    return EM_AARCH64;
#elif defined(__riscv)
    return EM_RISCV;
#else
#error "name this machine's ELF number"
#endif
}

std::string machine_name(std::uint16_t machine) {
    switch (machine) {
        case EM_X86_64:
            return "x86-64";
        case EM_AARCH64:
            return "aarch64";
        case EM_386:
            return "i386";
        case EM_ARM:
            return "arm";
        case EM_RISCV:
            return "riscv";
        default:
            return "ELF machine " + std::to_string(machine);
    }
}

Result<Elf64_Ehdr> read_header(const Bytes& file) {
    if (file.size() == 0) return refusal("is empty: copy or build the library again");
    const auto magic = file.range(0, SELFMAG);
    if (!magic || std::memcmp(magic->data(), ELFMAG, SELFMAG) != 0)
        return refusal(
            "is not a shared library (no ELF header): name the .so file that the agent's build made");
    const auto ident = file.at<std::array<unsigned char, EI_NIDENT>>(0);
    if (!ident) return truncated("the file header is cut off");
    if ((*ident)[EI_CLASS] != ELFCLASS64)
        return refusal("is not a 64-bit library: build it for this machine, " + machine_name(host_machine()));
    const auto header = file.at<Elf64_Ehdr>(0);
    if (!header) return truncated("the file header is cut off");
    if ((*ident)[EI_DATA] != ELFDATA2LSB || header->e_machine != host_machine()) {
        const bool little = (*ident)[EI_DATA] == ELFDATA2LSB;
        return refusal("is built for " + (little ? machine_name(header->e_machine) : "a big-endian machine") +
                       ": build it for this machine, " + machine_name(host_machine()));
    }
    if (header->e_type != ET_DYN)
        return refusal("is not a shared library: build it with add_agent_plugin(), or with -shared -fPIC");
    return *header;
}

// The loader maps these; a segment behind the end of the file is a SIGBUS later.
Result<> check_segments(const Bytes& file, const Elf64_Ehdr& header) {
    if (header.e_phnum == 0 || header.e_phentsize != sizeof(Elf64_Phdr))
        return truncated("no usable program header");
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        const auto segment = file.range(header.e_phoff, (i + 1) * sizeof(Elf64_Phdr))
                                 ? file.at<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr))
                                 : std::nullopt;
        if (!segment) return truncated("the program header is cut off");
        if (segment->p_type == PT_LOAD && !file.range(segment->p_offset, segment->p_filesz))
            return truncated("a segment lies behind the end of the file");
    }
    return {};
}

Result<std::vector<Elf64_Shdr>> read_sections(const Bytes& file, const Elf64_Ehdr& header) {
    if (header.e_shoff == 0 || header.e_shentsize != sizeof(Elf64_Shdr))
        return refusal(
            "has no section table, so its manifest cannot be read: strip it with `strip`, not with sstrip");
    std::vector<Elf64_Shdr> sections;
    if (!file.range(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr)))
        return truncated("the section table lies behind the end of the file");
    for (std::uint64_t i = 0; i < header.e_shnum; ++i)
        sections.push_back(*file.at<Elf64_Shdr>(header.e_shoff + i * sizeof(Elf64_Shdr)));
    if (header.e_shstrndx >= sections.size()) return truncated("the section names are missing");
    return sections;
}

Result<std::string_view> contents(const Bytes& file, const Elf64_Shdr& section) {
    if (section.sh_type == SHT_NOBITS) return std::string_view{};
    const auto found = file.range(section.sh_offset, section.sh_size);
    if (!found) return truncated("a section lies behind the end of the file");
    return *found;
}

Result<std::string> read_manifest(const Bytes& file, const std::vector<Elf64_Shdr>& sections,
                                  std::uint16_t names_at) {
    const auto names = contents(file, sections[names_at]);
    if (!names) return names.error();
    for (const Elf64_Shdr& section : sections) {
        const auto name = name_at(*names, section.sh_name);
        if (!name || *name != ".parley") continue;
        const auto text = contents(file, section);
        if (!text) return text.error();
        if (text->size() > max_manifest_bytes)
            return refusal("has a manifest of more than 64 KiB: make it shorter");
        const std::size_t last = text->find_last_not_of('\0');
        const std::string_view trimmed = text->substr(0, last == std::string_view::npos ? 0 : last + 1);
        if (trimmed.find('\0') != std::string_view::npos)
            return refusal(
                "holds more than one manifest: write PARLEY_PLUGIN or PARLEY_MANIFEST in exactly one source");
        return std::string(trimmed);
    }
    return refusal(
        "has no manifest (section .parley): write PARLEY_PLUGIN in C++ or PARLEY_MANIFEST in C, in exactly "
        "one source");
}

// What the linker itself or a sanitizer defines in every library.
bool is_furniture(std::string_view name) {
    for (const std::string_view known : {"_init", "_fini", "_end", "_edata", "__bss_start"})
        if (name == known) return true;
    for (const std::string_view prefix : {"__odr_asan", "__asan", "__lsan", "__tsan", "__ubsan",
                                          "__sanitizer", "__sancov", "__start_", "__stop_"})
        if (name.starts_with(prefix)) return true;
    return false;
}

Result<> read_exports(const Bytes& file, const std::vector<Elf64_Shdr>& sections, SharedObject& out) {
    for (const Elf64_Shdr& section : sections) {
        if (section.sh_type != SHT_DYNSYM) continue;
        if (section.sh_link >= sections.size() || section.sh_entsize != sizeof(Elf64_Sym))
            return truncated("the symbol table is malformed");
        const auto table = contents(file, section);
        const auto names = contents(file, sections[section.sh_link]);
        if (!table) return table.error();
        if (!names) return names.error();
        const Bytes symbols(*table);
        for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= table->size(); at += sizeof(Elf64_Sym)) {
            const Elf64_Sym symbol = *symbols.at<Elf64_Sym>(at);
            const unsigned binding = ELF64_ST_BIND(symbol.st_info);
            const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
            if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS || binding == STB_LOCAL) continue;
            if (visibility != STV_DEFAULT && visibility != STV_PROTECTED) continue;
            const auto name = name_at(*names, symbol.st_name);
            if (!name) return truncated("a symbol has no name");
            if (is_furniture(*name)) continue;
            out.exports.emplace_back(*name);
            if (binding == STB_GNU_UNIQUE) out.unique.emplace_back(*name);
        }
    }
    return {};
}

}  // namespace

Result<SharedObject> read_shared_object(std::string_view bytes) {
    const Bytes file(bytes);
    const auto header = read_header(file);
    if (!header) return header.error();
    if (const auto whole = check_segments(file, *header); !whole) return whole.error();
    const auto sections = read_sections(file, *header);
    if (!sections) return sections.error();

    SharedObject object;
    auto manifest = read_manifest(file, *sections, header->e_shstrndx);
    if (!manifest) return manifest.error();
    object.manifest = std::move(*manifest);
    if (const auto read = read_exports(file, *sections, object); !read) return read.error();
    return object;
}

}  // namespace parley

#include "kit/elf_dynamic.hpp"

#include <cstdint>
#include <cstring>
#include <optional>

#include <elf.h>

namespace parley::kit {
namespace {

template <class T>
std::optional<T> at(std::string_view bytes, std::uint64_t offset) {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

std::string_view part(std::string_view bytes, const Elf64_Shdr& section) {
    if (section.sh_type == SHT_NOBITS || section.sh_offset > bytes.size()) return {};
    return bytes.substr(section.sh_offset, section.sh_size);
}

std::string text_at(std::string_view table, std::uint64_t offset) {
    if (offset >= table.size()) return "";
    const std::string_view rest = table.substr(offset);
    return std::string(rest.substr(0, rest.find('\0')));
}

void read_entries(std::string_view entries, std::string_view names, DynamicFacts& facts) {
    for (std::uint64_t i = 0; const auto entry = at<Elf64_Dyn>(entries, i); i += sizeof(Elf64_Dyn)) {
        const std::uint64_t value = entry->d_un.d_val;
        if (entry->d_tag == DT_NEEDED) facts.needed.push_back(text_at(names, value));
        if (entry->d_tag == DT_RPATH || entry->d_tag == DT_RUNPATH) facts.run_path = text_at(names, value);
        if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (value & DF_TEXTREL) != 0))
            facts.has_text_relocations = true;
        if (entry->d_tag == DT_FLAGS_1 && (value & DF_1_NODELETE) != 0) facts.is_never_unloaded = true;
    }
}

void read_imports(std::string_view symbols, std::string_view names, DynamicFacts& facts) {
    for (std::uint64_t i = 0; const auto symbol = at<Elf64_Sym>(symbols, i); i += sizeof(Elf64_Sym)) {
        if (symbol->st_shndx == SHN_UNDEF && symbol->st_name != 0)
            facts.imports.push_back(text_at(names, symbol->st_name));
    }
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4U];
        text += digits[static_cast<unsigned char>(c) & 0xFU];
    }
    return text;
}

// The name and the content of a note are padded to four bytes each.
void read_note(std::string_view note, DynamicFacts& facts) {
    const auto header = at<Elf64_Nhdr>(note, 0);
    if (!header || header->n_type != NT_GNU_BUILD_ID) return;
    const std::uint64_t begin =
        sizeof(Elf64_Nhdr) + ((std::uint64_t{header->n_namesz} + 3) & ~std::uint64_t{3});
    if (begin > note.size()) return;
    facts.build_id = to_hex(note.substr(begin, header->n_descsz));
}

}  // namespace

DynamicFacts read_dynamic_facts(std::string_view bytes) {
    DynamicFacts facts;
    const auto header = at<Elf64_Ehdr>(bytes, 0);
    if (!header) return facts;
    for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
        const auto segment = at<Elf64_Phdr>(bytes, header->e_phoff + i * sizeof(Elf64_Phdr));
        if (segment && segment->p_type == PT_GNU_STACK && (segment->p_flags & PF_X) != 0)
            facts.has_executable_stack = true;
    }
    const auto section = [&](std::uint64_t index) {
        return at<Elf64_Shdr>(bytes, header->e_shoff + index * sizeof(Elf64_Shdr)).value_or(Elf64_Shdr{});
    };
    for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
        const Elf64_Shdr one = section(i);
        if (one.sh_type == SHT_DYNAMIC)
            read_entries(part(bytes, one), part(bytes, section(one.sh_link)), facts);
        if (one.sh_type == SHT_DYNSYM)
            read_imports(part(bytes, one), part(bytes, section(one.sh_link)), facts);
        if (one.sh_type == SHT_NOTE && facts.build_id.empty()) read_note(part(bytes, one), facts);
    }
    return facts;
}

}  // namespace parley::kit

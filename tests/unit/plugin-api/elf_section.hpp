// Reads one section of a 64-bit ELF file, for tests that look at a manifest without loading the library.
#pragma once

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <elf.h>

namespace parley::testing {

// Without the zero byte at its end; empty when there is no such section.
inline std::string elf_section(const std::string& path, const std::string& name) {
    std::ifstream in(path, std::ios::binary);
    const std::vector<char> file{std::istreambuf_iterator<char>(in), {}};
    if (file.size() < sizeof(Elf64_Ehdr)) return "";
    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof header);
    std::vector<Elf64_Shdr> sections(header.e_shnum);
    std::memcpy(sections.data(), file.data() + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
    const char* names = file.data() + sections.at(header.e_shstrndx).sh_offset;
    for (const Elf64_Shdr& section : sections) {
        if (name == names + section.sh_name)
            return std::string(file.data() + section.sh_offset, section.sh_size).c_str();
    }
    return "";
}

}  // namespace parley::testing

#include "host/plugin_manifest.hpp"

#include <cstring>
#include <fstream>
#include <random>

#include <elf.h>
#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

std::string bytes_of(const std::string& file) {
    auto bytes = read_library(test_plugins() / file);
    EXPECT_TRUE(bytes) << bytes.error().message();
    return *bytes;
}

std::string refusal_of(const std::string& bytes) {
    const auto info = inspect_plugin_bytes("agents/x.so", bytes);
    EXPECT_FALSE(info);
    return info ? "" : info.error().message();
}

template <class T>
std::string patched(std::string bytes, std::size_t offset, T value) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
    return bytes;
}

std::string problem_of(std::string_view manifest) {
    const auto parsed = parse_manifest(manifest);
    return parsed ? "" : parsed.error().message();
}

TEST(PluginManifest, is_read_from_a_library_that_is_not_loaded) {
    const auto info = inspect_plugin(test_plugins() / "probe.so");
    ASSERT_TRUE(info) << info.error().message();
    EXPECT_EQ(info->manifest.id, "probe");
    EXPECT_EQ(info->manifest.version, "1.0.0");
    EXPECT_EQ(info->manifest.summary, "Does as told");
    EXPECT_EQ(info->manifest.required_extensions,
              (std::vector<std::string>{"parley.http/1", "parley.timer/1"}));
    EXPECT_FALSE(info->manifest.is_blocking);
    EXPECT_TRUE(info->warnings.empty());
    std::ifstream maps("/proc/self/maps");
    const std::string all((std::istreambuf_iterator<char>(maps)), {});
    EXPECT_EQ(all.find("probe.so"), std::string::npos);
}

TEST(PluginManifest, knows_features_and_concurrency) {
    const auto info = inspect_plugin(test_plugins() / "variants/probe-blocking.so");
    ASSERT_TRUE(info) << info.error().message();
    EXPECT_TRUE(info->manifest.is_blocking);
    EXPECT_TRUE(info->manifest.conversation_parallel);
}

TEST(PluginManifest, knows_what_an_agent_asks_for) {
    const auto manifest =
        parse_manifest(R"({"id":"x","version":"1","abi":[1,0],"events":["reaction","system"]})");
    ASSERT_TRUE(manifest) << manifest.error().message();
    EXPECT_EQ(manifest->events, (std::vector<std::string>{"reaction", "system"}));
    EXPECT_FALSE(parse_manifest(R"({"id":"x","version":"1","abi":[1,0],"events":"reaction"})"));
}

TEST(PluginManifest, may_ask_for_events_by_the_deployments_settings) {
    const auto manifest =
        parse_manifest(R"({"id":"x","version":"1","abi":[1,0],"events":["edit"],"events_when":[)"
                       R"({"config":{"format":"whatsapp"},"events":["reaction"]},)"
                       R"({"config":{"format":"whatsapp","statuses":true},"events":["status"]}]})");
    ASSERT_TRUE(manifest) << manifest.error().message();
    using Words = std::vector<std::string>;
    EXPECT_EQ(events_for(*manifest, "{}"), (Words{"edit"}));
    EXPECT_EQ(events_for(*manifest, R"({"format":"bsp","statuses":true})"), (Words{"edit"}));
    EXPECT_EQ(events_for(*manifest, R"({"format":"whatsapp"})"), (Words{"edit", "reaction"}));
    EXPECT_EQ(events_for(*manifest, R"({"format":"whatsapp","statuses":false})"),
              (Words{"edit", "reaction"}));
    EXPECT_EQ(events_for(*manifest, R"({"format":"whatsapp","statuses":true,"url":"x"})"),
              (Words{"edit", "reaction", "status"}));
    for (const char* wrong :
         {R"({})", R"([1])", R"([{"events":["edit"]}])", R"([{"config":{},"events":"edit"}])"})
        EXPECT_FALSE(parse_manifest(R"({"id":"x","version":"1","abi":[1,0],"events_when":)" +
                                    std::string(wrong) + "}"));
}

TEST(PluginManifest, warns_of_events_that_this_host_does_not_have) {
    const auto info = inspect_plugin(test_plugins() / "sinners/odd-events.so");
    ASSERT_TRUE(info) << info.error().message();
    ASSERT_EQ(info->warnings.size(), 2U);
    EXPECT_TRUE(info->warnings[0].starts_with("asks for the event status.vanished, which this host"));
    EXPECT_TRUE(info->warnings[1].starts_with("asks for the event field., which this host"));
}

TEST(PluginManifest, refuses_files_that_are_no_library_of_this_machine) {
    const std::string good = bytes_of("plain.so");
    EXPECT_EQ(refusal_of(""), "agents/x.so: is empty: copy or build the library again");
    EXPECT_EQ(refusal_of("#!/bin/sh\necho no plugin\n"),
              "agents/x.so: is not a shared library (no ELF header): name the .so file that the agent's "
              "build made");
    EXPECT_EQ(refusal_of(patched(good, EI_CLASS, static_cast<char>(ELFCLASS32))),
              "agents/x.so: is not a 64-bit library: build it for this machine, x86-64");
    EXPECT_EQ(refusal_of(patched(good, offsetof(Elf64_Ehdr, e_machine), std::uint16_t{EM_AARCH64})),
              "agents/x.so: is built for aarch64: build it for this machine, x86-64");
    EXPECT_EQ(
        refusal_of(patched(good, offsetof(Elf64_Ehdr, e_type), std::uint16_t{ET_EXEC})),
        "agents/x.so: is not a shared library: build it with add_agent_plugin(), or with -shared -fPIC");
    EXPECT_EQ(refusal_of(patched(good, offsetof(Elf64_Ehdr, e_shoff), std::uint64_t{0})),
              "agents/x.so: has no section table, so its manifest cannot be read: strip it with `strip`, not "
              "with sstrip");
}

TEST(PluginManifest, refuses_a_library_cut_off_anywhere) {
    const std::string good = bytes_of("plain.so");
    for (std::size_t size = 4; size < good.size(); size += 1 + size / 50) {
        const std::string sentence = refusal_of(good.substr(0, size));
        EXPECT_TRUE(sentence.starts_with("agents/x.so: is truncated or damaged ("))
            << size << ": " << sentence;
    }
    EXPECT_EQ(refusal_of(good.substr(0, good.size() - 1)),
              "agents/x.so: is truncated or damaged (the section table lies behind the end of the file): "
              "copy or build "
              "the library again");
}

TEST(PluginManifest, survives_any_damage_to_a_library) {
    const std::string good = bytes_of("plain.so");
    std::mt19937 random(20'26);  // fixed: a failure must come back
    int refused = 0;
    for (int round = 0; round < 4'000; ++round) {
        std::string bytes = good;
        const std::size_t header_or_anywhere = round % 2 == 0 ? 4096 : bytes.size();
        for (unsigned i = 0; i < 1 + random() % 16; ++i)
            bytes[random() % std::min(header_or_anywhere, bytes.size())] = static_cast<char>(random());
        if (round % 4 == 1) {  // the section table, where offsets and sizes are
            const std::size_t table = std::min<std::size_t>(bytes.size(), 2048);
            for (int i = 0; i < 8; ++i)
                bytes[bytes.size() - 1 - random() % table] = static_cast<char>(random());
        }
        if (round % 5 == 0) bytes.resize(random() % bytes.size());
        const auto info = inspect_plugin_bytes("x.so", bytes);
        if (!info) ++refused;
        if (!info) {
            EXPECT_TRUE(info.error().message().starts_with("x.so: "));
        }
    }
    EXPECT_GT(refused, 1'000);
}

TEST(PluginManifest, survives_bytes_that_only_begin_like_a_library) {
    std::mt19937 random(7);
    for (int round = 0; round < 1'000; ++round) {
        std::string bytes(random() % 3'000, '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        const std::string start = bytes_of("plain.so").substr(0, round % 65);
        bytes.replace(0, std::min(start.size(), bytes.size()), start.substr(0, bytes.size()));
        EXPECT_FALSE(inspect_plugin_bytes("x.so", bytes));
    }
}

TEST(PluginManifest, refuses_libraries_without_a_usable_manifest) {
    EXPECT_EQ(refusal_of(bytes_of("sinners/no-manifest.so")),
              "agents/x.so: has no manifest (section .parley): write PARLEY_PLUGIN in C++ or PARLEY_MANIFEST "
              "in C, in "
              "exactly one source");
    EXPECT_EQ(refusal_of(bytes_of("sinners/two-manifests.so")),
              "agents/x.so: holds more than one manifest: write PARLEY_PLUGIN or PARLEY_MANIFEST in exactly "
              "one source");
    EXPECT_EQ(refusal_of(bytes_of("sinners/not-json.so")), "agents/x.so: manifest: is not JSON");
}

TEST(PluginManifest, refuses_what_this_host_cannot_run) {
    EXPECT_EQ(refusal_of(bytes_of("sinners/wrong-major.so")),
              "agents/x.so: is built for plugin contract 2.0, this host speaks 1.0: build it with this "
              "host's plugin.h");
    const std::string unknown = refusal_of(bytes_of("sinners/needs-unknown.so"));
    EXPECT_TRUE(
        unknown.starts_with("agents/x.so: requires the extension parley.teleport/1, which this host does "
                            "not have (it has parley.http/1, "))
        << unknown;
    EXPECT_TRUE(unknown.ends_with("): use a newer host, or list it under `optional`")) << unknown;
}

TEST(PluginManifest, allows_exactly_one_export) {
    EXPECT_EQ(refusal_of(bytes_of("sinners/no-entry.so")),
              "agents/x.so: does not export parley_plugin_v1: write PARLEY_PLUGIN in C++, or define `const "
              "parley_plugin "
              "parley_plugin_v1` in C");
    EXPECT_EQ(refusal_of(bytes_of("sinners/more-exports.so")),
              "agents/x.so: exports more than parley_plugin_v1: sinner_helper; build it with "
              "add_agent_plugin(), or with "
              "-fvisibility=hidden and a version script");
}

TEST(PluginManifest, warns_of_symbols_that_pin_a_library) {
    std::string bytes = bytes_of("plain.so");
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        Elf64_Shdr section;
        std::memcpy(&section, bytes.data() + header.e_shoff + i * sizeof section, sizeof section);
        if (section.sh_type != SHT_DYNSYM) continue;
        for (std::size_t at = section.sh_offset; at < section.sh_offset + section.sh_size;
             at += sizeof(Elf64_Sym)) {
            Elf64_Sym symbol;
            std::memcpy(&symbol, bytes.data() + at, sizeof symbol);
            if (symbol.st_shndx == SHN_UNDEF) continue;
            symbol.st_info = ELF64_ST_INFO(STB_GNU_UNIQUE, STT_OBJECT);
            std::memcpy(bytes.data() + at, &symbol, sizeof symbol);
        }
    }
    const auto info = inspect_plugin_bytes("x.so", bytes);
    ASSERT_TRUE(info) << info.error().message();
    ASSERT_EQ(info->warnings.size(), 1U);
    EXPECT_NE(info->warnings[0].find("STB_GNU_UNIQUE symbols, which keep it in memory"), std::string::npos);
}

TEST(PluginManifest, names_the_member_that_is_wrong) {
    const std::string id =
        "manifest: id must be 1 to 128 letters, digits, '.', '_' or '-', for example com.example.hello";
    EXPECT_EQ(problem_of("[]"), "manifest: must be a JSON object");
    EXPECT_EQ(problem_of("{}"), id);
    EXPECT_EQ(problem_of(R"({"id":"../../etc/x","version":"1","abi":[1,0]})"), id);
    EXPECT_EQ(problem_of(R"({"id":7})"), "manifest: id must be a string");
    EXPECT_EQ(problem_of(R"({"id":"a","abi":[1,0]})"), "manifest: version must be a text such as \"1.0.0\"");
    for (const char* abi : {"1", "[1]", "[1,-1]", "[1,70000]", "[1.0,0]", "null"})
        EXPECT_EQ(problem_of(std::string(R"({"id":"a","version":"1","abi":)") + abi + "}"),
                  "manifest: abi must be [major, minor], for example [1, 0]");
    const auto with = [](const char* member) {
        return problem_of(std::string(R"({"id":"a","version":"1","abi":[1,0],)") + member + "}");
    };
    EXPECT_EQ(with(R"("requires":"parley.http/1")"),
              "manifest: requires must be a list of at most 64 strings");
    EXPECT_EQ(with(R"("features":[1])"), "manifest: features must be a list of at most 64 strings");
    EXPECT_EQ(with(R"("concurrency":"all")"),
              "manifest: concurrency must be \"instance\" or \"conversation\"");
    EXPECT_EQ(with(R"("keep_loaded":1)"), "manifest: keep_loaded must be true or false");
    EXPECT_EQ(with(R"("state_schema":-1)"), "manifest: state_schema must be a whole number from 0");
    EXPECT_EQ(with(R"("config_schema":true)"), "manifest: config_schema must be a JSON Schema object");
    EXPECT_EQ(with(R"("something_new":{"of":"later"})"), "");
}

TEST(PluginManifest, takes_a_newer_minor_whose_needs_are_met) {
    auto manifest = parse_manifest(R"({"id":"a","version":"1","abi":[1,9],"requires":["parley.timer/1"]})");
    ASSERT_TRUE(manifest);
    EXPECT_TRUE(check_compatible(*manifest));
}

TEST(PluginManifest, says_that_a_file_is_missing_or_a_folder) {
    EXPECT_EQ(inspect_plugin("/nowhere/a.so").error(),
              Error(Errc::not_found, "/nowhere/a.so: there is no such file"));
    EXPECT_EQ(inspect_plugin("/tmp").error().message(), "/tmp: is not a file");
}

}  // namespace
}  // namespace parley

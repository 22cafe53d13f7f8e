#include "app/config_documents.hpp"

#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/config_table.hpp"
#include "unit/app/config_case.hpp"

namespace parley {
namespace {

using namespace test;

std::string committed(const std::string& path) {
    std::ifstream stream(std::string(PARLEY_SOURCE_DIR) + "/" + path, std::ios::binary);
    EXPECT_TRUE(stream.good()) << path;
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(ConfigDocuments, the_committed_reference_is_what_the_table_says) {
    EXPECT_EQ(committed("config/reference.yaml"), reference_yaml())
        << "parley check --reference > config/reference.yaml";
}

TEST(ConfigDocuments, the_committed_schema_is_what_the_table_says) {
    EXPECT_EQ(committed("config/parley.schema.json"), json_schema())
        << "parley check --schema > config/parley.schema.json";
}

TEST(ConfigDocuments, the_manual_has_the_table) {
    const std::string manual = committed("docs/configuration.md");
    EXPECT_NE(manual.find("-->\n" + keys_markdown() + "<!-- end of keys -->"), std::string::npos)
        << "parley check --keys";
}

TEST(ConfigDocuments, the_reference_loads_and_every_value_is_the_default) {
    LoadReport report = load_config("reference.yaml", reference_yaml(), environment(), now());
    ASSERT_EQ(errors_of(report), "");
    EXPECT_TRUE(report.warnings.empty());
    ASSERT_EQ(report.config.deployments.size(), 1U);
    Target loaded{report.config, nullptr, &report.config.deployments[0]};
    Config config;
    DeploymentConfig deployment;
    Target fresh{config, nullptr, &deployment};
    for (const Key& key : config_keys()) {
        if (key.is_required || key.in_reference || key.slot == nullptr ||
            key.path.starts_with("whatsapp.apps."))
            continue;
        if (key.path == "deployments.*.app") continue;  // settled by the loader
        EXPECT_EQ(value_text(key, loaded), value_text(key, fresh)) << key.path;
    }
}

TEST(ConfigDocuments, the_reference_names_every_key) {
    const std::string reference = reference_yaml();
    for (const Key& key : config_keys()) {
        EXPECT_NE(reference.find(" " + std::string(last_part(key.path)) + ": "), std::string::npos)
            << key.path;
    }
}

TEST(ConfigDocuments, every_key_is_described_once_in_a_sentence) {
    std::set<std::string_view> paths;
    for (const Key& key : config_keys()) {
        EXPECT_TRUE(paths.insert(key.path).second) << key.path;
        EXPECT_TRUE(key.help.ends_with('.')) << key.path;
        EXPECT_FALSE(key.example.empty()) << key.path;
        EXPECT_EQ(key.slot == nullptr, key.type == KeyType::later) << key.path;
        EXPECT_EQ(key.type == KeyType::choice || key.type == KeyType::choices, !key.choices.empty())
            << key.path;
    }
}

TEST(ConfigDocuments, an_example_of_every_supported_key_is_a_value_it_accepts) {
    for (const Key& key : config_keys()) {
        if (key.type == KeyType::later || !key.path.starts_with("deployments.*.") || key.is_required)
            continue;
        if (key.path == "deployments.*.app") continue;
        std::string lines = "    ";
        std::string_view rest = key.path.substr(14);
        while (rest.find('.') != std::string_view::npos) {
            lines += std::string(rest.substr(0, rest.find('.'))) + ": { ";
            rest.remove_prefix(rest.find('.') + 1);
        }
        const bool is_nested = lines.ends_with("{ ");
        lines += std::string(rest) + ": " + std::string(key.example) + (is_nested ? " }\n" : "\n");
        Environment variables = environment();
        variables["SUPPORT_APP_SECRET"] = variables["CRM_TOKEN"] = variables["BOT_TOKEN"] = "planted-x";
        EXPECT_EQ(errors_of(load_config("t.yaml", with_deployment(lines), variables, now())), "") << lines;
    }
}

TEST(ConfigDocuments, the_schema_describes_every_key_and_refuses_others) {
    const auto schema = nlohmann::json::parse(json_schema());
    for (const Key& key : config_keys()) {
        const nlohmann::json* at = &schema;
        std::string_view rest = key.path;
        while (!rest.empty()) {
            const std::string part(rest.substr(0, rest.find('.')));
            rest.remove_prefix(std::min(rest.size(), part.size() + 1));
            if (at->contains("anyOf")) at = &at->at("anyOf").back();
            ASSERT_TRUE(at->contains("additionalProperties")) << key.path;
            at = part == "*" ? &at->at("additionalProperties") : &at->at("properties").at(part);
        }
        EXPECT_TRUE(at->contains("description")) << key.path;
    }
    EXPECT_EQ(schema.at("additionalProperties"), false);
}

TEST(ConfigDocuments, the_shipped_configurations_have_no_mistakes) {
    for (const char* file : {"demo", "jupiter-edge-plus", "bsp"}) {
        const std::string path = "config/" + std::string(file) + ".yaml";
        const auto report = load_config(path, committed(path), environment(), now());
        EXPECT_EQ(errors_of(report), "");
        EXPECT_TRUE(report.warnings.empty()) << path << to_text(report.warnings.front());
        EXPECT_EQ(report.config.deployments.size(), 1U);
    }
    EXPECT_EQ(errors_of(load_config("config/demo.yaml", committed("config/demo.yaml"), {}, now())), "");
}

TEST(ConfigDocuments, the_env_example_names_what_the_shipped_configurations_read) {
    const std::string example = committed("config/.env.example");
    for (const char* file : {"jupiter-edge-plus", "bsp"}) {
        const std::string text = committed("config/" + std::string(file) + ".yaml");
        for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at + 1)) {
            const std::string name = text.substr(at + 2, text.find_first_of(":}", at) - at - 2);
            EXPECT_NE(example.find(name + "="), std::string::npos) << name;
        }
    }
}

}  // namespace
}  // namespace parley

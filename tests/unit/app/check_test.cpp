#include "app/commands/check.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_clock.hpp"
#include "fakes/temp_folder.hpp"
#include "unit/app/config_case.hpp"

namespace parley {
namespace {

using namespace test;

Result<AgentSummary> inspect(const AgentQuery& query) {
    if (query.agent == "nobody") return Error{Errc::not_found, "there is no agent \"nobody\""};
    AgentSummary summary{query.agent, "1.2.3", "1.0", query.search_path.at(0) / (query.agent + ".so"), {}};
    if (query.agent == "picky")
        summary.mistakes.push_back({"/facts", "there is no file missing.yaml", "create it"});
    if (query.agent == "picky") summary.mistakes.push_back({"/not/written", "is required", "add it"});
    return summary;
}

struct Ran {
    ExitCode code;
    std::string out, err;
};

Ran run(const CheckArguments& arguments, unsigned columns = 80) {
    std::ostringstream out, err;
    CommandContext context{out, err, environment(), "/opt/parley/bin/parley", columns, false};
    const FakeClock clock;
    const ExitCode code = run_check(arguments, context, inspect, clock);
    return {code, out.str(), err.str()};
}

std::string read(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string without_folder(std::string text, const std::filesystem::path& folder) {
    const std::string prefix = folder.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
        text.erase(at, prefix.size());
    return text;
}

std::filesystem::path data() {
    return std::filesystem::path(PARLEY_SOURCE_DIR) / "tests/data/config";
}

std::vector<std::string> cases() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(data())) {
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

// Every tests/data/config/NAME.yaml; what check prints of it is NAME.txt.
class CheckedFile : public testing::TestWithParam<std::string> {};

TEST_P(CheckedFile, is_described_as_expected_and_shows_no_secret) {
    const Ran ran = run({.config = data() / (GetParam() + ".yaml")});
    EXPECT_EQ(without_folder(ran.err + ran.out, data()), read(data() / (GetParam() + ".txt")));
    EXPECT_EQ(ran.code,
              ran.err.find("nothing was started") != std::string::npos ? ExitCode::usage : ExitCode::done);
    const Ran json = run({.config = data() / (GetParam() + ".yaml"), .as_json = true});
    for (const std::string& text : {ran.out, ran.err, json.out, json.err}) {
        EXPECT_EQ(text.find(planted), std::string::npos) << text;
        EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    }
}

INSTANTIATE_TEST_SUITE_P(All, CheckedFile, testing::ValuesIn(cases()), [](const auto& one) {
    std::string name = one.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

TEST(Check, names_all_ten_of_ten_mistakes_with_line_and_column) {
    const Ran ran = run({.config = data() / "ten-mistakes.yaml", .as_json = true});
    EXPECT_EQ(ran.code, ExitCode::usage);
    const auto json = nlohmann::json::parse(ran.out);
    EXPECT_FALSE(json.at("valid").get<bool>());
    ASSERT_EQ(json.at("errors").size(), 10U);
    for (const auto& error : json.at("errors")) {
        EXPECT_GT(error.at("line"), 0);
        EXPECT_GT(error.at("column"), 0);
        EXPECT_NE(error.at("instead"), "");
    }
}

TEST(Check, prints_the_deployments_as_a_table) {
    fakes::TempFolder folder;
    std::ofstream(folder.path() / "c.yaml") << with_deployment("    default: true\n");
    const Ran ran = run({.config = folder.path() / "c.yaml"});
    EXPECT_EQ(ran.code, ExitCode::done);
    EXPECT_EQ(ran.err, "");
    EXPECT_EQ(without_folder(ran.out, folder.path()),
              "DEPLOYMENT  NUMBER ID  AGENT  VERSION  ABI\n"
              "a           1          echo   1.2.3    1.0\n"
              "\n"
              "c.yaml: 1 deployment, no mistakes. Default: a.\n");
}

// What the demo's table needs: an agent's whole id on a terminal of the usual width.
TEST(Check, cuts_no_usual_name_at_80_columns) {
    fakes::TempFolder folder;
    std::ofstream(folder.path() / "c.yaml") << "whatsapp:\n"
                                               "  app_secret: ${WHATSAPP_APP_SECRET}\n"
                                               "  verify_token: ${WHATSAPP_VERIFY_TOKEN}\n"
                                               "deployments:\n"
                                               "  jupiter-edge:\n"
                                               "    phone_number_id: 100000000000001\n"
                                               "    access_token: ${TOKEN}\n"
                                               "    agent: dev.parley.credit-card-agent\n"
                                               "    default: true\n";
    std::ostringstream out, err;
    CommandContext context{out, err, environment(), "/opt/parley/bin/parley", 80, true};
    run_check({.config = folder.path() / "c.yaml"}, context, inspect, FakeClock{});
    EXPECT_NE(out.str().find("jupiter-edge  100000000000001  dev.parley.credit-card-agent  1.2.3    1.0\n"),
              std::string::npos)
        << out.str() << err.str();
}

TEST(Check, prints_what_is_made_from_the_table_of_keys) {
    EXPECT_TRUE(nlohmann::json::accept(run({.print_schema = true}).out));
    EXPECT_NE(run({.print_reference = true}).out.find("listen: 127.0.0.1:8000"), std::string::npos);
    EXPECT_NE(run({.print_keys = true}).out.find("| `server.listen` |"), std::string::npos);
}

TEST(Check, wants_a_configuration) {
    const Ran ran = run({});
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_NE(ran.err.find("--config"), std::string::npos);
    EXPECT_EQ(run({.config = "/no/such/file.yaml"}).code, ExitCode::usage);
}

Ran run_line(std::vector<const char*> words) {
    std::ostringstream out, err;
    CommandContext context{out, err, environment(), "/opt/parley/bin/parley", 80, false};
    const FakeClock clock;
    CLI::App parley{"parley"};
    const Command commands[] = {add_check(parley, inspect, clock)};
    words.insert(words.begin(), "parley");
    const ExitCode code =
        run_commands(parley, commands, static_cast<int>(words.size()), words.data(), context);
    return {code, out.str(), err.str()};
}

TEST(Check, is_a_command_with_help_and_an_example) {
    const std::string file = (data() / "ten-mistakes.yaml").string();
    EXPECT_EQ(run_line({"check", "--config", file.c_str()}).code, ExitCode::usage);
    EXPECT_EQ(run_line({"check", "--schema"}).code, ExitCode::done);
    const Ran help = run_line({"check", "--help"});
    EXPECT_EQ(help.code, ExitCode::done);
    EXPECT_NE(help.out.find("Example:\n"), std::string::npos);
    EXPECT_EQ(run_line({}).code, ExitCode::usage);
    EXPECT_EQ(run_line({"chek"}).code, ExitCode::usage);
    EXPECT_EQ(run_line({"check", "--confg", "x"}).code, ExitCode::usage);
}

}  // namespace
}  // namespace parley

// `parley doctor` as a person runs it: beside an engine, with the simulator as Meta, well and with one thing broken at a time.
#include "served.hpp"

namespace parley::scenario {
namespace {

struct Ran {
    int code = -1;
    std::string out;
    std::string err;
};

class Doctor : public Served {
  protected:
    Ran run(std::vector<std::string> more = {}) {
        std::vector<std::string> words{parley_program, "doctor", "--config", config().string()};
        words.insert(words.end(), more.begin(), more.end());
        const std::string name = "run" + std::to_string(++runs_);
        const Process::Streams streams{"/dev/null", folder_.path() / (name + ".out"),
                                       folder_.path() / (name + ".err")};
        Process command(std::move(words), streams);
        const End end = command.wait();
        Ran ran{end.code, text_of(streams.out), text_of(streams.err)};
        for (const std::string& word : {secret, std::string("scenario-token"), std::string("scenario-key")})
            EXPECT_EQ((ran.out + ran.err).find(word), std::string::npos) << word << " is shown:\n" << ran.out;
        EXPECT_EQ(ran.out.find('\x1b'), std::string::npos) << "a pipe gets no colours";
        return ran;
    }
    // What stands in .env, which may differ from what the engine began with.
    void write_env(const std::string& app_secret, const std::string& token) {
        std::ofstream(folder_.path() / ".env")
            << "SECRET=" << app_secret << "\nTOKEN=" << token << "\nKEY=scenario-key\n";
    }
    void start_all() {
        start_graph();
        write_config();
        std::filesystem::permissions(folder_.path() / ".env", std::filesystem::perms::owner_read |
                                                                  std::filesystem::perms::owner_write);
        serve();
    }
    std::uint64_t stored() { return get_json("/api/status").at("stored").at("messages"); }
    void tell_graph(const std::string& method, const std::string& path, const std::string& token,
                    const std::string& body = "") {
        HttpCall call;
        call.method = method;
        call.url = "http://" + graph_.address() + "/v25.0/" + path;
        call.headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
        call.body = body;
        const HttpOutcome outcome = ask(std::move(call));
        ASSERT_TRUE(outcome.reply);
        EXPECT_EQ(outcome.reply->status, 200) << outcome.reply->body;
    }
    static bool has(const std::string& text, const std::string& words) {
        return text.find(words) != std::string::npos;
    }

    int runs_ = 0;
};

TEST_F(Doctor, finds_everything_well_and_changes_nothing) {
    start_all();
    const Ran ran = run();
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    EXPECT_EQ(ran.err, "");
    for (const std::string& words :
         {"file          " + config().string() + ": 1 deployment, no mistakes",
          std::string("none open to everybody"), std::string("writable for user"), std::string(" GiB free"),
          ", whole, in use by process " + std::to_string(process->pid()),
          std::string("agent         shop: echo "), std::string("starts with its settings"),
          door() + ": runs, version ", std::string("deployment    shop: runs"),
          std::string("clock         agrees with Meta's"),
          std::string("token         shop: valid, without an end"), std::string("number        shop: "),
          std::string("CONNECTED, quality GREEN"),
          std::string("shop: the app gets the webhooks of account 2"),
          "app           default: Meta posts messages to " + door() + "/webhook",
          door() + "/webhook: takes the verify token and gives the challenge back",
          door() + "/webhook: a signed webhook is taken, a forged one refused"})
        EXPECT_TRUE(has(ran.out, words)) << words << "\n" << ran.out;
    EXPECT_FALSE(has(ran.out, "FAIL")) << ran.out;
    EXPECT_EQ(stored(), 0U) << "what it posts holds nothing";
    EXPECT_EQ(accepted(), 0U);
    EXPECT_EQ(get_json("/api/webhook-logs?outcome=refused").at("data").size(), 1U) << "the forged one";

    const Ran json = run({"--json"});
    EXPECT_EQ(json.code, 0);
    const sim::Json report = sim::Json::parse(json.out, nullptr, false);
    EXPECT_EQ(report.value("fail", 99), 0) << json.out;
    std::vector<std::string> sections;
    for (const sim::Json& one : report.at("checks"))
        if (sections.empty() || sections.back() != one.at("section")) sections.push_back(one.at("section"));
    EXPECT_EQ(sections,
              (std::vector<std::string>{"configuration", "machine", "agents", "engine", "meta", "webhook"}));
}

TEST_F(Doctor, tells_secrets_that_the_running_engine_does_not_have) {
    start_all();
    const std::string text = config_text();
    std::ofstream(config()) << std::string(text).replace(text.find("verify_token: ${TOKEN}"), 22,
                                                         "verify_token: ${OTHER:-another-word}");
    const Ran token = run();
    EXPECT_EQ(token.code, 1);
    EXPECT_TRUE(has(token.out, "FAIL  verification  " + door() + "/webhook: refuses the verify token"))
        << token.out;
    EXPECT_FALSE(has(token.out, "another-word"));
    std::ofstream(config()) << text;
    write_env("rotated-app-secret", "scenario-token");
    const Ran rotated = run();
    EXPECT_EQ(rotated.code, 1);
    EXPECT_TRUE(has(rotated.out, "refuses what is signed with the secret of app default")) << rotated.out;
    EXPECT_TRUE(has(rotated.out, "FAIL  app           default: Meta does not take its secret"))
        << rotated.out;
    EXPECT_FALSE(has(rotated.out, "rotated-app-secret"));
}

TEST_F(Doctor, tells_a_token_that_has_expired) {
    start_all();
    graph->cloud().change_behaviour({{"token_expired", true}});
    const Ran ran = run();
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(has(ran.out, "FAIL  token         shop: ")) << ran.out;
    EXPECT_TRUE(has(ran.out, "token of a system user")) << "the remedy: " << ran.out;
}

TEST_F(Doctor, tells_subscriptions_that_are_missing) {
    start_all();
    tell_graph("DELETE", "2/subscribed_apps", "scenario-token");
    tell_graph("DELETE", "600000000000001/subscriptions", "600000000000001|" + secret,
               R"({"object":"whatsapp_business_account"})");
    const Ran ran = run();
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(has(ran.out, "is not subscribed to account 2: no message arrives")) << ran.out;
    EXPECT_TRUE(has(ran.out, "FAIL  app           default: the app has no WhatsApp webhook")) << ran.out;
}

TEST_F(Doctor, tells_an_engine_that_is_down_and_where_meta_posts_to_nobody) {
    start_graph();
    write_config();
    const Ran ran = run();
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(has(ran.out, "FAIL  engine        " + door() + ": no engine answers")) << ran.out;
    EXPECT_TRUE(has(ran.out, "FAIL  verification  " + door() + "/webhook: does not answer")) << ran.out;
    EXPECT_TRUE(has(ran.out, "ok    number        shop: ")) << ran.out;
    const Ran offline = run({"--offline"});
    EXPECT_EQ(offline.code, 0) << offline.out;
    EXPECT_TRUE(has(offline.out, "not asked for: --offline"));
}

TEST_F(Doctor, tells_a_meta_that_is_not_reached_within_its_time) {
    graph = nullptr;
    write_config();
    const Ran ran = run();
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(has(ran.out, "FAIL  graph         http://" + graph_.address() + ": does not answer"))
        << ran.out;
}

TEST_F(Doctor, tells_a_folder_that_the_engine_cannot_have) {
    std::ofstream(folder_.path() / "taken") << "a file";
    store_folder = folder_.path() / "taken";
    write_config();
    const Ran ran = run({"--offline"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(has(ran.out, "FAIL  store         ")) << ran.out;
    EXPECT_TRUE(has(ran.out, "taken is no folder")) << ran.out;
}

TEST_F(Doctor, looks_at_one_deployment_of_several) {
    deployments = deployment("shop", "111", "{}") + deployment("clinic", "999", "{}");
    start_graph();
    write_config();
    serve();
    EXPECT_EQ(run({"--deployment", "shop"}).code, 0);
    const Ran clinic = run({"--deployment", "clinic"});
    EXPECT_EQ(clinic.code, 1);
    EXPECT_TRUE(has(clinic.out, "FAIL  number        clinic: ")) << clinic.out;
    EXPECT_FALSE(has(clinic.out, "number        shop"));
    const Ran nobody = run({"--deployment", "nobody"});
    EXPECT_EQ(nobody.code, 2);
    EXPECT_EQ(nobody.err, "parley doctor: no deployment is named \"nobody\"; there are: shop clinic\n");
}

TEST_F(Doctor, explains_itself) {
    const Ran help = run({"--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_TRUE(has(help.out, "Example:\n  parley doctor --config")) << help.out;
    EXPECT_EQ(run({"--oflline"}).code, 2);
}

TEST_F(Doctor, refuses_a_file_that_is_not_there_and_describes_one_with_mistakes) {
    const Ran missing = run();
    EXPECT_EQ(missing.code, 2);
    EXPECT_TRUE(has(missing.err, "there is no such file")) << missing.err;
    std::ofstream(config()) << "serfer: {}\n";
    const Ran wrong = run();
    EXPECT_EQ(wrong.code, 1);
    EXPECT_TRUE(has(wrong.out, "serfer: unknown key. Did you mean \"server\"?")) << wrong.out;
    EXPECT_TRUE(has(wrong.out, "nothing else was looked at"));
}

}  // namespace
}  // namespace parley::scenario

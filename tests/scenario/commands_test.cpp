// The commands as a person runs them: what they print, where, and with which code they end.
#include "served.hpp"

namespace parley::scenario {
namespace {

struct Ran {
    int code = -1;
    std::string out;
    std::string err;
};

class Commands : public Served {
  protected:
    // Runs `parley` with these words to its end, in the test's folder.
    Ran run(std::vector<std::string> words, const std::string& input = "") {
        words.insert(words.begin(), parley_program);
        const std::string name = "run" + std::to_string(++runs_);
        const Process::Streams streams = file_streams(name);
        std::ofstream(streams.in) << input;
        Process command(std::move(words), streams, {"API_KEY="}, folder_.path());
        const End end = command.wait();
        return {end.code, text_of(streams.out), text_of(streams.err)};
    }
    Process::Streams file_streams(const std::string& name) const {
        const auto file = [&](const char* ending) { return folder_.path() / (name + ending); };
        return {file(".in"), file(".out"), file(".err")};
    }
    // shop.yaml: a deployment of the credit-card agent with these lines under `config`.
    void write_card_shop(const std::string& config) {
        std::ofstream(folder_.path() / "shop.yaml")
            << R"(whatsapp: { app_secret: "${S:-s}", verify_token: "${V:-v}" }
deployments:
  shop:
    phone_number_id: "111"
    access_token: ${T:-t}
    agent: credit-card-agent
    config:
)" << config;
    }
    static bool has(const std::string& text, const std::string& words) {
        return text.find(words) != std::string::npos;
    }
    std::uint16_t two_free_ports() {
        for (int tries = 0; tries < 100; ++tries) {
            const FreePort first;
            const auto port = static_cast<std::uint16_t>(std::stoi(first.address().substr(10)));
            if (is_free(static_cast<std::uint16_t>(port + 1))) return port;
        }
        return 0;
    }
    static bool is_free(std::uint16_t port) {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(socket);
        return bound;
    }

    int runs_ = 0;
};

TEST_F(Commands, check_names_each_of_ten_mistakes_at_its_place) {
    const std::filesystem::path data = PARLEY_SOURCE_DIR "/tests/data/config";
    std::filesystem::copy_file(data / "ten-mistakes.yaml", folder_.path() / "ten-mistakes.yaml");
    std::ofstream(folder_.path() / ".env")
        << "WHATSAPP_APP_SECRET=s\nWHATSAPP_VERIFY_TOKEN=v\nSUPPORT_TOKEN=t\n";
    const Ran ran = run({"check", "--config", "ten-mistakes.yaml"});
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, text_of(data / "ten-mistakes.txt"));
}

TEST_F(Commands, check_shows_a_good_configuration_and_no_secret) {
    write_config();
    const Ran ran = run({"check", "--config", "parley.yaml"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    for (const char* word : {"shop", "111", "echo", "1 deployment, no mistakes"})
        EXPECT_TRUE(has(ran.out, word)) << ran.out;
    EXPECT_FALSE(has(ran.out + ran.err, secret));
    EXPECT_FALSE(has(ran.out + ran.err, "scenario-token"));
}

TEST_F(Commands, check_holds_settings_against_the_schema_of_the_agent) {
    write_card_shop(R"(      plain_text: 7
      llm: { ulr: https://example.com, model: m }
)");
    const Ran ran = run({"check", "--config", "shop.yaml"});
    EXPECT_EQ(ran.code, 2);
    for (const char* words :
         {"shop.yaml:8:7: deployments.shop.config.facts: is missing",
          "shop.yaml:8:19: deployments.shop.config.plain_text: expected true or false, found a whole number",
          "shop.yaml:9:19: deployments.shop.config.llm.ulr: this agent has no such setting\n  did you mean "
          "\"url\"?",
          "shop.yaml:9:12: deployments.shop.config.llm.url: is missing"})
        EXPECT_TRUE(has(ran.err, words)) << words << "\n" << ran.err;
}

TEST_F(Commands, check_asks_the_agent_whether_its_wording_is_whole) {
    const std::filesystem::path wording = folder_.path() / "wording";
    std::filesystem::copy(PARLEY_SOURCE_DIR "/plugins/credit-card-agent/content", wording);
    write_card_shop(R"(      facts: )" PARLEY_SOURCE_DIR R"(/config/card-facts.yaml
      content: wording
)");
    EXPECT_EQ(run({"check", "--config", "shop.yaml"}).code, 0);
    std::string hindi = text_of(wording / "hindi.yaml");
    hindi.replace(hindi.find("\nGREETING:"), 10, "\nGREETINGS:");
    std::ofstream(wording / "hindi.yaml") << hindi;
    std::string english = text_of(wording / "english.yaml");
    const std::size_t fact = english.find("{card.name}");
    ASSERT_NE(fact, english.npos);
    std::ofstream(wording / "english.yaml") << english.replace(fact, 11, "{card.nmae}");
    const Ran ran = run({"check", "--config", "shop.yaml"});
    EXPECT_EQ(ran.code, 2);
    for (const char* words : {"deployments.shop.config: the agent does not start with this: ",
                              "hindi.yaml: GREETING is missing (HINDI)"})
        EXPECT_TRUE(has(ran.err, words)) << words << "\n" << ran.err;
    std::filesystem::copy_file(PARLEY_SOURCE_DIR "/plugins/credit-card-agent/content/hindi.yaml",
                               wording / "hindi.yaml", std::filesystem::copy_options::overwrite_existing);
    const Ran again = run({"check", "--config", "shop.yaml"});
    EXPECT_EQ(again.code, 2);
    EXPECT_TRUE(has(again.err, "card.nmae")) << again.err;
}

TEST_F(Commands, backup_copies_the_database_of_a_running_engine_and_restore_waits_for_its_end) {
    start_graph();
    write_config();
    serve();
    insist(numbered(1, 0));
    ASSERT_TRUE(eventually([&] { return accepted() == 1; }));
    const Ran made = run({"backup", "--config", "parley.yaml", "--to", "copy.db"});
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_TRUE(has(made.out, "copy.db: ")) << made.out;
    EXPECT_TRUE(has(made.out, " bytes, 1 message, checked")) << made.out;
    const Ran again = run({"backup", "--config", "parley.yaml", "--to", "copy.db"});
    EXPECT_EQ(again.code, 1);
    EXPECT_TRUE(has(again.err, "copy.db: exists already")) << again.err;

    const Ran refused = run({"restore", "--config", "parley.yaml", "--from", "copy.db"});
    EXPECT_EQ(refused.code, 1);
    EXPECT_TRUE(has(refused.err, "process")) << refused.err;
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);
    const Ran restored = run({"restore", "--config", "parley.yaml", "--from", "copy.db", "--json"});
    EXPECT_EQ(restored.code, 0) << restored.err;
    EXPECT_EQ(sim::Json::parse(restored.out)["messages"], 1);
    serve();
    EXPECT_EQ(get("/ready"), 200);
}

TEST_F(Commands, status_shows_an_engine_to_who_has_the_key) {
    start_graph();
    write_config();
    serve();
    insist(numbered(1, 0));
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    const Ran table = run({"status", "--url", door(), "--api-key", "scenario-key"});
    EXPECT_EQ(table.code, 0) << table.err;
    for (const char* word : {"ready", "shop", "111", "echo", "DEAD LETTERS"})
        EXPECT_TRUE(has(table.out, word)) << table.out;
    const Ran json = run({"status", "--json", "--url", door(), "--api-key", "scenario-key"});
    EXPECT_EQ(json.code, 0) << json.err;
    const sim::Json status = sim::Json::parse(json.out, nullptr, false);
    EXPECT_EQ(status.value("ready", false), true) << json.out;
    const Ran keyless = run({"status", "--url", door()});
    EXPECT_EQ(keyless.code, 1);
    EXPECT_TRUE(has(keyless.err, "--api-key")) << keyless.err;
    const Ran nobody = run({"status", "--url", "http://" + FreePort().address()});
    EXPECT_EQ(nobody.code, 1);
    EXPECT_TRUE(has(nobody.err, "no engine answers")) << nobody.err;
}

TEST_F(Commands, status_asks_for_health_without_a_key) {
    start_graph();
    write_config();
    serve();
    const Ran lives = run({"status", "--health", "--url", door()});
    EXPECT_EQ(lives.code, 0) << lives.err;
    EXPECT_EQ(lives.out, "healthy\n");
    const Ran nobody = run({"status", "--health", "--url", "http://" + FreePort().address()});
    EXPECT_EQ(nobody.code, 1);
    EXPECT_TRUE(has(nobody.err, "no engine answers")) << nobody.err;
}

TEST_F(Commands, debug_names_the_process_of_each_agent) {
    deployments =
        deployment("shop", "111", "{}") + deployment("clinic", "222", "{}", "    isolation: process\n");
    start_graph();
    write_config();
    serve();
    EXPECT_TRUE(eventually(
        [&] { return get_json("/api/deployments").at("data")[1].at("agent").contains("worker"); }));
    const sim::Json worker = get_json("/api/deployments").at("data")[1].at("agent").at("worker").at("pid");
    const Ran all = run({"debug", "--url", door(), "--api-key", "scenario-key"});
    EXPECT_EQ(all.code, 0) << all.err;
    EXPECT_TRUE(has(all.out, "gdb -p " + std::to_string(process->pid()))) << all.out;
    EXPECT_TRUE(has(all.out, "gdb -p " + worker.dump())) << all.out;
    EXPECT_TRUE(has(all.out, "/plugins/")) << "the private copy: " << all.out;
    const Ran one = run({"debug", "shop", "--url", door(), "--api-key", "scenario-key"});
    EXPECT_FALSE(has(one.out, "clinic")) << one.out;
    EXPECT_EQ(run({"debug", "nobody", "--url", door(), "--api-key", "scenario-key"}).code, 1);
}

TEST_F(Commands, send_prints_the_wamid_or_graphs_error) {
    start_graph();
    write_config();
    const auto send = [&](const std::string& to) {
        return run({"send", "--config", "parley.yaml", "--deployment", "shop", "--to", to, "Hello there"});
    };
    const Ran sent = send("+" + person(91));
    EXPECT_EQ(sent.code, 0) << sent.err;
    EXPECT_TRUE(sent.out.starts_with("wamid.")) << sent.out;
    EXPECT_EQ(texts_to(person(91)), std::vector<std::string>{"Hello there"});
    sim::FaultRule limited;
    limited.graph_code = 131056;
    ASSERT_TRUE(graph->cloud().add_fault(limited));
    const Ran refused = send(person(91));
    EXPECT_EQ(refused.code, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_TRUE(has(refused.err, "131056")) << refused.err;
    const Ran nobody = run({"send", "-c", "parley.yaml", "-d", "shpo", "-t", person(91), "Hello"});
    EXPECT_EQ(nobody.code, 2);
    EXPECT_TRUE(has(nobody.err, "there are: shop")) << nobody.err;
}

TEST_F(Commands, chat_runs_a_script) {
    write_config();
    const Ran ran =
        run({"chat", "--config", "parley.yaml", "--deployment", "shop"}, "Hi\n\nHow are you?\n/quit\nno\n");
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.out, "you> Hi\nagent> Hi\nyou> How are you?\nagent> How are you?\n");
    const Ran counting = run({"chat", "--agent", PARLEY_BINARY_DIR "/lib/parley/agents/echo.so", "--set",
                              "count=true", "--set", "prefix=Hey "},
                             "a\nb\n");
    EXPECT_EQ(counting.code, 0) << counting.err;
    EXPECT_EQ(counting.out, "you> a\nagent> Hey #1 a\nyou> b\nagent> Hey #2 b\n");
    const Ran wrong = run(
        {"chat", "--agent", PARLEY_BINARY_DIR "/lib/parley/agents/echo.so", "--set", "perfix=Hey"}, "a\n");
    EXPECT_EQ(wrong.code, 2);
    EXPECT_TRUE(has(wrong.err, "perfix")) << wrong.err;
}

TEST_F(Commands, chat_shows_and_changes_what_is_around_the_agent) {
    const std::string agents = PARLEY_BINARY_DIR "/lib/parley/agents/";
    const Ran ran = run({"chat", "--agent", agents + "echo.so", "--set", "count=true"},
                        "/state\na\n/state\n/advance 25h\n/swap " + agents +
                            "echo-c.so\nb\n/reset\n/state\n//x\n/nonsense\n/advance\n");
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(
        ran.out,
        "you> /state\n       (no state)\nyou> a\nagent> #1 a\nyou> /state\n       ({\n  \"seen\": 1\n})\n"
        "you> /advance 25h\n       (it is 25h later)\nyou> /swap " +
            agents +
            "echo-c.so\n       (echo still runs)\n"
            "you> b\nagent> #2 b\nyou> /reset\n       (a new conversation)\nyou> /state\n       (no state)\n"
            "you> //x\nagent> #1 /x\nyou> /nonsense\nyou> /advance\n");
    EXPECT_TRUE(has(ran.err, "there is no /nonsense; /help names the commands")) << ran.err;
    EXPECT_TRUE(has(ran.err, "/advance: write, for example:  /advance 1h")) << ran.err;
}

TEST_F(Commands, chat_shows_the_followups_that_time_brings) {
    const std::string agent = PARLEY_BINARY_DIR "/tests/scenario-agents/reminder-1.so";
    const Ran ran = run({"chat", "--agent", agent},
                        "/record talk.yaml\nremind nudge 3600\n/advance 59m\n/advance 1m\n/advance 1h\n"
                        "remind soft 3600 silent\n/state\n/advance 2h\n"
                        "remind soft 3600 silent\nhello\nremind late 90000 window\n/advance 48h\n");
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(has(ran.out,
                    "you> /advance 59m\n       (it is 59m later)\nyou> /advance 1m\n       (it is 1m later)\n"
                    "agent> 1 nudge {\"by\":\"1\"}\nyou> /advance 1h\n       (it is 1h later)\nyou> "))
        << ran.out;
    EXPECT_TRUE(has(ran.out, "(it is 2h later)\nagent> 1 soft {\"by\":\"1\"}\n")) << ran.out;
    EXPECT_TRUE(ran.out.ends_with("you> /advance 48h\n       (it is 48h later)\n")) << ran.out;
    const Ran test = run({"agent", "test", "--agent", agent, "talk.yaml"});
    EXPECT_EQ(test.code, 0) << test.out << test.err;
}

TEST_F(Commands, chat_lets_another_agent_take_over) {
    const std::string agents = PARLEY_BINARY_DIR "/lib/parley/agents/";
    const Ran ran = run({"chat", "--agent", agents + "echo.so"}, "a\n/swap " + agents + "echo-c.so\nb\n");
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.out, "you> a\nagent> a\nyou> /swap " + agents +
                           "echo-c.so\n       (echo-c takes over)\nyou> b\nagent> b\n");
}

TEST_F(Commands, chat_records_what_agent_test_runs) {
    const std::string echo = PARLEY_BINARY_DIR "/lib/parley/agents/echo.so";
    const Ran chat = run({"chat", "--agent", echo, "--set", "count=true"},
                         "before\n/record talk.yaml\nHi\n/advance 1h\nquote: \"x\" # y\n");
    EXPECT_EQ(chat.code, 0) << chat.err;
    const Ran test = run({"agent", "test", "--agent", echo, "talk.yaml"});
    EXPECT_EQ(test.code, 0) << test.out << test.err;
    EXPECT_TRUE(has(test.out, "PASS  talk.yaml  3 steps")) << test.out;
    const Ran other =
        run({"agent", "test", "--agent", PARLEY_BINARY_DIR "/lib/parley/agents/echo-c.so", "talk.yaml"});
    EXPECT_EQ(other.code, 1);
    EXPECT_TRUE(has(other.out, "talk.yaml:1:1: agent: this script is for echo, the library holds echo-c"))
        << other.out;
}

TEST_F(Commands, agents_lists_what_is_found) {
    const Ran ran = run({"agents", "--path", PARLEY_BINARY_DIR "/lib/parley/agents"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(has(ran.out, "Replies with the text it got, in plain C")) << ran.out;
    const Ran none = run({"agents", "--path", "nowhere"});
    EXPECT_EQ(none.code, 2);
}

TEST_F(Commands, agent_validate_says_it_with_its_exit_code) {
    const std::string agents = PARLEY_BINARY_DIR "/lib/parley/agents/";
    const Ran fine = run({"agent", "validate", agents + "echo.so", "--junit", "report.xml"});
    EXPECT_EQ(fine.code, 0) << fine.out << fine.err;
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "report.xml"));
    const Ran refused = run({"agent", "validate", agents + "http-forwarder.so", "--json"});
    EXPECT_EQ(refused.code, 1) << refused.err;
    EXPECT_TRUE(has(refused.out, "give the configuration it needs with --config FILE or --set key=value"))
        << refused.out;
    const Ran nothing = run({"agent", "validate", "nowhere.so"});
    EXPECT_EQ(nothing.code, 2);
    EXPECT_TRUE(has(nothing.err, "nowhere.so: there is no such file")) << nothing.err;
    const Ran odd = run({"agent", "validat"});
    EXPECT_EQ(odd.code, 2);
    EXPECT_TRUE(has(odd.err, "Did you mean \"validate\"?")) << odd.err;
}

TEST_F(Commands, agents_are_tried_in_the_worker_beside_the_program) {
    const std::string agents = PARLEY_BINARY_DIR "/lib/parley/agents/";
    const Ran test = run({"agent", "test", "--isolation", "process", "--agent", agents + "echo.so",
                          PARLEY_SOURCE_DIR "/plugin-api/examples/echo/echo.yaml"});
    EXPECT_EQ(test.code, 0) << test.out << test.err;
    const Ran validate = run({"agent", "validate", agents + "echo.so", "--strictness", "10", "--include",
                              "^(process.starts|long)", "--duration", "200ms", "--messages", "1000"});
    EXPECT_EQ(validate.code, 0) << validate.out << validate.err;
    EXPECT_TRUE(has(validate.out, "3 checks: 3 passed")) << validate.out;
    const Ran odd = run({"agent", "validate", agents + "echo.so", "--duration", "long"});
    EXPECT_EQ(odd.code, 2);
    EXPECT_TRUE(has(odd.err, "--duration long")) << odd.err;
}

TEST_F(Commands, demo_answers_a_curl_and_ends_by_a_signal) {
    for (const char* file : {"demo.yaml", "card-facts.yaml"})
        std::filesystem::copy_file(std::filesystem::path(PARLEY_SOURCE_DIR "/config") / file,
                                   folder_.path() / file);
    const std::string port = std::to_string(two_free_ports());
    Process demo({parley_program, "demo", "--port", port, "--config", "demo.yaml"},
                 {.out = folder_.path() / "demo.out", .err = folder_.path() / "demo.err"}, {},
                 folder_.path());
    const std::string url = "http://127.0.0.1:" + port;
    const auto ask_demo = [&](const std::string& method, const std::string& path, const std::string& body) {
        HttpCall call;
        call.method = method;
        call.url = url + path;
        if (!body.empty()) call.headers = {{"Content-Type", "application/json"}};
        call.body = body;
        const HttpOutcome outcome = ask(std::move(call));
        return outcome.reply ? *outcome.reply : HttpReply{};
    };
    ASSERT_TRUE(eventually([&] { return ask_demo("GET", "/ready", "").status == 200 || demo.end(); }));
    const HttpReply answer = ask_demo(
        "POST", "/webhook",
        R"({"object":"whatsapp_business_account","entry":[{"changes":[{"value":{"contacts":[{"profile":{"name":"Asha"},"wa_id":"919876543210"}],"messages":[{"from":"919876543210","id":"msg-1","timestamp":"1234567890","text":{"body":"What is the cashback?"},"type":"text"}]}}]}]})");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_TRUE(has(answer.body, "ASKING_ABOUT_CASHBACK")) << answer.body;
    EXPECT_TRUE(has(answer.body, "10%")) << answer.body;
    EXPECT_TRUE(eventually([&] { return has(text_of(folder_.path() / "demo.out"), url + "/webhook"); }));
    demo.signal(SIGINT);
    EXPECT_EQ(demo.wait().code, 0) << text_of(folder_.path() / "demo.err");
}

TEST_F(Commands, wrong_usage_ends_with_2_and_says_what_helps) {
    const Ran nothing = run({});
    EXPECT_EQ(nothing.code, 2);
    EXPECT_TRUE(has(nothing.err, "--help")) << nothing.err;
    const Ran unknown = run({"srve"});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_TRUE(has(unknown.err, "Did you mean \"serve\"?")) << unknown.err;
    const Ran option = run({"serve", "--cofnig", "x.yaml"});
    EXPECT_EQ(option.code, 2);
    EXPECT_TRUE(has(option.err, "--help")) << option.err;
    const Ran missing = run({"serve", "--config", "nowhere.yaml"});
    EXPECT_EQ(missing.code, 2);
    EXPECT_TRUE(has(missing.err, "nowhere.yaml")) << missing.err;
    for (const char* command :
         {"serve", "demo", "check", "chat", "send", "status", "simulate", "backup", "restore"}) {
        const Ran help = run({command, "--help"});
        EXPECT_EQ(help.code, 0) << command;
        EXPECT_TRUE(has(help.out, "Example")) << command;
    }
    for (const char* command : {"new", "validate", "test", "inspect", "fuzz"}) {
        const Ran help = run({"agent", command, "--help"});
        EXPECT_EQ(help.code, 0) << command;
        EXPECT_TRUE(has(help.out, "Example")) << command;
    }
}

TEST_F(Commands, a_second_engine_on_the_same_store_names_the_first) {
    write_config();
    serve();
    const Ran second = run({"serve", "--config", "parley.yaml"});
    EXPECT_EQ(second.code, 1);
    EXPECT_TRUE(has(second.err, std::to_string(process->pid()))) << second.err;
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);
}

}  // namespace
}  // namespace parley::scenario

// Secrets are found nowhere: not in logs, answers, the database, what a crash leaves, nor in what the system shows of a
// process; after everything that goes well and wrong has been done once.
#include <dirent.h>

#include "base/base64.hpp"
#include "bot.hpp"
#include "served.hpp"

namespace parley::scenario {
namespace {

using sim::Json;

class Secrets : public Served {
  protected:
    // Each stands for one that an operator, a developer or a caller has. Their words occur nowhere else.
    const std::map<std::string, std::string> hidden{
        {"whatsapp.app_secret", secret},
        {"access_token", "scenario-token"},
        {"verify_token", "canary-verify-token"},
        {"admin.api_key", "scenario-key"},
        {"admin.keys", "canary-reader-key"},
        {"proxy_token", "canary-proxy-token"},
        {"secrets", "canary-crm-token"},
        {"forwarder's secret", "canary-forwarder-secret"},
        {"accounts.key", std::string(32, '~')},
        {"an account's app_secret", "canary-account-app-secret"},
        {"an account's setting", "canary-account-setting"},
        {"a wrong key of a caller", "canary-wrong-key"},
        {"a wrong token of an account", "canary-wrong-access-token"}};

    Secrets() {
        deployments =
            deployment(
                "shop", "111",
                "{ url: \"http://" + bot_address_.address() +
                    "/\", secret: \"${FORWARDER}\", headers: { authorization: \"Bearer ${secret:crm}\" } }",
                "    allow_private_networks: true\n    secrets: { crm: \"${CRM}\" }\n    proxy_token: "
                "${PROXY}\n"
                "    record: true\n",
                "http-forwarder") +
            deployment("clinic", "222", "{}", "    isolation: process\n    secrets: { crm: \"${CRM}\" }\n",
                       moody) +
            deployment("fragile", "333", "{}", "", moody);
        start_graph(quick_statuses());
        EXPECT_TRUE(bot_.start());
    }

    void write_config(const std::string& level) {
        std::ofstream(folder_.path() / ".env")
            << "SECRET=" << secret << "\nTOKEN=scenario-token\nKEY=scenario-key\nREADER=canary-reader-key\n"
            << "VERIFY=canary-verify-token\nPROXY=canary-proxy-token\nFORWARDER=canary-forwarder-"
               "secret\nSEALING="
            << to_base64(hidden.at("accounts.key")) << "\n";
        std::string text = config_text();
        replace(text, "verify_token: ${TOKEN}",
                "verify_token: ${VERIFY}\n  waba_id: \"2\"\n  access_token: ${TOKEN}\n"
                "  webhook_base_url: " +
                    door());
        replace(text, "api_key: ${KEY}",
                "api_key: ${KEY}, keys: { viewer: { key: \"${READER}\", scopes: [read] } }");
        text += "accounts: { key: \"${SEALING}\", allow_private_networks: true }\nlog: " + level + "\n";
        std::ofstream(config()) << text;
    }
    static void replace(std::string& text, const std::string& part, const std::string& by) {
        ASSERT_NE(text.find(part), std::string::npos) << part;
        text.replace(text.find(part), part.size(), by);
    }
    // One secret comes from the environment, the others from .env; core dumps would be allowed.
    void serve_with(const std::string& level) {
        write_config(level);
        serve({"sh", "-c",
               "ulimit -c unlimited; CRM=canary-crm-token exec '" + parley_program + "' serve --config '" +
                   config().string() + "'"});
    }

    int call(const std::string& method, const std::string& path, const std::string& body = "",
             HttpHeaders headers = {{"X-API-Key", "scenario-key"}}) {
        HttpCall call;
        call.method = method;
        call.url = door() + path;
        call.headers = std::move(headers);
        call.headers.emplace_back("Content-Type", "application/json");
        call.body = body;
        call.timeout = Millis{40'000};
        const HttpOutcome outcome = ask(std::move(call));
        if (!outcome.reply) return 0;
        std::string answer = outcome.reply->body;
        for (const auto& [name, value] : outcome.reply->headers) answer += "\n" + name + ": " + value;
        look_at(answer, "the answer to " + method + " " + path);
        last_ = outcome.reply->body;
        return outcome.reply->status;
    }
    // Runs a command of parley, and looks at what it prints. The key comes from the environment.
    int command(std::vector<std::string> words) {
        const std::string name = words.front();
        words.insert(words.begin(), parley_program);
        const std::filesystem::path out = folder_.path() / ("printed-by-" + name);
        Process run(words, {.out = out, .err = out}, {"API_KEY=scenario-key", "CRM=canary-crm-token"});
        return run.wait().code;
    }
    void write(int user, const std::string& text, const std::string& channel) {
        const std::string id = "wamid.u" + std::to_string(user) + text + channel;
        EXPECT_EQ(meta.post(envelope(
                      {change(channel, "\"messages\":[" + text_message(person(user), id, text) + "]")})),
                  200);
    }
    void use_everything();
    void make_every_mistake();
    void read_every_page();

    // As it is, and as it would be seen in base64 or in hexadecimal digits.
    void look_at(const std::string& text, const std::string& place) const {
        for (const auto& [name, value] : hidden)
            for (const std::string& form :
                 {value, to_base64(value.substr(0, value.size() / 3 * 3)), hex(value)})
                EXPECT_EQ(text.find(form), std::string::npos) << name << " is in " << place;
    }
    static std::string hex(const std::string& text) {
        std::string digits;
        for (const unsigned char c : text) digits += {"0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
        return digits;
    }
    void look_at_files() const {
        std::size_t seen = 0;
        for (const auto& file : std::filesystem::recursive_directory_iterator(folder_.path())) {
            const std::string name = file.path().filename();
            if (!file.is_regular_file() || name == ".env") continue;
            look_at(text_of(file.path()), file.path());
            EXPECT_FALSE(name.starts_with("core")) << file.path();
            ++seen;
        }
        EXPECT_GT(seen, 10U);
        EXPECT_NE(text_of(folder_.path() / "copy.db").find("from the bot"), std::string::npos)
            << "what is no secret is found";
    }
    // The engine and what it has started.
    void look_at_processes() const {
        std::size_t workers = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
            const std::string status = text_of(entry.path() / "status");
            const bool is_child =
                status.find("\nPPid:\t" + std::to_string(process->pid()) + "\n") != std::string::npos;
            if (!is_child && entry.path().filename() != std::to_string(process->pid())) continue;
            look_at(text_of(entry.path() / "cmdline"), "a command line");
            if (!is_child) continue;
            look_at(text_of(entry.path() / "environ"), "the environment of a worker");
            ++workers;
        }
        EXPECT_GE(workers, 1U);
    }

    static inline const std::string moody = PARLEY_BINARY_DIR "/tests/scenario-agents/moody.so";
    FreePort bot_address_;
    Bot bot_{bot_address_.address(), [](const Bot::Request&) {
                 return HttpResponse::json(200, R"({"message":"from the bot","message_type":"text"})");
             }};
    std::string last_;  // body of an answer
};

void Secrets::use_everything() {
    EXPECT_EQ(call("GET", "/webhook?hub.mode=subscribe&hub.verify_token=canary-verify-token&hub.challenge=1"),
              200);
    for (const char* channel : {"111", "222", "333", "444"}) write(1, "hello", channel);
    EXPECT_TRUE(eventually([&] { return texts_to(person(1)).size() == 2; }));
    EXPECT_EQ(call("POST", "/graph/v25.0/111/messages",
                   R"({"messaging_product":"whatsapp","to":")" + person(1) +
                       R"(","type":"text","text":{"body":"x"}})",
                   {{"Authorization", "Bearer canary-proxy-token"}}),
              200);
    const Json account{{"account_id", "acme"},
                       {"phone_number", "+919800000100"},
                       {"agent_webhook_url", "http://" + bot_address_.address() + "/agent"},
                       {"config", {{"secret", "canary-account-setting"}}},
                       {"access_token", "scenario-token"},
                       {"app_secret", "canary-account-app-secret"}};
    EXPECT_EQ(call("POST", "/api/bsp/create-account", account.dump()), 201) << last_;
    EXPECT_EQ(call("POST", "/api/bsp/verify-phone",
                   Json{{"account_id", "acme"},
                        {"verification_code", graph->cloud().codes().at("codes").at(0).at("code")}}
                       .dump()),
              200)
        << last_;
    EXPECT_EQ(
        call(
            "PATCH", "/api/accounts/acme",
            R"({"access_token": "scenario-token", "app_secret": "canary-account-app-secret", "config": {"secret": "canary-account-setting"}})"),
        200)
        << last_;
    const std::string message = Json{{"account_id", "shop"}, {"to", person(1)}, {"message", "hi"}}.dump();
    EXPECT_EQ(call("POST", "/api/bsp/send-message?wait=true", message), 200) << last_;
    EXPECT_EQ(call("POST", "/api/bsp/send-test-message", message), 200) << last_;
    EXPECT_EQ(call("GET", "/api/bsp/account-health/acme"), 200);
}

void Secrets::make_every_mistake() {
    EXPECT_EQ(call("GET", "/webhook?hub.mode=subscribe&hub.verify_token=canary-wrong-key&hub.challenge=1"),
              403);
    EXPECT_EQ(call("GET", "/api/status", "", {{"X-API-Key", "canary-wrong-key"}}), 401);
    EXPECT_EQ(call("GET", "/api/status?api_key=canary-wrong-key", "", {}), 401);
    EXPECT_EQ(call("POST", "/api/config/reload", "", {{"X-API-Key", "canary-reader-key"}}), 403);
    EXPECT_EQ(call("POST", "/graph/v25.0/111/messages", "{}", {{"Authorization", "Bearer canary-wrong-key"}}),
              401);
    EXPECT_EQ(meta.post(envelope({}), "sha256=" + std::string(64, '0')), 401);
    const Json wrong_token{{"account_id", "wrong"},
                           {"phone_number", "+919800000101"},
                           {"agent", "echo"},
                           {"access_token", "canary-wrong-access-token"}};
    EXPECT_GE(call("POST", "/api/bsp/create-account", wrong_token.dump()), 400) << last_;
    for (const char* field : {"account_id", "phone_number", "agent", "access_token", "pin", "config"}) {
        Json misplaced = wrong_token;
        misplaced[field] = Json::array({"canary-account-app-secret", "canary-wrong-access-token"});
        EXPECT_EQ(call("POST", "/api/bsp/create-account", misplaced.dump()), 422) << field;
    }
    EXPECT_EQ(call("POST", "/api/bsp/create-account", R"({"access_token": "canary-wrong-access-token")"), 422)
        << last_;
    ASSERT_TRUE(graph->cloud().change_behaviour({{"token_expired", true}}));
    write(2, "with an expired token", "111");
    EXPECT_TRUE(eventually([&] {
        EXPECT_EQ(call("GET", "/api/deployments"), 200);
        return last_.find("expired") != std::string::npos;
    }));
    EXPECT_EQ(call("GET", "/api/bsp/account-health/acme"), 200);
    ASSERT_TRUE(graph->cloud().change_behaviour({{"token_expired", false}}));
    for (const char* key : {"listen", "threads", "trusted_proxies", "max_body"}) {
        std::string text = text_of(config());
        replace(text, "server: {", std::string("server: { ") + key + ": \"${TOKEN}\",");
        std::ofstream(config()) << text;
        EXPECT_EQ(call("POST", "/api/config/reload"), 422) << key;
        EXPECT_EQ(command({"check", "--config", config().string()}), 2) << key;
        write_config("{ level: debug, format: json }");
    }
    EXPECT_EQ(call("POST", "/api/config/reload"), 200) << last_;
}

void Secrets::read_every_page() {
    ASSERT_EQ(call("GET", "/openapi.json"), 200);
    const Json paths = Json::parse(last_).at("paths");
    std::size_t read = 0;
    for (const auto& [path, methods] : paths.items()) {
        if (!methods.contains("get")) continue;
        std::string filled = path;
        for (const auto& [name, value] : std::map<std::string, std::string>{{"{deployment}", "shop"},
                                                                            {"{account}", "acme"},
                                                                            {"{user}", person(1)},
                                                                            {"{message}", "wamid.u1hello111"},
                                                                            {"{webhook}", "1"},
                                                                            {"{letter}", "1"},
                                                                            {"{file}", "console.js"},
                                                                            {"{phone_number_id}", "111"}})
            if (filled.find(name) != std::string::npos) replace(filled, name, value);
        EXPECT_NE(call("GET", filled), 0) << filled;
        EXPECT_NE(call("GET", filled, "", {}), 0) << filled;
        ++read;
    }
    EXPECT_GT(read, 25U);
    for (const char* name : {"status", "trace", "dead-letters", "outbox"}) {
        std::vector<std::string> words{name, "--url", door()};
        if (words[0] == "trace") words.insert(words.begin() + 1, "wamid.u1hello111");
        if (words[0] == "dead-letters" || words[0] == "outbox") words.insert(words.begin() + 1, "list");
        EXPECT_EQ(command(words), 0) << name;
    }
    EXPECT_EQ(command({"check", "--config", config().string()}), 0);
    EXPECT_NE(command({"doctor", "--config", config().string()}), 2);
    EXPECT_NE(command({"doctor", "--config", config().string(), "--json"}), 2);
    EXPECT_EQ(
        command({"send", "--config", config().string(), "--deployment", "shop", "--to", person(1), "hi"}), 0);
    EXPECT_EQ(
        command({"backup", "--config", config().string(), "--to", (folder_.path() / "copy.db").string()}), 0);
}

TEST_F(Secrets, are_found_nowhere) {
    serve_with("{ level: debug, format: json }");
    use_everything();
    write(3, "segv", "222");  // the worker's end, not the engine's
    EXPECT_TRUE(eventually([&] { return texts_to(person(3)) == std::vector<std::string>{"Sorry."}; }));
    make_every_mistake();
    read_every_page();
    look_at_processes();
    meta.post(envelope({change("333", "\"messages\":[" + text_message(person(4), "wamid.4", "segv") + "]")}));
    EXPECT_TRUE(eventually([&] { return process->end().has_value(); }));
    EXPECT_EQ(process->end()->signal, SIGSEGV);
    EXPECT_FALSE(process->end()->has_core);
    serve_with("{ level: debug, format: text }");
    EXPECT_TRUE(eventually([&] { return process->end().has_value(); })) << "its second attempt";
    serve_with("{ level: debug, format: text }");
    write(5, "and on it goes", "111");
    EXPECT_TRUE(eventually([&] { return !texts_to(person(5)).empty(); }));
    look_at_processes();
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);
    look_at_files();
}

}  // namespace
}  // namespace parley::scenario

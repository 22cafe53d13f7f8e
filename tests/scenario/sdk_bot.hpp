// A bot written with a public SDK, in a Node process of its own behind the http-forwarder. Its SDKs are installed by
// `npm ci` in tests/sdk, as ./test does.
#pragma once

#include "process.hpp"
#include "world.hpp"

namespace parley::scenario {

class SdkBots : public World, public ::testing::WithParamInterface<const char*> {
  protected:
    static constexpr const char* sdk_folder = PARLEY_SOURCE_DIR "/tests/sdk";

    void SetUp() override {
        if (!std::filesystem::exists(std::string(sdk_folder) + "/node_modules"))
            GTEST_SKIP() << "run `npm ci` in tests/sdk first";
        deployments =
            deployment("shop", "111",
                       "{ url: \"http://" + bot_address_.address() +
                           "/webhook\", format: whatsapp, statuses: true, app_secret: bot-secret }",
                       "    waba_id: \"2\"\n    proxy_token: ${KEY}\n    allow_private_networks: true\n",
                       "http-forwarder");
    }
    // No statuses but those that a test posts.
    static sim::Behaviour silent() {
        sim::Behaviour behaviour;
        behaviour.statuses = false;
        return behaviour;
    }

    void start_bot(const std::string& die_at = "") {
        const std::string address = bot_address_.address();
        const std::size_t lives = count("ready");
        bot = std::make_unique<Process>(
            std::vector<std::string>{"node", "bot.mjs", GetParam()},
            Process::Streams{.out = folder_.path() / "bot.log", .err = folder_.path() / "bot.log"},
            std::vector<std::string>{"PORT=" + address.substr(address.rfind(':') + 1),
                                     "GRAPH=" + door() + "/graph", "TOKEN=scenario-key",
                                     "APP_SECRET=bot-secret", "NOTES=" + notes_file().string(),
                                     "DIE_AT=" + die_at},
            sdk_folder);
        ASSERT_TRUE(eventually([&] { return count("ready") > lives || bot->end(); }));
        ASSERT_FALSE(bot->end()) << text_of(folder_.path() / "bot.log");
    }

    // Lines that begin with `word`.
    std::vector<std::string> notes(const std::string& word) const {
        std::ifstream in(notes_file());
        std::vector<std::string> lines;
        for (std::string line; std::getline(in, line);)
            if (line.starts_with(word)) lines.push_back(line);
        return lines;
    }
    // Nothing waits for its turn or has it: what the bot noted it has accepted, too.
    bool is_settled() {
        HttpCall call;
        call.url = door() + "/api/status";
        call.headers = {{"X-API-Key", "scenario-key"}};
        const HttpOutcome outcome = ask(std::move(call));
        return outcome.reply && sim::Json::parse(outcome.reply->body).at("backlog").at("open") == 0;
    }
    std::size_t count(const std::string& word) const { return notes(word).size(); }
    std::filesystem::path notes_file() const { return folder_.path() / "notes"; }
    std::string log() const { return text_of(folder_.path() / "bot.log"); }

    FreePort bot_address_;
    std::unique_ptr<Process> bot;
};

}  // namespace parley::scenario

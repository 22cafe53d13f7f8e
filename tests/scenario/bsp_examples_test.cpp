// What users of a BSP service type, word for word: its three curl examples against the shipped configuration for it.
#include "served.hpp"

namespace parley::scenario {
namespace {

using sim::Json;

class BspExamples : public Served {
  protected:
    BspExamples() {
        sim::Behaviour behaviour = quick_statuses();
        behaviour.verification_code = "123456";
        behaviour.window = sim::WindowRule::answer;
        start_graph(behaviour);
        std::ofstream(folder_.path() / ".env")
            << "API_KEY=scenario-key\nWHATSAPP_APP_SECRET=" << secret
            << "\nWHATSAPP_ACCESS_TOKEN=scenario-token\nWHATSAPP_PHONE_NUMBER_ID=111\nWHATSAPP_WABA_ID=2"
            << "\nWEBHOOK_VERIFY_TOKEN=verify-me\nWEBHOOK_BASE_URL=" << door()
            << "\nACCOUNTS_KEY=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
            << "\nAGENT_WEBHOOK_URL=https://your-agent-api.com/webhook/"
               "whatsapp\nAGENT_WEBHOOK_SECRET=shared\n";
        std::string text = text_of(PARLEY_SOURCE_DIR "/config/bsp.yaml");
        replace(text, "127.0.0.1:8000", door_.address());
        replace(text, "whatsapp:\n", "whatsapp:\n  graph_url: http://" + graph_.address() + "\n");
        text += "agents: { path: [\"" PARLEY_BINARY_DIR "/lib/parley/agents\"] }\n";
        std::ofstream(config()) << text;
        serve();
    }
    static void replace(std::string& text, const std::string& part, const std::string& by) {
        ASSERT_NE(text.find(part), std::string::npos) << part;
        text.replace(text.find(part), part.size(), by);
    }

    struct Answer {
        int status = 0;
        Json body;
    };
    // Runs a line of shell as a person would, with the API's key added, and port 8000 where the engine really is.
    Answer type(const std::string& example) {
        std::string line = example;
        replace(line, "curl ",
                "curl -s -H 'X-API-Key: scenario-key' -w '\\n%{http_code}' --connect-to "
                "localhost:8000:" +
                    door_.address() + " ");
        const std::filesystem::path out = folder_.path() / ("answer-" + std::to_string(++typed_));
        Process shell({"sh", "-c", line}, {.out = out});
        EXPECT_EQ(shell.wait().code, 0) << line;
        const std::string said = text_of(out);
        const std::size_t end = said.rfind('\n');
        if (end == std::string::npos) return {};
        return {std::stoi(said.substr(end + 1)), Json::parse(said.substr(0, end), nullptr, false)};
    }

    int typed_ = 0;
};

TEST_F(BspExamples, work_word_for_word) {
    const std::string create = R"(curl -X POST "http://localhost:8000/api/bsp/create-account" \
  -H "Content-Type: application/json" \
  -d '{
    "account_id": "deployment_123",
    "phone_number": "+1234567890",
    "business_profile": {
      "name": "My AI Agent",
      "industry": "technology",
      "description": "AI-powered customer service"
    },
    "webhook_config": {
      "url": "https://your-domain.com/api/webhook/whatsapp",
      "events": ["message.received", "message.delivered"]
    },
    "agent_webhook_url": "https://your-agent-api.com/webhook/whatsapp"
  }')";
    const Answer created = type(create);
    ASSERT_EQ(created.status, 201) << created.body.dump(1);
    EXPECT_EQ(created.body.value("account_id", ""), "deployment_123");
    EXPECT_EQ(created.body.value("status", ""), "code_sent") << created.body.dump(1);
    EXPECT_EQ(type(create).status, 200) << "typed twice";

    const Answer verified = type(R"(curl -X POST "http://localhost:8000/api/bsp/verify-phone" \
  -H "Content-Type: application/json" \
  -d '{
    "account_id": "deployment_123",
    "verification_code": "123456",
    "verification_method": "sms"
  }')");
    ASSERT_EQ(verified.status, 200) << verified.body.dump(1);
    EXPECT_EQ(verified.body.value("status", ""), "active");

    const std::string test_message = R"(curl -X POST "http://localhost:8000/api/bsp/send-test-message" \
  -H "Content-Type: application/json" \
  -d '{
    "account_id": "deployment_123",
    "to": "+1987654321",
    "message": "Hello! This is a test from your AI agent."
  }')";
    const Answer too_early = type(test_message);
    EXPECT_EQ(too_early.status, 422) << "nobody has written yet: only templates may be sent";
    EXPECT_NE(too_early.body.value("detail", "").find("24"), std::string::npos) << too_early.body.dump(1);

    EXPECT_TRUE(graph->cloud().user_message({{"from", "1987654321"},
                                             {"text", "Is anybody there?"},
                                             {"phone_number_id", created.body.at("phone_number_id")}}));
    EXPECT_TRUE(eventually([&] { return get_json("/api/status").at("stored").value("messages", 0) == 1; }));
    const Answer sent = type(test_message);
    EXPECT_EQ(sent.status, 200) << sent.body.dump(1);
    EXPECT_EQ(sent.body.value("wamid", "").substr(0, 6), "wamid.");
    const auto texts = texts_to("1987654321");
    EXPECT_NE(std::find(texts.begin(), texts.end(), "Hello! This is a test from your AI agent."),
              texts.end());
}

}  // namespace
}  // namespace parley::scenario

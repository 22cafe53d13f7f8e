// The shipped demo configuration with its agent: unsigned POSTs on this machine, replies in the answer.
#include "world.hpp"

namespace parley::scenario {
namespace {

// What the POST's answer says the agent did.
struct Answer {
    std::string text;  // of all replies
    std::string language;
    std::string intent;
};

class CreditCard : public World {
  protected:
    void SetUp() override {
        const std::filesystem::path shipped = PARLEY_SOURCE_DIR "/config";
        for (const char* file : {"demo.yaml", "card-facts.yaml"})
            std::filesystem::copy_file(shipped / file, folder_.path() / file);
        start_graph();
        Environment variables = environment();
        variables["PARLEY_LISTEN"] = door_.address();
        variables["PARLEY_GRAPH_URL"] = "http://" + graph_.address();
        variables["WHATSAPP_PHONE_NUMBER_ID"] = "111";
        variables["WHATSAPP_ACCESS_TOKEN"] = "scenario-token";
        LoadReport report = load_config_file(folder_.path() / "demo.yaml", variables, clock_.wall());
        for (const Diagnostic& one : report.errors) ADD_FAILURE() << to_text(one);
        configure_log(LogLevel::off, LogFormat::text);
        auto started =
            Engine::start(std::move(report.config), {clock_, random_, PARLEY_BINARY_DIR "/bin/parley"});
        ASSERT_TRUE(started) << started.error().message();
        engine = std::move(*started);
    }

    sim::Json post(const std::string& body) {
        HttpCall call;
        call.method = "POST";
        call.url = door() + "/webhook";
        call.headers = {{"Content-Type", "application/json"}};
        call.body = body;
        const HttpOutcome outcome = ask(std::move(call));
        EXPECT_TRUE(outcome.reply) << outcome.failure.reason;
        if (!outcome.reply) return {};
        EXPECT_EQ(outcome.reply->status, 200) << outcome.reply->body;
        return sim::Json::parse(outcome.reply->body, nullptr, false);
    }
    Answer read(const sim::Json& body) {
        Answer answer;
        for (const auto& reply : body.value("replies", sim::Json::array())) {
            EXPECT_EQ(reply.at("to"), "919876543210");
            if (reply.at("type") == "text") answer.text += reply.at("text").at("body").get<std::string>();
            if (reply.at("type") == "interactive")
                answer.text += reply.at("interactive").at("body").at("text").get<std::string>();
        }
        const sim::Json notes = body.value("annotations", sim::Json::object());
        answer.language = notes.value("language", "");
        answer.intent = notes.value("intent", "");
        return answer;
    }
    // One person says something, in the envelope of Meta's own examples.
    Answer say(const std::string& text) {
        const std::string id = "msg" + std::to_string(++said_);
        return read(post(
            R"({"object":"whatsapp_business_account","entry":[{"changes":[{"value":{"contacts":[{"profile":{"name":"Test User"},"wa_id":"919876543210"}],"messages":[{"from":"919876543210","id":")" +
            id + R"(","timestamp":"1234567890","text":{"body":)" + json_string(text) +
            R"(},"type":"text"}]}}]}]})"));
    }
    static bool has(const Answer& answer, const std::string& words) {
        return answer.text.find(words) != std::string::npos;
    }

    int said_ = 0;
};

TEST_F(CreditCard, takes_the_envelope_as_it_is_and_its_repetition_once) {
    const std::string envelope =
        R"({"object":"whatsapp_business_account","entry":[{"changes":[{"value":{"contacts":[{"profile":{"name":"Test User"},"wa_id":"919876543210"}],"messages":[{"from":"919876543210","id":"msg123","timestamp":"1234567890","text":{"body":"Hi, I want credit card"},"type":"text"}]}}]}]})";
    const sim::Json first = post(envelope);
    EXPECT_EQ(first.at("status"), "ok");
    EXPECT_EQ(first.at("accepted"), 1);
    EXPECT_FALSE(first.at("replies").empty());
    EXPECT_EQ(first.at("annotations").at("language"), "ENGLISH");
    const sim::Json again = post(envelope);
    EXPECT_EQ(again.at("accepted"), 0);
    EXPECT_EQ(again.at("duplicates"), 1);
    EXPECT_EQ(again.at("replies"), first.at("replies"));
    EXPECT_TRUE(eventually([&] { return !texts_to("919876543210").empty(); }));
}

TEST_F(CreditCard, greets_in_english_by_name) {
    const Answer answer = say("Hi");
    EXPECT_EQ(answer.language, "ENGLISH");
    EXPECT_EQ(answer.intent, "GREETING");
    EXPECT_TRUE(has(answer, "Test User")) << answer.text;
    EXPECT_TRUE(eventually([&] { return texts_to("919876543210").size() == 1; }));
}

TEST_F(CreditCard, greets_in_the_language_of_the_greeting) {
    const Answer answer = say("Namaste");
    EXPECT_TRUE(answer.language == "HINGLISH" || answer.language == "HINDI") << answer.language;
    EXPECT_EQ(answer.intent, "GREETING");
    EXPECT_NE(answer.text, "");
}

TEST_F(CreditCard, names_every_rate_of_the_cashback) {
    const Answer answer = say("What is the cashback?");
    EXPECT_EQ(answer.intent, "ASKING_ABOUT_CASHBACK");
    for (const char* rate : {"10%", "5%", "7%", "1%"}) EXPECT_TRUE(has(answer, rate)) << answer.text;
}

TEST_F(CreditCard, tells_a_pan_number_from_a_pan_card) {
    const Answer answer = say("Do I need physical PAN card?");
    EXPECT_EQ(answer.intent, "ASKING_ABOUT_PAN");
    EXPECT_TRUE(has(answer, "PAN number")) << answer.text;
    EXPECT_TRUE(has(answer, "physical")) << answer.text;
}

TEST_F(CreditCard, leads_back_to_the_card_from_elsewhere) {
    const Answer answer = say("Who is the Prime Minister?");
    EXPECT_EQ(answer.intent, "OFF_TOPIC");
    EXPECT_TRUE(has(answer, "card")) << answer.text;
    EXPECT_FALSE(has(answer, "Modi")) << answer.text;
}

TEST_F(CreditCard, keeps_the_thread_of_a_conversation) {
    EXPECT_EQ(say("Hi").intent, "GREETING");
    EXPECT_EQ(say("Tell me about the card").intent, "ASKING_ABOUT_CARD");
    const Answer documents = say("What documents do I need?");
    EXPECT_EQ(documents.intent, "ASKING_ABOUT_DOCUMENTS");
    EXPECT_TRUE(has(documents, "PAN")) << documents.text;
    EXPECT_EQ(say("How do I apply?").intent, "ASKING_HOW_TO_APPLY");
    // Yes to what was offered: without the thread it has no meaning.
    const Answer yes = say("yes please");
    EXPECT_EQ(yes.intent, "AFFIRM");
    EXPECT_TRUE(has(yes, "https://apply.example.invalid/edge-plus")) << yes.text;
    EXPECT_EQ(yes.language, "ENGLISH");
}

}  // namespace
}  // namespace parley::scenario

// The agent's classes put together for tests, with facts of the test's choice.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "dialogue/dialogue.hpp"
#include "shipped.hpp"

namespace edge::tests {

inline const ShippedUnderstanding& shipped_understanding() {
    static const auto shipped = ShippedUnderstanding::open();
    return *shipped;
}

inline Facts facts_of_file(const std::string& path) {
    std::string error;
    const auto text = read_file(path, error);
    auto facts = text ? Facts::parse(*text, path, error) : std::nullopt;
    EXPECT_TRUE(facts) << error;
    return facts.value_or(Facts());
}

inline Facts sample_facts() {
    return facts_of_file(EDGE_SAMPLE_FACTS);
}
inline Facts other_facts() {
    return facts_of_file(EDGE_SOURCE_DIR "/tests/facts.other.yaml");
}

inline Facts only_the_name() {
    std::string error;
    return *Facts::parse("card.name: \"Jupiter Edge+\"", "test", error);
}

inline Content shipped_content() {
    std::string error;
    auto content = Content::parse(shipped::content_files(), "", error);
    EXPECT_TRUE(content) << error;
    return content.value_or(Content());
}

// A conversation that keeps its state as the host would.
class Chat {
  public:
    explicit Chat(Facts given = other_facts(), bool plain_text = true)
        : facts(std::move(given)),
          dialogue_(shipped_understanding().understander(), facts, content_, plain_text) {}

    const Outcome& say(const std::string& text, const std::string& button_id = {}) {
        last_ = dialogue_.answer(
            {button_id.empty() ? "text" : "interactive", text, "Asha", button_id, variant_b}, state);
        state = ConversationState::from_json(last_.state.to_json());
        return last_;
    }

    // Of the last answer.
    bool has(const std::string& part) const { return last_.reply.text.find(part) != std::string::npos; }
    bool has_fact(const std::string& key) const { return has(facts.text(key).value_or("\x01")); }
    const std::string& text() const { return last_.reply.text; }

    Facts facts;
    ConversationState state;
    bool variant_b = false;

  private:
    Content content_ = shipped_content();
    Dialogue dialogue_;
    Outcome last_;
};

}  // namespace edge::tests

// Writes a conversation down as a script that `parley agent test` runs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace parley::kit {

class ScriptRecorder {
  public:
    // An empty config_json is left out.
    ScriptRecorder(const std::string& agent_id, const std::string& config_json);

    void said(const std::string& text);
    // kind: button_reply or list_reply
    void tapped(const std::string& kind, const std::string& id, const std::string& title);
    void waited(Millis duration);
    // What the agent answered to the last message: native message objects.
    void answered(const std::vector<std::string>& messages,
                  const std::vector<std::pair<std::string, std::string>>& annotations);

    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

}  // namespace parley::kit

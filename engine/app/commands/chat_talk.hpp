// The talk of `parley chat`: lines of a person, answers of the agent, and commands that begin with a slash.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "app/chat_session.hpp"
#include "app/commands/command.hpp"
#include "app/reply_text.hpp"
#include "app/trial_surroundings.hpp"
#include "kit/script_recorder.hpp"

namespace parley {

struct Keyboard {
    std::istream& in;
    bool is_terminal;
};

class ChatTalk {
  public:
    // Everything given must outlive it. config_json goes into records; empty: it may hold secrets and does not.
    ChatTalk(ChatSession& session, AdvancedClock& clock, std::string config_json, CommandContext& context,
             const Keyboard& keyboard);

    // Until the lines end, or /quit.
    ExitCode run();

  private:
    struct SlashCommand;
    static const std::vector<SlashCommand>& commands();

    bool read_line(std::string& line);
    bool say(const std::string& line);
    void obey(const std::string& line);
    void show(const TurnSummary& summary);
    void complain(const std::string& what);
    void note(const std::string& what);
    void save_record();

    void help(const std::string&);
    void state(const std::string&);
    void reset(const std::string&);
    void advance(const std::string& duration);
    void http(const std::string& how);
    void swap(const std::string& file);
    void record(const std::string& file);

    ChatSession& session_;
    AdvancedClock& clock_;
    const std::string config_json_;
    CommandContext& context_;
    const Keyboard& keyboard_;
    std::vector<Choice> choices_;
    std::unique_ptr<kit::ScriptRecorder> recorder_;
    std::string record_file_;
    bool is_over_ = false;
};

}  // namespace parley

#include "app/commands/chat_talk.hpp"

#include <charconv>
#include <istream>
#include <ostream>

#include <nlohmann/json.hpp>

#include "app/commands/agent.hpp"
#include "app/scalars.hpp"

namespace parley {

struct ChatTalk::SlashCommand {
    const char* name;
    const char* argument;
    const char* about;
    void (ChatTalk::*run)(const std::string& argument);
};

const std::vector<ChatTalk::SlashCommand>& ChatTalk::commands() {
    static const std::vector<SlashCommand> all{
        {"/state", "", "what the agent keeps of this conversation", &ChatTalk::state},
        {"/reset", "", "begins anew, as somebody the agent does not know", &ChatTalk::reset},
        {"/advance", "1h", "puts the clock forward", &ChatTalk::advance},
        {"/http", "fail | 503 | real", "what HTTP servers answer from now on", &ChatTalk::http},
        {"/swap", "FILE.so", "lets another library take over", &ChatTalk::swap},
        {"/record", "FILE.yaml", "writes what follows as a script for `parley agent test`",
         &ChatTalk::record},
        {"/help", "", "this list; // begins a text with a slash; /quit or Ctrl-D ends", &ChatTalk::help}};
    return all;
}

ChatTalk::ChatTalk(ChatSession& session, AdvancedClock& clock, std::string config_json,
                   CommandContext& context, const Keyboard& keyboard)
    : session_(session),
      clock_(clock),
      config_json_(std::move(config_json)),
      context_(context),
      keyboard_(keyboard) {}

ExitCode ChatTalk::run() {
    std::string line;
    while (!is_over_ && read_line(line)) {
        if (line.empty()) continue;
        if (line == "/quit") break;
        if (!keyboard_.is_terminal) context_.out << "you> " << line << "\n";
        if (line.front() == '/' && !line.starts_with("//"))
            obey(line);
        else if (!say(line.starts_with("//") ? line.substr(1) : line))
            return ExitCode::fault;
        context_.out << std::flush;
    }
    if (keyboard_.is_terminal) context_.out << "\n";
    return is_over_ ? ExitCode::fault : ExitCode::done;
}

bool ChatTalk::read_line(std::string& line) {
    if (keyboard_.is_terminal) context_.out << "you> " << std::flush;
    return static_cast<bool>(std::getline(keyboard_.in, line));
}

bool ChatTalk::say(const std::string& line) {
    ChatInput input{line, "", ""};
    for (std::size_t i = 0; i < choices_.size(); ++i)
        if (line == std::to_string(i + 1)) input = {choices_[i].title, choices_[i].kind, choices_[i].id};
    auto summary = session_.say(input);
    if (!summary) {
        complain(summary.error().message());
        return false;
    }
    show(*summary);
    if (!recorder_) return true;
    input.reply_kind.empty() ? recorder_->said(input.text)
                             : recorder_->tapped(input.reply_kind, input.reply_id, input.text);
    std::vector<std::string> replies;
    for (const NewOutbound& reply : summary->replies) replies.push_back(reply.payload_json);
    recorder_->answered(replies, summary->annotations);
    save_record();
    return true;
}

void ChatTalk::show(const TurnSummary& summary) {
    choices_.clear();
    for (const NewOutbound& reply : summary.replies) {
        const ReplyText shown = to_reply_text(reply.payload_json);
        context_.out << "agent> " << shown.text << "\n";
        for (const Choice& choice : shown.choices) {
            choices_.push_back(choice);
            context_.out << "       [" << choices_.size() << "] " << choice.title << "\n";
        }
    }
    if (summary.replies.empty()) context_.out << "agent> (no reply)\n";
    if (summary.annotations.empty()) return;
    context_.out << "       (";
    for (std::size_t i = 0; i < summary.annotations.size(); ++i)
        context_.out << (i > 0 ? ", " : "") << summary.annotations[i].first << " "
                     << summary.annotations[i].second;
    context_.out << ")\n";
}

void ChatTalk::obey(const std::string& line) {
    const auto blank = line.find(' ');
    const std::string name = line.substr(0, blank);
    std::string argument = blank == std::string::npos ? "" : line.substr(blank + 1);
    argument.erase(0, argument.find_first_not_of(' '));
    argument.erase(argument.find_last_not_of(" \t\r") + 1);
    for (const SlashCommand& command : commands()) {
        if (name != command.name) continue;
        if (*command.argument != '\0' && argument.empty())
            return complain(name + ": write, for example:  " + name + " " + command.argument);
        return (this->*command.run)(argument);
    }
    complain("there is no " + name + "; /help names the commands, // begins a text with a slash");
}

void ChatTalk::complain(const std::string& what) {
    context_.out.flush();
    context_.err << "parley chat: " << what << std::endl;
}

void ChatTalk::note(const std::string& what) {
    context_.out << "       (" << what << ")\n";
}

void ChatTalk::help(const std::string&) {
    for (const SlashCommand& command : commands()) {
        std::string head = std::string(command.name) + " " + command.argument;
        head.resize(30, ' ');
        context_.out << "       " << head << command.about << "\n";
    }
}

void ChatTalk::state(const std::string&) {
    const auto state = session_.state();
    if (!state) return complain(state.error().message());
    const auto document = nlohmann::ordered_json::parse(*state, nullptr, false);
    note(state->empty() ? "no state" : document.is_discarded() ? *state : document.dump(2));
}

void ChatTalk::reset(const std::string&) {
    session_.reset();
    choices_.clear();
    if (recorder_) recorder_ = std::make_unique<kit::ScriptRecorder>(session_.agent_id(), config_json_);
    note(recorder_ ? "a new conversation; its record begins anew too" : "a new conversation");
}

void ChatTalk::advance(const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration) return complain("/advance " + text + ": " + duration.error().message());
    const auto followed_up = session_.advance(*duration, clock_);
    if (!followed_up) return complain(followed_up.error().message());
    note("it is " + text + " later");
    std::vector<std::string> replies;
    Annotations annotations;
    for (const TurnSummary& summary : *followed_up) {
        show(summary);
        for (const NewOutbound& reply : summary.replies) replies.push_back(reply.payload_json);
        annotations.insert(annotations.end(), summary.annotations.begin(), summary.annotations.end());
    }
    if (!recorder_) return;
    recorder_->waited(*duration);
    if (!followed_up->empty()) recorder_->answered(replies, annotations);
    save_record();
}

void ChatTalk::http(const std::string& how) {
    int status = 0;
    const auto [end, error] = std::from_chars(how.data(), how.data() + how.size(), status);
    if (how == "fail") {
        session_.http().answer(TrialHttp::no_server);
        note("no HTTP server can be reached");
    } else if (how == "real") {
        session_.http().answer(TrialHttp::real);
        note("HTTP goes to the network");
    } else if (error == std::errc() && end == how.data() + how.size() && status >= 200 && status <= 599) {
        session_.http().answer(status);
        note("HTTP servers answer " + how + " with an empty body");
    } else {
        complain("/http " + how + ": write fail, real, or a status from 200 to 599");
    }
}

void ChatTalk::swap(const std::string& file) {
    const auto swapped = session_.swap(file);
    if (!swapped) {
        complain(swapped.error().message());
        return note(session_.agent_id() + " still runs");
    }
    note(session_.agent_id() + " takes over");
}

void ChatTalk::record(const std::string& file) {
    if (!recorder_) recorder_ = std::make_unique<kit::ScriptRecorder>(session_.agent_id(), config_json_);
    record_file_ = file;
    session_.reset();
    choices_.clear();
    note("a new conversation, written to " + file + "; HTTP answers must be added by hand");
}

void ChatTalk::save_record() {
    if (!recorder_) return;
    if (const auto written = write_text(record_file_, recorder_->text(), context_.out); !written) {
        complain(written.error().message());
        is_over_ = true;
    }
}

}  // namespace parley

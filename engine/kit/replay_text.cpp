#include <algorithm>
#include <ctime>

#include "kit/replay_report.hpp"
#include "kit/text_diff.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t narrowest = 60, widest = 240;
constexpr const char* red = "\x1b[31m";
constexpr const char* green = "\x1b[32m";
constexpr const char* bold = "\x1b[1m";
constexpr const char* dim = "\x1b[2m";
constexpr const char* plain = "\x1b[0m";

std::string painted(const std::string& text, const char* colour, const TextStyle& style) {
    return style.has_colour && !text.empty() ? colour + text + plain : text;
}

// Escape sequences in what an agent said must not reach the terminal.
std::string without_controls(const std::string& text) {
    std::string shown;
    for (const char c : text)
        shown += c == '\t' ? ' ' : static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    return shown;
}

std::string time_of(std::int64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &parts)};
}

bool starts_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// Lines of at most `width`, broken at spaces where there are any, each filled up to it.
class Column {
  public:
    Column(std::size_t width, const char* colour, const TextStyle& style)
        : width_(width), colour_(colour), style_(style) {}

    std::vector<std::string> lines(const std::vector<DiffPiece>& pieces) {
        for (const DiffPiece& piece : pieces) {
            const std::string text = without_controls(piece.text);
            for (std::size_t at = 0; at < text.size();) {
                std::size_t end = at + 1;
                if (text[at] != ' ')
                    while (end < text.size() && text[end] != ' ') ++end;
                add(text.substr(at, end - at), piece.is_changed);
                at = end;
            }
        }
        if (used_ > 0 || lines_.empty()) end_line();
        return std::move(lines_);
    }

    std::string empty_line() const { return std::string(width_, ' '); }

  private:
    void add(const std::string& word, bool is_changed) {
        const std::size_t width = display_width(word);
        if (used_ + width <= width_) return put(word, width, is_changed);
        if (used_ > 0) end_line();
        if (word == " ") return;
        if (width <= width_) return put(word, width, is_changed);
        for (std::size_t at = 0; at < word.size();) {
            std::size_t end = at + 1;
            while (end < word.size() && !starts_character(word[end])) ++end;
            const std::string character = word.substr(at, end - at);
            const std::size_t one = display_width(character);
            if (used_ + one > width_) end_line();
            put(character, one, is_changed);
            at = end;
        }
    }
    void put(const std::string& text, std::size_t width, bool is_changed) {
        if (is_changed != is_painting_ && style_.has_colour) line_ += is_changed ? colour_ : plain;
        is_painting_ = is_changed;
        line_ += text;
        used_ += width;
    }
    void end_line() {
        if (is_painting_ && style_.has_colour) line_ += plain;
        is_painting_ = false;
        lines_.push_back(line_ + std::string(width_ - std::min(used_, width_), ' '));
        line_.clear();
        used_ = 0;
    }

    const std::size_t width_;
    const char* const colour_;
    const TextStyle style_;
    std::vector<std::string> lines_;
    std::string line_;
    std::size_t used_ = 0;
    bool is_painting_ = false;
};

class Page {
  public:
    explicit Page(const TextStyle& style)
        : style_(style), width_((std::clamp<std::size_t>(style.columns, narrowest, widest) - 5) / 2) {}

    std::string rows(const Difference& difference) const {
        std::string text;
        for (const DiffRow& row : diff_texts(difference.left, difference.right)) {
            Column left(width_, red, style_), right(width_, green, style_);
            const auto a = left.lines(row.left), b = right.lines(row.right);
            const char* const mark = row.is_same ? " " : !row.has_right ? "<" : !row.has_left ? ">" : "|";
            for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
                text += without_end("  " + (i < a.size() ? a[i] : left.empty_line()) + mark + " " +
                                    (i < b.size() ? b[i] : "")) +
                        "\n";
        }
        return text;
    }

    std::string heads(const std::string& left, const std::string& right) const {
        Column a(width_, red, style_), b(width_, green, style_);
        const auto x = a.lines({{left, false}}), y = b.lines({{right, false}});
        std::string text;
        for (std::size_t i = 0; i < std::max(x.size(), y.size()); ++i)
            text += "  " + painted(i < x.size() ? x[i] : a.empty_line(), bold, style_) + "  " +
                    painted(without_end(i < y.size() ? y[i] : ""), bold, style_) + "\n";
        return text;
    }

  private:
    static std::string without_end(std::string line) {
        line.erase(line.find_last_not_of(' ') + 1);
        return line;
    }

    const TextStyle style_;
    const std::size_t width_;
};

std::string first_line(const std::string& text) {
    return without_controls(text.substr(0, text.find('\n')));
}

std::string head_of(const ComparedTurn& turn, const TextStyle& style) {
    const RecordedStep& step = turn.step;
    std::string said = first_line(step.message.text);
    if (said.empty()) said = "(" + step.message.type + ")";
    return "\n" +
           painted("conversation " + std::to_string(step.conversation) + ", " + time_of(step.at_ms), bold,
                   style) +
           "\n  " + painted("user:", dim, style) + " " + said + "\n";
}

std::string plural(std::size_t n, const char* word) {
    return std::to_string(n) + " " + word + (n == 1 ? "" : "s");
}

std::string figures(const ReplayReport& report) {
    std::string text = plural(report.conversations, "conversation") + ", " + plural(report.turns, "turn") +
                       ": " + std::to_string(report.same) + " the same, " + std::to_string(report.different) +
                       " different, " + std::to_string(report.failed) + " failed";
    if (report.skipped > 0) text += ", " + std::to_string(report.skipped) + " skipped";
    if (report.unreadable > 0)
        text += "; " + plural(report.unreadable, "line") + " of the records could not be read";
    return text + "\n";
}

const char* word_for(ComparedTurn::Verdict verdict) {
    switch (verdict) {
        case ComparedTurn::Verdict::failed:
            return "failed";
        case ComparedTurn::Verdict::skipped:
            return "skipped";
        case ComparedTurn::Verdict::different:
            return "different";
        default:
            return "same";
    }
}

}  // namespace

std::string to_text(const ReplayReport& report, const TextStyle& style) {
    const Page page(style);
    std::string text;
    if (!report.findings.empty()) text += page.heads(report.left_name, report.right_name);
    for (const ComparedTurn& turn : report.findings) {
        text += head_of(turn, style);
        if (!turn.why.empty()) {
            const bool is_bad = turn.verdict == ComparedTurn::Verdict::failed;
            text += "  " + painted(std::string(word_for(turn.verdict)) + ":", is_bad ? red : dim, style) +
                    " " + without_controls(turn.why) + "\n";
        }
        for (const Difference& one : turn.differences)
            text += "  " + painted(one.what + ":", dim, style) + "\n" + page.rows(one);
    }
    return text + (text.empty() ? "" : "\n") + figures(report);
}

std::string to_json(const ReplayReport& report) {
    Json findings = Json::array();
    for (const ComparedTurn& turn : report.findings) {
        Json differences = Json::array();
        for (const Difference& one : turn.differences)
            differences.push_back({{"what", one.what}, {"left", one.left}, {"right", one.right}});
        findings.push_back({{"conversation", turn.step.conversation},
                            {"turn", turn.step.turn},
                            {"at", time_of(turn.step.at_ms)},
                            {"user", turn.step.message.text},
                            {"verdict", word_for(turn.verdict)},
                            {"why", turn.why.empty() ? Json() : Json(turn.why)},
                            {"differences", std::move(differences)}});
    }
    const Json all{{"deployment", report.deployment}, {"left", report.left_name},
                   {"right", report.right_name},      {"conversations", report.conversations},
                   {"turns", report.turns},           {"same", report.same},
                   {"different", report.different},   {"failed", report.failed},
                   {"skipped", report.skipped},       {"unreadable_lines", report.unreadable},
                   {"findings", std::move(findings)}};
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace parley::kit

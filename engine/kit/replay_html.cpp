#include <ctime>
#include <span>

#include "base/embedded_file.hpp"
#include "kit/markup.hpp"
#include "kit/replay_report.hpp"
#include "kit/text_diff.hpp"

namespace parley::kit {

std::span<const EmbeddedFile> replay_files();

namespace {

std::string time_of(std::int64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

std::string figure(std::size_t n, const char* word, bool is_bad = false) {
    return std::string("<li") + (is_bad && n > 0 ? " class=bad" : "") + "><b>" + std::to_string(n) + "</b> " +
           word + "</li>";
}

std::string summary(const ReplayReport& report) {
    std::string html = "<dl class=names>";
    if (!report.deployment.empty())
        html += "<dt>deployment</dt><dd>" + to_markup(report.deployment) + "</dd>";
    html += "<dt>left</dt><dd>" + to_markup(report.left_name) + "</dd><dt>right</dt><dd>" +
            to_markup(report.right_name) + "</dd></dl>\n<ul class=figures>";
    html += figure(report.conversations, "conversations") + figure(report.turns, "turns") +
            figure(report.same, "the same") + figure(report.different, "different") +
            figure(report.failed, "failed", true);
    if (report.skipped > 0) html += figure(report.skipped, "skipped");
    if (report.unreadable > 0) html += figure(report.unreadable, "lines not readable", true);
    html += "</ul>\n";
    if (report.findings.empty()) return html + "<p>Both say the same in every turn.</p>\n";
    html += "<nav aria-label=\"What is shown\">";
    for (const char* what : {"reply", "annotations", "state", "request"})
        html += std::string("<label><input type=checkbox checked value=") + what + "> " + what + "</label>";
    return html + "<span class=keys><kbd>j</kbd> next, <kbd>k</kbd> previous</span></nav>\n";
}

// Words are marked where some stayed; else the whole line is another one, which its colour says.
std::string cell(const std::vector<DiffPiece>& pieces, bool is_there, bool is_same, bool is_left) {
    std::string html = is_same || !is_there ? "<div>" : is_left ? "<div class=old>" : "<div class=new>";
    const std::string tag = is_left ? "del" : "ins";
    const bool has_marks = pieces.size() > 1;
    for (const DiffPiece& piece : pieces)
        html += piece.is_changed && has_marks ? "<" + tag + ">" + to_markup(piece.text) + "</" + tag + ">"
                                              : to_markup(piece.text);
    return html + "</div>";
}

std::string to_html(const Difference& difference) {
    const std::string what = difference.what.substr(0, difference.what.find(' '));
    const auto is_code = [](const std::string& text) { return text.starts_with('{'); };
    const bool code = is_code(difference.left) || is_code(difference.right) || what == "request";
    std::string html = "<section data-what=" + what + "><h3>" + to_markup(difference.what) +
                       "</h3><div class=\"both" + (code ? " code" : "") + "\">";
    for (const DiffRow& row : diff_texts(difference.left, difference.right))
        html += cell(row.left, row.has_left, row.is_same, true) +
                cell(row.right, row.has_right, row.is_same, false);
    return html + "</div></section>";
}

std::string verdict_of(const ComparedTurn& turn) {
    using Verdict = ComparedTurn::Verdict;
    if (turn.verdict == Verdict::failed) return "<span class=\"verdict failed\">failed</span>";
    return turn.verdict == Verdict::skipped ? "<span class=verdict>skipped</span>" : "";
}

std::string to_html(const ComparedTurn& turn) {
    const RecordedStep& step = turn.step;
    const std::string said = step.message.text.empty() ? "(" + step.message.type + ")" : step.message.text;
    std::string html = "<article tabindex=0><header><h2>Conversation " + std::to_string(step.conversation) +
                       "</h2><span class=soft>" + time_of(step.at_ms) + "</span>" + verdict_of(turn) +
                       "</header><div class=user>" + to_markup(said) + "</div>";
    if (!turn.why.empty()) html += "<p class=why>" + to_markup(turn.why) + "</p>";
    for (const Difference& one : turn.differences) html += to_html(one);
    return html + "</article>\n";
}

// What an agent said may hold the marks of the page; they are looked for in the page only.
std::string filled(std::string_view page, std::string_view mark, const std::string& text) {
    std::string out;
    while (true) {
        const auto at = page.find(mark);
        out += page.substr(0, at);
        if (at == std::string_view::npos) return out;
        out += text;
        page.remove_prefix(at + mark.size());
    }
}

}  // namespace

std::string to_html(const ReplayReport& report) {
    std::string findings;
    for (const ComparedTurn& turn : report.findings) findings += to_html(turn);
    const std::string page(replay_files().front().bytes);
    const auto split = page.find("{{FINDINGS}}");
    const std::string title =
        "Replay" + (report.deployment.empty() ? std::string() : " of " + to_markup(report.deployment));
    std::string head = filled(page.substr(0, split), "{{TITLE}}", title);
    head = filled(head, "{{SUMMARY}}", summary(report));
    return head + findings + page.substr(split + std::string_view("{{FINDINGS}}").size());
}

}  // namespace parley::kit

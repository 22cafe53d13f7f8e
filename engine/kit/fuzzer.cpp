#include "kit/fuzzer.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include <nlohmann/json.hpp>

#include "host/host_text.hpp"
#include "kit/subject.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::json;
using Steady = std::chrono::steady_clock;

// Seeds of lanes lie far apart, and those of a lane follow each other.
constexpr std::uint64_t seeds_of_a_lane = 1'000'000'000;

Result<std::vector<Sample>> read_corpus(const std::filesystem::path& folder) {
    std::vector<Sample> all = samples();
    std::erase_if(all, [](const Sample& one) { return !one.is_usual; });
    if (folder.empty()) return all;
    std::error_code trouble;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, trouble))
        if (entry.is_regular_file(trouble)) files.push_back(entry.path());
    if (trouble) return Error{Errc::not_found, folder.string() + ": " + trouble.message()};
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        Sample sample{file.filename().string(), {.text = text.str()}, true};
        const Json native = Json::parse(text.str(), nullptr, false);
        if (native.is_object() && native.value("type", Json()).is_string()) {
            sample.message = {.text = "", .type = native["type"]};
            sample.message.native_json = text.str();
        }
        all.push_back(std::move(sample));
    }
    return all;
}

// What a child found in one batch.
struct Batch {
    std::uint64_t next_seed = 0;
    std::vector<FuzzFinding> findings;
};

std::string play_batch(const Subject& subject, std::uint64_t seed, const std::vector<Sample>& corpus,
                       Millis time, Progress& progress) {
    Json findings = Json::array();
    const auto end = Steady::now() + time;
    do {
        for (const std::string& one : play_case(subject, seed, corpus, progress, {}).findings)
            findings.push_back({seed, one});
        ++seed;
    } while (Steady::now() < end && findings.size() < 100);
    return Json{seed, findings}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Batch read_batch(const ChildEnd& end, std::uint64_t first_seed) {
    if (end.how == ChildEnd::How::returned) {
        const Json all = Json::parse(end.result, nullptr, false);
        if (all.is_array() && all.size() == 2) {
            Batch batch{all[0], {}};
            for (const Json& one : all[1]) batch.findings.push_back({one[0], one[1]});
            return batch;
        }
    }
    // "SEED what it was doing"
    const auto blank = end.step.find(' ');
    std::uint64_t seed = first_seed;
    if (blank != std::string::npos) seed = std::stoull(end.step.substr(0, blank));
    // The callback; which message it was says --reproduce.
    const std::string callback = blank == std::string::npos ? "" : end.step.substr(blank + 1);
    const std::string doing = callback.empty() ? "" : " in " + callback.substr(0, callback.find(" ("));
    std::string what = in_words(end) + doing;
    if (end.how == ChildEnd::How::exited) what += "; it wrote: " + one_line(end.output, 160);
    return {seed + 1, {{seed, what}}};
}

void merge(FuzzReport& report, const std::vector<FuzzFinding>& findings) {
    for (const FuzzFinding& one : findings) {
        const auto known = std::find_if(report.findings.begin(), report.findings.end(),
                                        [&](const FuzzFinding& other) { return other.what == one.what; });
        if (known == report.findings.end())
            report.findings.push_back(one);
        else
            ++known->times;
    }
}

Result<> must_start(const Subject& subject) {
    const ChildEnd end = run_in_child(
        [&](Progress& progress) {
            Probe probe(subject, progress);
            const auto started = probe.start();
            return started.ok() ? std::string() : "refuses to start: " + started.error;
        },
        Millis(30'000));
    std::string why = end.result;
    if (end.how != ChildEnd::How::returned)
        why = "cannot be loaded and started: " + one_line(end.output, 300);
    if (why.empty()) return {};
    return Error{Errc::invalid_input, subject.named.string() + ": " + why};
}

}  // namespace

Result<FuzzReport> fuzz(const std::filesystem::path& file, const FuzzOptions& options) {
    const ScratchFolder scratch;
    const auto subject = read_subject(file, options.config_json, options.seed, scratch.path());
    if (!subject) return subject.error();
    const auto corpus = read_corpus(options.corpus);
    if (!corpus) return corpus.error();
    if (const auto started = must_start(*subject); !started) return started.error();

    FuzzReport report;
    std::vector<std::uint64_t> seeds;
    for (unsigned lane = 0; lane < std::max(1U, options.lanes); ++lane)
        seeds.push_back(options.seed + lane * seeds_of_a_lane);
    const auto end = Steady::now() + options.duration;
    while (Steady::now() < end) {
        const Millis left = std::chrono::duration_cast<Millis>(end - Steady::now());
        std::vector<std::unique_ptr<ChildProcess>> children;
        for (const std::uint64_t seed : seeds)
            children.push_back(std::make_unique<ChildProcess>([&, seed](Progress& progress) {
                return play_batch(*subject, seed, *corpus, std::min(options.batch, left), progress);
            }));
        for (std::size_t lane = 0; lane < seeds.size(); ++lane) {
            const Batch batch = read_batch(children[lane]->end(options.limit), seeds[lane]);
            report.cases += batch.next_seed - seeds[lane];
            seeds[lane] = batch.next_seed;
            merge(report, batch.findings);
        }
        if (options.on_progress) options.on_progress(report.cases, report.findings.size());
    }
    return report;
}

Result<FuzzCase> reproduce(const std::filesystem::path& file, const FuzzOptions& options,
                           const std::function<void(const std::string&)>& tell) {
    class NoProgress final : public Progress {
        void at(std::string_view) override {}
    };
    const ScratchFolder scratch;
    const auto subject = read_subject(file, options.config_json, options.seed, scratch.path());
    if (!subject) return subject.error();
    const auto corpus = read_corpus(options.corpus);
    if (!corpus) return corpus.error();
    NoProgress progress;
    try {
        return play_case(*subject, options.seed, *corpus, progress, tell);
    } catch (const std::exception& problem) {
        return Error{Errc::invalid_input, file.string() + ": " + problem.what()};
    }
}

}  // namespace parley::kit

// Every payload of tests/data/webhooks as parts for batches: each taken apart into its changes, made young and
// unmistakable, and sent to any number.
#pragma once

#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "simulator/json.hpp"

namespace parley::scenario {

class Corpus {
  public:
    // What a batch must lead to. Every item carries its own serial, which the engine does not know and keeps.
    struct Expected {
        std::set<int> routed, unrouted;  // the serials that are to be stored so
        std::set<int> seen;              // those that an agent is to get
    };

    Corpus(const std::filesystem::path& folder, std::vector<std::string> routed,
           std::vector<std::string> unrouted)
        : routed_(std::move(routed)), unrouted_(std::move(unrouted)) {
        for (const auto& file : std::filesystem::directory_iterator(folder)) {
            // Without a time a second delivery cannot be told from a second message; Meta's messages have one.
            if (file.path().stem() == "timestamp_missing") continue;
            std::ifstream in(file.path(), std::ios::binary);
            const sim::Json body = sim::Json::parse(in);
            for (const sim::Json& entry : body.at("entry")) {
                if (!entry.is_object() || !entry.contains("changes")) continue;
                for (const sim::Json& change : entry.at("changes"))
                    if (change.is_object() && change.contains("value"))
                        cases_.push_back({file.path().stem().string(), entry.value("time", 0), change});
            }
        }
        std::sort(cases_.begin(), cases_.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
    }

    std::size_t size() const { return cases_.size(); }

    // The body of a POST with `changes` payloads, drawn one after another, each for one of the numbers.
    std::string compose(std::size_t changes, Expected& expected) {
        sim::Json entries = sim::Json::array();
        for (std::size_t i = 0; i < changes; ++i) {
            const Case& one = cases_[next_++ % cases_.size()];
            sim::Json entry{{"id", "2"}};
            if (one.time != 0) entry["time"] = now();
            sim::Json change = one.change;
            make_young(change);
            const bool is_routed = retarget(change);
            number(one, change, is_routed, expected);
            entry["changes"] = sim::Json::array({std::move(change)});
            entries.push_back(std::move(entry));
        }
        return sim::Json{{"object", "whatsapp_business_account"}, {"entry", std::move(entries)}}.dump();
    }

  private:
    struct Case {
        std::string name;
        std::int64_t time = 0;
        sim::Json change;
    };

    static std::int64_t now() { return unix_ms(SystemClock().wall()) / 1000; }

    // True when the change is then for a number that has a deployment.
    bool retarget(sim::Json& change) {
        sim::Json& value = change["value"];
        if (!value.is_object() || !value.contains("metadata")) return false;
        const std::size_t pick = chance_() % (routed_.size() + unrouted_.size());
        const bool is_routed = pick < routed_.size();
        value["metadata"]["phone_number_id"] = is_routed ? routed_[pick] : unrouted_[pick - routed_.size()];
        return is_routed;
    }

    void number(const Case& one, sim::Json& change, bool is_routed, Expected& expected) {
        std::set<int>& stored = is_routed ? expected.routed : expected.unrouted;
        bool has_elements = false;
        sim::Json& value = change["value"];
        for (const char* array : {"messages", "statuses", "errors"}) {
            if (change.value("field", "messages") != "messages" || !value.contains(array)) continue;
            sim::Json kept = sim::Json::array();
            for (sim::Json& element : value[array]) {
                if (!element.is_object() || element.empty()) continue;  // no payload of Meta's
                has_elements = true;
                stored.insert(++serial_);
                if (std::string(array) == "messages" && is_routed && agents_get(one.name))
                    expected.seen.insert(serial_);
                label(element);
                kept.push_back(std::move(element));
            }
            value[array] = std::move(kept);
        }
        if (has_elements) return;
        stored.insert(++serial_);
        (value.is_object() ? value : change)["serial"] = serial_;
    }

    void label(sim::Json& element) const {
        element["serial"] = serial_;
        if (element.contains("id"))
            element["id"] = element["id"].get<std::string>() + "." + std::to_string(serial_);
    }

    // What is older than the store's retention is not remembered.
    static void make_young(sim::Json& value) {
        if (!value.is_structured()) return;
        for (auto& [key, member] : value.items()) {
            if (key == "timestamp" && member.is_string())
                member = std::to_string(now());
            else if (key == "timestamp")
                member = now();
            else
                make_young(member);
        }
    }

    // Whatever a single person wrote.
    static bool agents_get(const std::string& name) { return name != "group_text" && name != "no_sender"; }

    std::vector<std::string> routed_, unrouted_;
    std::vector<Case> cases_;
    std::size_t next_ = 0;
    int serial_ = 0;
    std::mt19937 chance_{20261121};
};

}  // namespace parley::scenario

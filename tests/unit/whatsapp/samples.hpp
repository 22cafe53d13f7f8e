// The webhook bodies under tests/data/webhooks, and bodies made on the spot.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace parley::samples {

inline std::filesystem::path folder() {
    return std::filesystem::path(PARLEY_SOURCE_DIR) / "tests/data/webhooks";
}

inline std::string load(const std::string& name) {
    std::ifstream file(folder() / (name + ".json"), std::ios::binary);
    if (!file) throw std::runtime_error("no sample " + name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
        if (entry.path().extension() == ".json") found.push_back(entry.path().stem().string());
    }
    std::sort(found.begin(), found.end());
    return found;
}

inline constexpr std::int64_t receipt_seconds = 1'790'001'000;
inline const WallTime receipt = from_unix_ms(receipt_seconds * 1000);

inline std::string text_message(const std::string& id, const std::string& from, const std::string& body) {
    return R"({"from":")" + from + R"(","id":")" + id +
           R"(","timestamp":"1790000000","type":"text","text":{"body":")" + body + R"("}})";
}

inline std::string envelope(const std::string& value) {
    return R"({"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"value":)" +
           value + R"(,"field":"messages"}]}]})";
}

inline std::string messages_of(const std::string& channel, const std::string& elements) {
    return R"({"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550001111","phone_number_id":")" +
           channel + R"("},"contacts":[{"profile":{"name":"Asha"},"wa_id":"919800000001"}],"messages":[)" +
           elements + "]}";
}

// The body of the signature's test vector: one text message of 919800000001.
inline std::string signed_vector() {
    return envelope(messages_of("300000000000001", text_message("wamid.TEST0001", "919800000001", "Hi")));
}

}  // namespace parley::samples

// Messages that every agent must survive: texts of all kinds, and each type that WhatsApp delivers.
#pragma once

#include <string>
#include <vector>

#include <parley/testing/turn_record.hpp>

namespace parley::kit {

struct Sample {
    std::string name;  // for messages: "emoji"
    testing::Message message;
    bool is_usual = true;  // what people send every day; the rest only has to be survived
};

const std::vector<Sample>& samples();

// What a person might say to any agent, in order.
std::vector<testing::Message> small_talk();

}  // namespace parley::kit

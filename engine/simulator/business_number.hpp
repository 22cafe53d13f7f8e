// A number of the business, as the simulated cloud knows it.
#pragma once

#include <string>

namespace parley {

struct SimulatorNumber {
    std::string phone_number_id;
    std::string display_phone_number;  // as people write it; webhooks carry its digits
    std::string waba_id;
    std::string access_token;  // the only one that may send; empty: any Bearer token
    std::string verified_name;
};

namespace sim {

inline std::string digits_of(const SimulatorNumber& number) {
    std::string digits;
    for (const char c : number.display_phone_number) {
        if (c >= '0' && c <= '9') digits += c;
    }
    return digits;
}

}  // namespace sim
}  // namespace parley

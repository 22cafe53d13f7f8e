// What an outbound message is known by before and after it has a wamid: its biz_opaque_callback_data.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace parley {

// Made with the message and the same in every try; see NewOutbound::callback. Rises with time.
inline std::string make_callback_id(const Clock& clock, Random& random) {
    return "p1." + make_ulid(clock.wall(), random);
}

}  // namespace parley

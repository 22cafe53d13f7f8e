// Who calls Graph: the version in the path and the token in the header.
#pragma once

#include <string_view>

#include "net/http_message.hpp"
#include "simulator/business_number.hpp"

namespace parley::sim {

bool is_digits(std::string_view text);                                      // and not empty
bool is_version(std::string_view version);                                  // v25.0
std::string_view bearer_of(std::string_view authorization);                 // the token; empty: none
bool opens(const SimulatorNumber& number, std::string_view authorization);  // it is the number's token

HttpResponse graph_response(int status, std::string body);

}  // namespace parley::sim

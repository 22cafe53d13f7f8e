// What POST /{version}/{phone_number_id}/messages accepts, by Meta's documented limits.
#pragma once

#include <string>

#include "simulator/field_check.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

// A message to send: frame, type and every documented limit of its content. None: Graph would accept it.
Complaint check_send(const Json& body);

// A read receipt, with or without a typing indicator: a body with "status".
Complaint check_read_receipt(const Json& body);

// The content of type `interactive`; part of check_send.
Complaint check_interactive(const Json& body);

// The recipient's digits, or its BSUID when the body has no `to`; empty when it names nobody.
std::string recipient_of(const Json& body);

}  // namespace parley::sim

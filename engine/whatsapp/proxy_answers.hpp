// What the Graph proxy answers, worded as Graph does, so that every SDK understands it.
#pragma once

#include <string>

#include "core/outbound.hpp"
#include "net/http_client.hpp"

namespace parley {

// {"error":{"message":…,"type":"OAuthException","code":…,"error_data":{…}}}; details may be empty.
HttpResponse graph_refusal(int status, int code, const std::string& message, const std::string& details = {});

HttpResponse wrong_token();                              // 401, code 190; says nothing of what exists
HttpResponse not_passed(const std::string& what);        // 403, code 10: the proxy does not offer it
HttpResponse bad_parameter(const std::string& details);  // 400, code 100

// A message that is taken: its id, and whom it goes to, as the bot wrote it.
HttpResponse taken(const std::string& wamid, const std::string& input, const Recipient& to, bool is_template);

// A message that Graph refused, or that could not be sent in time: Graph's own answer where there is one.
HttpResponse refused_send(const SendEnding& ending);

// An answer of Graph as it came, without the token should it be quoted; 502 when there was none.
HttpResponse passed_on(const HttpOutcome& outcome, std::string_view token);

}  // namespace parley

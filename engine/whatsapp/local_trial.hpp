// Whether a webhook is a trial on this machine.
#pragma once

#include "net/local_request.hpp"

namespace parley {

// True for a local request whose body is said to be JSON: a browser cannot send that content type to another
// origin without asking first.
bool is_local_trial(const HttpRequest& request);

}  // namespace parley

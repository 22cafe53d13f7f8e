// The replies with more than a text, as native WhatsApp objects whose limits are checked where they are
// built.
#pragma once

#include <parley/sdk/buttons_reply.hpp>
#include <parley/sdk/list_reply.hpp>
#include <parley/sdk/text_reply.hpp>

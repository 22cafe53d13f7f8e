// The replies with more than a text, as native WhatsApp objects whose limits are checked where they are
// built.
#pragma once

#include <parley/sdk/address_reply.hpp>
#include <parley/sdk/buttons_reply.hpp>
#include <parley/sdk/carousel_reply.hpp>
#include <parley/sdk/contacts_reply.hpp>
#include <parley/sdk/flow_reply.hpp>
#include <parley/sdk/link_reply.hpp>
#include <parley/sdk/list_reply.hpp>
#include <parley/sdk/location_reply.hpp>
#include <parley/sdk/media_reply.hpp>
#include <parley/sdk/product_reply.hpp>
#include <parley/sdk/reaction_reply.hpp>
#include <parley/sdk/template_reply.hpp>
#include <parley/sdk/text_reply.hpp>

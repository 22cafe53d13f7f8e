// GET /openapi.json: the API as an OpenAPI 3.1 document, for people (see /docs) and for generators of clients.
#pragma once

#include "net/router.hpp"

namespace parley {

// openapi.json in this folder, as it was compiled in. It is complete: a test holds it against the routes of a running
// engine, in both directions.
std::string_view api_document();

// Open, as the API's form is no secret; pages of other origins may read it.
void add_document_route(Router& router);

}  // namespace parley

// The operator's console at /console and the browsable API document at /docs: pages compiled into the program.
#pragma once

#include <span>

#include "base/embedded_file.hpp"
#include "net/router.hpp"

namespace parley {

// What npm built from engine/admin/console; empty in a program built with -DPARLEY_CONSOLE=OFF.
std::span<const EmbeddedFile> console_files();

// GET /console, everything below it, and /docs, with headers that let a page load what is here and nothing else. They
// need no key: the pages hold no data and ask the API with the key that a person enters. Without files each answers 404
// and says how the program is built with them. The files must outlive the router.
void add_console_routes(Router& router, std::span<const EmbeddedFile> files);

}  // namespace parley

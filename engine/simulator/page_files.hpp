// The files of the phone page, compiled into the program from engine/simulator/page/.
#pragma once

#include <span>

#include "base/embedded_file.hpp"

namespace parley::sim {

std::span<const EmbeddedFile> page_files();

}  // namespace parley::sim

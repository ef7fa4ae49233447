// The files of the console as they are in the program, made from console/ by the build.
#pragma once

#include <span>

#include "node/api/web.h"

namespace focal {

std::span<const api::Asset> console_assets();  // constant data

}  // namespace focal

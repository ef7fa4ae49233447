// Random valid objects made by the functions the node itself uses, as the lines of one
// world of tests/interop/README.md.
#pragma once

#include <cstdint>
#include <string>

namespace focal::test {

std::string make_world(std::uint64_t seed);

}  // namespace focal::test

// Short spellings for the tests of this folder.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/check.h"

namespace focal::test {

inline Bytes from_hex(std::string_view text) {
  const auto out = unhex(text);
  FOCAL_CHECK(out.has_value());
  return *out;
}
inline Hash32 hash_from_hex(std::string_view text) {
  const auto out = fixed<32>(from_hex(text));
  FOCAL_CHECK(out.has_value());
  return *out;
}

}  // namespace focal::test

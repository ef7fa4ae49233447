// Base45 (RFC 9285): bytes as the 45 characters that a QR code holds at 5.5 bits
// each. Two bytes are three characters, a last single byte two.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace focal {

std::string base45(ByteView b);
// The bytes of what base45 writes, or nothing: another character (small letters
// too), a length of 3n + 1, a group above 65535 (a last pair above 255). Each byte
// string has exactly one text that is read.
std::optional<Bytes> unbase45(std::string_view text);

}  // namespace focal

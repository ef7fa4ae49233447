// Byte strings and the few encodings every layer needs.
// Pure functions; nothing here allocates secrets (see crypto/secret.h for those).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace focal {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Hash32 = std::array<std::uint8_t, 32>;
using Id16 = std::array<std::uint8_t, 16>;

// Views; the argument must outlive the result.
inline ByteView as_bytes(std::string_view s) {
  return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}
inline std::string_view as_text(ByteView b) {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}
inline std::string to_string(ByteView b) { return std::string(as_text(b)); }
inline Bytes to_bytes(ByteView b) { return Bytes(b.begin(), b.end()); }
inline Bytes to_bytes(std::string_view s) { return to_bytes(as_bytes(s)); }
inline void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }
inline void append(Bytes& out, std::string_view more) { append(out, as_bytes(more)); }

bool equal(ByteView a, ByteView b);  // public data only: not constant time

// Copies b into a fixed-size array; nothing if the size differs.
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> fixed(ByteView b) {
  if (b.size() != N) return std::nullopt;
  std::array<std::uint8_t, N> out{};
  std::copy(b.begin(), b.end(), out.begin());
  return out;
}

// Big-endian integers.
void put_u16be(Bytes& out, std::uint16_t v);
void put_u32be(Bytes& out, std::uint32_t v);
void put_u64be(Bytes& out, std::uint64_t v);
std::uint16_t get_u16be(ByteView b);  // b.size() >= 2 (8, 4) is the caller's duty
std::uint32_t get_u32be(ByteView b);
std::uint64_t get_u64be(ByteView b);

// lp(x) = u8 length || x; text of at most 255 bytes (docs/protocol.md, notation).
void put_lp(Bytes& out, std::string_view text);

std::string hex(ByteView b);                              // lower case
std::optional<Bytes> unhex(std::string_view text);        // either case, even length
std::string base64(ByteView b);                           // RFC 4648 section 4, padded
std::optional<Bytes> unbase64(std::string_view text);     // canonical encodings only
bool is_utf8(std::string_view text);                      // strict: no surrogates, no overlong forms

}  // namespace focal

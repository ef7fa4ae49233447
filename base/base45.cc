#include "base/base45.h"

namespace focal {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::uint32_t kBase = 45;
static_assert(kAlphabet.size() == kBase);

// count digits, the smallest first.
void put_digits(std::string& out, std::uint32_t value, int count) {
  for (; count > 0; --count, value /= kBase) out += kAlphabet[value % kBase];
}

}  // namespace

std::string base45(ByteView b) {
  std::string out;
  out.reserve(b.size() / 2 * 3 + b.size() % 2 * 2);
  std::size_t at = 0;
  for (; at + 2 <= b.size(); at += 2) put_digits(out, get_u16be(b.subspan(at)), 3);
  if (at < b.size()) put_digits(out, b[at], 2);
  return out;
}

std::optional<Bytes> unbase45(std::string_view text) {
  if (text.size() % 3 == 1) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 3 * 2 + 1);
  while (!text.empty()) {
    const std::string_view group = text.substr(0, 3);
    text.remove_prefix(group.size());
    std::uint32_t value = 0;
    for (std::size_t i = group.size(); i-- > 0;) {
      const std::size_t digit = kAlphabet.find(group[i]);
      if (digit == std::string_view::npos) return std::nullopt;
      value = value * kBase + static_cast<std::uint32_t>(digit);
    }
    if (value > (group.size() == 3 ? 0xffffu : 0xffu)) return std::nullopt;
    if (group.size() == 3) out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
  }
  return out;
}

}  // namespace focal

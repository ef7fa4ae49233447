#include "base/error_id.h"

namespace focal {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
static_assert(kAlphabet.size() == 32);  // a part of 256: each character is as likely

}  // namespace

std::string error_id(const std::array<std::uint8_t, kErrorIdSize>& random) {
  std::string out;
  for (const std::uint8_t b : random) out += kAlphabet[b % kAlphabet.size()];
  return out;
}

bool is_error_id(std::string_view text) {
  return text.size() == kErrorIdSize &&
         text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

}  // namespace focal

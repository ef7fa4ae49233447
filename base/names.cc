#include "base/names.h"

#include <algorithm>

namespace focal {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_upper(c) || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

bool is_party(std::string_view text) {
  return text.size() >= kMinPartySize && text.size() <= kMaxPartySize && is_upper(text.front()) &&
         is_name(text);
}

bool is_desk(std::string_view text) {
  return !text.empty() && text.size() <= kMaxDeskSize && is_name(text);
}

}  // namespace focal

#include "node/record/formats.h"

#include <chrono>

#include "base/bytes.h"

namespace focal::record {
namespace {

constexpr std::string_view kBlanks = " \t\n";
constexpr int kFirstYear = 1500;  // no older firearm is traced

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_language(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::string_view primary = text.substr(0, dash);
  if (primary.size() < 2 || primary.size() > 3) return false;
  for (const char c : primary)
    if (!is_lower(c)) return false;
  if (dash == std::string_view::npos) return true;
  const std::string_view region = text.substr(dash + 1);
  return region.size() == 2 && is_upper(region[0]) && is_upper(region[1]);
}

bool is_partial_date(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : !is_digit(text[i])) return false;
  const auto number = [text](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) value = value * 10 + (c - '0');
    return value;
  };
  const int year = number(0, 4);
  const int month = text.size() > 4 ? number(5, 2) : 1;
  const int day = text.size() > 7 ? number(8, 2) : 1;
  return year >= kFirstYear &&
         std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
             .ok();
}

bool is_sha256_hex(std::string_view text) {
  if (text.size() != 64) return false;
  for (const char c : text)
    if (!is_digit(c) && !(c >= 'a' && c <= 'f')) return false;
  return true;
}

bool is_plain_text(std::string_view text) {
  if (!is_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) return false;
    // U+0080..U+009F are C2 80..C2 9F.
    if (c == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return false;
  }
  return true;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlanks) == std::string_view::npos;
}

std::size_t text_length(std::string_view text) {
  std::size_t count = 0;
  bool blank_before = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n') {
      blank_before = count > 0;
      continue;
    }
    if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) continue;  // inside a code point
    count += blank_before ? 2 : 1;
    blank_before = false;
  }
  return count;
}

}  // namespace focal::record

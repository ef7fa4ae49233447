// Reads the text of a Focal note: lines "key SP value", in a fixed order. Every
// decoder accepts one spelling only. Used by cards and the like; errors name the
// line ("card line 4 (prev): ...") and their path is "card.prev".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::exchange {

class Lines {
 public:
  // Views on text and what ("card"), which must outlive this.
  Lines(std::string_view text, std::string_view what) : rest_(text), what_(what) {}

  Status take_first(std::string_view line);             // the whole line
  Result<std::string_view> take(std::string_view key);  // the value, not empty
  bool next_is(std::string_view key) const;             // the next line has this key
  Status done() const;                                  // nothing is left

  // take() with a decoder.
  Result<std::string> take_party(std::string_view key);
  Result<std::uint64_t> take_number(std::string_view key, std::uint64_t min, std::uint64_t max);
  Result<Hash32> take_hash(std::string_view key);         // base64 of 32 bytes
  Result<std::optional<Hash32>> take_prev(std::uint64_t serial);  // "none" iff serial is 1
  Result<std::uint64_t> take_time(std::string_view key);  // 2026-11-23T10:00:00Z, in ms

  // About the line taken last.
  Error wrong(std::string_view message, ErrorCode code = ErrorCode::kCard) const;

 private:
  std::string_view rest_;
  std::string_view what_;
  std::string_view key_;
  unsigned line_ = 0;
};

// Decimal without sign or leading zeros.
std::optional<std::uint64_t> read_number(std::string_view text);
std::optional<Hash32> read_hash(std::string_view base64_text);
// UTF-8 without control characters (C0, DEL, C1): safe to show on a terminal.
bool is_plain_line(std::string_view text);

}  // namespace focal::exchange

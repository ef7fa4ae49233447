#include "node/exchange/lines.h"

#include <charconv>

#include "base/clock.h"
#include "node/exchange/party.h"

namespace focal::exchange {

std::optional<std::uint64_t> read_number(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || last != end) return std::nullopt;
  return value;
}

std::optional<Hash32> read_hash(std::string_view base64_text) {
  const std::optional<Bytes> raw = unbase64(base64_text);
  return raw ? fixed<32>(*raw) : std::nullopt;
}

bool is_plain_line(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<std::uint8_t>(text[i]);
    if (c < 0x20 || c == 0x7f) return false;
    if (c == 0xc2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xa0)
      return false;  // U+0080 to U+009F
  }
  return is_utf8(text);
}

Error Lines::wrong(std::string_view message, ErrorCode code) const {
  std::string text(what_);
  text.append(" line ").append(std::to_string(line_));
  text.append(" (").append(key_).append("): ").append(message);
  return fail(code, std::move(text), "ask the party for a fresh file",
              std::string(what_).append(".").append(key_));
}

Status Lines::take_first(std::string_view line) {
  key_ = line;
  ++line_;
  if (rest_.substr(0, line.size()) != line || rest_.substr(line.size(), 1) != "\n")
    return wrong("the text does not begin with this line");
  rest_.remove_prefix(line.size() + 1);
  return {};
}

bool Lines::next_is(std::string_view key) const {
  return rest_.substr(0, key.size()) == key && rest_.substr(key.size(), 1) == " ";
}

Result<std::string_view> Lines::take(std::string_view key) {
  key_ = key;
  ++line_;
  if (rest_.empty()) return wrong("the line is missing");
  if (!next_is(key)) return wrong("another line stands in its place");
  rest_.remove_prefix(key.size() + 1);
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) return wrong("the line does not end");
  if (end == 0) return wrong("the line is empty");
  const std::string_view value = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return value;
}

Status Lines::done() const {
  if (rest_.empty()) return {};
  const std::string text = std::string(what_) + " line " + std::to_string(line_ + 1) +
                           ": a line that does not belong there";
  return fail(ErrorCode::kCard, text, "ask the party for a fresh file", std::string(what_));
}

Result<std::string> Lines::take_party(std::string_view key) {
  FOCAL_ASSIGN(const std::string_view value, take(key));
  if (!is_party(value)) return wrong("this is not a party code");
  return std::string(value);
}

Result<std::uint64_t> Lines::take_number(std::string_view key, std::uint64_t min,
                                         std::uint64_t max) {
  FOCAL_ASSIGN(const std::string_view value, take(key));
  const std::optional<std::uint64_t> number = read_number(value);
  if (!number || *number < min || *number > max) return wrong("this is not an allowed number");
  return *number;
}

Result<Hash32> Lines::take_hash(std::string_view key) {
  FOCAL_ASSIGN(const std::string_view value, take(key));
  const std::optional<Hash32> hash = read_hash(value);
  if (!hash) return wrong("this is not the base64 form of 32 bytes");
  return *hash;
}

Result<std::optional<Hash32>> Lines::take_prev(std::uint64_t serial) {
  FOCAL_ASSIGN(const std::string_view value, take("prev"));
  if ((value == "none") != (serial == 1))
    return wrong("\"none\" stands with serial 1 and with no other");
  if (serial == 1) return std::optional<Hash32>();
  const std::optional<Hash32> hash = read_hash(value);
  if (!hash) return wrong("this is not the base64 form of 32 bytes");
  return hash;
}

Result<std::uint64_t> Lines::take_time(std::string_view key) {
  FOCAL_ASSIGN(const std::string_view value, take(key));
  const std::optional<std::uint64_t> time = parse_utc(value);
  if (!time || format_utc(*time) != value)
    return wrong("this is not a time such as 2026-11-23T10:00:00Z");
  return *time;
}

}  // namespace focal::exchange

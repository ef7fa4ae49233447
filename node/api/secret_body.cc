#include "node/api/secret_body.h"

#include <cstdint>
#include <optional>

#include "base/check.h"

namespace focal::api {
namespace {

Error malformed() {
  return fail(ErrorCode::kInvalid, "the body is not a JSON object",
              "Send an object with the secret as a text.");
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Walks one JSON object far enough to find the texts at its top level.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool ended() {
    skip_blanks();
    return at_ == text_.size();
  }
  char peek() {
    skip_blanks();
    return at_ == text_.size() ? '\0' : text_[at_];
  }
  // A text: what stands between the quotes, escapes and all.
  std::optional<std::string_view> text() {
    if (!take('"')) return std::nullopt;
    const std::size_t begin = at_;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') return text_.substr(begin, at_++ - begin);
      if (text_[at_] == '\\' && ++at_ == text_.size()) break;
    }
    return std::nullopt;
  }
  // Any value: texts whole, brackets counted.
  bool value() {
    int depth = 0;
    do {
      switch (peek()) {
        case '\0': return false;
        case '"':
          if (!text()) return false;
          break;
        case '{': case '[': ++depth, ++at_; break;
        case '}': case ']':
          if (--depth < 0) return false;
          ++at_;
          break;
        case ',': case ':':
          if (depth == 0) return false;
          ++at_;
          break;
        default: word();
      }
    } while (depth > 0);
    return true;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  void word() {
    static constexpr std::string_view kEnds = "{}[],:\"";
    while (at_ < text_.size() && !is_blank(text_[at_]) &&
           kEnds.find(text_[at_]) == std::string_view::npos)
      ++at_;
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t out = 0;
  for (const char c : text.substr(0, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    out = out * 16 + static_cast<std::uint32_t>(digit);
  }
  return out;
}

// Decodes a JSON text into locked memory.
class Decoder {
 public:
  Decoder(std::string_view text, std::string_view field) : left_(text), field_(field) {}

  Result<crypto::Secret> decode() {
    while (!left_.empty())
      if (!step()) return bad();
    if (overflow_)
      return fail(ErrorCode::kLimit, "\"" + field_ + "\" is longer than 1024 bytes", {}, field_);
    return crypto::Secret::copy_of(out_.view().first(size_));
  }

 private:
  Error bad() const {
    return fail(ErrorCode::kInvalid, "\"" + field_ + "\" is not a JSON text", {}, field_);
  }
  void put(std::uint32_t byte) {
    if (size_ == out_.size()) overflow_ = true;
    else out_.bytes()[size_++] = static_cast<std::uint8_t>(byte);
  }
  void put_point(std::uint32_t c) {
    if (c < 0x80) return put(c);
    if (c < 0x800) {
      put(0xC0 | (c >> 6));
    } else {
      if (c < 0x10000) {
        put(0xE0 | (c >> 12));
      } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
      }
      put(0x80 | ((c >> 6) & 0x3F));
    }
    put(0x80 | (c & 0x3F));
  }
  bool step() {
    const auto c = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    if (c != '\\') {
      put(c);
      return c >= 0x20;
    }
    const char escape = left_.front();  // the walker saw to it that there is one
    left_.remove_prefix(1);
    switch (escape) {
      case '"': case '\\': case '/': put(static_cast<unsigned char>(escape)); return true;
      case 'b': put('\b'); return true;
      case 'f': put('\f'); return true;
      case 'n': put('\n'); return true;
      case 'r': put('\r'); return true;
      case 't': put('\t'); return true;
      case 'u': return unicode();
      default: return false;
    }
  }
  bool unicode() {
    const auto first = hex4(left_);
    if (!first || (*first >= 0xDC00 && *first < 0xE000)) return false;
    left_.remove_prefix(4);
    if (*first < 0xD800 || *first >= 0xE000) return put_point(*first), true;
    if (!left_.starts_with("\\u")) return false;
    const auto second = hex4(left_.substr(2));
    if (!second || *second < 0xDC00 || *second >= 0xE000) return false;
    left_.remove_prefix(6);
    put_point(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
    return true;
  }

  std::string_view left_;
  std::string field_;
  crypto::Secret out_{kMaxSecretBytes};
  std::size_t size_ = 0;
  bool overflow_ = false;
};

}  // namespace

Result<SplitBody> split_secret(std::string_view body, std::string_view field) {
  SplitBody out;
  Walker in(body);
  if (!in.take('{')) return malformed();
  std::size_t begin = 0, end = 0;  // of the text, with its quotes
  while (in.peek() != '}') {
    const auto name = in.text();
    if (!name || !in.take(':')) return malformed();
    const bool wanted = *name == field;
    if (wanted && end != 0)
      return fail(ErrorCode::kInvalid, "\"" + std::string(field) + "\" is given twice", {},
                  std::string(field));
    in.peek();
    const std::size_t from = in.at();
    const bool is_text = in.peek() == '"';
    if (wanted ? !in.text().has_value() : !in.value()) return malformed();
    if (wanted && is_text) begin = from, end = in.at();
    if (in.peek() == ',') {
      in.take(',');
      if (in.peek() == '}') return malformed();
    } else if (in.peek() != '}') {
      return malformed();
    }
  }
  in.take('}');
  if (!in.ended()) return malformed();
  if (end == 0) {
    out.rest = std::string(body);
    return out;
  }
  FOCAL_ASSIGN(out.secret, Decoder(body.substr(begin + 1, end - begin - 2), field).decode());
  out.rest.reserve(body.size());
  out.rest.append(body.substr(0, begin)).append("\"\"").append(body.substr(end));
  return out;
}

std::string fill_secret(std::string_view json, std::string_view field,
                        const crypto::Secret& secret) {
  static constexpr char kHex[] = "0123456789abcdef";
  static constexpr std::size_t kMostOfAByte = 6;  // \u0001
  std::string empty("\"");
  empty.append(field).append("\":\"\"");
  const std::size_t found = json.find(empty);
  FOCAL_CHECK(found != std::string_view::npos);
  const std::size_t at = found + empty.size() - 1;
  std::string out;
  out.reserve(json.size() + secret.size() * kMostOfAByte);  // never moved while it grows
  out.append(json.substr(0, at));
  for (const std::uint8_t byte : secret.view()) {
    if (byte == '"' || byte == '\\') out += '\\';
    if (byte >= 0x20) out += static_cast<char>(byte);
    else out.append("\\u00").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
  }
  out.append(json.substr(at));
  return out;
}

void wipe_text(std::string& text) {
  crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

}  // namespace focal::api

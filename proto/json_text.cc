// RFC 8259, read once before protobuf sees the text: protobuf's own reader takes
// single quotes, bare names, trailing commas and repeated names.
#include <charconv>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "proto/json.h"

namespace focal::json {
namespace {

// No name of ours holds anything else; protobuf would write some of the rest with
// escapes, which no name may have.
bool may_stand_in_a_name(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

// "created_at" and "createdAt" name one field.
std::string camel(std::string_view name) {
  std::string out;
  bool up = false;
  for (const char c : name) {
    if (c == '_') {
      up = true;
    } else {
      out += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      up = false;
    }
  }
  return out;
}

class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  Status document() {
    FOCAL_TRY(value(0));
    blanks();
    if (at_ != text_.size()) return here("something follows the end of the JSON text");
    return {};
  }

 private:
  Error here(const std::string& what) const {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i < at_ && i < text_.size(); ++i) {
      if (text_[i] == '\n') {
        ++line;
        column = 1;
      } else if ((static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80) {
        ++column;
      }
    }
    return fail(ErrorCode::kInvalid,
                "not JSON: line " + std::to_string(line) + ", column " + std::to_string(column) +
                    ": " + what,
                "correct the text there and try again", path());
  }

  std::string path() const {
    std::string out;
    for (const std::string& step : path_) {
      if (!out.empty() && step.front() != '[') out += '.';
      out += step;
    }
    return out;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' ||
                                  text_[at_] == '\r'))
      ++at_;
  }

  Status value(std::size_t depth) {
    blanks();
    switch (peek()) {
      case '{': return object(depth + 1);
      case '[': return array(depth + 1);
      case '"': return string(nullptr);
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }

  Status object(std::size_t depth) {
    if (depth > kMaxDepth) return here("too many objects and lists inside each other");
    ++at_;
    std::set<std::string> names;
    blanks();
    if (peek() == '}') return ++at_, Status{};
    while (true) {
      blanks();
      const std::size_t start = at_;
      std::string name;
      if (peek() != '"') return here("expected a name in double quotes");
      FOCAL_TRY(string(&name));
      path_.push_back(name.empty() ? "\"\"" : name);
      if (!names.insert(camel(name)).second) {
        at_ = start;
        return here("the name \"" + name + "\" stands here twice");
      }
      blanks();
      if (peek() != ':') return here("expected a colon");
      ++at_;
      FOCAL_TRY(value(depth));
      path_.pop_back();
      blanks();
      if (peek() == '}') return ++at_, Status{};
      if (peek() != ',') return here("expected a comma or }");
      ++at_;
    }
  }

  Status array(std::size_t depth) {
    if (depth > kMaxDepth) return here("too many objects and lists inside each other");
    ++at_;
    blanks();
    if (peek() == ']') return ++at_, Status{};
    for (std::size_t i = 0;; ++i) {
      path_.push_back("[" + std::to_string(i) + "]");
      FOCAL_TRY(value(depth));
      path_.pop_back();
      blanks();
      if (peek() == ']') return ++at_, Status{};
      if (peek() != ',') return here("expected a comma or ]");
      ++at_;
    }
  }

  // The decoded value is only needed for names, and there escapes are kept as written:
  // an escaped name is no name of ours.
  Status string(std::string* out) {
    ++at_;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') return ++at_, Status{};
      if (c < 0x20) return here("a line break or control character inside quotes");
      if (c == '\\') {
        if (out != nullptr) return here("a name must not be written with escapes");
        FOCAL_TRY(escape());
        continue;
      }
      if (out != nullptr && !may_stand_in_a_name(c))
        return here("a name holds only letters a to z, digits, _, - and .");
      if (out != nullptr) out->push_back(static_cast<char>(c));
      ++at_;
    }
    return here("the text in quotes does not end");
  }

  Status escape() {
    ++at_;
    const char c = peek();
    if (c == 'u') {
      FOCAL_ASSIGN(const unsigned first, hex4());
      if (first >= 0xDC00 && first <= 0xDFFF) return here("half of a character (\\u surrogate)");
      if (first >= 0xD800 && first <= 0xDBFF) {
        if (text_.substr(at_, 2) != "\\u") return here("half of a character (\\u surrogate)");
        ++at_;
        FOCAL_ASSIGN(const unsigned second, hex4());
        if (second < 0xDC00 || second > 0xDFFF) return here("half of a character (\\u surrogate)");
      }
      return {};
    }
    if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos || c == '\0')
      return here("unknown escape");
    ++at_;
    return {};
  }

  Result<unsigned> hex4() {  // at 'u'
    ++at_;
    unsigned out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      unsigned digit = 0;
      if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
      else if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
      else if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10;
      else return here("\\u needs four hexadecimal digits");
      out = out * 16 + digit;
    }
    return out;
  }

  Status word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return here("expected a value");
    at_ += expected.size();
    return {};
  }

  bool digits() {
    const std::size_t start = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > start;
  }

  // A number that cannot be told apart from another one when it is written again is refused.
  Status number() {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0') ++at_;
    else if (!digits())
      return here(at_ >= text_.size() ? "the text ends here" : "expected a value");
    if (peek() == '.') {
      ++at_;
      if (!digits()) return here("expected a digit");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return here("expected a digit");
    }
    double value = 0;
    if (std::from_chars(text_.data() + start, text_.data() + at_, value).ec != std::errc())
      return here("a number that is too large or too close to 0");
    if (value == 0 && std::signbit(value)) return here("minus zero; write 0");
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> path_;
};

}  // namespace

Status check_text(std::string_view text) {
  if (!is_utf8(text)) {
    return fail(ErrorCode::kInvalid, "not JSON: the text is not UTF-8",
                "save the file as UTF-8 and try again");
  }
  return Checker(text).document();
}

}  // namespace focal::json

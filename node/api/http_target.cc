// The request target and who may call: pure checks.
#include <algorithm>

#include "base/bytes.h"
#include "node/api/http.h"

namespace focal::api::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// plus: '+' means a blank (query only).
std::optional<std::string> decode(std::string_view raw, bool plus) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%') {
      if (raw.size() - i < 3) return std::nullopt;
      const int high = hex_digit(raw[i + 1]);
      const int low = hex_digit(raw[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus) {
      c = ' ';
    }
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u == 0x7F) return std::nullopt;
    out += c;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

template <typename Fn>
bool each_part(std::string_view text, char separator, Fn fn) {
  while (true) {
    const auto end = std::min(text.find(separator), text.size());
    if (!fn(text.substr(0, end))) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

bool may_call(const Caller& caller, uid_t owner) { return caller.uid == owner || caller.uid == 0; }

std::optional<Target> parse_target(std::string_view raw, const Limits& limits) {
  if (raw.size() > limits.target_bytes || raw.empty() || raw.front() != '/') return std::nullopt;
  if (raw.find('#') != std::string_view::npos) return std::nullopt;
  Target out;
  const auto question = std::min(raw.find('?'), raw.size());
  const std::string_view of_path = raw.substr(1, question - 1);
  // The root has no segments; an empty one elsewhere is a trick.
  const bool path = of_path.empty() || each_part(of_path, '/', [&](std::string_view part) {
    auto segment = decode(part, false);
    if (!segment || segment->empty() || *segment == "." || *segment == "..") return false;
    out.segments.push_back(std::move(*segment));
    return out.segments.size() <= limits.segments;
  });
  if (!path) return std::nullopt;
  if (question == raw.size()) return out;
  const bool query = each_part(raw.substr(question + 1), '&', [&](std::string_view part) {
    const auto equals = std::min(part.find('='), part.size());
    auto name = decode(part.substr(0, equals), true);
    auto value = decode(part.substr(std::min(equals + 1, part.size())), true);
    if (!name || !value || name->empty()) return false;
    out.query.emplace_back(std::move(*name), std::move(*value));
    return out.query.size() <= limits.query_pairs;
  });
  if (!query) return std::nullopt;
  return out;
}

std::optional<Response> read_first_line(std::string_view method, std::string_view target,
                                        const Limits& limits, Request& into) {
  if (method != "GET" && method != "POST") return method_refused("GET, POST");
  into.method = method;
  auto read = parse_target(target, limits);
  if (!read)
    return plain_problem(400, "HTTP_TARGET", "Malformed request.",
                         "The path or query of the request is malformed or too long.");
  into.segments = std::move(read->segments);
  into.query = std::move(read->query);
  return std::nullopt;
}

}  // namespace focal::api::http

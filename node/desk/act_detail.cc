#include "node/desk/act_detail.h"

#include <charconv>

namespace focal::desk {
namespace {

constexpr std::string_view kFirstLine = "focal-detail/v1";

void put(std::string& out, std::string_view key, std::string_view value) {
  out.append(key).append(" ").append(value).append("\n");
}

void put_base64(std::string& out, std::string_view key, ByteView value) {
  if (!value.empty()) put(out, key, base64(value));
}

// The lines of a detail, in their one order.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  bool take_line(std::string_view line) {
    if (!left_.starts_with(line) || left_.substr(line.size(), 1) != "\n") return false;
    left_.remove_prefix(line.size() + 1);
    return true;
  }
  // The value of the next line if it has that key.
  std::optional<std::string> take(std::string_view key) {
    const auto end = left_.find('\n');
    if (end == std::string_view::npos || !left_.starts_with(key) ||
        left_.substr(key.size(), 1) != " ")
      return std::nullopt;
    std::string value(left_.substr(key.size() + 1, end - key.size() - 1));
    left_.remove_prefix(end + 1);
    return value;
  }
  bool take_actor(std::string_view person, std::string_view uid, std::string_view role,
                  Actor& out) {
    const auto name = take(person);
    const auto number = take(uid);
    const auto as = take(role);
    if (!name || !number || !as) return false;
    const char* end = number->data() + number->size();
    const auto [at, error] = std::from_chars(number->data(), end, out.uid);
    if (error != std::errc{} || at != end) return false;
    out.person = *name;
    out.role = *as;
    return true;
  }
  // False: a value that is no base64.
  bool take_base64(std::string_view key, Bytes& out) {
    const auto text = take(key);
    if (!text) return true;
    const auto bytes = unbase64(*text);
    if (!bytes) return false;
    out = *bytes;
    return true;
  }
  std::string_view left() const { return left_; }

 private:
  std::string_view left_;
};

}  // namespace

std::string actor_text(const Actor& actor) {
  std::string out = actor.person;
  std::string uid = "uid " + std::to_string(actor.uid);
  if (out.empty()) return uid;
  out.append(" (").append(uid);
  if (!actor.role.empty()) out.append(", ").append(actor.role);
  return out + ")";
}

std::string detail_text(const ActDetail& d) {
  std::string out(kFirstLine);
  out += "\n";
  put(out, "person", d.actor.person);
  put(out, "uid", std::to_string(d.actor.uid));
  put(out, "role", d.actor.role);
  put(out, "act", d.act);
  if (!d.release.empty()) {
    put(out, "release", d.release);
    put(out, "approver", d.approver.person);
    put(out, "approver-uid", std::to_string(d.approver.uid));
    put(out, "approver-role", d.approver.role);
    put_base64(out, "certificate", as_bytes(d.certificate));
    put_base64(out, "statement", as_bytes(d.statement));
    put_base64(out, "signature", d.signature);
  }
  if (!d.reason.empty()) put(out, "reason", d.reason);
  return out;
}

std::string who_text(const ActDetail& detail) {
  std::string out = actor_text(detail.actor);
  if (!detail.release.empty()) out.append(", released by ").append(actor_text(detail.approver));
  return out;
}

std::string detail_words(std::string_view text) {
  const auto detail = parse_detail(text);
  if (!detail) return std::string(text);
  std::string out = who_text(*detail);
  if (!detail->reason.empty()) out.append(": ").append(detail->reason);
  return out;
}

std::optional<ActDetail> parse_detail(std::string_view text) {
  Reader in(text);
  ActDetail out;
  if (!in.take_line(kFirstLine) || !in.take_actor("person", "uid", "role", out.actor))
    return std::nullopt;
  const auto act = in.take("act");
  if (!act) return std::nullopt;
  out.act = *act;
  if (const auto release = in.take("release")) {
    out.release = *release;
    Bytes certificate;
    Bytes statement;
    if (!in.take_actor("approver", "approver-uid", "approver-role", out.approver) ||
        !in.take_base64("certificate", certificate) || !in.take_base64("statement", statement) ||
        !in.take_base64("signature", out.signature))
      return std::nullopt;
    out.certificate = to_string(certificate);
    out.statement = to_string(statement);
  }
  constexpr std::string_view kReason = "reason ";
  std::string_view left = in.left();
  if (left.empty()) return out;
  if (!left.starts_with(kReason) || !left.ends_with("\n")) return std::nullopt;
  left.remove_prefix(kReason.size());
  left.remove_suffix(1);
  out.reason = std::string(left);
  return out;
}

}  // namespace focal::desk

#include "node/evidence/claims.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/check.h"
#include "base/clock.h"
#include "base/utf8.h"

namespace focal::evidence {
namespace {

constexpr std::array<std::string_view, 12> kClaimNames = {
    "FORM",     "CARD",   "SIGNED",    "RELEASED", "CONTENT", "ACCEPTED",
    "REJECTED", "LOGGED", "WITNESSED", "QUORUM",   "TIME",    "ERASED"};
constexpr std::array<std::string_view, 3> kVerdictNames = {"PROVED", "NOT_SHOWN", "BROKEN"};
constexpr std::array<std::string_view, 17> kReasonNames = {
    "OK",         "NO_ROOT",    "OTHER_ROOT", "CHAIN",   "SIGNATURE",   "PATH",
    "COMMITMENT", "WITHHELD",   "ABSENT",     "REVOKED", "CERTIFICATE", "LEAF",
    "PROOF",      "CHECKPOINT", "POLICY",     "DIGEST",  "FORM"};
constexpr std::array<std::string_view, 3> kWholeNames = {"PROVED", "INCOMPLETE", "BROKEN"};
constexpr std::uint64_t kLastMs = 253402300799999;  // 9999-12-31T23:59:59.999Z

template <std::size_t kSize, typename T>
std::string_view name_in(const std::array<std::string_view, kSize>& names, T value) {
  const auto at = static_cast<std::size_t>(value);
  FOCAL_CHECK(at < kSize);
  return names[at];
}

// As little is escaped as JSON allows; bytes that are no UTF-8 become U+FFFD.
void put_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = take_utf8(text);
    const std::string_view bytes = before.substr(0, before.size() - text.size());
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case kNotUtf8: out += "\xEF\xBF\xBD"; break;
      default:
        if (c < 0x20) {
          std::array<char, 8> escape{};
          std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
          out += escape.data();
        } else {
          out += bytes;
        }
    }
  }
  out += '"';
}

void put_member(std::string& out, std::string_view key, std::string_view value) {
  if (out.back() != '{') out += ',';
  put_text(out, key);
  out += ':';
  put_text(out, value);
}

}  // namespace

std::string_view claim_name(ClaimKind kind) { return name_in(kClaimNames, kind); }
std::string_view verdict_name(Verdict verdict) { return name_in(kVerdictNames, verdict); }
std::string_view reason_name(Reason reason) { return name_in(kReasonNames, reason); }
std::string_view whole_name(Whole whole) { return name_in(kWholeNames, whole); }

std::optional<ClaimKind> read_claim_name(std::string_view text) {
  const auto at = std::find(kClaimNames.begin(), kClaimNames.end(), text);
  if (at == kClaimNames.end()) return std::nullopt;
  return static_cast<ClaimKind>(at - kClaimNames.begin());
}

Whole whole_of(const std::vector<Claim>& claims) {
  const auto says = [&claims](Verdict verdict) {
    return std::any_of(claims.begin(), claims.end(), [verdict](const Claim& claim) {
      return claim.judgement.verdict == verdict;
    });
  };
  if (says(Verdict::kBroken)) return Whole::kBroken;
  return says(Verdict::kNotShown) ? Whole::kIncomplete : Whole::kProved;
}

std::string claim_time(std::uint64_t unix_ms) {
  const std::uint64_t ms = std::min(unix_ms, kLastMs);
  std::array<char, 8> end{};
  std::snprintf(end.data(), end.size(), ".%03uZ", static_cast<unsigned>(ms % kSecondMs));
  std::string out = format_utc(ms);
  out.pop_back();  // the Z
  return out.append(end.data());
}

std::string claim_time_of_seconds(std::uint64_t unix_s) {
  return claim_time(unix_s > kLastMs / kSecondMs ? kLastMs : unix_s * kSecondMs);
}

std::string verdict_json(const std::vector<Claim>& claims, const std::vector<std::string>& told,
                         const std::optional<std::string>& file) {
  FOCAL_CHECK(told.size() == claims.size());
  std::string out = "{";
  put_member(out, "format", "focal-verdict/v1");
  if (file) put_member(out, "file", *file);
  put_member(out, "verdict", whole_name(whole_of(claims)));
  out += ",\"claims\":[";
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Claim& claim = claims[i];
    out += i == 0 ? "{" : ",{";
    put_member(out, "claim", claim_name(claim.kind));
    put_member(out, "rid", claim.rid);
    put_member(out, "party", claim.party);
    put_member(out, "by", claim.by);
    put_member(out, "verdict", verdict_name(claim.judgement.verdict));
    put_member(out, "reason", reason_name(claim.judgement.reason));
    put_member(out, "at", claim.at);
    put_member(out, "words", told[i]);
    out += '}';
  }
  return out += "]}";
}

}  // namespace focal::evidence

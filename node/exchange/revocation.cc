#include "node/exchange/revocation.h"

#include <array>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/lines.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFirstLine = "focal-revoke/v1";

constexpr std::array<std::pair<RevocationScope, std::string_view>, 4> kScopes = {{
    {RevocationScope::kAll, "all"},
    {RevocationScope::kSign, "sign"},
    {RevocationScope::kTransport, "transport"},
    {RevocationScope::kSeal, "seal"},
}};

Result<RevocationScope> take_scope(Lines& in) {
  FOCAL_ASSIGN(const std::string_view value, in.take("scope"));
  for (const auto& [scope, name] : kScopes)
    if (name == value) return scope;
  return in.wrong("this is none of: all, sign, transport, seal");
}

Result<std::string> take_reason(Lines& in) {
  FOCAL_ASSIGN(const std::string_view value, in.take("reason"));
  if (value.size() > kMaxReasonSize) return in.wrong("the line has more than 255 bytes");
  if (!is_plain_line(value) || value.front() == ' ' || value.back() == ' ')
    return in.wrong("the line is not plain text without spaces around it");
  return std::string(value);
}

}  // namespace

std::string_view scope_name(RevocationScope scope) {
  for (const auto& [each, name] : kScopes)
    if (each == scope) return name;
  FOCAL_CHECK(false);
}

Result<RevocationFields> parse_revocation_text_unverified(std::string_view text) {
  Lines in(text, "revocation");
  RevocationFields r;
  FOCAL_TRY(in.take_first(kFirstLine));
  FOCAL_ASSIGN(r.party, in.take_party("party"));
  FOCAL_ASSIGN(r.card_id, in.take_hash("card"));
  FOCAL_ASSIGN(r.key, in.take_hash("key"));
  FOCAL_ASSIGN(r.scope, take_scope(in));
  FOCAL_ASSIGN(r.since_ms, in.take_time("since"));
  FOCAL_ASSIGN(r.reason, take_reason(in));
  FOCAL_TRY(in.done());
  return r;
}

std::string revocation_text(const RevocationFields& r) {
  std::string out(kFirstLine);
  out.append("\nparty ").append(r.party);
  out.append("\ncard ").append(base64(r.card_id));
  out.append("\nkey ").append(base64(r.key));
  out.append("\nscope ").append(scope_name(r.scope));
  out.append("\nsince ").append(format_utc(r.since_ms));
  out.append("\nreason ").append(r.reason).append("\n");
  return out;
}

Result<Revocation> parse_revocation(std::string_view bytes) {
  if (bytes.size() > kMaxRevocationSize)
    return fail(ErrorCode::kLimit, "the revocation is larger than 2 KiB", {}, "revocation");
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  FOCAL_ASSIGN(RevocationFields fields, parse_revocation_text_unverified(note.text));
  if (!crypto::is_usable_public_key(fields.key))
    return fail(ErrorCode::kCardKey, "revocation: the key is not a usable public key", {},
                "revocation.key");
  FOCAL_TRY(crypto::check_note(note, {{root_name(fields.party), fields.key}}));
  return Revocation{std::move(fields), crypto::sha256(std::string_view(note.text)),
                    std::string(bytes)};
}

Result<std::string> make_revocation(RevocationFields fields, const crypto::SigningKey& key) {
  fields.key = key.pk;
  crypto::Note note{revocation_text(fields), {}};
  FOCAL_TRY(parse_revocation_text_unverified(note.text));  // before anything is signed
  crypto::sign_note(note, root_name(fields.party), key);
  FOCAL_ASSIGN(Revocation revocation, parse_revocation(crypto::format_note(note)));
  return std::move(revocation.note);
}

Status check_revocation_of(const Revocation& revocation, const Card& pinned) {
  if (revocation.party != pinned.party)
    return fail(ErrorCode::kCardKey, "the revocation is that of another party", {},
                "revocation.party");
  if (revocation.key == pinned.root || next_root_hash(revocation.key) == pinned.next) return {};
  return fail(ErrorCode::kCardKey,
              "the revocation is signed by a key that is neither the root of " + pinned.party +
                  " nor its announced next root",
              "call the party: somebody tries to speak for it", "revocation.key");
}

}  // namespace focal::exchange

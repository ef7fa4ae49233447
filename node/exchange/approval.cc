#include "node/exchange/approval.h"

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/lines.h"
#include "proto/lint.h"

namespace focal::exchange {
namespace {
constexpr std::string_view kFirstLine = "focal-officer/v1";
}  // namespace

Result<OfficerCertificate> read_certificate(std::string_view bytes) {
  if (bytes.size() > proto::kMaxCertificate)
    return fail(ErrorCode::kLimit, "the officer certificate exceeds 2 KiB");
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  Lines lines(note.text, "officer");
  OfficerCertificate out;
  FOCAL_TRY(lines.take_first(kFirstLine));
  FOCAL_ASSIGN(out.party, lines.take_party("party"));
  FOCAL_ASSIGN(const auto role, lines.take("role"));
  if (!is_plain_line(role) || role.size() > 64) return lines.wrong("not a role");
  out.role = std::string(role);
  FOCAL_ASSIGN(out.key, lines.take_hash("key"));
  if (!crypto::is_usable_public_key(out.key))
    return lines.wrong("not a usable key", ErrorCode::kCardKey);
  FOCAL_ASSIGN(out.from_ms, lines.take_time("from"));
  FOCAL_ASSIGN(out.until_ms, lines.take_time("until"));
  FOCAL_TRY(lines.done());
  if (out.until_ms <= out.from_ms)
    return fail(ErrorCode::kCard, "the officer certificate ends before it begins");
  out.hash = crypto::sha256(bytes);
  return out;
}

Result<OfficerCertificate> parse_certificate(std::string_view bytes, const Card& card) {
  if (bytes.size() > proto::kMaxCertificate)
    return fail(ErrorCode::kLimit, "the officer certificate exceeds 2 KiB");
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  FOCAL_TRY(crypto::check_note(note, {{sign_name(card.party), card.sign}}));
  FOCAL_ASSIGN(auto out, read_certificate(bytes));
  if (out.party != card.party)
    return fail(ErrorCode::kCard, "the officer certificate is of another party");
  if (out.key == card.root || out.key == card.sign || out.key == card.log ||
      out.key == card.witness || out.key == card.transport)
    return fail(ErrorCode::kCardKey, "the officer's key is a key of the card");
  return out;
}

bool is_valid_at(const OfficerCertificate& certificate, std::uint64_t ms) {
  return certificate.from_ms <= ms && ms < certificate.until_ms;
}

bool verify_approval(const crypto::PublicKey& officer, ByteView manifest, ByteView signature) {
  return crypto::verify(officer, crypto::pae(crypto::kReleaseType, manifest), signature);
}

Result<std::string> check_approval(ByteView certificate, ByteView signature, const Hash32& named,
                                   const Card& card, ByteView manifest,
                                   std::uint64_t created_ms) {
  FOCAL_ASSIGN(const auto officer, parse_certificate(as_text(certificate), card));
  if (officer.hash != named)
    return fail(ErrorCode::kBatch, "the manifest names another officer");
  if (!is_valid_at(officer, created_ms))
    return fail(ErrorCode::kCard, "the officer certificate was not valid at that time");
  if (!verify_approval(officer.key, manifest, signature))
    return fail(ErrorCode::kSignature, "the approval's signature does not verify");
  return officer.role;
}

Bytes approve_manifest(const crypto::SigningKey& key, ByteView manifest) {
  return to_bytes(ByteView(crypto::sign(key, crypto::pae(crypto::kReleaseType, manifest))));
}

std::string make_certificate(const OfficerCertificate& f, const crypto::SigningKey& sign) {
  crypto::Note note;
  note.text = kFirstLine;
  for (const std::string& each : {"party " + f.party, "role " + f.role, "key " + base64(f.key),
                                  "from " + format_utc(f.from_ms), "until " + format_utc(f.until_ms)})
    note.text.append("\n").append(each);
  note.text += '\n';
  crypto::sign_note(note, sign_name(f.party), sign);
  return crypto::format_note(note);
}

}  // namespace focal::exchange

// Approval by a second officer (docs/protocol.md, "Approvals"): the officer's key
// signs PAE("application/vnd.focal.release.v1", manifest); the certificate is a note
//   focal-officer/v1 / party / role / key / from / until
// under the sign key of the card the manifest names.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "node/exchange/card.h"

namespace focal::exchange {

struct OfficerCertificate {
  std::string party;
  std::string role;
  crypto::PublicKey key{};
  std::uint64_t from_ms = 0;   // inclusive
  std::uint64_t until_ms = 0;  // exclusive
  Hash32 hash{};               // H(whole note): what a manifest names
};

// Signature by the card's sign key, strict lines, at most 2 KiB. kNote, kCard,
// kCardKey, kSignature, kLimit.
Result<OfficerCertificate> parse_certificate(std::string_view note, const Card& card);

// The same fields of a certificate that was checked before: no signature and no card is looked at.
Result<OfficerCertificate> read_certificate(std::string_view note);

// from <= ms < until.
bool is_valid_at(const OfficerCertificate& certificate, std::uint64_t ms);
// The officer's signature over the exact manifest bytes.
bool verify_approval(const crypto::PublicKey& officer, ByteView manifest, ByteView signature);

// One approval of a manifest: the certificate as above, valid at created_ms, of
// the same party, its key none of the card's, the signature over the exact
// manifest bytes. Returns the role.
Result<std::string> check_approval(ByteView certificate, ByteView signature, const Hash32& named,
                                   const Card& card, ByteView manifest, std::uint64_t created_ms);

// The signature of a second officer who releases a record.
Bytes approve_manifest(const crypto::SigningKey& key, ByteView manifest);

// The note for a new officer; for tests and the desk.
std::string make_certificate(const OfficerCertificate& fields, const crypto::SigningKey& sign);

}  // namespace focal::exchange

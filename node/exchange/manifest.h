// The signed statement about one record (docs/protocol.md, "Manifests"). The
// bytes are what counts: they are hashed, signed and stored as they travelled.
// rid = H(0x00 || bytes) is the record's name and its leaf in the batch tree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "node/store/rows.h"

namespace focal::exchange {

struct Manifest {
  std::uint32_t v = 1;
  Id16 msg_id{};                  // random; hides rid from guessing
  std::string from;
  Hash32 from_card{};
  std::vector<std::string> to;    // sorted, unique
  std::string kind;
  std::optional<store::RecordRef> thread;
  std::optional<store::RecordRef> reply_to;
  std::uint64_t created_ms = 0;
  std::uint64_t expires_ms = 0;   // 0 = never
  Hash32 body_commit{};
  std::uint64_t body_len = 0;
  std::size_t attachments = 0;    // refused while attachments are not built
  std::vector<Hash32> approver;   // H(certificate) of each approval

  Bytes bytes;                    // as signed
  Hash32 rid{};
};

// Fills bytes and rid. The caller answers for sizes and the audience's order.
void encode_manifest(Manifest& manifest);

// Lint, parse, grammar of parties and kind, audience sorted. kLint, kLimit.
// The version is the caller's to look at first (proto::peek_version).
Result<Manifest> parse_manifest(ByteView bytes);

// H("focal/body/v1\0" || salt32 || body)
Hash32 body_commitment(const Hash32& salt, ByteView body);

}  // namespace focal::exchange

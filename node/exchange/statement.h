// The statement a batch signature covers: who, under which card, how many
// leaves, their RFC 6962 root (docs/protocol.md, "Batches and signatures").
#pragma once

#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sign.h"

namespace focal::exchange {

enum class Purpose : std::uint32_t { kRecords = 1, kReceipts = 2 };

struct Statement {
  std::string from;
  Hash32 card{};
  std::uint32_t purpose = 0;      // as it stands; see Purpose
  std::uint32_t size = 0;
  Hash32 root{};
  std::uint64_t signed_ms = 0;
  Bytes bytes;                    // as signed
};

struct SignedStatement {
  Statement statement;
  crypto::Signature signature{};
};

// Ed25519(key, PAE("application/vnd.focal.batch.v1", bytes)).
SignedStatement sign_statement(const crypto::SigningKey& key, const std::string& from,
                               const Hash32& card, Purpose purpose,
                               std::span<const Hash32> leaf_hashes, std::uint64_t now_ms);

// Lint and parse; the version is the caller's to look at first. kLint, kLimit.
Result<Statement> parse_statement(ByteView bytes);

bool verify_statement(const crypto::PublicKey& key, ByteView statement, ByteView signature);

}  // namespace focal::exchange

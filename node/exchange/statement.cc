#include "node/exchange/statement.h"

#include "crypto/merkle.h"
#include "node/exchange/party.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"

namespace focal::exchange {

SignedStatement sign_statement(const crypto::SigningKey& key, const std::string& from,
                               const Hash32& card, Purpose purpose,
                               std::span<const Hash32> leaf_hashes, std::uint64_t now_ms) {
  SignedStatement out;
  Statement& s = out.statement;
  s.from = from;
  s.card = card;
  s.purpose = static_cast<std::uint32_t>(purpose);
  s.size = static_cast<std::uint32_t>(leaf_hashes.size());
  s.root = crypto::merkle_root(leaf_hashes);
  s.signed_ms = now_ms;
  v1::BatchStmt stmt;
  stmt.set_v(1);
  stmt.set_from(s.from);
  stmt.set_card(to_string(s.card));
  stmt.set_purpose(s.purpose);
  stmt.set_size(s.size);
  stmt.set_root(to_string(s.root));
  stmt.set_signed_ms(s.signed_ms);
  s.bytes = to_bytes(stmt.SerializeAsString());
  out.signature = crypto::sign(key, crypto::pae(crypto::kBatchType, s.bytes));
  return out;
}

Result<Statement> parse_statement(ByteView bytes) {
  FOCAL_TRY(proto::lint(proto::Msg::kBatchStmt, bytes));
  v1::BatchStmt in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(ErrorCode::kLint, "the statement does not parse", {}, "BatchStmt");
  Statement s;
  s.from = in.from();
  s.card = *fixed<32>(as_bytes(in.card()));
  s.purpose = in.purpose();
  s.size = in.size();
  s.root = *fixed<32>(as_bytes(in.root()));
  s.signed_ms = in.signed_ms();
  s.bytes = to_bytes(bytes);
  if (!is_party(s.from))
    return fail(ErrorCode::kLint, "the signer is not a party code", {}, "BatchStmt.from");
  const bool records = s.purpose == static_cast<std::uint32_t>(Purpose::kRecords);
  const bool receipts = s.purpose == static_cast<std::uint32_t>(Purpose::kReceipts);
  if (!records && !receipts)
    return fail(ErrorCode::kLint, "unknown purpose", {}, "BatchStmt.purpose");
  const std::size_t most = records ? proto::kMaxItems : proto::kMaxReceiptItems;
  if (s.size < 1 || s.size > most)
    return fail(ErrorCode::kLimit, "a batch of this size is not allowed", {}, "BatchStmt.size");
  return s;
}

bool verify_statement(const crypto::PublicKey& key, ByteView statement, ByteView signature) {
  return crypto::verify(key, crypto::pae(crypto::kBatchType, statement), signature);
}

}  // namespace focal::exchange

#include "node/ledger/newest_stmt.h"

namespace focal::ledger {
namespace {

constexpr char kKeep[] =
    "INSERT INTO newest_stmt(peer,signed_ms,stmt,sig) VALUES($1,$2,$3,$4) "
    "ON CONFLICT(peer) DO UPDATE SET signed_ms=excluded.signed_ms,stmt=excluded.stmt,"
    "sig=excluded.sig WHERE excluded.signed_ms>newest_stmt.signed_ms";
constexpr char kSelect[] = "SELECT signed_ms,stmt,sig FROM newest_stmt WHERE peer=$1";

}  // namespace

Status keep_statement(Parts& parts, std::int64_t party, std::uint64_t signed_ms, ByteView stmt,
                      ByteView sig) {
  if (signed_ms == 0) return {};
  FOCAL_TRY(Query(parts.db, kKeep).bind(party, signed_ms, stmt, sig).run());
  return {};
}

std::optional<store::SignedStmtRow> newest_statement(Parts& parts, const std::string& party) {
  const auto number = parts.parties.find(party);
  if (!number) return std::nullopt;
  Query query(parts.db, kSelect);
  if (!query.bind(*number).row()) return std::nullopt;
  return store::SignedStmtRow{query.number<std::uint64_t>(0), to_bytes(query.blob(1)),
                              to_bytes(query.blob(2))};
}

}  // namespace focal::ledger

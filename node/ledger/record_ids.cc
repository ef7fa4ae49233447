// The lists a checker compares between two ledgers.
#include "node/ledger/blobs.h"
#include "node/ledger/schema.h"
#include "node/ledger/sqlite_driver.h"
#include "node/ledger/receipt_items.h"
#include "node/ledger/verify_parts.h"
#include "proto/envelope.pb.h"

namespace focal::ledger {
namespace {

constexpr char kLeafBytes[] = "SELECT bytes FROM leaf ORDER BY idx";
constexpr char kReceiptItems[] = "SELECT items FROM receipt_in ORDER BY id";

}  // namespace

Result<std::vector<Hash32>> record_ids(const std::filesystem::path& ledger_file,
                                       store::LeafType type) {
  FOCAL_ASSIGN(auto db, open_sqlite(ledger_file, SqliteMode::kReadOnly));
  FOCAL_ASSIGN(const Meta meta, read_meta(*db));
  static_cast<void>(meta);
  const bool receipts = type == store::LeafType::kReceiptIn;
  std::vector<Hash32> out;
  Query query(*db, receipts ? kReceiptItems : kLeafBytes);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return out;
    if (receipts) {
      const auto rids = receipt_rids(query.blob(0));
      if (!rids) return fail(ErrorCode::kCorrupt, "a receipt batch does not parse");
      out.insert(out.end(), rids->begin(), rids->end());
    } else if (const auto leaf = store::decode_leaf(query.blob(0)); leaf && leaf->type == type) {
      out.push_back(leaf->ref);
    }
  }
}

}  // namespace focal::ledger

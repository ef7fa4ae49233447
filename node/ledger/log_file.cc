#include "node/ledger/log_file.h"

#include "node/ledger/schema.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

constexpr char kNewest[] =
    "SELECT c.size,c.root,c.note,p.at_ms FROM publication p JOIN checkpoint c ON c.size=p.size "
    "ORDER BY p.size DESC LIMIT 1";
constexpr char kFirst[] =
    "SELECT c.size,c.root,c.note,p.at_ms FROM publication p JOIN checkpoint c ON c.size=p.size "
    "WHERE p.size>=$1 ORDER BY p.size LIMIT 1";
constexpr char kLines[] =
    "SELECT p.name,s.at_s,s.line FROM cosig s JOIN party p ON p.id=s.witness WHERE s.size=$1 "
    "ORDER BY s.witness";
constexpr char kLeaf[] = "SELECT bytes FROM leaf WHERE idx=$1";

}  // namespace

Result<std::unique_ptr<LogFile>> LogFile::open(const std::filesystem::path& ledger_file) {
  FOCAL_ASSIGN(auto db, open_sqlite(ledger_file, SqliteMode::kReadOnly));
  FOCAL_ASSIGN(const Meta meta, read_meta(*db));
  std::unique_ptr<LogFile> out(new LogFile(std::move(db), meta.origin));
  FOCAL_TRY(out->log_.load([&] { return open_sqlite(ledger_file, SqliteMode::kReadOnly); }));
  return out;
}

Result<std::optional<store::PublishedRow>> LogFile::first_published(std::uint64_t least_size) {
  Query query(*db_, least_size == 0 ? kNewest : kFirst);
  if (least_size != 0) query.bind(least_size);
  FOCAL_ASSIGN(const bool row, query.next());
  if (!row) return std::optional<store::PublishedRow>();
  store::PublishedRow out;
  out.checkpoint = {query.number<std::uint64_t>(0), query.hash(1), query.text(2)};
  out.at_ms = query.number<std::uint64_t>(3);
  Query lines(*db_, kLines);
  lines.bind(out.checkpoint.size);
  for (;;) {
    FOCAL_ASSIGN(const bool more, lines.next());
    if (!more) return std::optional<store::PublishedRow>(std::move(out));
    out.cosigs.push_back(
        {out.checkpoint.size, lines.text(0), lines.number<std::uint64_t>(1), lines.text(2)});
  }
}

Result<store::Leaf> LogFile::leaf(store::LeafIndex idx) {
  Query query(*db_, kLeaf);
  FOCAL_ASSIGN(const bool row, query.bind(idx).next());
  if (!row) return fail(ErrorCode::kNotFound, "the log has no leaf " + std::to_string(idx));
  const auto leaf = store::decode_leaf(query.blob(0));
  if (leaf) return *leaf;
  return fail(ErrorCode::kCorrupt, "leaf " + std::to_string(idx) + " has no valid form",
              "run focal ledger verify");
}

}  // namespace focal::ledger

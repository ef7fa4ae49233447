#include "tests/sim/sqlite_store.h"

#include "node/ledger/keystore_kek.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr char kCopy[] = "copy.db";

template <typename T>
T opened(Result<T> result) {
  if (!result) throw Violation("ledger", "a ledger does not open: " + result.error().message);
  return std::move(*result);
}

}  // namespace

Result<ledger::Kek> SimKeks::current(std::uint64_t now_ms) {
  const ledger::KekId id = ledger::tracing_kek(now_ms);
  auto found = keys_.find(id);
  if (found == keys_.end()) found = keys_.emplace(id, rng_.array<32>()).first;
  return ledger::Kek{id, found->second};
}

std::optional<ByteView> SimKeks::find(ledger::KekId id) {
  const auto found = keys_.find(id);
  if (found == keys_.end()) return std::nullopt;
  return ByteView(found->second);
}

SqliteStore::SqliteStore(std::string party, const std::string& origin, crypto::Rng& rng)
    : keks_(1), rng_(rng) {
  db_ = opened(ledger::Ledger::create(folder_.path(), party, origin, keks_, rng_));
}

void SqliteStore::open() {
  db_.reset();
  db_ = opened(ledger::Ledger::open(folder_.path(), keks_, rng_));
}

void SqliteStore::reopen() { open(); }

void SqliteStore::put_copy_aside() {
  db_.reset();  // an orderly end empties the write-ahead log
  std::filesystem::copy_file(file(ledger::kLedgerFile), file(kCopy),
                             std::filesystem::copy_options::overwrite_existing);
  open();
}

bool SqliteStore::restore_copy() {
  if (!std::filesystem::exists(file(kCopy))) return false;
  db_.reset();
  std::filesystem::copy_file(file(kCopy), file(ledger::kLedgerFile),
                             std::filesystem::copy_options::overwrite_existing);
  open();
  return true;
}

}  // namespace focal::sim

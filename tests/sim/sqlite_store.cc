#include "tests/sim/sqlite_store.h"

#include <fstream>
#include <iterator>

#include "node/node/key_rotation.h"
#include "tests/sim/letters.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr char kCopy[] = "copy.db";
constexpr std::size_t kMostSlices = 1000;

template <typename T>
T opened(Result<T> result) {
  if (!result) throw Violation("ledger", "a ledger does not open: " + result.error().message);
  return std::move(*result);
}

}  // namespace

Result<ledger::Kek> SimKeks::current(ledger::KekClass kek_class, std::uint64_t now_ms) {
  const ledger::KekId id = ledger::newest_generation(*this, ledger::kek_id(kek_class, now_ms));
  auto found = keys_.find(id);
  if (found == keys_.end()) found = keys_.emplace(id, rng_.array<32>()).first;
  return ledger::Kek{id, found->second};
}

Result<ledger::Kek> SimKeks::renew(ledger::KekId id) {
  const ledger::KekId next = ledger::next_generation(ledger::newest_generation(*this, id));
  const auto found = keys_.emplace(next, rng_.array<32>()).first;
  return ledger::Kek{next, found->second};
}

Status SimKeks::destroy(ledger::KekId id) {
  keys_.erase(id);
  return {};
}

std::vector<ledger::KekId> SimKeks::ids() {
  std::vector<ledger::KekId> out;
  for (const auto& [id, key] : keys_) out.push_back(id);
  return out;
}

std::optional<ByteView> SimKeks::find(ledger::KekId id) {
  const auto found = keys_.find(id);
  if (found == keys_.end()) return std::nullopt;
  return ByteView(found->second);
}

SqliteStore::SqliteStore(std::string party, const std::string& origin, crypto::Rng& rng)
    : party_(std::move(party)), origin_(origin), keks_(1), rng_(rng) {
  db_ = opened(ledger::Ledger::create(folder_.path(), party_, origin_, keks_, rng_));
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

std::unique_ptr<Store> SqliteStore::copy(crypto::Rng& rng) {
  auto out = std::make_unique<SqliteStore>(party_, origin_, rng);
  out->db_.reset();
  db_.reset();
  std::filesystem::copy_file(file(ledger::kLedgerFile), out->file(ledger::kLedgerFile),
                             std::filesystem::copy_options::overwrite_existing);
  out->keks_.take_from(keks_);
  out->open();
  open();
  return out;
}

bool SqliteStore::replace_keys(const Now& now) {
  node::KeyRotation rotation(*db_, keks_);
  rotation.begin();
  for (std::size_t i = 0; rotation.runs(); ++i)
    if (!rotation.tend(now) || i > kMostSlices)
      throw Violation("I6", "keys of erased records are not replaced: " + rotation.trouble());
  return true;
}

bool SqliteStore::copy_opens(const store::RecordRef& ref) {
  if (!std::filesystem::exists(file(kCopy))) return false;
  const test::TempFolder folder;
  std::filesystem::copy_file(file(kCopy), folder.path() / ledger::kLedgerFile);
  auto copy = ledger::Ledger::open(folder.path(), keks_, rng_);
  if (!copy) return false;  // a key of it is gone
  const auto known = (*copy)->find(ref);
  return known && (*copy)->item(known->idx).has_value();
}

bool SqliteStore::files_contain(ByteView bytes) {
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (contains(as_bytes(all), bytes)) return true;
  }
  return false;
}

}  // namespace focal::sim

#include <algorithm>

#include "crypto/private_file.h"
#include "crypto/random.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger.h"
#include "node/ledger/ledger_facts.h"
#include "node/node/backup.h"
#include "node/node/keys.h"
#include "node/node/plain_files.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kTailLooked = 1000;  // leaves, for a record to open

class Checking {
 public:
  Checking(const fs::path& backup, const CheckOptions& options) : backup_(backup), options_(options) {}

  Result<BackupCheck> run() {
    FOCAL_TRY(read_list());
    measure();
    check_keys();
    FOCAL_TRY(look_inside());
    return std::move(out_);
  }

 private:
  void problem(std::string what) { out_.problems.push_back(std::move(what)); }

  Status read_list() {
    auto text = crypto::read_private_file(backup_ / kBackupManifest, kMaxBackupManifest);
    if (!text && text.error().code == ErrorCode::kNotFound)
      return fail(ErrorCode::kNotFound, "there is no backup in " + backup_.string(),
                  "Name the folder that holds backup.txt; one that ends with .part was never "
                  "finished.", backup_.string());
    if (!text) return text.error();
    FOCAL_ASSIGN(out_.manifest, parse_manifest(as_text(*text)));
    return {};
  }

  void measure() {
    for (const BackupFile& file : out_.manifest.files) {
      const auto measured = measure_file(backup_ / file.name);
      if (!measured)
        problem(measured.error().message);
      else if (measured->size != file.size || measured->hash != file.hash)
        problem(file.name + " is not the file that the list names: it was changed or damaged");
    }
    for (const char* name : {kCardFile, ledger::kLedgerFile}) has(name);
  }

  bool has(std::string_view name) {
    const auto& files = out_.manifest.files;
    const bool there = std::any_of(files.begin(), files.end(),
                                   [&](const BackupFile& file) { return file.name == name; });
    if (!there) problem("the list names no " + std::string(name));
    return there;
  }

  void check_keys() {
    if (!options_.key_names) return;
    for (const std::string& key : out_.manifest.keys)
      if (!options_.key_names->contains(key)) lacks(key);
  }
  void lacks(const std::string& key) {
    problem("the keystore lacks the key '" + key + "': what is sealed under it cannot be read. "
            "The keystore is older than the backup, or content was erased since");
  }

  // The ledger as it stands in the backup, or where it has to be changed to be read, a copy.
  Status look_inside() {
    const auto note = crypto::read_private_file(backup_ / kCardFile, exchange::kMaxCardSize);
    const auto card = note ? exchange::parse_card(as_text(*note)) : Result<exchange::Card>(note.error());
    if (!card) return problem("the card: " + card.error().message), Status();
    const fs::path file = backup_ / ledger::kLedgerFile;
    const auto head = ledger::ledger_head(file);
    if (!head) return problem("the ledger: " + head.error().message), Status();
    compare(*head, *card);
    const bool older = head->schema < ledger::kSchemaVersion;
    if (!older && options_.passphrase == nullptr) return verify(file, *card);
    const fs::path beside = options_.scratch.empty() ? fs::absolute(backup_).parent_path() : options_.scratch;
    FOCAL_ASSIGN(const ScratchFolder scratch, ScratchFolder::make_in(beside));
    FOCAL_TRY(copy_private(file, scratch.path() / ledger::kLedgerFile));
    if (older)
      if (const Status moved = ledger::bring_forward(scratch.path()); !moved)
        return problem("the ledger: " + moved.error().message), Status();
    FOCAL_TRY(verify(scratch.path() / ledger::kLedgerFile, *card));
    return options_.passphrase == nullptr ? Status() : open(scratch.path());
  }

  void compare(const ledger::LedgerFacts& head, const exchange::Card& card) {
    const BackupManifest& m = out_.manifest;
    const std::string newest = head.checkpoint ? head.checkpoint->note : std::string();
    if (head.schema != m.schema || head.party != m.party || head.origin != m.log ||
        head.leaves != m.leaves || newest != m.checkpoint)
      problem("the ledger is not the one that the list describes");
    if (card.party != m.party) problem("the card is of " + card.party + ", not of " + m.party);
    if (card.log_name != m.log)
      problem("the card names the log " + card.log_name + ", the ledger " + m.log);
  }

  Status verify(const fs::path& file, const exchange::Card& card) {
    auto report = ledger::verify(file, options_.verify ? options_.verify(card) : ledger::VerifyOptions());
    if (!report) return problem("the ledger: " + report.error().message), Status();
    out_.report = std::move(*report);
    for (const std::string& each : out_.report.problems) problem("the ledger: " + each);
    return {};
  }

  // As a start does, with private copies of both: opening the ledger writes to them.
  Status open(const fs::path& scratch) {
    const fs::path keys = scratch / kKeystoreFile;
    FOCAL_TRY(copy_private(options_.keystore, keys));
    FOCAL_ASSIGN(auto keystore, crypto::Keystore::open(keys, *options_.passphrase));
    for (const std::string& key : out_.manifest.keys)
      if (keystore.find(key) == nullptr) lacks(key);
    crypto::SystemRng rng;
    ledger::KeystoreKek ring(keystore, rng);
    const auto ledger = ledger::Ledger::open(scratch, ring, rng);
    if (!ledger) return problem("the ledger does not open: " + ledger.error().message), Status();
    for (const store::LeafRow& leaf : (*ledger)->tail(kTailLooked)) {
      const auto record = (*ledger)->record(leaf.idx);
      if (!record) continue;
      if (const auto item = (*ledger)->item(leaf.idx); !item && item.error().code != ErrorCode::kErased)
        problem("record " + hex(record->ref.rid).substr(0, 16) + " does not open: " + item.error().message);
    }
    out_.opened = true;
    return {};
  }

  const fs::path& backup_;
  const CheckOptions& options_;
  BackupCheck out_;
};

}  // namespace

Result<BackupCheck> check_backup(const fs::path& backup, const CheckOptions& options) {
  return Checking(backup, options).run();
}

}  // namespace focal::node

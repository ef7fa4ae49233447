// Helpers of the ledger's tests: a temporary folder, keys in memory, and well
// formed batches and receipts. Statements are signed for the parties in `signers`.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "node/ledger/kek.h"
#include "node/ledger/ledger.h"
#include "node/ledger/verify.h"

namespace focal::ledger {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path ledger() const { return path_ / kLedgerFile; }

 private:
  std::filesystem::path path_;
};

class MemoryKek final : public KekRing {
 public:
  explicit MemoryKek(std::uint64_t seed) : rng_(seed) {}
  Result<Kek> current(KekClass kek_class, std::uint64_t now_ms) override;
  Result<Kek> renew(KekId id) override;
  Status destroy(KekId id) override;
  std::vector<KekId> ids() override;
  std::optional<ByteView> find(KekId id) override;
  Result<ByteView> index_key() override { return ByteView(index); }
  std::map<KekId, Hash32> keys;
  Hash32 index{0x1d};
  bool refuse = false;  // current() fails, as a keystore on a full disk does

 private:
  crypto::SeededRng rng_;
};

inline constexpr char kParty[] = "XA";
inline constexpr char kOrigin[] = "focal/XA/log/1";
inline constexpr std::uint64_t kNow = 1'795'428'000'000;  // 2026-11-23T10:00:00Z

// What a record is, for building receipts.
struct TestRecord {
  store::RecordRef ref;
  std::uint32_t status = 1;
};

struct TestSigner {
  crypto::SigningKey key;
  std::string card_note;
  Hash32 card_id{};
};

class World {
 public:
  explicit World(std::uint64_t seed = 1);
  void create();  // opens a new ledger in the folder
  Status open();  // closes the present one first
  void close() { ledger.reset(); }
  Ledger& operator*() { return *ledger; }
  Ledger* operator->() { return ledger.get(); }

  // Commits at `now` and expects success.
  store::Committed commit(std::vector<store::Op> ops);
  Result<store::Committed> try_commit(std::vector<store::Op> ops);

  store::NewRecord record(const std::string& item = "item", const std::string& kind = "peer.ping");
  store::PutSentBatch sent(std::size_t n, std::vector<std::string> to,
                           const std::string& item = "item");
  store::PutReceivedBatch received(std::size_t n, const std::string& from, std::uint32_t status = 1,
                                   const std::string& item = "item");
  store::PutReceiptsOut receipts_out(const std::string& to, const std::vector<TestRecord>& records);
  store::PutReceiptsIn receipts_in(const std::string& from, store::BatchId batch,
                                   const std::vector<store::RecordRef>& refs,
                                   const std::vector<std::uint32_t>& statuses);
  VerifyReport check();  // verify(); every problem is a test failure

  // Makes a key and a stand-in for a card: from now on the party's statements are
  // signed under it.
  void add_signer(const std::string& party);
  // A note with this text, signed by nobody in particular.
  std::string note(const std::string& text);
  // A checkpoint of a party's log, and its line on a checkpoint; the signer's one key serves for all.
  store::CheckpointRow their_checkpoint(const std::string& origin, const std::string& party,
                                        std::uint64_t size, const Hash32& root) const;
  std::string line_of(const std::string& party, const std::string& checkpoint_note,
                      std::uint64_t at_s) const;
  // What pins the card of a party with a signer.
  store::PutPeer pin(const std::string& party) const;
  VerifyOptions keys() const;  // of all signers

  TempFolder folder;
  crypto::SeededRng rng;
  MemoryKek keks;
  std::uint64_t now = kNow;
  std::map<std::string, TestSigner> signers;
  std::unique_ptr<Ledger> ledger;

 private:
  struct Signed {
    Bytes stmt, sig;
    Hash32 root{};
  };
  Signed sign(const std::string& from, std::uint32_t purpose,
              const std::vector<Hash32>& leaves) const;
};

std::vector<store::RecordRef> refs_of(const store::PutSentBatch& op);
std::vector<TestRecord> records_of(const store::PutReceivedBatch& op);

// For tampering: runs SQL on a closed ledger, with the guards taken off meanwhile.
void tamper(const std::filesystem::path& ledger_file, const std::string& sql);
// As it is: for changes of the schema.
void run_sql(const std::filesystem::path& ledger_file, const std::string& sql);
// For run_sql: what schema 4 added, away again; rows of today that schema 3 had stay.
std::string back_to_schema_3();
std::string read_file(const std::filesystem::path& file);  // empty if there is none

}  // namespace focal::ledger

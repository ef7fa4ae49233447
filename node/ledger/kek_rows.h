// Which rows each key-encryption key seals, and how many of them were destroyed: what the node needs to
// replace a key whose rows were erased (docs/protocol.md, "At rest").
#pragma once

#include <map>
#include <vector>

#include "node/ledger/dictionary.h"
#include "node/ledger/log.h"
#include "node/ledger/vault.h"

namespace focal::ledger {

class KekStore {
 public:
  KekStore(Driver& db, Log& log, Dictionary& parties, Vault& vault)
      : db_(db), log_(log), parties_(parties), vault_(vault) {}

  // At the end of a group: what the vault sealed under, for leaves from `lowest` on.
  Status note(const std::map<KekClass, Kek>& used, store::LeafIndex lowest);
  Status deleted(KekId id);  // a row that it sealed was destroyed
  void forget();             // after a rollback

  std::vector<store::KekRow> all();  // by id
  // Inside a transaction: at most `rows` rows under `from` are brought under `to`, which stands as
  // its successor from the first call on; how many rows were looked at, 0: none is left. Goes on where
  // the last call ended, or from the beginning in a new process. kState (nothing was sealed under it, or
  // it has another successor), kCorrupt.
  Status rewrap(KekId from, KekId to, std::size_t rows, std::size_t& looked_at);
  Status drop(KekId id);  // inside a transaction: the key is gone

 private:
  enum class Stage { kRecords, kDetails, kOutbox, kWaiting, kDesk, kEnd };
  struct Cursor {
    KekId from = 0, to = 0;
    Stage stage = Stage::kRecords;
    std::int64_t at = 0;   // next key of the stage's table
    std::int64_t end = 0;  // of leaves: the first that cannot be sealed under it
  };
  struct Row {  // a row of any of the tables: what finds it, and what it is sealed under
    std::int64_t key = 0, second = 0;
    Hash32 ref{};
    crypto::RestPart part = crypto::RestPart::kRecord;
    Bytes wrapped;
  };
  Result<store::LeafIndex> open_row(KekId id, store::LeafIndex lowest);  // from which leaf on
  Status begin(KekId from, KekId to);
  Result<std::vector<Row>> slice(std::size_t rows);
  Result<std::vector<Row>> leaf_rows(const char* sql, crypto::RestPart part, std::size_t rows);
  Result<std::vector<Row>> outbox_rows();
  Result<std::vector<Row>> waiting_rows(std::size_t rows);
  Result<std::vector<Row>> desk_rows(std::size_t rows);
  void next_stage();
  Status change(const Row& row, Stage stage);

  Driver& db_;
  Log& log_;
  Dictionary& parties_;
  Vault& vault_;
  struct Open {
    KekId id = 0;
    store::LeafIndex first = 0;
  };
  std::map<KekClass, Open> open_;  // what note() has written
  Cursor cursor_;
  std::size_t looked_at_ = 0;
};

}  // namespace focal::ledger

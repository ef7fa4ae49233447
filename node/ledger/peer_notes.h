// Notes about parties beside the pinned card: cards that are held, revocations, directories
// of introducers, and proofs that a key signed two things. What was decided leaves a leaf;
// a held card does not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/ledger/details.h"
#include "node/ledger/parts.h"

namespace focal::ledger {

class PeerNoteStore {
 public:
  PeerNoteStore(Parts& parts, DetailStore& details) : p_(parts), details_(details) {}

  // As node/store/txn.h says. kState: unknown party (but for a fork proof).
  Status put(const store::PutHeldCard& op);
  Status put(const store::DropHeldCard& op);
  Status put(const store::PutRevocation& op, Group& group);
  Status put(const store::PutDirectory& op, Group& group);
  Status put(const store::PutForkProof& op, Group& group);

  // Puts held cards and revocations into the rows of their parties.
  void add_to(std::vector<store::PeerRow>& rows);
  void renew(store::PeerRow& row);  // of one of them, read again
  std::vector<store::DirectoryRow> directories();
  std::optional<store::DirectoryRow> directory(const std::string& introducer,
                                               std::uint64_t serial);
  std::vector<store::ForkProofRow> fork_proofs(std::size_t limit);
  Result<std::int64_t> peer_number(const std::string& party);  // kState: not a peer

 private:
  std::uint64_t time_of(store::LeafIndex idx);
  store::DirectoryRow read_directory(const Query& query);
  store::HeldCard read_held(const Query& query);

  Parts& p_;
  DetailStore& details_;
};

}  // namespace focal::ledger

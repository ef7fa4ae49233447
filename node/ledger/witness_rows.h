// What the ledger keeps of witnessing, at both sides: lines of witnesses on own checkpoints, and
// what this node cosigned and saw of the logs of others (docs/protocol.md, "Witnesses"). Guards of
// the schema let nothing of it go back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/ledger/details.h"
#include "node/ledger/parts.h"
#include "node/ledger/peer_notes.h"

namespace focal::ledger {

inline constexpr int kNewestPeerCheckpoints = 16;  // of each log, beside the first of each day

class WitnessStore {
 public:
  WitnessStore(Parts& parts, DetailStore& details, PeerNoteStore& notes)
      : p_(parts), details_(details), notes_(notes) {}

  // As node/store/txn.h says.
  Status put(const store::PutCosig& op, Group& group);
  Status put(const store::PutPublished& op, Group& group);
  Status put(const store::PutWitnessState& op, Group& group);
  Status put(const store::PutPeerCheckpoint& op, Group& group);
  Status put(const store::PutWitnessPolicy& op, Group& group);
  Status put(const store::PutPeerPolicy& op, Group& group);

  // Has the list of what this node witnesses changed since the last leaf WITNESSED? Remembered until
  // it is changed again.
  Result<bool> list_changed();
  // Inside the transaction of a checkpoint: leaf WITNESSED if it has.
  Status log_list(std::uint64_t now_ms);
  void forget() { changed_.reset(); }  // after a rollback

  // As node/store/view.h says.
  std::optional<store::CheckpointRow> checkpoint(std::uint64_t size);
  std::vector<store::CosigRow> cosigs(std::uint64_t size);
  std::optional<store::PublishedRow> newest_published();
  std::optional<store::PublishedRow> first_published(std::uint64_t least_size);
  std::vector<store::WitnessStateRow> states();
  std::vector<store::PeerCheckpointRow> peer_checkpoints(const std::string& origin,
                                                         std::size_t limit);
  std::vector<store::WitnessPolicyRow> policies();
  std::string peer_policy(const std::string& party);

 private:
  // Those rows that the last leaf WITNESSED about them does not say.
  Result<std::vector<store::WitnessStateRow>> not_logged(
      const std::vector<store::WitnessStateRow>& all);
  Status must_have_checkpoint(std::uint64_t size);
  std::optional<store::PublishedRow> published(Query& query);

  Parts& p_;
  DetailStore& details_;
  PeerNoteStore& notes_;
  std::optional<bool> changed_;
};

}  // namespace focal::ledger

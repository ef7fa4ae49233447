// The invariants (docs/reliability.md, "Simulator"). The watch sees every
// transaction that committed, every group and every frame of honest nodes, and
// knows what only the world can know: both ends.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/exchange/manifest.h"
#include "node/exchange/machine.h"
#include "tests/sim/compact_root.h"
#include "tests/sim/counts.h"
#include "tests/sim/node.h"

namespace focal::sim {

class Watch {
 public:
  Watch(Queue& queue, Counts& counts) : queue_(queue), counts_(counts) {}
  void add(Node* node) { nodes_[node->name()] = node; }
  void add_hostile(const std::string& party) { hostile_.insert(party); }

  // Told by the nodes.
  void started(Node& node);
  void ended(Node& node);
  void restored(Node& node);
  void frame_in(Node& node, exchange::LinkId link, const Bytes& frame);
  void committed(Node& node, const store::Txn& txn, const store::Committed& done);
  void rolled_back(Node& node) { check_leaves(node); }
  void group_done(Node& node, bool stored, const std::vector<exchange::Output>& outputs);
  void checkpoint(Node& node, const store::CheckpointRow& row);
  void step(Node& node);
  // Told by the world.
  void cancelled(const store::RecordRef& ref, const std::string& recipient);
  void delivered(exchange::LinkId link, std::size_t to, const Bytes& frame);

  bool all_settled() const;  // nothing is owed between honest nodes any more
  void at_end();             // I7, and both ends of every case agree

  const Hash32& transcript() const { return transcript_; }
  // The other end of a link of that node.
  std::function<std::string(const Node&, exchange::LinkId)> other_end;

 private:
  struct Letter {            // a record that an honest node released
    exchange::Manifest manifest;
    Hash32 item{};           // hash of the Item bytes
    std::set<std::string> cancelled;
  };
  struct Received {
    std::uint32_t status = 0;
    std::uint64_t at_ms = 0;
  };
  struct State {             // of one honest node
    std::map<Hash32, store::LeafIndex> received_leaf;  // rid -> RECEIVED or REJECTED, this disk
    std::map<Hash32, Received> ever;                   // also before an older copy came back
    std::vector<Hash32> leaves;                        // as first seen on this disk
    CompactRoot root;
    std::optional<store::CheckpointRow> checkpoint;
    std::map<exchange::LinkId, std::uint64_t> taken, settled;  // envelopes, of this process
    std::map<Hash32, store::PutWaiting> waiting;       // as committed
    std::map<std::pair<store::BatchId, std::string>, std::uint64_t> differs;  // since group
  };

  void check(Node& node, const store::Txn& txn, const store::PutSentBatch& op, store::BatchId id);
  void check(Node& node, const store::Txn& txn, const store::PutReceivedBatch& op);
  void check_has_case(Node& node, const exchange::Manifest& manifest, store::LeafIndex idx);
  void check(Node& node, const store::Txn& txn, const store::PutReceiptsOut& op);
  void check(Node& node, const store::PutReceiptsIn& op);
  void check(Node& node, const store::Txn& txn, const store::SetOutbox& op);
  void check_dropped(Node& node, const store::PutWaiting& row, std::uint64_t now_ms);
  void check_leaves(Node& node);
  void check_log(Node& node);  // every leaf again
  void check_bye(Node& node, exchange::LinkId link, const exchange::ByeFrame& bye);
  void check_outbox(Node& node);
  void check_modes(Node& node, exchange::LinkId link, const Bytes& frame);
  void check_case(Node& a, const store::CaseRow& row);
  bool is_settled(Node& sender, const exchange::OutboxEntry& entry) const;
  bool is_honest(const std::string& party) const { return nodes_.contains(party); }
  void mix(std::uint64_t tag, ByteView bytes);
  [[noreturn]] void fail(const std::string& invariant, const std::string& words,
                         std::vector<std::string> where) const;

  Queue& queue_;
  Counts& counts_;
  std::map<std::string, Node*> nodes_;
  std::set<std::string> hostile_;
  std::map<std::string, State> states_;
  std::map<Hash32, Letter> letters_;
  Hash32 transcript_{};
};

}  // namespace focal::sim

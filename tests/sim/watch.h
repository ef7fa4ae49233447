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

class Watch final : public Watcher {
 public:
  Watch(Queue& queue, Counts& counts);
  void add(Node* node) { nodes_[node->name()] = node; }
  void add_hostile(const std::string& party) { hostile_.insert(party); }

  // Told by the nodes.
  void started(Node& node) override;
  void restored(Node& node, bool anchor_too) override;
  void frame_in(Node& node, exchange::LinkId link, const Bytes& frame) override;
  void committed(Node& node, const store::Txn& txn, const store::Committed& done) override;
  void rolled_back(Node& node) override { check_leaves(node); }
  void group_done(Node& node, bool stored, const std::vector<exchange::Output>& outputs) override;
  void checkpoint(Node& node, const store::CheckpointRow& row) override;
  void shown(Node& node, const store::CheckpointRow& row) override;
  void step(Node& node) override;
  // Told by the world.
  void cancelled(const store::RecordRef& ref, const std::string& recipient);
  void delivered(exchange::LinkId link, std::size_t to, const Bytes& frame);
  void set_slack(std::uint64_t ms) { slack_ms_ = ms; }  // how late a timer may be seen
  // … of keys and thieves (watch_keys.cc).
  void issued(const exchange::Card& card);         // by the custodian of that party
  void disowned(const Hash32& card_id);            // revoked by the custodian
  void verified(const std::string& at, const std::string& party) { verified_.emplace(at, party); }
  void confirmed(const std::string& at, const std::string& party, const Hash32& card_id);
  void forged(const Hash32& rid) { forged_.insert(rid); }
  void taken(const std::string& party, const Hash32& rid, std::uint32_t status) {
    taken_[{party, rid}] = status;
    counts_.saw(Effect::kLostToThief);
  }

  void keys_were_stolen() { thefts_ = true; }  // others may speak in the name of honest parties

  void strangers_stay() { strangers_stay_ = true; }  // some parties are never verified

  bool is_honest(const std::string& party) const { return nodes_.contains(party); }
  // Of `party` at that node, before anything happened to its keys.
  store::PeerLevel former_level(const std::string& at, const std::string& party) const;
  bool has_false_root(const std::string& at, const std::string& party) const;
  bool all_settled() const;  // nothing is owed between honest nodes any more
  void at_end();             // I7, and both ends of every case agree

  const Hash32& transcript() const { return transcript_; }
  // The party at the other end of a link of that node, as it is; "" for a thief.
  std::function<std::string(const Node&, exchange::LinkId)> other_end;
  // Do two checkpoints of a dishonest log stand on one of its branches? Empty: no log is one.
  std::function<bool(const std::string& origin, std::uint64_t size, const Hash32& root,
                     std::uint64_t other_size, const Hash32& other_root)> fits;
  // … as its transport key proves it.
  std::function<std::string(const Node&, exchange::LinkId)> link_party;

 private:
  struct Letter {            // a record that an honest node released
    exchange::Manifest manifest;
    Hash32 item{};           // hash of the Item bytes
    std::set<std::string> cancelled;
  };
  struct Exchanged {
    std::string from, to;
    store::RecordRef ref;
    std::uint32_t status = 0;
  };
  struct Received {
    std::uint32_t status = 0;
    std::uint64_t at_ms = 0;
  };
  // What a node signed of a log of its own, whatever its disk says now.
  struct Log {
    std::optional<store::CheckpointRow> newest;        // that binds it
    std::optional<store::CheckpointRow> published;     // the newest that others vouch for
    bool is_checked = true;                            // newest is a beginning of the leaves here
  };
  struct Cosigned {
    std::string origin;
    std::uint64_t size = 0;
    Hash32 root{};
    auto operator<=>(const Cosigned&) const = default;
  };
  // What a node has committed about another party's keys.
  struct Keys {
    std::optional<exchange::Card> pinned;
    store::PeerLevel level = store::PeerLevel::kNone, highest = store::PeerLevel::kNone;
    struct Gone {
      exchange::RevocationScope scope;
      std::uint64_t group = 0;                         // after which it has no effect
    };
    std::multimap<Hash32, Gone> revoked;               // by card_id
    std::map<Hash32, std::uint64_t> held_since_ms;     // of the world's own time
    std::set<Hash32> over_own_link, confirmed;
    bool false_root = false;                           // pinned as somebody else's from the first
  };
  struct State {             // of one honest node
    std::map<Hash32, store::LeafIndex> received_leaf;  // rid -> RECEIVED or REJECTED, this disk
    std::map<Hash32, Received> ever;                   // also before an older copy came back
    std::vector<Hash32> leaves;                        // as first seen on this disk
    CompactRoot root;
    std::map<std::string, Log> logs;                   // by origin
    std::map<std::string, Cosigned> cosigned;          // by origin; in the ledger, as committed
    std::set<Cosigned> lines;                          // ever stored as witnessed: it may say so
    std::map<std::string, std::set<Cosigned>> seen;    // of logs that may lie, by their party
    std::map<std::string, std::uint64_t> two_logs;     // party -> since when it can see them
    std::set<std::string> accused;                     // of two logs: proved, or an alarm
    std::set<std::pair<std::string, std::string>> alarms;  // party, words
    std::map<exchange::LinkId, std::uint64_t> taken, settled;  // envelopes, of this process
    std::map<Hash32, store::PutWaiting> waiting;       // as committed
    std::map<std::pair<store::BatchId, std::string>, std::uint64_t> differs;  // since group
    std::map<std::string, Keys> keys;                  // by party
    std::map<Id16, std::uint64_t> sealing;             // own private keys: kid -> end
    std::optional<std::uint64_t> sure_since_ms;        // it knows what time it is
    std::map<std::string, std::string> directories;    // newest, by introducer
    std::uint64_t refused_for_card = 0;                // by this process
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
  void check_exchanged();
  bool is_settled(Node& sender, const exchange::OutboxEntry& entry) const;
  bool has_verified(Node& at, const std::string& party) const;
  // watch_log.cc: I3, I4
  void read_witnessed(Node& node);
  void check_log_ops(Node& node, const store::Txn& txn);
  void check_witnessed(Node& node, const store::PutWitnessState& op);
  void check_published(Node& node, std::uint64_t size);
  void check_cosigs_sent(Node& node, const Bytes& frame);
  void check_stopped(Node& node, const store::Txn& txn);
  void saw_log(Node& node, const std::string& party, const Cosigned& what);
  void check_proof(Node& node, const store::PutForkProof& op);
  void check_alarms(Node& node);
  bool could_answer(Node& asker, Node& asked, const std::string& words);
  void check_liars();                                  // at the end: they were found out
  void check_bundles();                                // bundles.cc: I10
  void check_bundle(Node& node, const Exchanged& one, crypto::Rng& rng,
                    const std::map<std::string, Hash32>& fingerprints);
  void check_erased();                                 // I6
  // watch_keys.cc
  void read_keys(Node& node);                          // what the disk holds at a start
  void check_keys(Node& node, const store::Txn& txn);
  void check_card(Node& node, Keys& keys, const store::PutPeer& op);
  void check_signer(Node& node, const std::string& from, ByteView stmt, const char* what);
  void check_introduced(Node& node, const std::string& party, const exchange::Card& card);
  bool is_false_root(const exchange::Card& card) const;
  bool is_genuine(const exchange::Card& card) const;  // its party's custodian made it
  void count_card(const exchange::Card& before, const exchange::Card& card);
  void check_links(Node& node);
  void check_sent(Node& node, exchange::LinkId link, const Bytes& frame);
  void check_destroyed(Node& node);
  void notes_in(Node& node, exchange::LinkId link, const Bytes& frame);
  bool is_revoked(Node& node, const std::string& party, const Hash32& card_id,
                  exchange::RevocationScope scope) const;
  bool is_lost_to_thief(const std::string& party, const Hash32& rid) const {
    return taken_.contains({party, rid});
  }
  void mix(std::uint64_t tag, ByteView bytes);
  [[noreturn]] void fail(const std::string& invariant, const std::string& words,
                         std::vector<std::string> where) const;

  Queue& queue_;
  Counts& counts_;
  std::map<std::string, Node*> nodes_;
  std::set<std::string> hostile_;
  std::map<std::string, State> states_;
  std::map<Hash32, Letter> letters_;
  std::vector<Exchanged> exchanged_;                   // with a receipt of an honest recipient
  std::set<Hash32> forged_;                            // rids that a thief's node released
  std::map<std::pair<std::string, Hash32>, std::uint32_t> taken_;  // what reached a thief instead
  std::map<std::string, std::vector<exchange::Card>> issued_;
  std::set<Hash32> disowned_;
  std::set<std::pair<std::string, std::string>> verified_;  // by voice: (at, party)
  bool strangers_stay_ = false;
  bool thefts_ = false;
  std::vector<std::pair<std::string, store::RecordRef>> erased_;  // where, what
  std::uint64_t slack_ms_;
  Hash32 transcript_{};
};

}  // namespace focal::sim

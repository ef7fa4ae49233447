// Whole nodes in one process, without gate and network: real keys, real SQLite
// ledgers in a temporary folder, the production core. Time is the test's. Links
// carry frames in order; a test may look at them, lose them, or add its own.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node/node/node.h"
#include "node/node/setup.h"
#include "node/store/leaf.h"
#include "tests/support/temp_folder.h"

namespace focal::test {

inline constexpr std::uint64_t kStartMs = 1'795'428'000'000;  // 2026-11-23T10:00:00Z, a Monday

class World {
 public:
  World();

  // Makes a party with its node. name: a party code. expires_ms: of the card; 0 = as usual.
  node::Node& add(const std::string& party, std::uint64_t expires_ms = 0);
  node::Node& node(const std::string& party) { return *nodes_.at(party); }
  node::Core& core(const std::string& party) { return node(party).core(); }
  store::View& view(const std::string& party) { return core(party).view(); }
  const node::OnlineKeys& keys(const std::string& party) { return keys_.at(party); }
  // From the folder that would be in a safe: the root key, or the next one.
  crypto::SigningKey root_key(const std::string& party, bool next = false) const;

  // Pins b at a (one direction) with that level; a schedule comes along.
  void pin(const std::string& a, const std::string& b, store::PeerLevel level);
  void verify_both(const std::string& a, const std::string& b);

  // One end of a ceremony in person is done: its pair secret is stored and the confirm is
  // in the outbox. psk_ab is what the codes of both gave.
  void met(const std::string& at, const std::string& with, const crypto::Secret& psk_ab);
  // Both ends, and what they send each other.
  void meet(const std::string& a, const std::string& b);

  // A live link between two nodes; returns its number. Frames flow in run().
  exchange::LinkId connect(const std::string& a, const std::string& b);
  void cut(exchange::LinkId link);
  exchange::LinkId last_link() const { return next_link_ - 1; }  // that of connect(), also during it
  bool is_up(exchange::LinkId link) const { return links_.at(link).up; }

  // Lets everything happen until nothing moves any more.
  void run();
  // An own checkpoint of that node, if one is due; its size, or of the last one.
  std::uint64_t checkpoint(const std::string& party);
  void advance(std::uint64_t ms);             // then ticks every node, then run()
  Now now() const { return now_; }
  void set_wall(std::uint64_t wall_ms) { now_.wall_ms = wall_ms; }
  // What that node's clocks say: its wall clock may be wrong by so much.
  Now now(const std::string& party) const;
  void set_clock(const std::string& party, std::int64_t offset_ms) { offsets_[party] = offset_ms; }

  // Ends a node without warning and opens it again from its files. Links end.
  void crash(const std::string& party);
  void stop(const std::string& party);        // … and does not open it
  void start(const std::string& party) { open(party); }
  bool is_running(const std::string& party) const { return nodes_.contains(party); }

  // Releases a record from a's desk without HTTP; the body is not checked here.
  store::RecordRef send(const std::string& from, const std::string& to, const std::string& kind,
                        const Bytes& body, std::optional<store::RecordRef> thread = {},
                        std::optional<store::RecordRef> reply_to = {}, std::uint64_t expires_ms = 0);
  store::RecordRef send_many(const std::string& from, std::vector<std::string> to,
                             const std::string& kind, const Bytes& body);

  // Called with the configuration of a node before it is opened.
  std::function<void(config::NodeConfig&)> configure;

  // Called for every frame about to be delivered; false loses it and cuts the link.
  std::function<bool(const std::string& from, const std::string& to, const Bytes& frame)> on_frame;
  // Injects a frame as if `from` had sent it on that link.
  void inject(exchange::LinkId link, const std::string& from, Bytes frame);

  crypto::Keystore keystore(const std::string& party) const;  // as its file says now
  std::filesystem::path folder(const std::string& party) const { return temp_ / party; }
  std::uint32_t status_of(const std::string& at, const store::RecordRef& ref,
                          const std::string& peer);  // item status in the outbox row; 0 = open
  bool has(const std::string& at, const store::RecordRef& ref) {
    return view(at).find(ref).has_value();
  }
  std::size_t leaves(const std::string& at, store::LeafType type);

 private:
  struct Link {
    std::string a, b;                         // a dialed
    bool up = true;
  };
  struct Parcel {
    exchange::LinkId link;
    std::string to;
    Bytes frame;
  };
  void open(const std::string& party);
  store::RecordRef release(const std::string& from, exchange::Draft draft);
  void finish(const std::string& party);

  TempFolder temp_;
  Now now_;
  std::map<std::string, std::int64_t> offsets_;
  std::map<std::string, std::unique_ptr<node::Node>> nodes_;
  std::map<std::string, node::OnlineKeys> keys_;
  std::map<exchange::LinkId, Link> links_;
  std::deque<Parcel> parcels_;
  exchange::LinkId next_link_ = 1;
};

// A record body from an example file of tests/vectors/examples, checked.
Bytes example_body(const std::string& file, const std::string& from, const std::string& to);
Bytes ping_body(const std::string& text = "test");

}  // namespace focal::test

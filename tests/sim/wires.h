// The network: connections between endpoints. A connection carries frames in order
// until it is lost; the two ends notice that at different times. Two connections of
// one pair have nothing in common. Nobody alters a frame: that is what CURVE is for. A
// connection stands only while each end has the other's transport key on its allow-list.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "crypto/random.h"
#include "tests/sim/counts.h"
#include "tests/sim/endpoint.h"
#include "tests/sim/queue.h"

namespace focal::sim {

class Wires {
 public:
  using Heard = std::function<void(exchange::LinkId, std::size_t to, const Bytes&)>;

  Wires(Queue& queue, Counts& counts, std::uint64_t seed)
      : queue_(queue), counts_(counts), rng_(seed) {}
  void add(Endpoint* endpoint) { ends_.push_back(endpoint); }
  void start();                      // every pair dials
  void start_dialing(std::size_t from);  // an endpoint that was added later dials all others
  // How long a dialer waits at most before it tries again.
  void set_patience(std::uint64_t ms) { patience_ms_ = ms; }
  Heard on_delivered;

  // Node `from` hands a frame over, or ends a connection (what it sent before arrives).
  void send(std::size_t from, exchange::LinkId link, Bytes bytes);
  void close(std::size_t from, exchange::LinkId link);
  bool can_send(std::size_t from, exchange::LinkId link) const;
  void process_ended(std::size_t node);
  // The allow-list of that node changed: what it lets in no more ends.
  void allow_list_changed(std::size_t node);
  std::size_t other_end(std::size_t node, exchange::LinkId link) const;
  const std::string& party_at(std::size_t node, exchange::LinkId link) const;  // that the other end proved
  std::vector<exchange::LinkId> live_links(std::size_t node) const;  // as that node sees it

  // Faults. Each returns false if there was nothing to do it to.
  bool slow_down(std::size_t a, std::size_t b, std::uint64_t latency_ms, std::uint64_t for_ms);
  bool lose_after(std::size_t a, std::size_t b, std::uint64_t frames);
  bool lose_acknowledgement(std::size_t a, std::size_t b);  // DATA of a arrives, the answer is lost
  bool second_connection(std::size_t a, std::size_t b);     // the first one lags behind
  bool partition(std::size_t a, std::size_t b, std::uint64_t for_ms, bool one_way);
  bool stop_reading(std::size_t a, std::size_t b, std::uint64_t for_ms);  // b takes nothing of a
  void keep_apart(std::size_t a, std::size_t b);  // for good, healed or not
  void heal();                       // no fault lasts; connections that are lost come back

 private:
  using Pair = std::pair<std::size_t, std::size_t>;  // dialer or sender, other
  struct Link {
    exchange::LinkId id = 0;
    std::array<std::size_t, 2> end{};           // 0 dialed
    std::array<Hash32, 2> key{};                // that this end proved
    std::array<std::string, 2> party{};         // whose key that is, for the other end
    std::array<bool, 2> open{};
    std::array<bool, 2> lost{};                 // frames towards that end vanish
    std::array<std::uint64_t, 2> arrives_ms{};  // the last frame towards that end
    std::array<std::size_t, 2> under_way{};     // bytes towards that end
    std::uint64_t latency_ms = 20;
    std::uint64_t since_ms = 0;                 // when it came up
    std::uint64_t lose_in = 0;                  // frames until it is lost; 0: not
    int lose_ack_to = -1;                       // lost with the next ACK towards that end
  };
  void dial(Pair pair);
  void dial_later(Pair pair, std::uint64_t ms);
  bool is_reachable(Pair pair);
  // The newest transport key of one that the other lets in.
  std::optional<Hash32> key_for(std::size_t of, std::size_t other) const;
  bool connect(Pair pair);
  void forget_old();
  void end_now(Link& link, int side);
  void lose(Link& link, std::uint64_t notice_ms);
  void end_at(exchange::LinkId id, int side, std::uint64_t at_ms);
  void drop_end(Link& link, int side);
  int side_of(const Link& link, std::size_t node) const { return link.end[0] == node ? 0 : 1; }
  std::vector<Link*> links_between(std::size_t a, std::size_t b);
  bool is_blocked(std::size_t from, std::size_t to) const;

  Queue& queue_;
  Counts& counts_;
  crypto::SeededRng rng_;
  std::vector<Endpoint*> ends_;
  std::map<exchange::LinkId, Link> links_;
  exchange::LinkId next_link_ = 1;
  std::set<Pair> dialers_, dialing_;
  std::map<Pair, unsigned> failed_;               // since it last came up
  std::map<Pair, unsigned> short_;                // links in a row that ended at once
  std::uint64_t patience_ms_ = 0;
  std::uint64_t forget_at_ms_ = 0;
  std::map<Pair, std::uint64_t> blocked_until_;   // nothing passes from first to second
  std::set<Pair> apart_;
  std::map<Pair, std::uint64_t> stalled_until_;   // second does not read what first sends
  std::map<Pair, std::pair<std::uint64_t, std::uint64_t>> slow_;  // latency, until
};

}  // namespace focal::sim

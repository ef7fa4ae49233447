// What waits for a person at this node, in numbers and without names: for the notify program and
// the metrics. Counted in small slices of the loop's time, whatever the node holds.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string_view>

#include "base/result.h"
#include "node/node/node.h"

namespace focal::desk {

enum class Urgency : std::uint8_t { kNone, kAction, kOverdue };
std::string_view urgency_name(Urgency urgency);  // "NONE", "ACTION", "OVERDUE"

struct Attention {
  exchange::RunState state = exchange::RunState::kRunning;
  std::uint32_t open_cases = 0;
  std::uint32_t needs_action = 0;  // open cases where it is our turn
  std::uint32_t overdue = 0;       // open cases whose running target has passed, whoever has to act
  std::uint32_t releases = 0;      // acts that wait for a second officer
  // Sendings of officers' records that are HELD, and of the newest kSendingsLookedAt, of 30 days,
  // those that were rejected or expired.
  std::uint32_t failed = 0;
  bool operator==(const Attention&) const = default;
};
inline constexpr std::size_t kSendingsLookedAt = 500;
// OVERDUE: a case is; ACTION: anything waits, or the node may not sign.
Urgency urgency_of(const Attention& attention);

class AttentionCounter {
 public:
  // How long a count is good for. One that took long is good for twenty times as long, so that
  // counting takes no more than a twentieth of the loop's time.
  static constexpr std::uint64_t kFreshMs = 5 * kSecondMs;
  static constexpr std::uint64_t kRestTimes = 20;
  static constexpr std::size_t kSlice = 64;  // cases in one turn of the loop

  explicit AttentionCounter(node::Node& node) : node_(node) {}

  // On the loop's thread, of every group: cases that were opened again are looked at again.
  void committed(const store::Txn& txn);
  // Any thread but the loop's, while the loop runs; one counts, others wait for what it finds.
  // Errors of Node::perform().
  Result<Attention> count();

 private:
  struct Round {
    Attention found;
    store::CaseId next = 0;  // where the next slice begins
    bool done = false;
  };
  Status slice(const Now& now, Round& round);
  void look_at(const store::CaseRow& row, const Now& now, Attention& found);
  Status finish(const Now& now, Attention& found);

  node::Node& node_;
  // The loop's: cases that may be open, and the id below which all cases were looked at.
  std::set<store::CaseId> open_;
  store::CaseId seen_ = 1;

  std::mutex counting_;
  Attention last_;                  // guarded by counting_, as what follows
  std::uint64_t good_until_ms_ = 0;  // monotonic; 0: nothing was counted yet
};

}  // namespace focal::desk

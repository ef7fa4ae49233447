// The page for a monitoring system, in the text form of Prometheus 0.0.4. Names begin with focal_.
// Numbers only: no content, no case, no person, and no party unless the configuration says so.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/desk/attention.h"
#include "node/desk/process_stats.h"
#include "node/exchange/safe_clock.h"

namespace focal::desk {

// Responses of the API by their class: 1xx, 2xx, …, 5xx.
using ResponseCounts = std::array<std::uint64_t, 5>;

// Of the sendings that ended since the start, by how: of each item.
struct EndedItems {
  std::uint64_t accepted = 0, rejected = 0, expired = 0, cancelled = 0;
};

// What is known at one moment; one value for each line of the page.
struct Metrics {
  std::string version;
  std::string party;                        // empty: it is not named
  ProcessStats process;
  Attention attention;

  bool disk_low = false;
  std::optional<std::uint64_t> disk_free;   // bytes, on the disk of the node's folder

  std::uint64_t leaves = 0;
  std::uint64_t checkpoint_leaves = 0;
  double checkpoint_at_s = 0;               // Unix; 0 = none yet
  std::uint64_t witnessed_leaves = 0;
  std::uint32_t witness_quorum = 0;         // 0: no witnesses are named
  bool anchor_current = true;

  std::map<std::string, std::uint64_t> outbox;  // by state
  double outbox_oldest_s = 0;               // age of the oldest that has not ended; 0 = none
  EndedItems ended;
  std::uint64_t waiting_in = 0;             // received, not judged yet
  std::uint64_t envelopes_received = 0, records_sent = 0;  // since the start

  std::uint64_t peers = 0, peers_linkable = 0, links_up = 0;
  std::map<int, std::uint64_t> refused;     // by step of the receive path
  std::map<std::string, std::uint64_t> gate_refused;  // by reason
  bool gate_up = false;
  std::uint64_t gate_restarts = 0;
  std::uint64_t alarms = 0;                 // about other parties, that need a person

  double card_expires_s = 0;                // from now; negative: it has expired
  double seal_expires_s = 0;                // … the end of the last published week

  std::optional<double> backup_age_s;       // nothing: none are made
  bool backup_failed = false;               // the last one could not be made, or not be restored
  exchange::ClockState clock = exchange::ClockState::kAlone;
  double clock_offset_max_s = 0;            // of any linked peer, without its sign

  ResponseCounts responses{};
  std::optional<std::uint64_t> export_behind;  // leaves; nothing: nothing is exported
  bool export_failed = false, notify_failed = false;

  struct Party {
    std::string party;
    bool up = false;
    std::uint64_t queued = 0;
    double clock_offset_s = 0;
  };
  std::vector<Party> parties;               // empty unless they are named
};

// The page, with its line ends. Pure.
std::string render(const Metrics& metrics);

// Every name that render() can write.
std::vector<std::string_view> metric_names();

}  // namespace focal::desk

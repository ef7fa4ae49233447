// Why a link does not work, or the node: walks address, connection, key, clock, trust, policy and
// store at this end and, where the other end answered, at that one, and names for each step what
// was found and what to do, as phrases that are put into the reader's language at the end
// (node/desk/phrases.h). Pure: facts in, steps out. Where the facts come from:
// node/desk/doctor_facts.h; what a person reads of it: docs/operations.md, "When a link does not
// work".
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "node/desk/phrases.h"
#include "node/desk/run_state.h"
#include "node/desk/trust_words.h"
#include "node/exchange/doctor_frame.h"
#include "node/exchange/link_state.h"
#include "node/exchange/rollback_guard.h"
#include "node/exchange/safe_clock.h"
#include "node/gate/probe.h"
#include "node/node/gate_report.h"
#include "node/store/rows.h"

namespace focal::desk {

enum class Walk : std::uint8_t {  // in the order in which they depend on each other
  kNode, kAddress, kConnection, kKey, kClock, kTrust, kPolicy, kStore, kPeer,
};
enum class Found : std::uint8_t {
  kOk,
  kWarning,       // the link works; somebody should look at this
  kFailed,
  kNotReached,    // cannot be looked at: an earlier step failed
  kNotAsked,      // of the other end, which was not asked or did not tell
};
enum class End : std::uint8_t { kOurs, kTheirs };  // at which end it was looked at

struct Step {
  Walk step = Walk::kNode;
  Found found = Found::kOk;
  std::string code{};             // what it is, for programs; empty: nothing to say
  Phrases text{};                 // what was found
  Phrases cure{};                 // what to do; empty: nothing
  End where = End::kOurs;
  std::string party{};            // of a line about a party in the walk of the node
};
std::string_view walk_name(Walk step);    // "ADDRESS"
std::string_view found_name(Found found); // "NOT_REACHED"
std::string_view end_name(End end);       // "OURS"

// This node, as far as links depend on it.
struct NodeFacts {
  std::uint64_t now_ms = 0;
  std::string party;
  std::string gate_state;         // RUNNING, STARTING, DOWN
  std::string listen;
  std::string gate_error;
  exchange::RunState run_state = exchange::RunState::kRunning;
  std::string run_words, run_next;
  std::uint64_t card_serial = 0;
  std::array<std::uint8_t, 8> card_tag{};
  std::uint64_t card_expires_ms = 0;
  std::uint64_t seal_serial = 0;
  std::uint64_t seal_until_ms = 0;          // end of the last published sealing key
  std::string clock_words;        // empty: nobody has to do anything about it
  exchange::ClockState clock = exchange::ClockState::kAlone;
  bool card_revoked = false;      // by an own revocation, as a whole
  bool disk_low = false;
  // The rest for the walk of the node alone.
  bool makes_backups = false;
  std::vector<CopyWarning> copies;          // anchor and backups
  std::uint64_t ledger_size = 0;
  std::uint64_t to_index = 0;     // leaves that 'focal find' does not see yet
  std::string witness_words;
  std::size_t verified = 0;       // parties
};

// What was found out about the other end's answer.
enum class Asked : std::uint8_t {
  kNo,            // nobody wanted to
  kNoLink,
  kTooOld,        // its program knows no such questions
  kTooOften,
  kSilent,        // nothing came in time
  kAnswered,
};

struct LinkFacts {
  NodeFacts node;
  std::string party;

  bool has_schedule = false;
  bool only_calls = false;        // by its schedule it cannot be dialed
  bool may_link = true;
  bool keys_over = false;         // no sealing key of it can be used now
  bool both_states = true;        // tracing passes between States only
  std::string schedule_trouble;   // why a stored one counts as none
  std::vector<std::string> endpoints;
  std::vector<gate::Probe> probes;          // just now; empty: not looked at
  std::optional<node::DialTrouble> trouble; // that came furthest
  std::string reached_at;         // the endpoint of the last link we dialed; empty: none since the start
  std::string called_from;
  exchange::LinkState link;
  std::string shares_key_with;    // the party that has its transport key too

  TrustFacts trust;
  std::uint64_t card_expires_ms = 0;
  std::uint64_t card_serial = 0;
  std::string suite_trouble;      // empty: there is a common suite
  std::vector<std::string> approved;        // kinds that are taken only with an approval

  std::uint64_t rows_late = 0;    // sendings without a receipt for a day
  std::uint64_t rows_held = 0;
  std::string held_reason;        // of the oldest
  std::map<std::uint32_t, std::size_t> they_say;      // by `why` of BOUNCE 6: sendings that wait there
  std::map<store::WaitReason, std::size_t> waiting;   // from it, here
  std::uint64_t last_receipt_ms = 0;
  std::map<std::string, std::size_t> refused_there;   // of its newest receipts, by code

  Asked asked = Asked::kNo;
  std::string asked_id;
  std::optional<exchange::DoctorReplyFrame> reply;
  std::uint64_t answered_ms = 0;  // wall time here when it came
};

std::vector<Step> walk_link(const LinkFacts& facts);
// The node itself; lines for its parties: party_line().
std::vector<Step> walk_node(const NodeFacts& facts);
// A party in one step: the first of its walk that fails, else the first that warns.
Step party_line(const LinkFacts& facts);

bool is_well(const std::vector<Step>& steps);            // nothing failed
const Step* first_failing(const std::vector<Step>& steps);  // nullptr: none

inline constexpr std::uint64_t kReceiptLateMs = kDayMs;        // a sending without a receipt
inline constexpr std::uint64_t kOwnCardWarnsMs = 90 * kDayMs;  // before it expires

}  // namespace focal::desk

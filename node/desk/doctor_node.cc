// The doctor's walk of the node alone.
#include "node/desk/doctor_steps.h"

namespace focal::desk {
namespace {

using exchange::ClockState;
using exchange::RunState;

// Nine weeks of keys are published, and one more every week.
constexpr std::uint64_t kSealWarnsMs = 28 * kDayMs;

Step own_card_step(const NodeFacts& n) {
  if (auto fault = own_key_fault(n)) return *fault;
  if (n.card_expires_ms < n.now_ms + kOwnCardWarnsMs)
    return warned(Walk::kKey,
                  {"OWN_CARD_EXPIRES",
                   "Our card expires on " + format_date(n.card_expires_ms) +
                       "; after that nobody sends to this node.",
                   "Plan the ceremony: docs/operations.md, \"The yearly renewal\"."});
  if (n.seal_until_ms < n.now_ms + kSealWarnsMs)
    return warned(Walk::kKey,
                  {"OWN_SEALING_KEYS_END",
                   "Our published sealing keys end at " + format_utc(n.seal_until_ms) +
                       ", and no new ones were made.",
                   "Look at the clock ('focal clock') and the log."});
  return fine(Walk::kKey, "Our card " + std::to_string(n.card_serial) + " is valid until " +
                              format_date(n.card_expires_ms) + ", our sealing keys are published until " +
                              format_date(n.seal_until_ms) + ".");
}

Step own_clock_step(const NodeFacts& n) {
  if (n.clock_words.empty())
    return fine(Walk::kClock, n.clock == ClockState::kAgreed
                                  ? "Verified parties agree with this machine's clock."
                                  : "This machine's clock is believed; too few parties were heard to "
                                    "compare it.");
  if (n.clock == ClockState::kUnconfirmed)
    return warned(Walk::kClock, {"OWN_CLOCK_UNCONFIRMED", n.clock_words,
                                 "'focal clock confirm', if the clock is right."});
  return failed(Walk::kClock, {"OWN_CLOCK", n.clock_words, "Set the clock of this machine right."});
}

std::string ledger_words(const NodeFacts& n) {
  std::string out = "The ledger has " + std::to_string(n.ledger_size) + " entries";
  if (!n.witness_words.empty()) out += "; " + n.witness_words;
  out += ".";
  if (n.to_index != 0)
    out += " " + std::to_string(n.to_index) + " of them are being indexed again.";
  return out;
}

}  // namespace

Step node_step(const NodeFacts& n) {
  if (n.run_state == RunState::kStarting)
    return failed(Walk::kNode, {"STARTING", n.run_words, n.run_next});
  if (n.run_state == RunState::kRolledBack)
    return failed(Walk::kNode, {"ROLLED_BACK", n.run_words, n.run_next});
  const std::string error = n.gate_error.empty() ? "" : " Its last error: " + n.gate_error + ".";
  if (n.gate_state == "DOWN")
    return failed(Walk::kNode, {"GATE_DOWN", "The network process does not run." + error,
                                "It is started again by itself; if it goes on ending, look at the log."});
  if (n.gate_state != "RUNNING")
    return failed(Walk::kNode,
                  {"NOT_LISTENING", "This node does not listen for calls." + error,
                   "Is the address in 'listen' of focal.toml one of this machine, and free?"});
  return fine(Walk::kNode, "The node runs and listens on " + n.listen + ".");
}

std::vector<Step> walk_node(const NodeFacts& n) {
  std::vector<Step> out{node_step(n), own_card_step(n), own_clock_step(n)};
  if (n.verified == 0)
    out.push_back(warned(Walk::kTrust, {"NOBODY_VERIFIED",
                                        "No party is verified yet: nothing can be exchanged.",
                                        "Start with 'focal peer add FILE', then 'focal peer verify "
                                        "PARTY'."}));
  if (n.disk_low)
    out.push_back(failed(Walk::kStore, {"DISK_LOW", std::string(kDiskLowText),
                                        "Make room on the disk of the node's folder."}));
  for (const CopyWarning& copy : n.copies)
    out.push_back(warned(Walk::kStore, {std::string(copy.code), copy.words, copy.cure}));
  if (!n.makes_backups)
    out.push_back(warned(Walk::kStore, {"NO_BACKUPS", "The node makes no backups by itself.",
                                        "Name a folder on another disk in [backup] of focal.toml: "
                                        "docs/operations.md, \"Backup\"."}));
  out.push_back(fine(Walk::kStore, ledger_words(n)));
  return out;
}

}  // namespace focal::desk

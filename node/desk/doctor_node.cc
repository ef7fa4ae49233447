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
    return warned(Walk::kKey, told("OWN_CARD_EXPIRES", "own.card_expires",
                                   {{"date", format_date(n.card_expires_ms)}}));
  if (n.seal_until_ms < n.now_ms + kSealWarnsMs)
    return warned(Walk::kKey, told("OWN_SEALING_KEYS_END", "own.sealing_keys_end",
                                   {{"when", format_utc(n.seal_until_ms)}}));
  return fine(Walk::kKey, {say("own.card", {{"serial", n.card_serial},
                                            {"date", format_date(n.card_expires_ms)},
                                            {"until", format_date(n.seal_until_ms)}})});
}

Step own_clock_step(const NodeFacts& n) {
  if (n.clock_words.empty())
    return fine(Walk::kClock,
                {say(n.clock == ClockState::kAgreed ? "own.clock_agreed" : "own.clock_alone")});
  if (n.clock == ClockState::kUnconfirmed) return own_clock_unconfirmed(n);
  return failed(Walk::kClock, {"OWN_CLOCK",
                               {say("own.clock", {{"words", n.clock_words}})},
                               {say("own.clock_set")}});
}

Phrases ledger_phrases(const NodeFacts& n) {
  Phrases out{n.witness_words.empty()
                  ? say("own.ledger", {{"count", n.ledger_size}})
                  : say("own.ledger_witnessed",
                        {{"count", n.ledger_size}, {"words", n.witness_words}})};
  if (n.to_index != 0) out.push_back(say("own.indexing", {{"count", n.to_index}}));
  return out;
}

Step gate_step(const NodeFacts& n, Said said) {
  if (!n.gate_error.empty())
    said.text.push_back(say("own.gate_error", {{"reason", n.gate_error}}));
  return failed(Walk::kNode, std::move(said));
}

}  // namespace

Step own_clock_unconfirmed(const NodeFacts& node) {
  return warned(Walk::kClock, told("OWN_CLOCK_UNCONFIRMED", "own.clock_unconfirmed",
                                   {{"words", node.clock_words}}));
}

Step node_step(const NodeFacts& n) {
  const auto stands = [&](const char* code, const std::string& key) {
    return failed(Walk::kNode, {code,
                                {say(key, {{"words", n.run_words}})},
                                {say(key + ".do", {{"words", n.run_next}})}});
  };
  if (n.run_state == RunState::kStarting) return stands("STARTING", "own.starting");
  if (n.run_state == RunState::kRolledBack) return stands("ROLLED_BACK", "own.rolled_back");
  if (n.gate_state == "DOWN") return gate_step(n, told("GATE_DOWN", "own.gate_down"));
  if (n.gate_state != "RUNNING") return gate_step(n, told("NOT_LISTENING", "own.not_listening"));
  return fine(Walk::kNode, {say("own.runs", {{"address", n.listen}})});
}

Step disk_low_step() { return failed(Walk::kStore, told("DISK_LOW", "store.disk_low")); }

std::vector<Step> walk_node(const NodeFacts& n) {
  std::vector<Step> out{node_step(n), own_card_step(n), own_clock_step(n)};
  if (n.verified == 0)
    out.push_back(warned(Walk::kTrust, told("NOBODY_VERIFIED", "own.nobody_verified")));
  if (n.disk_low) out.push_back(disk_low_step());
  for (const CopyWarning& copy : n.copies)
    out.push_back(warned(Walk::kStore, {std::string(copy.code), copy.words, copy.cure}));
  if (!n.makes_backups)
    out.push_back(warned(Walk::kStore, told("NO_BACKUPS", "own.no_backups")));
  out.push_back(fine(Walk::kStore, ledger_phrases(n)));
  return out;
}

}  // namespace focal::desk

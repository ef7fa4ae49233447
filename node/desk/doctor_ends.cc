// The doctor's steps from the keys on, as far as this end knows them by itself.
#include <algorithm>

#include "base/clock.h"
#include "node/desk/doctor_steps.h"
#include "node/desk/link_words.h"

namespace focal::desk {
namespace {

using exchange::ClockState;

bool is_taken(const TrustFacts& trust, std::string_view scope) {
  return std::any_of(
      trust.keys_revoked.begin(), trust.keys_revoked.end(),
      [&](const RevokedFacts& r) { return r.scope == scope || r.scope == "all"; });
}

std::string with_command(const NextStep& next) {
  if (next.text.empty() || next.command.empty()) return next.text;
  return next.text + " Then: '" + next.command + "'.";
}

Said by_trust(const LinkFacts& f, std::string code) {
  return {std::move(code), trust_words(f.trust) + " " + passes_words(f.trust),
          with_command(next_step(f.trust))};
}

std::string card_of(const LinkFacts& f) {
  return "card " + std::to_string(f.card_serial) + " of " + f.party;
}

// What was taken away from the party's keys, or is over.
std::optional<Step> their_key_fault(const LinkFacts& f) {
  if (f.trust.revoked) return failed(Walk::kKey, by_trust(f, "CARD_REVOKED"));
  if (is_taken(f.trust, "transport") || is_taken(f.trust, "sign"))
    return failed(Walk::kKey, by_trust(f, "KEY_REVOKED"));
  if (!f.may_link && !f.shares_key_with.empty())
    return failed(Walk::kKey,
                  {"SHARED_KEY",
                   f.party + " and " + f.shares_key_with + " have one transport key on their cards: one "
                   "of the two cards is a copy, and neither is connected.",
                   "Call both on numbers you know, and suspend the one whose card is the copy: 'focal "
                   "peer suspend PARTY'."});
  if (f.trust.card_expired_ms != 0)
    return failed(Walk::kKey,
                  {"CARD_EXPIRED",
                   "The " + card_of(f) + " expired on " + format_date(f.trust.card_expired_ms) +
                       ": nothing is sent there. What comes from there is still taken.",
                   "Ask " + f.party + " for its next card ('focal notes add FILE')."});
  return std::nullopt;
}

std::uint64_t skew_ms(const LinkFacts& f) {
  const std::int64_t offset = f.link.clock_skew_ms;
  return static_cast<std::uint64_t>(offset < 0 ? -offset : offset);
}

std::optional<Step> sealing_fault(const LinkFacts& f) {
  if (!f.schedule_trouble.empty())
    return failed(Walk::kKey, {"SCHEDULE_UNUSABLE",
                               "The stored sealing keys of " + f.party + " cannot be used: " +
                                   f.schedule_trouble + ".",
                               "The next connection brings new ones; or ask for the file of 'focal card "
                               "export' there."});
  if (!f.has_schedule)
    return failed(Walk::kKey, {"NO_SEALING_KEYS", "No sealing keys of " + f.party + " are here.",
                               "The next connection brings them; or ask for the file of 'focal card "
                               "export' there."});
  // With clocks that differ by days every key is over, or not begun, for one of them: clock_step().
  const bool by_the_clock = f.link.hello_wall_ms != 0 && skew_ms(f) > kClockFailsMs;
  if (f.keys_over && f.suite_trouble.empty())
    return (by_the_clock ? warned : failed)(
        Walk::kKey, {"SEALING_KEYS_OVER",
                               "The sealing keys of " + f.party + " that are here are over: what is for "
                               "them waits.",
                               "The next connection brings new ones. Is a clock wrong?"}, End::kOurs);
  if (f.link.psk_unknown_ms != 0)
    return failed(Walk::kKey, {"PAIR_SECRET_UNKNOWN",
                               f.party + " said at " + format_utc(f.link.psk_unknown_ms) +
                                   " that it does not know the pair secret: what is for it waits.",
                               "If it lost its keystore, meet again ('focal peer meet'), or let the "
                               "custodian drop the secret ('focal peer pair')."});
  return std::nullopt;
}

// One more week of published keys than this the node always has.
std::optional<Step> key_warning(const LinkFacts& f) {
  if (f.link.up && f.link.other_card)
    return warned(Walk::kKey,
                  {"OTHER_CARD",
                   f.party + " uses another card than the one in force here: what it signs waits.",
                   f.trust.held.empty()
                       ? "It usually comes by itself; if not, ask for the file of 'focal card export' "
                         "there ('focal notes add FILE')."
                       : "A card of theirs is on hold here: see the step TRUST."});
  if (f.card_expires_ms < f.node.now_ms + kCardWarnsMs)
    return warned(Walk::kKey, {"CARD_EXPIRES",
                               "The " + card_of(f) + " expires on " + format_date(f.card_expires_ms) +
                                   ".",
                               "Remind " + f.party + " of its next card."});
  return std::nullopt;
}

}  // namespace

std::optional<Step> own_key_fault(const NodeFacts& node) {
  if (node.card_revoked)
    return failed(Walk::kKey, {"OWN_CARD_REVOKED", "Our card " + std::to_string(node.card_serial) +
                                                       " is revoked by our own root.",
                               "The custodian brings the next card into force: 'focal card custody'."});
  if (node.card_expires_ms <= node.now_ms)
    return failed(Walk::kKey,
                  {"OWN_CARD_EXPIRED",
                   "Our card expired on " + format_date(node.card_expires_ms) +
                       ": nobody sends to this node.",
                   "The custodian renews it with the root: 'focal card renew', docs/operations.md, "
                   "\"The yearly renewal\"."});
  if (node.seal_until_ms <= node.now_ms)
    return failed(Walk::kKey,
                  {"OWN_SEALING_KEYS_OVER",
                   "Our last published sealing key ended at " + format_utc(node.seal_until_ms) + ".",
                   "Look at the clock ('focal clock') and the log: the node makes new ones every week "
                   "by itself."});
  return std::nullopt;
}

std::string offset_words(std::int64_t offset_ms) {
  const auto size = static_cast<std::uint64_t>(offset_ms < 0 ? -offset_ms : offset_ms);
  return span_words(size) + (offset_ms < 0 ? " behind" : " ahead of");
}

Step key_step(const LinkFacts& f, const Way& way) {
  if (auto own = own_key_fault(f.node)) return *own;
  if (auto theirs = their_key_fault(f)) return *theirs;
  if (!f.link.up && way.ends == Walk::kKey) return failed(Walk::kKey, way.said);
  if (auto sealing = sealing_fault(f)) return *sealing;
  if (auto warning = key_warning(f)) return *warning;
  if (!f.link.up)
    return not_reached(Walk::kKey, "The " + card_of(f) + " and its sealing keys are in order here; that "
                                   "the other end has the keys to them shows in a connection only.");
  return fine(Walk::kKey, "The " + card_of(f) + ", valid until " + format_date(f.card_expires_ms) +
                              "; both ends have the keys on their cards.");
}

Step clock_step(const LinkFacts& f) {
  const std::int64_t offset = f.link.clock_skew_ms;
  const std::uint64_t size = skew_ms(f);
  const bool heard = f.link.hello_wall_ms != 0;
  const bool own_is_wrong =
      f.node.clock == ClockState::kAhead || f.node.clock == ClockState::kBehind;
  if (own_is_wrong)
    return failed(Walk::kClock, {"OWN_CLOCK", f.node.clock_words,
                                 "Set the clock of this machine right; 'focal clock' shows what the "
                                 "peers say."});
  if (heard && size > kClockFailsMs) {
    const std::string found = f.party + "'s clock is " + offset_words(offset) + " ours.";
    if (f.node.clock == ClockState::kAgreed)
      return failed(Walk::kClock, {"CLOCK_SKEW", found + " Other parties agree with ours.",
                                   "Call " + f.party + ": its administrator has to set the clock of "
                                   "its machine right."});
    return failed(Walk::kClock, {"CLOCK_SKEW",
                                 found + " Too few other parties were heard to say which of the two is "
                                 "wrong.",
                                 "Compare both with a third clock, and set the wrong one right."});
  }
  if (f.node.clock == ClockState::kUnconfirmed)
    return warned(Walk::kClock, {"OWN_CLOCK_UNCONFIRMED", f.node.clock_words,
                                 "'focal clock confirm', if the clock is right."});
  if (!heard)
    return not_reached(Walk::kClock, f.party + " has not said since this node started what time it is "
                                     "there.");
  if (size > kClockWarnsMs)
    return warned(Walk::kClock,
                  {"CLOCK_OFF", f.party + "'s clock is " + offset_words(offset) + " ours.",
                   "One of the two should be set right; up to a day it hurts nothing."});
  return fine(Walk::kClock, size < 2 * kSecondMs
                                ? "Both clocks agree."
                                : f.party + "'s clock is " + offset_words(offset) + " ours.");
}

Step trust_step(const LinkFacts& f) {
  const TrustFacts& t = f.trust;
  if (t.revoked) return not_reached(Walk::kTrust, "Nothing passes while the card is revoked.");
  if (t.suspended != store::Suspension::kNone)
    return failed(Walk::kTrust, by_trust(f, "SUSPENDED"));
  if (t.level == store::PeerLevel::kNone) return failed(Walk::kTrust, by_trust(f, "NOT_VERIFIED"));
  if (t.level == store::PeerLevel::kIntroduced)
    return failed(Walk::kTrust, by_trust(f, "ONLY_INTRODUCED"));
  if (!t.held.empty()) return warned(Walk::kTrust, by_trust(f, "CARD_ON_HOLD"));
  if (t.root_changed_ms != 0) return warned(Walk::kTrust, by_trust(f, "ROOT_CHANGED"));
  if (!t.new_cards.empty()) return warned(Walk::kTrust, by_trust(f, "NEW_CARD"));
  return fine(Walk::kTrust, trust_words(t) + " Every kind of record passes.");
}

Step policy_step(const LinkFacts& f) {
  if (!f.suite_trouble.empty())
    return failed(Walk::kPolicy, {"SUITE", f.suite_trouble + ".", f.suite_cure});
  if (const auto newer = f.waiting.find(store::WaitReason::kVersion); newer != f.waiting.end())
    return warned(Walk::kPolicy,
                  {"NEWER_PROGRAM",
                   std::to_string(newer->second) + " of its records are of a kind that this program is "
                   "too old for: they wait here.",
                   "Bring this program up to date."});
  std::string text = f.both_states
                         ? "Tracing requests may pass."
                         : "Tracing requests pass between States only: " + f.party +
                               " and we are not both one. Other kinds may pass.";
  if (!f.approved.empty())
    text += " Taken from " + f.party + " only if a second officer of theirs released it: " +
            and_list(f.approved) + ".";
  return fine(Walk::kPolicy, std::move(text));
}

namespace {

std::optional<Step> store_fault(const LinkFacts& f) {
  if (f.node.run_state != exchange::RunState::kRunning)
    return not_reached(Walk::kStore, "Nothing is taken or sent while the node signs nothing.");
  if (f.node.disk_low)
    return failed(Walk::kStore, {"DISK_LOW", std::string(kDiskLowText),
                                 "Make room on the disk of the node's folder."});
  if (const auto aside = f.waiting.find(store::WaitReason::kInternal); aside != f.waiting.end())
    return failed(Walk::kStore, {"SET_ASIDE",
                                 std::to_string(aside->second) + " of its records could not be stored "
                                 "here and wait.",
                                 "Look at the log, and keep it for the maintainers."});
  return std::nullopt;
}

std::string refused_words(const std::map<std::string, std::size_t>& codes) {
  std::string out;
  for (const auto& [code, n] : codes)
    out += (out.empty() ? "" : ", ") + std::to_string(n) + " × " + code;
  return out;
}

}  // namespace

Step store_step(const LinkFacts& f, bool explained) {
  if (auto fault = store_fault(f)) return *fault;
  const std::string& p = f.party;
  if (f.rows_held != 0 && !explained)
    return warned(Walk::kStore, {"HELD",
                                 std::to_string(f.rows_held) + " sendings to " + p + " are held: " +
                                     f.held_reason + ".",
                                 "'focal outbox --party " + p + "', then retry or cancel each."});
  if (f.rows_late != 0 && !explained && f.they_say.empty())
    return warned(Walk::kStore, {"NO_RECEIPT",
                                 std::to_string(f.rows_late) + " sendings to " + p +
                                     " have no receipt after a day.",
                                 "'focal outbox --party " + p + "' shows each; ask the other end: 'focal "
                                 "doctor " + p + " --ask'."});
  if (!f.refused_there.empty())
    return warned(Walk::kStore, {"REFUSED_THERE",
                                 "Among its newest receipts some refuse a record: " +
                                     refused_words(f.refused_there) + ".",
                                 "'focal outbox --all --party " + p + " --state REJECTED' shows which."});
  std::string text = "There is room here.";
  if (f.last_receipt_ms != 0)
    text += " The last receipt of " + p + " is of " + format_utc(f.last_receipt_ms) + ".";
  if (f.trust.sendings != 0)
    text += " " + std::to_string(f.trust.sendings) + " sendings to it have not ended.";
  return fine(Walk::kStore, std::move(text));
}

}  // namespace focal::desk

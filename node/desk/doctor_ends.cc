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

Said by_trust(const LinkFacts& f, std::string code) {
  Said out{std::move(code), trust_phrases(f.trust), {}};
  const Phrases passes = passes_phrases(f.trust);
  out.text.insert(out.text.end(), passes.begin(), passes.end());
  const NextStep next = next_step(f.trust);
  out.cure = next.phrases;
  if (!next.command.empty()) out.cure.push_back(say("trust.then", {{"command", next.command}}));
  return out;
}

std::vector<Place> card_of(const LinkFacts& f) {
  return {{"serial", f.card_serial},
          {"party", f.party},
          {"date", format_date(f.card_expires_ms)}};
}

// What was taken away from the party's keys, or is over.
std::optional<Step> their_key_fault(const LinkFacts& f) {
  if (f.trust.revoked) return failed(Walk::kKey, by_trust(f, "CARD_REVOKED"));
  if (is_taken(f.trust, "transport") || is_taken(f.trust, "sign"))
    return failed(Walk::kKey, by_trust(f, "KEY_REVOKED"));
  if (!f.may_link && !f.shares_key_with.empty())
    return failed(Walk::kKey, told("SHARED_KEY", "key.shared",
                                   {{"party", f.party}, {"other", f.shares_key_with}}));
  if (f.trust.card_expired_ms != 0)
    return failed(Walk::kKey, told("CARD_EXPIRED", "key.card_expired", card_of(f)));
  return std::nullopt;
}

std::uint64_t skew_ms(const LinkFacts& f) {
  const std::int64_t offset = f.link.clock_skew_ms;
  return static_cast<std::uint64_t>(offset < 0 ? -offset : offset);
}

std::optional<Step> sealing_fault(const LinkFacts& f) {
  const Place party{"party", f.party};
  if (!f.schedule_trouble.empty())
    return failed(Walk::kKey, told("SCHEDULE_UNUSABLE", "key.schedule_unusable",
                                   {party, {"reason", f.schedule_trouble}}));
  if (!f.has_schedule)
    return failed(Walk::kKey, told("NO_SEALING_KEYS", "key.no_sealing_keys", {party}));
  // With clocks that differ by days every key is over, or not begun, for one of them: clock_step().
  const bool by_the_clock = f.link.hello_wall_ms != 0 && skew_ms(f) > kClockFailsMs;
  if (f.keys_over && f.suite_trouble.empty())
    return (by_the_clock ? warned : failed)(
        Walk::kKey, told("SEALING_KEYS_OVER", "key.sealing_keys_over", {party}), End::kOurs);
  if (f.link.psk_unknown_ms != 0)
    return failed(Walk::kKey, told("PAIR_SECRET_UNKNOWN", "key.pair_secret_unknown",
                                   {party, {"when", format_utc(f.link.psk_unknown_ms)}}));
  return std::nullopt;
}

// One more week of published keys than this the node always has.
std::optional<Step> key_warning(const LinkFacts& f) {
  if (f.link.up && f.link.other_card) {
    Said said = told("OTHER_CARD", "key.other_card", {{"party", f.party}});
    if (!f.trust.held.empty())
      said.cure = {say("key.other_card_held", {{"step", step_word(Walk::kTrust)}})};
    return warned(Walk::kKey, std::move(said));
  }
  if (f.card_expires_ms < f.node.now_ms + kCardWarnsMs)
    return warned(Walk::kKey, told("CARD_EXPIRES", "key.card_expires", card_of(f)));
  return std::nullopt;
}

}  // namespace

std::optional<Step> own_key_fault(const NodeFacts& node) {
  if (node.card_revoked)
    return failed(Walk::kKey,
                  told("OWN_CARD_REVOKED", "own.card_revoked", {{"serial", node.card_serial}}));
  if (node.card_expires_ms <= node.now_ms)
    return failed(Walk::kKey, told("OWN_CARD_EXPIRED", "own.card_expired",
                                   {{"date", format_date(node.card_expires_ms)}}));
  if (node.seal_until_ms <= node.now_ms)
    return failed(Walk::kKey, told("OWN_SEALING_KEYS_OVER", "own.sealing_keys_over",
                                   {{"when", format_utc(node.seal_until_ms)}}));
  return std::nullopt;
}

Phrase offset_of(const std::string& party, std::int64_t offset_ms) {
  const auto size = static_cast<std::uint64_t>(offset_ms < 0 ? -offset_ms : offset_ms);
  return say(offset_ms < 0 ? "clock.behind" : "clock.ahead",
             {{"party", party}, {"span", span_of(size)}});
}

Step key_step(const LinkFacts& f, const Way& way) {
  if (auto own = own_key_fault(f.node)) return *own;
  if (auto theirs = their_key_fault(f)) return *theirs;
  if (!f.link.up && way.ends == Walk::kKey) return failed(Walk::kKey, way.said);
  if (auto sealing = sealing_fault(f)) return *sealing;
  if (auto warning = key_warning(f)) return *warning;
  if (!f.link.up) return not_reached(Walk::kKey, say("key.in_order_here", card_of(f)));
  return fine(Walk::kKey, {say("key.in_order", card_of(f))});
}

Step clock_step(const LinkFacts& f) {
  const std::uint64_t size = skew_ms(f);
  const bool heard = f.link.hello_wall_ms != 0;
  const Phrase offset = offset_of(f.party, f.link.clock_skew_ms);
  if (f.node.clock == ClockState::kAhead || f.node.clock == ClockState::kBehind)
    return failed(Walk::kClock,
                  told("OWN_CLOCK", "own.clock", {{"words", f.node.clock_words}}));
  if (heard && size > kClockFailsMs) {
    if (f.node.clock == ClockState::kAgreed)
      return failed(Walk::kClock, {"CLOCK_SKEW",
                                   {offset, say("clock.others_agree")},
                                   {say("clock.others_agree.do", {{"party", f.party}})}});
    return failed(Walk::kClock, {"CLOCK_SKEW",
                                 {offset, say("clock.too_few_heard")},
                                 {say("clock.compare")}});
  }
  if (f.node.clock == ClockState::kUnconfirmed) return own_clock_unconfirmed(f.node);
  if (!heard) return not_reached(Walk::kClock, say("clock.not_heard", {{"party", f.party}}));
  if (size > kClockWarnsMs)
    return warned(Walk::kClock, {"CLOCK_OFF", {offset}, {say("clock.off.do")}});
  return fine(Walk::kClock, {size < 2 * kSecondMs ? say("clock.agree") : offset});
}

Step trust_step(const LinkFacts& f) {
  const TrustFacts& t = f.trust;
  if (t.revoked) return not_reached(Walk::kTrust, say("trust.card_is_revoked"));
  if (t.suspended != store::Suspension::kNone)
    return failed(Walk::kTrust, by_trust(f, "SUSPENDED"));
  if (t.level == store::PeerLevel::kNone) return failed(Walk::kTrust, by_trust(f, "NOT_VERIFIED"));
  if (t.level == store::PeerLevel::kIntroduced)
    return failed(Walk::kTrust, by_trust(f, "ONLY_INTRODUCED"));
  if (!t.held.empty()) return warned(Walk::kTrust, by_trust(f, "CARD_ON_HOLD"));
  if (t.root_changed_ms != 0) return warned(Walk::kTrust, by_trust(f, "ROOT_CHANGED"));
  if (!t.new_cards.empty()) return warned(Walk::kTrust, by_trust(f, "NEW_CARD"));
  Phrases text = trust_phrases(t);
  text.push_back(say("passes.all"));
  return fine(Walk::kTrust, std::move(text));
}

Step policy_step(const LinkFacts& f) {
  if (!f.suite_trouble.empty())
    return failed(Walk::kPolicy,
                  told("SUITE", "policy.suite", {{"reason", f.suite_trouble}, {"party", f.party}}));
  if (const auto newer = f.waiting.find(store::WaitReason::kVersion); newer != f.waiting.end())
    return warned(Walk::kPolicy,
                  told("NEWER_PROGRAM", "policy.newer_program", {{"count", newer->second}}));
  Phrases text{f.both_states ? say("policy.requests_pass")
                             : say("policy.between_states", {{"party", f.party}})};
  if (!f.approved.empty())
    text.push_back(say("policy.approved", {{"party", f.party}, {"kinds", list_of(f.approved)}}));
  return fine(Walk::kPolicy, std::move(text));
}

namespace {

std::optional<Step> store_fault(const LinkFacts& f) {
  if (f.node.run_state != exchange::RunState::kRunning)
    return not_reached(Walk::kStore, say("store.signs_nothing"));
  if (f.node.disk_low) return disk_low_step();
  if (const auto aside = f.waiting.find(store::WaitReason::kInternal); aside != f.waiting.end())
    return failed(Walk::kStore, told("SET_ASIDE", "store.set_aside", {{"count", aside->second}}));
  return std::nullopt;
}

std::string refused_codes(const std::map<std::string, std::size_t>& codes) {
  std::string out;
  for (const auto& [code, n] : codes)
    out += (out.empty() ? "" : ", ") + std::to_string(n) + " × " + code;
  return out;
}

}  // namespace

Step store_step(const LinkFacts& f, bool explained) {
  if (auto fault = store_fault(f)) return *fault;
  const Place party{"party", f.party};
  if (f.rows_held != 0 && !explained)
    return warned(Walk::kStore, told("HELD", "store.held",
                                     {party, {"count", f.rows_held}, {"reason", f.held_reason}}));
  if (f.rows_late != 0 && !explained && f.they_say.empty())
    return warned(Walk::kStore,
                  told("NO_RECEIPT", "store.no_receipt", {party, {"count", f.rows_late}}));
  if (!f.refused_there.empty())
    return warned(Walk::kStore, told("REFUSED_THERE", "store.refused_there",
                                     {party, {"codes", refused_codes(f.refused_there)}}));
  Phrases text{say("store.room")};
  if (f.last_receipt_ms != 0)
    text.push_back(say("store.last_receipt", {party, {"when", format_utc(f.last_receipt_ms)}}));
  if (f.trust.sendings != 0)
    text.push_back(say("store.sendings", {{"count", f.trust.sendings}}));
  return fine(Walk::kStore, std::move(text));
}

}  // namespace focal::desk

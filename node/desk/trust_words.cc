#include "node/desk/trust_words.h"

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"

namespace focal::desk {
namespace {

using store::HoldWhy;
using store::PeerLevel;
using store::Suspension;

Place date_of(std::uint64_t ms) {
  if (ms == 0) return {"date", say("date.unknown")};
  return {"date", format_date(ms)};
}

void add(Phrases more, Phrases& out) {
  out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Phrases introduced_phrases(const TrustFacts& f) {
  const Place party{"party", f.party};
  Phrases out{say("trust.introduced",
                  {party, {"names", f.introduced_by.empty() ? Phrases{say("trust.introducers")}
                                                            : list_of(f.introduced_by)}})};
  if (f.introducers_needed != 0)
    out.push_back(say("trust.introducers_needed",
                      {{"count", f.introduced_by.size()},
                       {"all", f.introducers_named},
                       {"needed", std::uint64_t{f.introducers_needed}}}));
  out.push_back(say("trust.not_compared", {party}));
  return out;
}

Place how_of(const std::string& how) {
  if (how == "PHONE") return {"how", say("how.phone")};
  if (how == "IN_PERSON") return {"how", say("how.in_person")};
  if (how == "NOTE_VERBALE") return {"how", say("how.note_verbale")};
  return {"how", how};
}

Phrases verified_phrases(const TrustFacts& f) {
  const Place how = how_of(f.verified_how);
  const Place date = date_of(f.verified_ms);
  Phrases out{f.verified_by.empty()
                  ? say("trust.verified", {how, date})
                  : say("trust.verified_by", {how, date, {"who", f.verified_by}})};
  // The number that was compared is not the one of today.
  if (f.root_changed_ms != 0)
    out.push_back(say(f.root_signed_by_both ? "trust.root_changed_both" : "trust.root_changed",
                      {date_of(f.root_changed_ms)}));
  return out;
}

Phrases level_phrases(const TrustFacts& f) {
  switch (f.level) {
    case PeerLevel::kNone: return {say("trust.not_met", {{"party", f.party}})};
    case PeerLevel::kIntroduced: return introduced_phrases(f);
    case PeerLevel::kVerified: return verified_phrases(f);
  }
  FOCAL_CHECK(false);
}

Phrases suspended_phrases(const TrustFacts& f) {
  const Place date = date_of(f.suspended_ms);
  const Place party{"party", f.party};
  const Place who = f.suspended_by.empty() ? Place("who", say("trust.an_officer"))
                                           : Place("who", f.suspended_by);
  switch (f.suspended) {
    case Suspension::kNone: return {};
    case Suspension::kOperator:
      return {f.suspended_reason.empty()
                  ? say("trust.suspended", {date, who})
                  : say("trust.suspended_because", {date, who, {"reason", f.suspended_reason}})};
    case Suspension::kTwoCards: return {say("trust.suspended_two_cards", {date, party})};
    case Suspension::kRecovery: return {say("trust.suspended_recovery", {date, party})};
  }
  FOCAL_CHECK(false);
}

Phrases revoked_phrases(const TrustFacts& f) {
  const RevokedFacts& r = *f.revoked;
  const char* key = r.reason.empty() ? "trust.revoked" : "trust.revoked_because";
  Phrases out{say(key, {{"signer", say(r.by_next_root ? "signer.next_root" : "signer.root")},
                        {"party", f.party},
                        {"serial", r.serial},
                        {"date", format_date(r.since_ms)},
                        {"reason", r.reason}})};
  if (r.heard_ms != 0) out.push_back(say("trust.heard", {{"date", format_date(r.heard_ms)}}));
  return out;
}

Phrase taken_phrase(const TrustFacts& f, const RevokedFacts& r) {
  const char* what = r.scope == "sign"        ? "taken.sign"
                     : r.scope == "transport" ? "taken.transport"
                     : r.scope == "seal"      ? "taken.seal"
                                              : "taken.both";
  return say(r.reason.empty() ? "trust.key_taken" : "trust.key_taken_because",
             {{"date", format_date(r.since_ms)},
              {"party", f.party},
              {"key", say(what)},
              {"reason", r.reason}});
}

bool is_taken(const TrustFacts& f, std::string_view scope) {
  return std::any_of(f.keys_revoked.begin(), f.keys_revoked.end(), [&](const RevokedFacts& r) {
    return r.scope == scope || r.scope == "all";
  });
}

Phrase why_held(const TrustFacts& f, const HoldFacts& held) {
  switch (held.why) {
    case HoldWhy::kElsewhere: return say("held.elsewhere", {{"party", f.party}});
    case HoldWhy::kRecovery: return say("held.recovery");
    case HoldWhy::kTransportKey:
      return held.transport_owner.empty()
                 ? say("held.transport_key")
                 : say("held.transport_key_of", {{"other", held.transport_owner}});
    case HoldWhy::kNewNext: return say("held.new_next");
    case HoldWhy::kBehind: return say("held.behind");
    case HoldWhy::kRefused: return say("held.refused");
  }
  FOCAL_CHECK(false);
}

Phrases hold_phrases(const TrustFacts& f, const HoldFacts& held) {
  const Place from = held.from.empty() ? Place("from", say("held.a_file"))
                                       : Place("from", held.from);
  Phrases out{say("held.card", {{"serial", held.serial},
                                {"party", f.party},
                                date_of(held.since_ms),
                                from,
                                {"why", why_held(f, held)}})};
  const Place when{"when", format_utc(held.until_ms)};
  if (held.why == HoldWhy::kBehind) out.push_back(say("held.looked_at_again"));
  else if (held.until_ms == 0) out.push_back(say("held.waits"));
  else if (held.why != HoldWhy::kRecovery) out.push_back(say("held.takes_effect", {when}));
  else
    out.push_back(say("held.takes_effect_if_listed",
                      {when, {"needed", std::uint64_t{f.introducers_needed}}}));
  return out;
}

Phrase new_card_phrase(const TrustFacts& f, const NewCardFacts& card) {
  Phrase way = card.from.empty()      ? say("new.from_file")
               : card.from == f.party ? say("new.own_link")
                                      : say("new.link_of", {{"from", card.from}});
  if (card.after_hold) way = say("new.nobody_decided", {{"way", std::move(way)}});
  std::vector<Place> places{{"serial", card.serial},
                            {"party", f.party},
                            date_of(card.at_ms),
                            {"way", std::move(way)}};
  if (!card.new_root) return say("new.card", std::move(places));
  places.emplace_back("root", say(card.both_roots ? "new.root_both" : "new.root_alone"));
  return say("new.card_and_root", std::move(places));
}

NextStep held_step(const TrustFacts& f) {
  const HoldFacts& held = f.held.front();
  std::vector<std::string> names{f.party};
  if (held.why == HoldWhy::kTransportKey && !held.transport_owner.empty())
    names.push_back(held.transport_owner);
  return {{say("next.held", {{"names", list_of(names)},
                             {"serial", held.serial},
                             {"party", f.party}})},
          "focal peer confirm " + f.party + " --how phone"};
}

Phrase passes_phrase(const TrustFacts& f) {
  const Place party{"party", f.party};
  if (f.revoked) return say("passes.revoked", {party});
  if (f.suspended != Suspension::kNone) return say("passes.suspended", {party});
  if (is_taken(f, "transport")) return say("passes.no_connection", {party});
  if (is_taken(f, "sign")) return say("passes.nothing_signed", {party});
  if (f.card_expired_ms != 0)
    return say("passes.card_expired", {party, {"date", format_date(f.card_expired_ms)}});
  if (f.level == PeerLevel::kNone) return say("passes.cards_only", {party});
  if (f.level == PeerLevel::kIntroduced)
    return say(f.only_receipts ? "passes.receipts_only" : "passes.introduced");
  return say("passes.all");
}

}  // namespace

Phrases trust_phrases(const TrustFacts& f) {
  Phrases out = f.revoked                          ? revoked_phrases(f)
                : f.suspended != Suspension::kNone ? suspended_phrases(f)
                                                   : level_phrases(f);
  if (!f.revoked)
    for (const RevokedFacts& r : f.keys_revoked) out.push_back(taken_phrase(f, r));
  for (const HoldFacts& held : f.held) add(hold_phrases(f, held), out);
  if (f.new_cards.empty()) return out;
  out.push_back(new_card_phrase(f, f.new_cards.front()));
  if (f.new_cards.size() > 1)
    out.push_back(say("new.others", {{"count", f.new_cards.size() - 1}}));
  out.push_back(say("new.nobody_looked"));
  return out;
}

Phrases passes_phrases(const TrustFacts& f) {
  Phrases out{passes_phrase(f)};
  if (f.sendings != 0) out.push_back(say("waits.sendings", {{"count", f.sendings}}));
  if (f.waiting != 0)
    out.push_back(say("waits.records", {{"party", f.party}, {"count", f.waiting}}));
  return out;
}

std::string trust_words(const TrustFacts& f) { return in_words(trust_phrases(f), kEnglish); }
std::string passes_words(const TrustFacts& f) { return in_words(passes_phrases(f), kEnglish); }
std::string hold_words(const TrustFacts& f, const HoldFacts& held) {
  return in_words(hold_phrases(f, held), kEnglish);
}
std::string new_card_words(const TrustFacts& f, const NewCardFacts& card) {
  return in_words(new_card_phrase(f, card), kEnglish);
}

NextStep next_step(const TrustFacts& f) {
  const Place party{"party", f.party};
  const std::string resume = "focal peer resume " + f.party + " --reason TEXT";
  if (!f.held.empty() && f.held.front().why != HoldWhy::kBehind) return held_step(f);
  if (f.revoked) return {{say("next.revoked", {party})}, "focal notes add FILE"};
  if (is_taken(f, "transport") || is_taken(f, "sign"))
    return {{say("next.new_keys", {party})}, "focal notes add FILE"};
  if (f.suspended == Suspension::kTwoCards) return {{say("next.two_cards", {party})}, resume};
  if (f.suspended == Suspension::kOperator) return {{say("next.suspended")}, resume};
  if (f.suspended == Suspension::kRecovery)
    return {{say("next.recovery", {party})}, "focal peer show " + f.party};
  if (f.card_expired_ms != 0)
    return {{say("next.card_expired", {party})}, "focal notes add FILE"};
  if (f.level == PeerLevel::kVerified && f.root_changed_ms != 0 && !f.new_cards.empty())
    return {{say("next.root_changed", {party})}, "focal peer verify " + f.party};
  if (f.level == PeerLevel::kVerified && !f.new_cards.empty())
    return {{say("next.new_card", {party, {"serial", f.new_cards.front().serial}})},
            "focal peer seen " + f.party};
  if (f.level == PeerLevel::kVerified) return {};
  return {{say("next.verify", {party})}, "focal peer verify " + f.party};
}

}  // namespace focal::desk

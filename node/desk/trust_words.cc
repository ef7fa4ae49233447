#include "node/desk/trust_words.h"

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"

namespace focal::desk {
namespace {

using store::HoldWhy;
using store::PeerLevel;
using store::Suspension;

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

std::string on_date(std::uint64_t ms) { return ms == 0 ? "" : " on " + format_date(ms); }
std::string by(std::string_view who) { return who.empty() ? "" : " by " + std::string(who); }

std::string introduced_words(const TrustFacts& f) {
  std::string out = "Introduced";
  if (!f.introduced_by.empty()) out += " by " + and_list(f.introduced_by);
  out += ": their directories list this key of " + f.party;
  if (f.introducers_needed != 0)
    out += " (" + std::to_string(f.introduced_by.size()) + " of " +
           std::to_string(f.introducers_named) + " introducers; " +
           std::to_string(f.introducers_needed) + (f.introducers_needed == 1 ? " is" : " are") +
           " needed)";
  return out + ". Nobody here has compared the safety number with " + f.party + " yet.";
}

// The number that was compared is not the one of today.
std::string root_words(const TrustFacts& f) {
  if (f.root_changed_ms == 0) return {};
  return " Its root key changed" + on_date(f.root_changed_ms) +
         (f.root_signed_by_both ? ", signed by the old and the new one" : "") +
         "; the safety number that was compared is that of the old one.";
}

std::string level_words(const TrustFacts& f) {
  switch (f.level) {
    case PeerLevel::kNone:
      return "Not met: a card of " + f.party + " is stored here, but nobody has confirmed that it "
             "is theirs.";
    case PeerLevel::kIntroduced: return introduced_words(f);
    case PeerLevel::kVerified:
      return "Verified " + std::string(how_words(f.verified_how)) + on_date(f.verified_ms) +
             by(f.verified_by) + "." + root_words(f);
  }
  FOCAL_CHECK(false);
}

std::string suspended_words(const TrustFacts& f) {
  std::string out = "Suspended" + on_date(f.suspended_ms);
  switch (f.suspended) {
    case Suspension::kNone: return {};
    case Suspension::kOperator:
      out += f.suspended_by.empty() ? " by an officer here" : by(f.suspended_by);
      return out + (f.suspended_reason.empty() ? "." : ": " + f.suspended_reason + ".");
    case Suspension::kTwoCards:
      return out + ": there are two different cards of " + f.party +
             " with one serial number, both signed with its key. Somebody besides " + f.party +
             " may hold that key.";
    case Suspension::kRecovery:
      return out + ": a card came that only the announced next root key of " + f.party +
             " has signed. " + f.party + " may have lost its root key; or somebody has taken the "
             "next one.";
  }
  FOCAL_CHECK(false);
}

std::string signer_words(const RevokedFacts& r) {
  return r.by_next_root ? "announced next root key" : "root key";
}

std::string revoked_words(const TrustFacts& f) {
  const RevokedFacts& r = *f.revoked;
  std::string out = "Revoked: the " + signer_words(r) + " of " + f.party + " withdrew its card " +
                    std::to_string(r.serial) + " with effect from " + format_date(r.since_ms) +
                    (r.reason.empty() ? "" : ", because: " + r.reason) + ".";
  if (r.heard_ms != 0) out += " This node learned of it on " + format_date(r.heard_ms) + ".";
  return out;
}

std::string_view key_words(std::string_view scope) {
  if (scope == "sign") return "the key that signs its records";
  if (scope == "transport") return "the key of its connection";
  return scope == "seal" ? "its sealing keys"
                         : "the keys of its connection and of its records, which its card still has";
}

bool is_taken(const TrustFacts& f, std::string_view scope) {
  return std::any_of(f.keys_revoked.begin(), f.keys_revoked.end(), [&](const RevokedFacts& r) {
    return r.scope == scope || r.scope == "all";
  });
}

// What waits, as a sentence of its own; empty if nothing does.
std::string waits_words(const TrustFacts& f) {
  std::string out;
  if (f.sendings != 0)
    out = counted(f.sendings, "sending waits", "sendings wait") + " here to go there";
  if (f.waiting != 0) {
    if (!out.empty()) out += ", and ";
    out += counted(f.waiting, "record from " + f.party + " waits", "records from " + f.party +
                   " wait") + " unread";
  }
  if (out.empty()) return out;
  return " " + out + ".";
}

std::string why_held(const TrustFacts& f, const HoldFacts& held) {
  switch (held.why) {
    case HoldWhy::kElsewhere:
      return "it did not come from " + f.party + " itself, so it could be a thief's";
    case HoldWhy::kRecovery:
      return "only the announced next root key has signed it (a recovery), so the root key it "
             "replaces is lost or stolen, or the next one is";
    case HoldWhy::kTransportKey:
      return "the key of its connection is also that of " +
             (held.transport_owner.empty() ? std::string("another party") : held.transport_owner) +
             ": one of the two cards is a copy";
    case HoldWhy::kNewNext:
      return "it announces another next root key than the card before it";
    case HoldWhy::kBehind:
      return "the card before it has not been decided on";
    case HoldWhy::kRefused:
      return "an officer here refused it";
  }
  FOCAL_CHECK(false);
}

NextStep held_step(const TrustFacts& f) {
  const bool copy = f.held.front().why == HoldWhy::kTransportKey;
  const std::string both =
      copy && !f.held.front().transport_owner.empty() ? " and " + f.held.front().transport_owner
                                                      : "";
  return {"Call " + f.party + both + " on a number you know and ask whether card " +
              std::to_string(f.held.front().serial) + " is theirs. If it is, confirm it; if it is "
              "not, reject it with 'focal peer reject " + f.party + "'.",
          "focal peer confirm " + f.party + " --how phone"};
}

}  // namespace

std::string_view how_words(std::string_view how) {
  if (how == "PHONE") return "by telephone";
  if (how == "IN_PERSON") return "in person";
  return how == "NOTE_VERBALE" ? "by note verbale" : how;
}

std::string and_list(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

std::string trust_words(const TrustFacts& f) {
  std::string out = f.revoked                             ? revoked_words(f)
                    : f.suspended != Suspension::kNone ? suspended_words(f)
                                                          : level_words(f);
  if (!f.revoked)
    for (const RevokedFacts& r : f.keys_revoked)
      out += " With effect from " + format_date(r.since_ms) + " " + f.party + " withdrew " +
             std::string(key_words(r.scope)) + (r.reason.empty() ? "" : ", because: " + r.reason) +
             ".";
  for (const HoldFacts& held : f.held) out += " " + hold_words(f, held);
  if (f.new_cards.empty()) return out;
  out += " " + new_card_words(f, f.new_cards.front());
  if (f.new_cards.size() > 1)
    out += " So did " + counted(f.new_cards.size() - 1, "card", "cards") + " before it.";
  return out + " No officer here has looked at that yet.";
}

std::string new_card_words(const TrustFacts& f, const NewCardFacts& card) {
  std::string out = "Card " + std::to_string(card.serial) + " of " + f.party + " took effect" +
                    on_date(card.at_ms) + ": ";
  const std::string way = card.from.empty()       ? "a file added here"
                          : card.from == f.party ? "its own connection"
                                                  : "the connection of " + card.from;
  if (card.after_hold)
    out += "it came " + std::string(card.from.empty() ? "from " : "over ") + way +
           ", and nobody here decided for 72 hours";
  else
    out += "it came over " + way;
  if (card.new_root)
    out += card.both_roots ? "; its root key is a new one, signed by the old and the new one"
                           : "; its root key is a new one, which the old one has not signed";
  return out + ".";
}

std::string hold_words(const TrustFacts& f, const HoldFacts& held) {
  std::string out = "Card " + std::to_string(held.serial) + " of " + f.party + " came" +
                    on_date(held.since_ms) +
                    (held.from.empty() ? " from a file added here" : " from " + held.from) +
                    " and is on hold: " + why_held(f, held) + ".";
  if (held.why == HoldWhy::kBehind) return out + " It is looked at again when that is done.";
  if (held.until_ms == 0) return out + " It waits until an officer here decides.";
  out += " If nobody here decides, it takes effect on " + format_utc(held.until_ms);
  if (held.why == HoldWhy::kRecovery)
    out += ", provided that " + std::to_string(f.introducers_needed) +
           (f.introducers_needed == 1 ? " introducer lists" : " introducers list") +
           " the new key by then";
  return out + ".";
}

std::string passes_words(const TrustFacts& f) {
  std::string out;
  if (f.revoked)
    out = "Nothing is sent to " + f.party + " or taken from there, and there is no connection. What "
          "was exchanged before is kept.";
  else if (f.suspended != Suspension::kNone)
    out = "Nothing is sent to " + f.party + ", and its records wait unread. Receipts still count.";
  else if (is_taken(f, "transport"))
    out = "There is no connection with " + f.party + ": nothing is sent or taken until a card with "
          "new keys is here.";
  else if (is_taken(f, "sign"))
    out = "What comes from " + f.party + " is refused, and nothing is sealed to it, until a card with "
          "new keys is here.";
  else if (f.card_expired_ms != 0)
    out = "Its card expired on " + format_date(f.card_expired_ms) + ": nothing is sent to " +
          f.party + " until its next card is here. What comes from there is still taken.";
  else if (f.level == PeerLevel::kNone)
    out = "Only cards and keys pass: nothing is sent to " + f.party + ", and its records wait "
          "unread.";
  else if (f.level == PeerLevel::kIntroduced && f.only_receipts)
    out = "Only receipts pass: focal.toml asks for a compared safety number also for records about "
          "the connection.";
  else if (f.level == PeerLevel::kIntroduced)
    out = "Receipts and records about the connection itself pass. Tracing requests do not, until "
          "the safety number is compared.";
  else
    out = "Every kind of record passes.";
  return out + waits_words(f);
}

NextStep next_step(const TrustFacts& f) {
  if (!f.held.empty() && f.held.front().why != HoldWhy::kBehind) return held_step(f);
  if (f.revoked)
    return {"Call " + f.party + " on a number you know. When their next card is here, the former "
            "trust comes back by itself.", "focal notes add FILE"};
  if (is_taken(f, "transport") || is_taken(f, "sign"))
    return {"Call " + f.party + " on a number you know: its card needs new keys (there: 'focal card "
            "replace-keys'). When their next card is here, the exchange goes on by itself.",
            "focal notes add FILE"};
  if (f.suspended == Suspension::kTwoCards)
    return {"Call " + f.party + " on a number you know before anything else; the two cards are "
            "shown by 'focal peer show " + f.party + " --proof'.",
            "focal peer resume " + f.party + " --reason TEXT"};
  if (f.suspended == Suspension::kOperator)
    return {"It stays so until an officer here ends it.",
            "focal peer resume " + f.party + " --reason TEXT"};
  if (f.suspended == Suspension::kRecovery)
    return {"Call " + f.party + " on a number you know.", "focal peer show " + f.party};
  if (f.card_expired_ms != 0)
    return {"Ask " + f.party + " for its next card.", "focal notes add FILE"};
  if (f.level == PeerLevel::kVerified && f.root_changed_ms != 0 && !f.new_cards.empty())
    return {"Call " + f.party + " on a number you know, ask whether they changed their root key, and "
            "compare the new safety number.",
            "focal peer verify " + f.party};
  if (f.level == PeerLevel::kVerified && !f.new_cards.empty())
    return {"If you expected card " + std::to_string(f.new_cards.front().serial) + " of " + f.party +
                ", say that you have seen it; if not, call them on a number you know.",
            "focal peer seen " + f.party};
  if (f.level == PeerLevel::kVerified) return {};
  return {"Call " + f.party + " on a number you know and compare the safety number.",
          "focal peer verify " + f.party};
}

}  // namespace focal::desk

#include "node/desk/peer_trust.h"

#include <algorithm>
#include <set>

#include "crypto/note.h"
#include "node/desk/act_detail.h"
#include "node/desk/decisions.h"
#include "node/desk/views.h"
#include "node/exchange/accepted.h"
#include "node/exchange/card_rules.h"
#include "node/exchange/safety_number.h"
#include "node/store/leaf.h"
#include "node/node/trust_settings.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

using exchange::RevocationScope;
using store::HoldWhy;
using store::Suspension;

constexpr std::size_t kShownOfId = 8;  // characters of a card's id in a command
constexpr std::size_t kMaxAlarmLines = 50;

std::string_view why_code(HoldWhy why) {
  switch (why) {
    case HoldWhy::kElsewhere: return "ELSEWHERE";
    case HoldWhy::kRecovery: return "RECOVERY";
    case HoldWhy::kTransportKey: return "TRANSPORT_KEY";
    case HoldWhy::kNewNext: return "NEW_NEXT";
    case HoldWhy::kBehind: return "BEHIND";
    case HoldWhy::kRefused: return "REFUSED";
  }
  return "";
}

std::string_view suspension_code(Suspension why) {
  switch (why) {
    case Suspension::kNone: return "";
    case Suspension::kOperator: return "OFFICER";
    case Suspension::kTwoCards: return "TWO_CARDS";
    case Suspension::kRecovery: return "RECOVERY";
  }
  return "";
}

RevokedFacts revoked_facts(const exchange::Peer& peer, const exchange::Peer::Withdrawn& each) {
  const exchange::Card* card = peer.find_card(each.note.card_id);
  return {card == nullptr ? 0 : card->serial, each.note.since_ms,
          each.at_ms,       each.note.key != peer.card.root,
          exchange::scope_name(each.note.scope), each.note.reason};
}

// What a revocation of an earlier card takes of the pinned one, as a scope; empty: nothing.
std::string_view taken_keys(const exchange::Peer& peer, const exchange::Revocation& note) {
  const exchange::Card* card = peer.find_card(note.card_id);
  if (card == nullptr) return {};
  const bool sign = note.covers(RevocationScope::kSign) && card->sign == peer.card.sign;
  const bool transport =
      note.covers(RevocationScope::kTransport) && card->transport == peer.card.transport;
  if (sign && transport) return "all";
  return sign ? "sign" : transport ? "transport" : "";
}

// Of the pinned card one for all keys hides those for some.
void add_revocations(const exchange::Peer& peer, TrustFacts& out) {
  for (const auto& each : peer.revocations) {
    if (!each.counts) continue;
    RevokedFacts facts = revoked_facts(peer, each);
    if (each.note.card_id != peer.card.card_id) {
      facts.scope = taken_keys(peer, each.note);
      if (!facts.scope.empty()) out.keys_revoked.push_back(std::move(facts));
    } else if (each.note.scope != RevocationScope::kAll) {
      out.keys_revoked.push_back(std::move(facts));
    } else if (!out.revoked || each.note.since_ms < out.revoked->since_ms) {
      out.revoked = std::move(facts);
    }
  }
}

HoldFacts hold_facts(node::Node& node, const exchange::Peer& peer, std::size_t place) {
  const store::HeldCard& row = peer.row.held[place];
  const exchange::Card& card = peer.held[place];
  HoldFacts out;
  out.why = row.why;
  out.serial = card.serial;
  out.since_ms = row.since_ms;
  const bool by_itself = row.why == HoldWhy::kElsewhere ||
                         (row.why == HoldWhy::kRecovery && node.config().introduce.needed != 0);
  if (by_itself) out.until_ms = row.since_ms + exchange::kHoldMs;
  out.from = row.from;
  out.new_root = card.root != peer.card.root;
  if (row.why == HoldWhy::kTransportKey)
    out.transport_owner =
        exchange::transport_key_owner(card, node.core().peers().pinned_keys()).value_or("");
  return out;
}

using Acts = std::vector<store::PeerActRow>;  // newest first

void add_decisions(const Acts& acts, TrustFacts& out) {
  for (const store::PeerActRow& act : acts) {
    const auto decision = read_decision(act.detail);
    if (act.at_ms == out.verified_ms && decision && decision->act == "VERIFIED")
      out.verified_by = decision->who;
    if (act.at_ms != out.suspended_ms || out.suspended != Suspension::kOperator) continue;
    if (decision && decision->act == "SUSPENDED") {
      out.suspended_by = decision->who;
      out.suspended_reason = decision->reason;
    }
  }
}

// The card of that leaf and the one it replaced; nullptr: it was the first, or is not known.
struct Replaced {
  const exchange::Card* card = nullptr;
  const exchange::Card* before = nullptr;
};
Replaced replaced_by(node::Node& node, const exchange::Peer& peer, store::LeafIndex idx) {
  const auto leaf = node.ledger().leaf(idx);
  Replaced out;
  if (!leaf) return out;
  out.card = peer.find_card(leaf->ref);
  if (out.card != nullptr && out.card->prev) out.before = peer.find_card(*out.card->prev);
  return out;
}

bool signed_by_root_of(const exchange::Card& before, const exchange::Card& card) {
  const auto note = crypto::parse_note(card.note);
  return note && crypto::check_note(*note, {{exchange::root_name(card.party), before.root}});
}

// Cards that took effect since an officer looked, and whether the root is still the one compared.
void add_new_cards(node::Node& node, const exchange::Peer& peer, const Acts& acts,
                   TrustFacts& out) {
  const auto verified_leaf = store::leaf_type_name(store::LeafType::kPeerVerified);
  const auto card_leaf = store::leaf_type_name(store::LeafType::kPeerCard);
  store::LeafIndex seen = -1;      // everything up to this leaf was looked at
  store::LeafIndex compared = -1;  // leaf of the comparison that counts
  for (const store::PeerActRow& act : acts) {
    if (const auto decision = read_decision(act.detail); decision && !decision->who.empty()) {
      if (decision->act == "VERIFIED") {
        compared = std::max(compared, act.idx);
        seen = std::max(seen, act.idx);
      } else if (decision->act == "SEEN") {
        seen = std::max(seen, read_seen(decision->reason));
      }
    }
    if (act.at_ms == out.verified_ms && act.type == verified_leaf)
      compared = std::max(compared, act.idx);
    if (act.type != card_leaf) continue;
    const Replaced now = replaced_by(node, peer, act.idx);
    if (now.before == nullptr) continue;
    const bool new_root = now.card->root != now.before->root;
    const bool both_roots = new_root && signed_by_root_of(*now.before, *now.card);
    if (new_root && out.root_changed_ms == 0 && out.verified_ms != 0 && act.idx > compared) {
      out.root_changed_ms = act.at_ms;
      out.root_signed_by_both = both_roots;
    }
    if (act.idx <= seen) continue;
    const auto detail = parse_detail(act.detail);
    const auto came = exchange::read_accepted(detail ? detail->reason : act.detail);
    if (!came || came->way == exchange::CardWay::kOfficer) continue;
    out.new_cards.push_back({act.idx, now.card->serial, act.at_ms,
                             came->way == exchange::CardWay::kHold, came->from, new_root,
                             both_roots});
  }
}

std::size_t forks_of(node::Node& node, const std::string& party) {
  const auto proofs = node.core().view().fork_proofs(kMaxForksShown);
  return static_cast<std::size_t>(
      std::count_if(proofs.begin(), proofs.end(),
                    [&](const store::ForkProofRow& proof) { return proof.party == party; }));
}

void fill_revocation(const RevokedFacts& facts, v1::Revocation* out) {
  out->set_since_at(time_text(facts.since_ms));
  out->set_heard_at(time_text(facts.heard_ms));
  out->set_signed_by(facts.by_next_root ? "NEXT_ROOT" : "ROOT");
  out->set_scope(std::string(facts.scope));
  out->set_reason(facts.reason);
  out->set_card_serial(facts.serial);
}

void fill_held(node::Node& node, const exchange::Peer& peer, std::size_t place,
               const TrustFacts& facts, bool several, v1::HeldCard* out) {
  const HoldFacts held = hold_facts(node, peer, place);
  const exchange::Card& card = peer.held[place];
  const std::string id = hex(card.card_id);
  out->set_card_id(id);
  out->set_serial(card.serial);
  out->set_why(std::string(why_code(held.why)));
  out->set_words(hold_words(facts, held));
  out->set_since_at(time_text(held.since_ms));
  out->set_until_at(time_text(held.until_ms));
  out->set_from(held.from);
  out->set_new_root(held.new_root);
  out->set_old_root_key(base64(peer.card.root));
  out->set_new_root_key(base64(card.root));
  if (held.new_root)
    out->set_safety_number(exchange::format_safety_number(
        safety_number_with(node, peer.row.party, card.root)));
  if (held.why == HoldWhy::kBehind || held.why == HoldWhy::kRefused) return;
  const std::string which = several ? " --card " + id.substr(0, kShownOfId) : "";
  out->add_commands("focal peer confirm " + peer.row.party + " --how phone" + which);
  out->add_commands("focal peer reject " + peer.row.party + " --reason TEXT" + which);
}

bool is_decidable(HoldWhy why) { return why != HoldWhy::kBehind && why != HoldWhy::kRefused; }

}  // namespace

std::string safety_number_with(node::Node& node, const std::string& party,
                               const crypto::PublicKey& root) {
  const auto& own = node.core().self().card;
  return exchange::safety_number(own.party, own.root, party, root);
}

std::string safety_number_of(node::Node& node, const exchange::Peer& peer) {
  return safety_number_with(node, peer.card.party, peer.card.root);
}

TrustFacts facts_of(node::Node& node, const exchange::Peer& peer, const Now& now) {
  TrustFacts out;
  out.party = peer.row.party;
  out.level = peer.row.level;
  out.introduced_by = peer.row.introduced_by;
  out.introducers_needed = node.config().introduce.needed;
  out.introducers_named = node.config().introduce.parties.size();
  out.verified_ms = peer.row.verified_ms;
  out.verified_how = peer.row.verified_how;
  out.suspended = peer.row.suspended;
  out.suspended_ms = peer.row.suspended_ms;
  add_revocations(peer, out);
  for (std::size_t i = 0; i < peer.held.size(); ++i)
    if (peer.row.held[i].why != HoldWhy::kRefused) out.held.push_back(hold_facts(node, peer, i));
  // What an officer can decide on comes first.
  std::stable_partition(out.held.begin(), out.held.end(),
                        [](const HoldFacts& held) { return held.why != HoldWhy::kBehind; });
  out.forks = forks_of(node, peer.row.party);
  if (exchange::is_expired(peer, now)) out.card_expired_ms = peer.card.expires_ms;
  auto& machine = node.core().machine();
  machine.outbox().for_each([&](const exchange::OutboxEntry& entry) {
    out.sendings += entry.row.peer == peer.row.party ? 1 : 0;
  });
  out.waiting = machine.waiting().count_of(peer.row.party);
  if (const auto policy = node::kinds_of(node.config()))
    out.only_receipts = policy->required_level("peer.ping") == record::TrustLevel::kVerified;
  const Acts acts = node.core().view().peer_acts(peer.row.party, kMaxActs);
  add_decisions(acts, out);
  add_new_cards(node, peer, acts, out);
  return out;
}

void fill_trust(node::Node& node, const exchange::Peer& peer, const Now& now, v1::PeerTrust* out) {
  const TrustFacts facts = facts_of(node, peer, now);
  out->set_party(facts.party);
  out->set_level(std::string(exchange::standing_name(peer.standing)));
  out->set_words(trust_words(facts));
  out->set_passes(passes_words(facts));
  const NextStep next = next_step(facts);
  out->set_next(next.text());
  out->set_command(next.command);
  out->set_held(static_cast<std::uint32_t>(facts.sendings));
  out->set_waiting(static_cast<std::uint32_t>(facts.waiting));
  for (const auto& introducer : facts.introduced_by) out->add_introduced_by(introducer);
  out->set_verified_by(facts.verified_by);
  out->set_suspended_why(std::string(suspension_code(facts.suspended)));
  out->set_suspended_at(time_text(facts.suspended_ms));
  out->set_suspended_by(facts.suspended_by);
  out->set_suspended_reason(facts.suspended_reason);
  if (facts.revoked) fill_revocation(*facts.revoked, out->mutable_revoked());
  const auto& rows = peer.row.held;
  const bool several = std::count_if(rows.begin(), rows.end(), [](const store::HeldCard& held) {
                         return is_decidable(held.why);
                       }) > 1;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].why != HoldWhy::kRefused)
      fill_held(node, peer, i, facts, several, out->add_held_cards());
  out->set_fork_proofs(static_cast<std::uint32_t>(facts.forks));
  for (const NewCardFacts& card : facts.new_cards) {
    auto* shown = out->add_new_cards();
    shown->set_leaf_index(static_cast<std::uint64_t>(card.idx));
    shown->set_serial(card.serial);
    shown->set_at(time_text(card.at_ms));
    shown->set_way(card.after_hold ? "HOLD" : card.from == facts.party ? "OWN_LINK" : "LINK");
    shown->set_from(card.from);
    shown->set_new_root(card.new_root);
    shown->set_words(new_card_words(facts, card));
  }
  out->set_root_changed_at(time_text(facts.root_changed_ms));
}

namespace {

std::string standing_alarm(const std::string& party, const TrustFacts& facts) {
  return party + ": " + trust_words(facts) + " See 'focal peer show " + party + "'.";
}

std::string fork_alarm(const std::string& party) {
  return party + " has contradicted itself: two different notes with one serial number, signed "
         "with one key, are kept as proof. See 'focal peer show " + party + " --proof'.";
}

}  // namespace

std::vector<std::string> trust_alarms(node::Node& node, const Now& now) {
  std::vector<std::string> out;
  std::set<std::string> told;
  for (const auto& [party, peer] : node.core().peers().all()) {
    const TrustFacts facts = facts_of(node, peer, now);
    const bool stands =
        facts.revoked || !facts.keys_revoked.empty() || facts.suspended != Suspension::kNone ||
        !facts.held.empty() || !facts.new_cards.empty();
    if (stands || facts.forks != 0) told.insert(party);
    if (stands) out.push_back(standing_alarm(party, facts));
    if (facts.forks != 0) out.push_back(fork_alarm(party));
  }
  // What came of it stands above; what is left changed nothing, and a person should know.
  for (const exchange::Alarm& alarm : node.core().machine().book().alarms())
    if (!told.contains(alarm.party))
      out.push_back(format_utc(alarm.at_ms) + " " + alarm.party + ": " + alarm.words + ".");
  if (out.size() > kMaxAlarmLines) out.resize(kMaxAlarmLines);
  return out;
}

}  // namespace focal::desk

// What proves how a party stands: decisions in the ledger, and notes as they were signed.
#include "node/desk/peer_trust.h"
#include "node/desk/views.h"
#include "node/exchange/fork_proof.h"
#include "node/store/leaf.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

void add(v1::PeerDetailsResponse* out, const char* what, std::string title,
         const std::string& note, std::uint64_t at_ms = 0) {
  auto* proof = out->add_proofs();
  proof->set_what(what);
  proof->set_title(std::move(title));
  proof->set_note(note);
  proof->set_at(time_text(at_ms));
}

std::string serial_words(const exchange::Card& card) {
  return ", serial " + std::to_string(card.serial);
}

void add_cards(const exchange::Peer& peer, v1::PeerDetailsResponse* out) {
  add(out, "CARD", "The card in use" + serial_words(peer.card), peer.card.note);
  if (peer.schedule)
    add(out, "SCHEDULE", "Its addresses and sealing keys", peer.row.schedule_note);
  for (std::size_t i = 0; i < peer.held.size(); ++i) {
    const store::HeldCard& row = peer.row.held[i];
    const bool refused = row.why == store::HoldWhy::kRefused;
    add(out, refused ? "REFUSED_CARD" : "HELD_CARD",
        (refused ? "A card that was refused here" : "A card on hold") + serial_words(peer.held[i]),
        row.note, row.since_ms);
  }
  for (const exchange::Card& old : peer.old_cards)
    add(out, "OLD_CARD", "An earlier card" + serial_words(old), old.note);
}

}  // namespace

void fill_proof(node::Node& node, const exchange::Peer& peer, v1::PeerDetailsResponse* out) {
  const std::string& party = peer.row.party;
  for (const auto& act : node.core().view().peer_acts(party, kMaxActs)) {
    auto* shown = out->add_acts();
    shown->set_leaf_index(static_cast<std::uint64_t>(act.idx));
    shown->set_at(time_text(act.at_ms));
    shown->set_leaf(act.type);
    shown->set_text(act.detail);
  }
  add_cards(peer, out);
  for (const auto& each : peer.revocations)
    add(out, "REVOCATION",
        "A revocation (" + std::string(exchange::scope_name(each.note.scope)) + ") with effect from " +
            format_date(each.note.since_ms),
        each.note.note, each.at_ms);
  for (const auto& proof : node.core().view().fork_proofs(kMaxForksShown)) {
    if (proof.party != party) continue;
    add(out, "FORK", "One of two notes that contradict each other", proof.a, proof.at_ms);
    add(out, "FORK", "The other one", proof.b, proof.at_ms);
  }
}

}  // namespace focal::desk

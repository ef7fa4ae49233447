#include "node/desk/release_proof.h"

#include <algorithm>

#include "crypto/sign.h"
#include "node/exchange/approval.h"
#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"

namespace focal::desk {
namespace {

// How the statement of that act by that person begins (statement_of()).
std::string start_of_statement(const std::string& party, const ActDetail& detail) {
  std::string out = "focal-act/v1\n";
  const auto line = [&](std::string_view key, std::string_view value) {
    out.append(key).append(" ").append(value).append("\n");
  };
  line("party", party);
  line("release", detail.release);
  line("act", detail.act);
  line("person", detail.actor.person);
  line("uid", std::to_string(detail.actor.uid));
  line("role", detail.actor.role);
  out += "at ";
  return out;
}

Status check_role(const std::string& certified, const ActDetail& detail) {
  if (certified == detail.approver.role) return {};
  return fail(ErrorCode::kState, "the certificate is for another role");
}

const exchange::Peer* party_of_card(const exchange::Peers& peers, const Hash32& card_id) {
  for (const auto& [party, peer] : peers.all()) {
    const bool holds = std::any_of(peer.held.begin(), peer.held.end(), [&](const auto& held) {
      return held.card_id == card_id;
    });
    if (holds || peer.find_card(card_id) != nullptr) return &peer;
  }
  return nullptr;
}

}  // namespace

Status ReleaseProof::check(store::LeafIndex idx, const ActDetail& detail) {
  certificate_.clear();
  const auto leaf = node_.ledger().leaf(idx);
  if (!leaf) return fail(ErrorCode::kNotFound, "there is no such leaf");
  if (leaf->type == store::LeafType::kSent) return check_record(idx, detail);
  return check_change(idx, *leaf, detail);
}

Result<const exchange::Card*> ReleaseProof::card_at(store::LeafIndex idx) {
  if (!own_) {
    std::vector<OwnCard> cards;
    for (const store::OwnCardRow& row : node_.ledger().own_cards()) {
      FOCAL_ASSIGN(auto card, exchange::parse_card(row.note));
      cards.push_back({row.idx, std::move(card)});
    }
    own_ = std::move(cards);
  }
  // The first card is stored with the second one, so before that it is the oldest here.
  if (own_->empty()) return &node_.core().self().card;
  const OwnCard* found = &own_->front();
  for (const OwnCard& each : *own_)
    if (each.from < idx) found = &each;
  return &found->card;
}

Status ReleaseProof::check_change(store::LeafIndex idx, const store::Leaf& leaf,
                                  const ActDetail& detail) {
  if (detail.certificate.empty() || detail.statement.empty() || detail.signature.empty())
    return fail(ErrorCode::kState, "no signature stands beside it");
  FOCAL_ASSIGN(const exchange::Card* card, card_at(idx));
  FOCAL_ASSIGN(const auto note, exchange::parse_certificate(detail.certificate, *card));
  if (leaf.time_ms < note.from_ms || leaf.time_ms >= note.until_ms)
    return fail(ErrorCode::kCard, "the certificate was not valid at that time");
  FOCAL_TRY(check_role(note.role, detail));
  if (!detail.statement.starts_with(start_of_statement(card->party, detail)))
    return fail(ErrorCode::kState, "the statement is of another release, person or act");
  FOCAL_TRY(names_the_party(leaf, detail.statement));
  if (!crypto::verify(note.key, crypto::pae(crypto::kActType, as_bytes(detail.statement)),
                      detail.signature))
    return fail(ErrorCode::kSignature, "the signature does not verify");
  certificate_ = hex(note.hash);
  return {};
}

// Of a card that is known: one of the effects has to be about its party.
Status ReleaseProof::names_the_party(const store::Leaf& leaf, const std::string& statement) const {
  if (leaf.type != store::LeafType::kPeerCard) return {};
  const exchange::Peer* peer = party_of_card(node_.core().peers(), leaf.ref);
  if (peer == nullptr ||
      statement.find("\neffect peer.key_change " + peer->row.party + " ") != std::string::npos)
    return {};
  return fail(ErrorCode::kState, "the statement is about another party");
}

Status ReleaseProof::check_record(store::LeafIndex idx, const ActDetail& detail) {
  FOCAL_ASSIGN(const Bytes raw, node_.ledger().item(idx));
  const exchange::ItemView item = exchange::parse_item(raw);
  FOCAL_ASSIGN(const auto manifest, exchange::parse_manifest(item.manifest));
  if (item.approvals.empty() || manifest.approver.size() != item.approvals.size())
    return fail(ErrorCode::kState, "no approval stands in the record");
  FOCAL_ASSIGN(const exchange::Card* card, card_at(idx));
  for (std::size_t i = 0; i < item.approvals.size(); ++i) {
    FOCAL_ASSIGN(const std::string role,
                 exchange::check_approval(item.approvals[i].certificate,
                                          item.approvals[i].signature, manifest.approver[i], *card,
                                          manifest.bytes, manifest.created_ms));
    FOCAL_TRY(check_role(role, detail));
  }
  certificate_ = hex(manifest.approver.front());
  return {};
}

}  // namespace focal::desk

#include "node/exchange/seen_checkpoint.h"

#include <algorithm>

#include "node/exchange/fork_proof.h"

namespace focal::exchange {
namespace {

std::string with_line_of(const crypto::Note& note, const std::string& name,
                         const crypto::PublicKey& key) {
  const auto id = crypto::note_key_id(name, crypto::NoteKeyType::kEd25519, key);
  crypto::Note out{note.text, {}};
  std::copy_if(note.signatures.begin(), note.signatures.end(), std::back_inserter(out.signatures),
               [&](const auto& line) { return line.name == name && line.key_id == id; });
  return crypto::format_note(out);
}

}  // namespace

Result<SeenCheckpoint> check_seen(std::string_view bytes, const Peers& peers) {
  FOCAL_ASSIGN(store::Checkpoint at, store::parse_checkpoint(bytes));
  const std::string party = party_of_log(at.origin);
  const Peer* peer = peers.find(party);
  if (peer == nullptr) return fail(ErrorCode::kNotFound, "a checkpoint of no party known here");
  Error why = fail(ErrorCode::kNotFound, "a checkpoint of no log that " + party + " has named");
  const auto is_of = [&](const Card& card) {
    if (card.log_name != at.origin) return false;
    const Status is_signed = crypto::check_note(at.note, {{at.origin, card.log}});
    if (!is_signed) why = is_signed.error();
    return is_signed.has_value();
  };
  const Card* card = is_of(peer->card) ? &peer->card : nullptr;
  for (const Card& old : peer->old_cards)
    if (card == nullptr && is_of(old)) card = &old;
  if (card == nullptr) return why;
  SeenCheckpoint out;
  out.note = with_line_of(at.note, at.origin, card->log);
  out.at = std::move(at);
  out.party = party;
  out.is_in_force = card->log_name == peer->card.log_name && card->log == peer->card.log;
  return out;
}

}  // namespace focal::exchange

#include "node/exchange/witness_book.h"

#include <iterator>
#include <utility>

namespace focal::exchange {

Status WitnessBook::load() {
  witness_.load();
  watch_.load();
  policy_serials_.clear();
  ops_.clear();
  return own_.load();
}

// Whose word counts: VERIFIED, neither suspended nor revoked.
bool WitnessBook::is_heard(const std::string& party) const {
  const Peer* peer = peers_.find(party);
  return peer != nullptr && peer->standing.level == TrustLevel::kVerified &&
         !peer->standing.suspended && !peer->standing.revoked;
}

WitnessBook::Said WitnessBook::take_ckpt(const std::string& from, const CkptFrame& frame,
                                         const BookTime& time) {
  const auto ignored = [this](std::string why) {
    ++counters_.ignored;
    return Said{{}, std::move(why), false};
  };
  if (!is_heard(from)) return ignored(from + " is not VERIFIED here");
  auto& rate = ckpts_.try_emplace(from, kMinuteMs).first->second;
  if (!rate.allows(time.now.mono_ms, kCkptsPerMinute)) return ignored("too many in a minute");
  const auto seen = check_seen(frame.note, peers_);
  if (!seen) return ignored(seen.error().message);
  if (seen->party != from || !seen->is_in_force) return ignored("it is not of the log of " + from);
  watch_.shown(frame, *seen, time);
  Said said = witness_.take(frame, *seen, time);
  if (said.answer && said.refused.empty()) ++counters_.cosigned;
  if (!said.refused.empty()) ++counters_.refused;
  if (said.is_alarm)
    book_.raise_alarm(from, "its log contradicts what this node cosigned of it: " + said.refused,
                      time);
  return said;
}

Status WitnessBook::take_cosig(const std::string& from, const CosigFrame& frame,
                               const BookTime& time) {
  Status taken;
  if (!is_heard(from)) {
    taken = fail(ErrorCode::kTrust, from + " is not VERIFIED here");
  } else if (!frame.conflict.empty()) {
    taken = own_.take_conflict(from, frame.conflict);
  } else {
    const auto over = crypto::parse_note(frame.checkpoint);
    const auto lines = crypto::parse_note("x\n\n" + frame.lines);
    if (!over) return over.error();
    if (!lines) return lines.error();
    taken = own_.take_line(from, {over->text, lines->signatures}, time);
    if (taken) ++counters_.lines;
  }
  if (!taken) ++counters_.refused;
  return taken;
}

Status WitnessBook::take_cosigs(const std::string& from, std::string_view bytes,
                                const BookTime& time) {
  if (!is_heard(from)) return {};
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  return own_.take_line(from, note, time);
}

Status WitnessBook::saw_checkpoint(std::string_view note, const std::string& from,
                                   const BookTime& time) {
  FOCAL_ASSIGN(const SeenCheckpoint seen, check_seen(note, peers_));
  watch_.saw(seen, NoteOrigin{from, {}}, time);
  return {};
}

Result<bool> WitnessBook::take_policy(const std::string& from, const std::string& note,
                                      const BookTime&) {
  const Peer* peer = peers_.find(from);
  if (peer == nullptr) return fail(ErrorCode::kNotFound, from + " is not known here");
  FOCAL_ASSIGN(const WitnessPolicy policy, parse_witness_policy(note, peer->card.log));
  if (policy.party != from || policy.log != peer->card.log_name)
    return fail(ErrorCode::kWitness, "a witness policy that is not of the log of " + from);
  const auto [it, is_new] = policy_serials_.try_emplace(from, 0);
  if (is_new)
    if (const auto held = read_witness_policy(view_.peer_policy(from))) it->second = held->serial;
  if (policy.serial <= it->second) return false;
  it->second = policy.serial;
  ops_.emplace_back(store::PutPeerPolicy{from, policy.serial, note});
  return true;
}

void WitnessBook::own_checkpoint(const store::CheckpointRow& row, const BookTime& time) {
  own_.made(row);
  if (auto policy = own_.renewed_policy(time)) ops_.emplace_back(std::move(*policy));
}

std::vector<Frame> WitnessBook::due_for(const std::string& peer, const BookTime& time) {
  std::vector<Frame> out;
  if (!is_heard(peer)) return out;
  if (auto ckpt = own_.due_for(peer, time)) out.emplace_back(std::move(*ckpt));
  if (auto demand = watch_.demand_for(peer, time)) out.emplace_back(std::move(*demand));
  return out;
}

void WitnessBook::put_claims(const std::string& peer, HelloFrame& hello) {
  hello.your_note = watch_.newest_of(peer);
  if (auto stmt = view_.newest_statement(peer)) {
    hello.your_stmt = std::move(stmt->stmt);
    hello.your_stmt_sig = std::move(stmt->sig);
  }
  if (auto line = own_.line_of(peer); line && encode_cosig(*line).size() <= kMaxHelloNote)
    hello.your_cosig = std::move(*line);
}

std::string WitnessBook::published_note() const {
  const std::string& note = own_.published_note();
  return note.size() <= kMaxNoteInReceipts ? note : std::string();
}

std::string WitnessBook::line_for(const std::string& peer) const {
  const Peer* whose = peers_.find(peer);
  const auto* held = whose == nullptr ? nullptr : witness_.held(whose->card.log_name);
  if (held == nullptr || held->note.size() + held->line.size() > kMaxNoteInReceipts) return {};
  return held->note + held->line;
}

std::vector<store::Op> WitnessBook::take_ops() {
  std::vector<store::Op> out = std::exchange(ops_, {});
  for (auto more : {witness_.take_ops(), own_.take_ops(), watch_.take_ops()})
    std::move(more.begin(), more.end(), std::back_inserter(out));
  return out;
}

void WitnessBook::committed() {
  own_.committed();
  watch_.committed();
}

void WitnessBook::abandon() {
  // What was committed before is as good as it was at the start.
  static_cast<void>(load());
}

}  // namespace focal::exchange

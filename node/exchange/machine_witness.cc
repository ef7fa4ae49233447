// Checkpoints on the links: CKPT and COSIG, what HELLO, GOSSIP, NOTES and receipts carry of them.
// What a checkpoint means is the WitnessBook's to judge. Only to peers that know these frames.
#include <algorithm>

#include "base/log.h"
#include "crypto/hash.h"
#include "node/exchange/machine.h"

namespace focal::exchange {

bool Machine::speaks_witness(const Session& session) const {
  return (settings_.caps & session.peer_caps() & kCapWitness) != 0;
}

bool Machine::knows_witnessing(const std::string& party) const {
  const auto it = contacts_.find(party);
  return it != contacts_.end() && it->second.speaks_witness;
}

void Machine::own_checkpoint(const Now& now, const store::CheckpointRow& row) {
  witness_.own_checkpoint(row, book_time(now));
}

// After HELLO: what the other side shows of its own log, and a few of third parties.
void Machine::on_claims(const Now& now, Session& session, const HelloFrame& hello) {
  Contact& contact = contacts_[session.party()];
  contact.speaks_witness = speaks_witness(session);
  contact.told_notes.clear();  // what was sent before may be lost
  if (!contact.speaks_witness) return;
  witness_.link_up(session.party());
  if (hello.ignored != 0 && contact.logged.allows(now.mono_ms, kLoggedPerMinute))
    log::warn("exchange", "ignored what a HELLO says of our log", {{"party", session.party()}});
  if (!hello.your_cosig.checkpoint.empty())
    saw_checkpoint(now, hello.your_cosig.checkpoint, session.party());
}

void Machine::saw_checkpoint(const Now& now, std::string_view note, const std::string& from) {
  hear_own_checkpoint(note, from);
  Contact& contact = contacts_[from];
  const Status seen = witness_.saw_checkpoint(note, from, book_time(now));
  const bool is_strange = !seen && seen.error().code != ErrorCode::kNotFound;
  if (is_strange && contact.logged.allows(now.mono_ms, kLoggedPerMinute))
    log::warn("exchange", "ignored a checkpoint", {{"party", from}, {"reason", seen.error().message}});
}

void Machine::on_ckpt(const Now& now, Session& session, const CkptFrame& ckpt) {
  if ((settings_.caps & kCapWitness) == 0)
    return bye(session, ByeCode::kBadFrame, "unknown frame type");
  Contact& contact = contacts_[session.party()];
  count_in_group(ckpt.note.size());
  WitnessBook::Said said = witness_.take_ckpt(session.party(), ckpt, book_time(now));
  if (!said.refused.empty() && contact.logged.allows(now.mono_ms, kLoggedPerMinute))
    log::warn("exchange", "cosigned no checkpoint",
              {{"party", session.party()}, {"reason", said.refused}});
  if (said.answer) due_cosigs_.emplace_back(session.link(), std::move(*said.answer));
}

void Machine::on_cosig(const Now& now, Session& session, const CosigFrame& cosig) {
  if ((settings_.caps & kCapWitness) == 0)
    return bye(session, ByeCode::kBadFrame, "unknown frame type");
  Contact& contact = contacts_[session.party()];
  if (!contact.cosigs.allows(now.mono_ms, kCosigsPerMinute)) return;
  count_in_group(0);
  hear_own_checkpoint(cosig.conflict, session.party());
  const Status taken = witness_.take_cosig(session.party(), cosig, book_time(now));
  if (!taken && contact.logged.allows(now.mono_ms, kLoggedPerMinute))
    log::warn("exchange", "ignored a cosignature",
              {{"party", session.party()}, {"reason", taken.error().message}});
  if (taken && !cosig.lines.empty()) {
    // It signed that time: it is at least so late.
    const auto lines = crypto::parse_note("x\n\n" + cosig.lines);
    for (const auto& line : lines ? lines->signatures : std::vector<crypto::NoteSignature>())
      if (const auto at_s = crypto::cosignature_time(line); at_s && line.name == witness_name(session.party()))
        safe_clock_.signed_at(session.party(), *at_s * kSecondMs, now);
  }
  if (!taken && taken.error().code == ErrorCode::kWitness)
    contact.state.trouble = session.party() + ": " + taken.error().message;
}

// Policies out of what came as NOTES; the rest is the trust book's.
std::vector<std::string> Machine::take_policies(const Now& now, const std::string& party,
                                                const std::vector<std::string>& notes) {
  std::vector<std::string> rest;
  rest.reserve(notes.size());
  for (const std::string& note : notes) {
    if ((settings_.caps & kCapWitness) == 0 || !is_witness_policy(note)) {
      rest.push_back(note);
      continue;
    }
    const auto taken = witness_.take_policy(party, note, book_time(now));
    if (!taken && contacts_[party].logged.allows(now.mono_ms, kLoggedPerMinute))
      log::warn("exchange", "refused a witness policy",
                {{"party", party}, {"reason", taken.error().message}});
  }
  return rest;
}

void Machine::add_policy(const Session& session, NotesFrame& notes) const {
  const std::string& policy = witness_.own().policy_note();
  if (speaks_witness(session) && !policy.empty()) notes.notes.push_back(policy);
}

void Machine::add_checkpoints(const Session& session, GossipFrame& gossip) {
  if (!speaks_witness(session) || !tells_of_others(session.party())) return;
  gossip.checkpoints = witness_.gossip(session.party(), rng_);
}

// Each is said once to a party, and again after a new HELLO: an idle link stays small.
Machine::Witnessing Machine::witnessing_for(const std::string& party) {
  Contact& contact = contacts_[party];
  Witnessing out;
  if (!contact.speaks_witness) return out;
  const auto say = [&contact](std::string note) {
    if (note.empty() || !contact.told_notes.insert(crypto::sha256(as_bytes(note))).second)
      return std::string();
    return note;
  };
  if (contact.told_notes.size() > kMostToldNotes) contact.told_notes.clear();
  out.checkpoint = say(witness_.published_note());
  out.cosigs = say(witness_.line_for(party));
  return out;
}

void Machine::take_witnessing(const Now& now, const JudgedReceipts& receipts) {
  if ((settings_.caps & kCapWitness) == 0) return;
  if (!receipts.checkpoint.empty())
    saw_checkpoint(now, as_text(receipts.checkpoint), receipts.from);
  hear_own_checkpoint(as_text(receipts.cosigs), receipts.from);
  if (!receipts.cosigs.empty())  // a line that does not count is no news
    static_cast<void>(witness_.take_cosigs(receipts.from, as_text(receipts.cosigs), book_time(now)));
}

// Once a second: what is due for whom. All of it stands in the ledger.
void Machine::send_witness(const Now& now) {
  witness_.tick(book_time(now));
  if (!guard_.may_sign()) return;
  for (auto& [link, session] : sessions_) {
    if (!session.is_up() || !speaks_witness(session)) continue;
    if (session_of(session.party()) != &session || !can_send_(link)) continue;
    for (const Frame& frame : witness_.due_for(session.party(), book_time(now))) emit(link, frame);
  }
}

// After the commit: lines of ours that may leave now.
void Machine::send_cosigs() {
  for (auto& [link, answer] : std::exchange(due_cosigs_, {}))
    if (sessions_.contains(link)) emit(link, answer);
}

}  // namespace focal::exchange

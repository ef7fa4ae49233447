// Links while this copy of the node may not sign, and what they show of what it signed
// (docs/protocol.md, "Rollback and restore").
#include "base/log.h"
#include "node/exchange/fork_proof.h"
#include "node/exchange/machine.h"
#include "node/exchange/witness_policy.h"

namespace focal::exchange {

void Machine::start_guard(const Now& now) {
  StartFacts facts = settings_.start;
  if (facts.witnesses.empty()) {
    // The list that counts for the next checkpoint, by what this copy of the ledger knows.
    const auto list = witness_.own().list_for(static_cast<std::uint64_t>(view_.log_size()));
    facts.witnesses = list.witnesses;
    facts.reports = reports_needed(list.witnesses.size(), list.quorum);
  }
  facts.cosigned |= ever_cosigned(view_, self_.card.log_name);
  guard_.start(std::move(facts), now);
  run_state_ = guard_.state();
}

void Machine::hear_hello(const std::string& from, const HelloFrame& hello) {
  guard_.hello(from, {hello.your_note, hello.your_stmt, hello.your_stmt_sig,
                      hello.your_cosig.checkpoint, hello.your_cosig.lines});
}

// Others show checkpoints of third parties too: those are the watch's.
void Machine::hear_own_checkpoint(std::string_view note, const std::string& from) {
  if (note.starts_with(self_.card.log_name + "\n")) guard_.saw_note(note, from);
}

void Machine::hear_own_notes(const std::string& from, const NotesFrame& notes) {
  for (const std::string& note : notes.notes) {
    if (party_of_note(note) != self_.party()) continue;
    if (const auto card = parse_card(note)) guard_.saw_own_card(*card, from);
    if (const auto schedule = parse_schedule(note)) guard_.saw_own_schedule(*schedule, from);
  }
}

// Only what shows that this node signed more than it knows is of interest. Nobody was given
// credit, so DATA is a breach, but in the group in which the verdict came; what a link sends besides
// is not looked at.
void Machine::frame_while_stopped(Session& session, const Frame& frame) {
  if (std::holds_alternative<DataFrame>(frame)) {
    if (run_state_ == RunState::kRunning)
      return bye(session, ByeCode::kStopped, "this node signs nothing at present");
    return bye(session, ByeCode::kCredit, "DATA while nothing is taken");
  }
  if (peers_.find(session.party()) == nullptr) return;
  if (const auto* notes = std::get_if<NotesFrame>(&frame)) hear_own_notes(session.party(), *notes);
  if (const auto* cosig = std::get_if<CosigFrame>(&frame))
    hear_own_checkpoint(cosig->conflict, session.party());
  if (const auto* gossip = std::get_if<GossipFrame>(&frame))
    for (const std::string& note : gossip->checkpoints) hear_own_checkpoint(note, session.party());
  if (guard_.state() == RunState::kRolledBack)
    bye(session, ByeCode::kStopped, "this node signs nothing at present");
}

void Machine::answer_while_stopped(Session& session) {
  emit(session.link(), session.acknowledge_nothing());
  if (guard_.state() == RunState::kRolledBack)
    bye(session, ByeCode::kStopped, "this node signs nothing at present");
}

// After a commit. What links were not told while nothing was signed, they are told now; and where
// the log was found to be closed, all of them end.
void Machine::follow_run_state() {
  const RunState before = std::exchange(run_state_, guard_.state());
  if (before == run_state_) return;
  log::warn("exchange", "the state of this node is another one",
            {{"state", run_state_name(run_state_)}, {"reason", guard_.words()}});
  if (run_state_ == RunState::kRunning) {
    schedule_changed_ = true;  // our notes, to all links
    for (auto& [link, session] : sessions_)
      if (session.is_up()) send_proofs(session);
  }
  if (run_state_ != RunState::kRolledBack) return;
  std::vector<LinkId> links;
  links.reserve(sessions_.size());
  for (const auto& [link, session] : sessions_) links.push_back(link);
  for (const LinkId link : links)
    if (const auto it = sessions_.find(link); it != sessions_.end())
      bye(it->second, ByeCode::kStopped, "this node signs nothing at present");
}

}  // namespace focal::exchange

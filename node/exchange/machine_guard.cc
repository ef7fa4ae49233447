// Links while this copy of the node may not sign, and what they show of what it signed
// (docs/protocol.md, "Rollback and restore").
#include "base/log.h"
#include "node/exchange/fork_proof.h"
#include "node/exchange/machine.h"

namespace focal::exchange {

void Machine::start_guard(const Now& now) {
  StartFacts facts = settings_.start;
  facts.cosigned |= ever_cosigned(view_);
  guard_.start(std::move(facts), now);
  run_state_ = guard_.state();
}

void Machine::hear_hello(const std::string& from, const HelloFrame&) {
  guard_.hello(from, {});
}

void Machine::hear_own_notes(const std::string& from, const NotesFrame& notes) {
  for (const std::string& note : notes.notes) {
    if (party_of_note(note) != self_.party()) continue;
    if (const auto card = parse_card(note)) guard_.saw_own_card(*card, from);
    if (const auto schedule = parse_schedule(note)) guard_.saw_own_schedule(*schedule, from);
  }
}

// Only what shows that this node signed more than it knows is of interest. Nobody was given
// credit, so DATA is a breach; what a link sends besides is not looked at.
void Machine::frame_while_stopped(Session& session, const Frame& frame) {
  if (std::holds_alternative<DataFrame>(frame))
    return bye(session, ByeCode::kCredit, "DATA while nothing is taken");
  const auto* notes = std::get_if<NotesFrame>(&frame);
  if (notes == nullptr || peers_.find(session.party()) == nullptr) return;
  hear_own_notes(session.party(), *notes);
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

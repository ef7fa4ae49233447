// Whether this copy of the node is the newest, and its checkpoints with their anchor: on the loop's
// thread (node/node/anchor.h, node/exchange/rollback_guard.h).
#include "base/log.h"
#include "node/ledger/ledger_facts.h"
#include "node/node/node.h"
#include "node/store/checkpoint.h"

namespace focal::node {
namespace {

constexpr std::int64_t kFirstAnchored = 4;  // schema: ledgers before it never had an anchor

bool is_of(const std::string& note, const std::string& origin) {
  const auto parsed = store::parse_checkpoint(note);
  return parsed && parsed->origin == origin;
}

}  // namespace

// Before it is brought forward: whatever ends this process, the anchor stands first. A ledger of
// this schema without one lost it.
Status Node::anchor_older_ledger() {
  const auto text = anchor_.read();
  if (!text || *text) return {};
  const auto head = ledger::ledger_head(config_.folder / ledger::kLedgerFile);
  if (!head || head->schema >= kFirstAnchored) return {};  // what is wrong, opening it says
  if (head->checkpoint) return anchor_.write(head->checkpoint->note);
  FOCAL_ASSIGN(const OnlineKeys keys, load_online_keys(keystore_));
  return anchor_.write(empty_checkpoint(head->origin, keys.log));
}

exchange::StartFacts Node::compare_anchor() {
  exchange::StartFacts facts;
  const auto text = anchor_.read();
  if (!text)
    log::error("ledger", "the anchor cannot be read", {{"reason", text.error().message}});
  const std::optional<std::string> note = text ? *text : std::nullopt;
  const auto root_at = [this](std::uint64_t size) { return ledger_->root(size); };
  const auto next = anchor_.read_next();
  facts.anchor = judge_anchor(note, self_, *ledger_, root_at, next);
  if (facts.anchor == exchange::AnchorState::kHigher && note) facts.anchor_note = *note;
  facts.closed_by = anchor_.closed_by(self_.card.log_name);
  if (const auto pending = pending_card(keystore_); pending && *pending)
    facts.next_card = (*pending)->request.next.card_id;
  // What it has to hold from now on: never less than it does.
  const auto newest = ledger_->last_checkpoint();
  if (newest && is_of(newest->note, self_.card.log_name))
    anchor_due_ = newest->note;
  else if (note && is_of(*note, self_.card.log_name))
    anchor_due_ = *note;
  else
    anchor_due_ = empty_checkpoint(self_.card.log_name, keys_.log);
  begins_log_ = newest && !is_of(newest->note, self_.card.log_name);
  return facts;
}

void Node::begin_anchor(const Now& now) {
  const exchange::RollbackGuard& guard = core_->machine().guard();
  tend_anchor(now);
  if (guard.state() != exchange::RunState::kRunning)
    log::error("node", "this copy of the node signs nothing",
               {{"state", exchange::run_state_name(guard.state())}, {"reason", guard.words()}});
  if (anchor_.same_volume_as(config_.folder))
    log::warn("node", "the anchor is on the disk of the ledger: whoever sets back one sets back both",
              {{"anchor", anchor_.file().string()}});
}

// A verdict is kept for the next start; an anchor that is due, or could not be written, is written.
void Node::tend_anchor(const Now& now) {
  const exchange::RollbackGuard& guard = core_->machine().guard();
  tell_run_state();
  if (now.mono_ms < next_anchor_ms_) return;
  Status done;
  const bool closed = guard.state() == exchange::RunState::kRolledBack;
  if (closed && !is_closed_noted_) {
    log::error("node", "the node is an older copy of itself", {{"reason", guard.words()}});
    done = anchor_.close(self_.card.log_name, guard.closed_by());
    is_closed_noted_ = done.has_value();
  } else if (guard.may_sign() && !anchor_.holds(anchor_due_)) {
    done = anchor_.write(anchor_due_);
  }
  if (done) return;
  next_anchor_ms_ = now.mono_ms + kMinuteMs;
  log::error("ledger", "the anchor could not be written; checkpoints are given to nobody until it is",
             {{"reason", done.error().message}});
}

void Node::tell_run_state() {
  const exchange::RollbackGuard& guard = core_->machine().guard();
  RunView view{guard.state(), guard.words(), guard.next()};
  bool is_other = false;
  {
    const std::lock_guard lock(run_mutex_);
    is_other = run_view_.state != view.state || run_view_.words != view.words;
    run_view_ = std::move(view);
  }
  if (is_other) moved(Watch::Moved::kState);
}

Node::RunView Node::run_view() const {
  const std::lock_guard lock(run_mutex_);
  return run_view_;
}

// Nothing new is signed before the last one stands in the anchor: else a ledger that is set back
// could lose more than the anchor knows of.
bool Node::is_checkpoint_due(std::uint64_t wall_ms) const {
  if (!begins_log_ && !ledger_->checkpoint_due(wall_ms)) return false;
  return core_->machine().guard().may_sign_checkpoint() && anchor_.holds(anchor_due_);
}

Result<store::CheckpointRow> Node::make_checkpoint(std::uint64_t wall_ms) {
  auto made = ledger_->make_checkpoint(wall_ms, keys_.log);
  if (!made) return made;
  begins_log_ = false;
  anchor_due_ = made->note;
  moved(Watch::Moved::kLog);
  return made;
}

}  // namespace focal::node

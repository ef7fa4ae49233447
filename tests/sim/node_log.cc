// A node's log as the node keeps it (node/node/node_start.cc, node_card.cc): its anchor, its
// checkpoints, the card that continues it, and what a disk can do to it.
#include <utility>

#include "node/exchange/revocation.h"
#include "node/node/anchor.h"
#include "node/store/checkpoint.h"
#include "tests/sim/node.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

struct ProcessEnds {};  // in the middle of a transaction

bool is_of(const std::string& note, const std::string& origin) {
  const auto parsed = store::parse_checkpoint(note);
  return parsed && parsed->origin == origin;
}

}  // namespace

exchange::StartFacts Node::compare_anchor() {
  exchange::StartFacts facts;
  const auto newest = store_->last_checkpoint();
  const std::string& origin = self_.card.log_name;
  begins_log_ = newest && !is_of(newest->note, origin);
  if (newest && !begins_log_)
    anchor_due_ = newest->note;
  else if (anchor_.note && is_of(*anchor_.note, origin))
    anchor_due_ = *anchor_.note;
  else
    anchor_due_ = node::empty_checkpoint(origin, keys_->log);
  if (is_careless_) return facts;
  facts.anchor = node::judge_anchor(
      anchor_.note, self_, *store_, [this](std::uint64_t size) { return store_->root(size); },
      anchor_.next);
  if (facts.anchor == exchange::AnchorState::kHigher && anchor_.note)
    facts.anchor_note = *anchor_.note;
  if (const auto closed = anchor_.closed.find(origin); closed != anchor_.closed.end())
    facts.closed_by = closed->second;
  if (next_card_) facts.next_card = next_card_->card_id;
  return facts;
}

// A verdict is kept for the next start, and the anchor is what it has to be.
void Node::tend_anchor() {
  const exchange::RollbackGuard& guard = core_->machine().guard();
  if (guard.state() == exchange::RunState::kRolledBack) {
    anchor_.closed.emplace(self_.card.log_name, guard.closed_by());
  } else if (guard.may_sign() && anchor_.note != anchor_due_) {
    anchor_.note = anchor_due_;
    anchor_.next.reset();
  }
}

void Node::checkpoint(const Now& now) {
  if (disk_full_until_ms_ > around_.queue.now_ms()) return;
  if (!begins_log_ && !store_->checkpoint_due(now.wall_ms)) return;
  if (core_->machine().guard().may_sign_checkpoint()) sign_checkpoint(now);
}

void Node::sign_checkpoint(const Now& now) {
  const bool fails = std::exchange(checkpoint_fails_, false);
  Store::EarlyCheckpoint early;
  if (fails)
    early = [&](const store::CheckpointRow& row) {
      watcher_.shown(*this, row);
      throw ProcessEnds();
    };
  try {
    const auto row = store_->make_checkpoint(now.wall_ms, keys_->log, early);
    if (!row && row.error().code == ErrorCode::kState && next_card_) return;  // nothing new in it
    if (!row)
      throw Violation("I3", name() + " cannot sign a checkpoint: " + row.error().message, {name()});
    begins_log_ = false;
    watcher_.checkpoint(*this, *row);
    if (!fails) {
      anchor_due_ = row->note;
      tend_anchor();
      watcher_.shown(*this, *row);
      if (!next_card_) core_->machine().own_checkpoint(now, *row);
      return;
    }
  } catch (const ProcessEnds&) {
  }
  around_.counts.did(What::kCrashAtCheckpoint);
  process_ends_ = true;
}

void Node::announce(std::vector<std::string> revocations) {
  announced_ = std::move(revocations);
  wake();
}

// A custodian's work goes on while the node signs nothing.
void Node::put_revocations() {
  if (announced_.empty()) return;
  for (const std::string& note : announced_) {
    const auto parsed = exchange::parse_revocation(note);
    if (!parsed) throw Violation("notes", "a custodian makes what does not parse", {name()});
    core_->write(store::PutOwnRevocation{note, parsed->revocation_id, "a custodian"});
  }
  self_.notes = std::exchange(announced_, {});
  core_->machine().own_notes_changed();
}

void Node::apply_card(exchange::Card card, const KeySet& keys) {
  keystore_[card.card_id] = &keys;
  brought_.insert_or_assign(card.serial, card);
  next_card_ = std::move(card);
  wake();
}

// The old log ends with a checkpoint of all that stands in it, where its key may still sign. In a
// group of its own.
void Node::put_card(const Now& now) {
  if (!next_card_) return;
  const exchange::RollbackGuard& guard = core_->machine().guard();
  if (disk_full_until_ms_ <= around_.queue.now_ms() && guard.may_sign_checkpoint())
    sign_checkpoint(now);
  if (process_ends_) return;
  const bool new_log = next_card_->log_name != card_.log_name;
  if (new_log)
    anchor_.next =
        node::empty_checkpoint(next_card_->log_name, keystore_.at(next_card_->card_id)->log);
  // An older copy may lack cards before it: the custodian has them all.
  for (const auto& [serial, card] : brought_)
    if (serial > card_.serial && serial < next_card_->serial)
      core_->write(store::PutOwnCard{card.note, card.card_id, card.log_name, "a custodian"});
  std::string higher;
  for (const std::string& shown : guard.higher()) higher.append(shown);
  core_->write(store::PutOwnCard{next_card_->note, next_card_->card_id, next_card_->log_name,
                                 "a custodian", higher});
  if (!guard.may_sign() && new_log) {
    core_->write(node::refill_mark(*store_));
    around_.counts.saw(Effect::kContinued);
  }
  card_in_group_ = true;
}

bool Node::is_witnessed() {
  if (!is_running()) return false;
  const auto size = static_cast<std::uint64_t>(store_->log_size());
  return core_->machine().witness().own().list_for(size).quorum != 0 &&
         exchange::ever_cosigned(*store_, card_.log_name);
}

void Node::put_copy_aside(AnchorCopy anchor) {
  store_->put_copy_aside();
  anchor_copy_.reset();
  if (anchor == AnchorCopy::kSetBack) anchor_copy_ = anchor_;
}

bool Node::restore_older_copy() {
  if (!is_running()) return false;
  if (!store_->restore_copy()) return false;
  restored_ = true;
  if (anchor_copy_) anchor_ = *anchor_copy_;
  watcher_.restored(*this, anchor_copy_.has_value());
  end_process();
  return true;
}

bool Node::lose_anchor() {
  if (!is_running() || !anchor_.note) return false;
  anchor_ = {};
  end_process();
  return true;
}

}  // namespace focal::sim

#include "node/exchange/rollback_guard.h"

#include <algorithm>

#include "base/defect.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/exchange/statement.h"
#include "node/exchange/succession.h"
#include "node/store/checkpoint.h"

namespace focal::exchange {
namespace {

enum class Signer { kNone, kPresent, kClosed };

// Is the line of that name and type under the note, by a key of the card in force, or of an
// earlier one?
Signer signer_of(const crypto::Note& note, const Identity& self, crypto::NoteKeyType type) {
  const auto by = [&](const Card& card) {
    const bool log = type == crypto::NoteKeyType::kEd25519;
    return crypto::check_note(note, {{log ? card.log_name : witness_name(card.party),
                                      log ? card.log : card.witness, type}})
        .has_value();
  };
  if (by(self.card)) return Signer::kPresent;
  return std::any_of(self.old_cards.begin(), self.old_cards.end(), by) ? Signer::kClosed
                                                                       : Signer::kNone;
}

std::string listed(const std::vector<std::string>& parties) {
  std::string out;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    if (i != 0) out += i + 1 == parties.size() ? " and " : ", ";
    out += parties[i];
  }
  return out;
}

std::string leaves(std::uint64_t size) { return std::to_string(size) + " leaves"; }

constexpr char kContinue[] =
    "Prepare a new card with 'focal card replace-keys', let the root machine sign it ('focal root "
    "sign'), then run 'focal card apply FILE'. The log goes on under a new name, and peers send "
    "back what they hold.";

}  // namespace

std::string_view run_state_name(RunState state) {
  switch (state) {
    case RunState::kRunning: return "RUNNING";
    case RunState::kStarting: return "STARTING";
    case RunState::kRolledBack: return "ROLLED_BACK";
  }
  return "";
}

bool ever_cosigned(store::View& view, std::string_view origin) {
  const auto policies = view.witness_policies();
  const auto last = view.last_checkpoint();
  if (policies.empty() || !last) return false;
  // The first checkpoint under a new name waits for nobody: that is what a new name is for.
  const auto newest = store::parse_checkpoint(last->note);
  if (newest && newest->origin != origin) return false;
  const auto has_lines = [&](const std::optional<store::PublishedRow>& row) {
    return row && !row->cosigs.empty();
  };
  if (has_lines(view.newest_published())) return true;
  if (!view.cosigs(last->size).empty()) return true;
  // The first published one with a list still went by the list before it; the second by it.
  for (const store::WitnessPolicyRow& policy : policies) {
    const auto first = view.first_published(static_cast<std::uint64_t>(policy.idx) + 1);
    if (has_lines(first)) return true;
    if (first && has_lines(view.first_published(first->checkpoint.size + 1))) return true;
  }
  return false;
}

void RollbackGuard::start(StartFacts facts, const Now& now) {
  facts_ = std::move(facts);
  started_ms_ = now.mono_ms;
  reported_.clear();
  overridden_ = false;
  closed_by_ = facts_.closed_by;
  higher_.clear();
  if (facts_.anchor != AnchorState::kHigher) return;
  keep_higher(facts_.anchor_note);
  if (closed_by_.empty())
    closed_by_ = "the anchor holds a checkpoint of this log that is not in the ledger";
}

void RollbackGuard::hello(const std::string& party, const Shown& shown) {
  if (!shown.note.empty()) saw_note(shown.note, party);
  if (!shown.stmt.empty()) saw_stmt(shown.stmt, shown.sig, party);
  if (!shown.cosigned.empty()) saw_cosig(shown.cosigned, shown.lines, party);
  const auto& list = facts_.witnesses;
  if (closed_by_.empty() && std::find(list.begin(), list.end(), party) != list.end())
    reported_.insert(party);
}

void RollbackGuard::saw_note(std::string_view own_checkpoint, const std::string& from) {
  auto shown = store::parse_checkpoint(own_checkpoint);
  if (!shown) return void(++ignored_);
  const Signer signer = signer_of(shown->note, self_, crypto::NoteKeyType::kEd25519);
  if (signer == Signer::kNone) return void(++ignored_);
  // The line says under which name; a note of an earlier log is another text.
  if (signer == Signer::kClosed || shown->origin != self_.card.log_name) return;
  if (shown->size == 0 && shown->root == crypto::merkle_root({})) return;  // of the anchor alone
  if (const auto here = view_.checkpoint(shown->size)) {
    const auto own = store::parse_checkpoint(here->note);
    if (own && own->note.text == shown->note.text) return;
  }
  std::erase_if(shown->note.signatures, [&](const crypto::NoteSignature& line) {
    return line.name != self_.card.log_name;
  });
  keep_higher(crypto::format_note(shown->note));
  close("a checkpoint of " + leaves(shown->size) + " that this node signed and does not have", from);
}

void RollbackGuard::saw_stmt(ByteView stmt, ByteView sig, const std::string& from) {
  const auto shown = parse_statement(stmt);
  if (!shown || shown->from != self_.party()) return void(++ignored_);
  if (!verify_statement(self_.card.sign, stmt, sig)) {
    const bool closed =
        std::any_of(self_.old_cards.begin(), self_.old_cards.end(),
                    [&](const Card& card) { return verify_statement(card.sign, stmt, sig); });
    if (!closed) ++ignored_;
    return;
  }
  if (view_.signed_by_us(shown->root)) return;
  close("a statement that this node signed at " + format_utc(shown->signed_ms) +
            " and does not have", from);
}

void RollbackGuard::saw_cosig(std::string_view checkpoint, std::string_view lines,
                              const std::string& from) {
  const auto shown = store::parse_checkpoint(checkpoint);
  if (!shown) return void(++ignored_);
  std::string whole = shown->note.text + "\n";
  whole.append(lines);
  const auto note = crypto::parse_note(whole);
  const Signer signer =
      note ? signer_of(*note, self_, crypto::NoteKeyType::kCosignature) : Signer::kNone;
  if (signer == Signer::kNone) return void(++ignored_);
  if (signer == Signer::kClosed) return;
  for (const store::WitnessStateRow& held : view_.witness_states())
    if (held.origin == shown->origin && (held.size > shown->size ||
                                         (held.size == shown->size && held.root == shown->root)))
      return;
  close("a cosignature by this node over " + leaves(shown->size) + " of " + shown->origin +
            ", which it does not know", from);
}

void RollbackGuard::saw_own_card(const Card& card, const std::string& from) {
  if (card.party != self_.party() || card.serial <= self_.card.serial) return;
  if (facts_.next_card && *facts_.next_card == card.card_id) return;
  // Anybody can make a card; of this party it is only by its root, the next one, or its own key.
  const bool by_root = card.root == self_.card.root || next_root_hash(card.root) == self_.card.next;
  if (!by_root && card.sign != self_.card.sign) return void(++ignored_);
  close("card " + std::to_string(card.serial) + " of this node, which has card " +
            std::to_string(self_.card.serial), from);
}

void RollbackGuard::saw_own_schedule(const Schedule& schedule, const std::string& from) {
  if (schedule.party != self_.party() || schedule.serial <= self_.schedule_serial) return;
  if (schedule.sign != self_.card.sign) return void(++ignored_);
  close("sealing schedule " + std::to_string(schedule.serial) +
            " of this node, which does not have it", from);
}

void RollbackGuard::close(std::string what, const std::string& from) {
  if (closed_by_.empty()) closed_by_ = from + " shows " + std::move(what);
}

void RollbackGuard::keep_higher(std::string note) {
  if (note.empty() || note.size() > kMaxHigherNote || higher_.size() >= kMaxHigher ||
      std::find(higher_.begin(), higher_.end(), note) != higher_.end())
    return;
  const auto size_of = [](const std::string& each) {
    const auto checkpoint = store::parse_checkpoint(each);
    return checkpoint ? checkpoint->size : 0;
  };
  const std::uint64_t size = size_of(note);
  const auto place = std::find_if(higher_.begin(), higher_.end(), [&](const std::string& each) {
    return size_of(each) > size;
  });
  higher_.insert(place, std::move(note));
}

bool RollbackGuard::has_reports() const {
  if (planted(Defect::kRestoreSkipsWitness)) return true;
  return reported_.size() >= facts_.reports;
}

bool RollbackGuard::waits_for_reports() const {
  return !facts_.witnesses.empty() && facts_.cosigned && !has_reports();
}

RunState RollbackGuard::state() const {
  if (!closed_by_.empty()) return RunState::kRolledBack;
  if (facts_.anchor != AnchorState::kMissing || planted(Defect::kRestoreSkipsWitness))
    return RunState::kRunning;
  // Whoever never had a line, or has no witness, has nobody who could say what was signed.
  const bool somebody_knows = !facts_.witnesses.empty() && facts_.cosigned;
  return somebody_knows && has_reports() ? RunState::kRunning : RunState::kStarting;
}

bool RollbackGuard::may_sign_checkpoint() const {
  return may_sign() && (overridden_ || !waits_for_reports());
}

Status RollbackGuard::check_may_sign() const {
  switch (state()) {
    case RunState::kRunning: return {};
    case RunState::kStarting: return fail(ErrorCode::kStarting, words(), next());
    case RunState::kRolledBack: return fail(ErrorCode::kRolledBack, words(), next());
  }
  return {};
}

Status RollbackGuard::check_override(const Now& now) const {
  if (state() == RunState::kRolledBack)
    return fail(ErrorCode::kState, "a node that is an older copy of itself cannot go on as it is",
                next());
  if (facts_.anchor != AnchorState::kEqual)
    return fail(ErrorCode::kState, "the anchor is missing, so nobody here can say that this copy is "
                "the newest", next());
  if (overridden_ || !waits_for_reports())
    return fail(ErrorCode::kState, "nothing waits for the witnesses", {});
  if (now.mono_ms < started_ms_ + kOverrideAfterMs)
    return fail(ErrorCode::kState, "the witnesses have not had 24 hours since the start yet",
                "Ask them to start their nodes, or try again later.");
  return {};
}

Status RollbackGuard::override_start(const Now& now) {
  FOCAL_TRY(check_override(now));
  overridden_ = true;
  return {};
}

std::string RollbackGuard::report_words() const {
  return std::to_string(reported_.size()) + " of " + std::to_string(facts_.reports) +
         " reports are in, of the witnesses " + listed(facts_.witnesses);
}

std::string RollbackGuard::words() const {
  switch (state()) {
    case RunState::kRolledBack:
      return "This node is an older copy of itself, or somebody else has its keys: " + closed_by_ +
             ". It signs nothing any more, and takes nothing.";
    case RunState::kStarting:
      if (facts_.witnesses.empty() || !facts_.cosigned)
        return "The anchor is missing, and no witness knows this log: nobody can say whether this "
               "copy of the node is the newest. It signs nothing and takes nothing.";
      return "The anchor is missing: this may be an older copy of the node. It signs nothing and "
             "takes nothing until enough witnesses have said what they hold; " + report_words() +
             ".";
    case RunState::kRunning: break;
  }
  if (may_sign_checkpoint())
    return overridden_ && waits_for_reports()
               ? "Running; checkpoints go on without the witnesses' reports, as the custodian decided."
               : "Running.";
  return "Running. The next checkpoint waits until enough witnesses have said what they hold; " +
         report_words() + ".";
}

std::string RollbackGuard::next() const {
  switch (state()) {
    case RunState::kRolledBack: return kContinue;
    case RunState::kStarting: {
      std::string out = "If the anchor file still exists, stop the node, put it back and "
                        "start again. ";
      const bool alone = facts_.witnesses.empty() || !facts_.cosigned;
      out += alone ? "Else: " : "Else wait for the witnesses, or do not wait: ";
      out += kContinue;
      return out;
    }
    case RunState::kRunning: break;
  }
  if (may_sign_checkpoint()) return {};
  return "Nothing, while the witnesses come up. After 24 hours the custodian may run 'focal start "
         "override'.";
}

}  // namespace focal::exchange

#include "node/node/key_rotation.h"

#include <algorithm>

#include "base/defect.h"
#include "base/log.h"

namespace focal::node {
namespace {

bool is_due(const store::KekRow& row) { return row.deletions != 0 || row.next != 0; }

}  // namespace

void KeyRotation::begin() {
  if (step_ != Step::kIdle) return;
  step_ = Step::kKeys;
  next_ms_ = 0;
}

bool KeyRotation::ledger_has_successor() {
  const auto rows = ledger_.kek_rows();
  return std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.next != 0; });
}

std::size_t KeyRotation::keys_due() {
  const auto rows = ledger_.kek_rows();
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), is_due));
}

std::string_view KeyRotation::step_name() const {
  switch (step_) {
    case Step::kIdle: return "";
    case Step::kKeys: return "new keys";
    case Step::kRewrap: return "rows under new keys";
    case Step::kTruncate: return "write-ahead log";
    case Step::kBackup: return "fresh backup";
    case Step::kDestroy: return "old keys";
  }
  return "";
}

Status KeyRotation::tend(const Now& now) {
  if (step_ == Step::kIdle || now.mono_ms < next_ms_) return {};
  Status done = run(now);
  if (done) {
    trouble_.clear();
    return done;
  }
  next_ms_ = now.mono_ms + kRotateAgainMs;
  trouble_ = done.error().message;
  log::error("erasure", "a key of erased records could not be replaced yet",
             {{"step", std::string(step_name())}, {"reason", trouble_}});
  return done;
}

Status KeyRotation::run(const Now& now) {
  switch (step_) {
    case Step::kIdle: return {};
    case Step::kKeys: return make_keys();
    case Step::kRewrap: return rewrap();
    case Step::kTruncate: return truncate(now);
    case Step::kBackup: return back_up(now);
    case Step::kDestroy: return destroy();
  }
  return {};
}

// A key that an earlier process made and that is not in the table yet takes the place of the old
// one now; so does the newest one of its month if there are several.
Status KeyRotation::make_keys() {
  pairs_.clear();
  at_ = 0;
  for (const store::KekRow& row : ledger_.kek_rows()) {
    if (!is_due(row)) continue;
    if (!ring_.find(row.id)) {
      if (row.next == 0)
        return fail(ErrorCode::kKeystore, "the key '" + ledger::kek_name(row.id) +
                    "' is not in the keystore", "Restore the keystore that belongs to this ledger.");
      FOCAL_TRY(ledger_.forget_kek(row.id));  // destroyed before the last process ended
      continue;
    }
    ledger::KekId next = row.next != 0 ? row.next : ledger::newest_generation(ring_, row.id);
    if (next <= row.id) {
      FOCAL_ASSIGN(const ledger::Kek fresh, ring_.renew(row.id));
      next = fresh.id;
    }
    pairs_.push_back({row.id, next});
  }
  step_ = pairs_.empty() ? Step::kIdle : Step::kRewrap;
  if (!pairs_.empty()) told(RotateStep::kNewKey);
  return {};
}

Status KeyRotation::rewrap() {
  const Pair& pair = pairs_[at_];
  FOCAL_ASSIGN(const std::size_t looked_at, ledger_.rewrap(pair.from, pair.to, kRewrapRows));
  if (looked_at != 0) return {};
  if (++at_ < pairs_.size()) return {};
  step_ = Step::kTruncate;
  told(RotateStep::kRewrapped);
  return {};
}

// Before the backup, whose reading would hold the log.
Status KeyRotation::truncate(const Now& now) {
  FOCAL_ASSIGN(const bool done, ledger_.truncate_wal());
  if (!done) {
    next_ms_ = now.mono_ms + kTruncateAgainMs;
    return {};
  }
  step_ = Step::kBackup;
  asked_backup_ = false;
  told(RotateStep::kTruncated);
  return {};
}

// Older backups lose every row that the old keys sealed, not the erased ones alone: the keys stay
// until there is one that does not need them.
Status KeyRotation::back_up(const Now& now) {
  if (backup_.begin) {
    if (!asked_backup_) {
      backup_.begin(now);
      asked_backup_ = true;
    }
    const auto ended = backup_.ended();
    if (!ended) return {};
    asked_backup_ = false;  // one that failed is made again
    FOCAL_TRY(*ended);
  }
  step_ = Step::kDestroy;
  at_ = 0;
  told(RotateStep::kBackedUp);
  return {};
}

// The blocks and tags of older copies of the index say what erased records said: their key goes
// too, first, so that an interruption only makes it go once more.
Status KeyRotation::destroy() {
  const auto finds = [](const Pair& pair) {
    const ledger::KekClass kek_class = ledger::class_of(pair.from);
    return kek_class == ledger::KekClass::kTracing || kek_class == ledger::KekClass::kOther;
  };
  if (at_ == 0 && std::any_of(pairs_.begin(), pairs_.end(), finds) &&
      !planted(Defect::kKeyKeptAfterShred)) {
    FOCAL_ASSIGN(const ByteView key, ring_.renew_index_key());
    FOCAL_TRY(ledger_.reindex(key));
    told(RotateStep::kIndexKey);
  }
  for (; at_ < pairs_.size(); ++at_) {
    const ledger::KekId from = pairs_[at_].from;
    if (!planted(Defect::kKeyKeptAfterShred)) FOCAL_TRY(ring_.destroy(from));
    told(RotateStep::kKeyGone);
    FOCAL_TRY(ledger_.forget_kek(from));
    ++destroyed_;
    log::info("erasure", "a key of erased records is gone", {{"key", ledger::kek_name(from)}});
  }
  pairs_.clear();
  step_ = Step::kIdle;
  return {};
}

}  // namespace focal::node

#include "node/node/core.h"

#include <iterator>
#include <utility>

#include "base/defect.h"
#include "base/log.h"
#include "node/node/cases.h"
#include "node/node/indexing.h"
#include "node/node/retention.h"

namespace focal::node {
namespace {

constexpr std::uint64_t kIndexAgainMs = 10 * kSecondMs;
constexpr std::uint64_t kPairsAgainMs = kMinuteMs;

std::vector<store::RecordRef> erased_by(const store::Txn& txn) {
  std::vector<store::RecordRef> out;
  for (const store::Op& op : txn.ops)
    if (const auto* put = std::get_if<store::PutShred>(&op)) out.push_back(put->ref);
  return out;
}

}  // namespace

Core::Core(exchange::Identity& self, exchange::Peers& peers, store::View& view, Commit commit,
           crypto::Rng& rng, exchange::MachineSettings settings,
           exchange::Machine::CanSend can_send, Probe probe, KeepPairs keep_pairs)
    : self_(self), peers_(peers), view_(view), commit_(std::move(commit)), probe_(std::move(probe)),
      keep_pairs_(std::move(keep_pairs)),
      machine_(self, peers, view, rng, std::move(settings), std::move(can_send)) {}

// In the keystore first, then in use (docs/protocol.md, "Pair secret"). That past keys or a
// dropped secret are wiped there can wait for a keystore that takes it; a change cannot.
Status Core::settle_pairs(const Now& now) {
  exchange::PairBook& pairs = self_.pairs;
  if (!pairs.has_unsaved() || (!pairs.has_staged() && now.mono_ms < pairs_after_ms_)) return {};
  const Status kept = keep_pairs_ ? keep_pairs_(pairs) : Status{};
  if (kept) {
    pairs.saved();
    return {};
  }
  log::error("node", "pair secrets could not be stored",
             {{"code", error_name(kept.error().code)}, {"reason", kept.error().message}});
  if (pairs.has_staged()) return kept.error();
  pairs_after_ms_ = now.mono_ms + kPairsAgainMs;
  return {};
}

Core::GroupResult Core::finish_group(const Now& now) {
  // The verdict came after what a person released in this group: that was not signed.
  if (machine_.has_drafts() && !machine_.guard().may_sign()) {
    extra_.clear();
    return {machine_.guard().check_may_sign().error(), machine_.abandon(now)};
  }
  store::Txn txn = machine_.prepare(now);
  if (const Status kept = settle_pairs(now); !kept) {
    extra_.clear();
    return {kept.error(), machine_.abandon(now), false};
  }
  auto cases = case_writes(view_, self_.party(), machine_.fresh(), now.wall_ms);
  if (planted(Defect::kCaseNotWritten)) cases.clear();
  std::move(cases.begin(), cases.end(), std::back_inserter(txn.ops));
  auto index = index_writes(machine_.fresh());
  std::move(index.begin(), index.end(), std::back_inserter(txn.ops));
  date_records(txn, machine_.fresh(), retention_);
  if (is_indexing(now)) {
    auto slice = index_slice(view_);
    std::move(slice.begin(), slice.end(), std::back_inserter(txn.ops));
    auto dates = date_slice(view_, retention_);
    std::move(dates.begin(), dates.end(), std::back_inserter(txn.ops));
  }
  std::move(extra_.begin(), extra_.end(), std::back_inserter(txn.ops));
  extra_.clear();
  const bool drops = self_.pairs.has_drops();
  store::Committed ids;
  if (!txn.empty()) {
    auto done = commit_(txn);
    if (!done) {
      index_after_ms_ = now.mono_ms + kIndexAgainMs;
      log::error("node", "a group could not be stored",
                 {{"code", error_name(done.error().code)}, {"reason", done.error().message}});
      if (done.error().code == ErrorCode::kState && probe_)
        if (const auto culprit = find_culprit(txn, probe_)) machine_.set_aside(*culprit);
      return {done.error(), machine_.abandon(now), false};
    }
    ids = std::move(*done);
  }
  const std::vector<store::RecordRef> erased = erased_by(txn);
  machine_.erased(erased);
  GroupResult done{Status{}, machine_.committed(now, ids), !erased.empty()};
  if (drops) static_cast<void>(settle_pairs(now));
  if (told_ && !txn.empty()) told_(txn);
  return done;
}

}  // namespace focal::node

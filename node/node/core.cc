#include "node/node/core.h"

#include <iterator>

#include "base/defect.h"
#include "base/log.h"
#include "node/node/cases.h"
#include "node/node/indexing.h"

namespace focal::node {
namespace {

constexpr std::uint64_t kIndexAgainMs = 10 * kSecondMs;

}  // namespace

Core::Core(exchange::Identity& self, exchange::Peers& peers, store::View& view, Commit commit,
           crypto::Rng& rng, exchange::MachineSettings settings,
           exchange::Machine::CanSend can_send, Probe probe)
    : self_(self), peers_(peers), view_(view), commit_(std::move(commit)), probe_(std::move(probe)),
      machine_(self, peers, view, rng, settings, std::move(can_send)) {}

Core::GroupResult Core::finish_group(const Now& now) {
  store::Txn txn = machine_.prepare(now);
  auto cases = case_writes(view_, self_.party(), machine_.fresh(), now.wall_ms);
  if (planted(Defect::kCaseNotWritten)) cases.clear();
  std::move(cases.begin(), cases.end(), std::back_inserter(txn.ops));
  auto index = index_writes(machine_.fresh());
  std::move(index.begin(), index.end(), std::back_inserter(txn.ops));
  auto slice = is_indexing(now) ? index_slice(view_) : std::vector<store::Op>();
  std::move(slice.begin(), slice.end(), std::back_inserter(txn.ops));
  std::move(extra_.begin(), extra_.end(), std::back_inserter(txn.ops));
  extra_.clear();
  store::Committed ids;
  if (!txn.empty()) {
    auto done = commit_(txn);
    if (!done) {
      index_after_ms_ = now.mono_ms + kIndexAgainMs;
      log::error("node", "a group could not be stored",
                 {{"code", error_name(done.error().code)}, {"reason", done.error().message}});
      if (done.error().code == ErrorCode::kState && probe_)
        if (const auto culprit = find_culprit(txn, probe_)) machine_.set_aside(*culprit);
      return {done.error(), machine_.abandon(now)};
    }
    ids = std::move(*done);
  }
  return {Status{}, machine_.committed(now, ids)};
}

}  // namespace focal::node

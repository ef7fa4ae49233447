#include "node/desk/events.h"

#include <algorithm>
#include <variant>

namespace focal::desk {
namespace {

constexpr Topic kCases = Topic::kCases;
constexpr Topic kOutbox = Topic::kOutbox;
constexpr Topic kPeers = Topic::kPeers;
constexpr Topic kReleases = Topic::kReleases;
constexpr Topic kStatus = Topic::kStatus;
constexpr Topic kLedger = Topic::kLedger;

// One line for each operation, so that a new one does not compile before somebody has said what
// people see of it.
struct TopicsOfOp {
  Topics operator()(const store::PutSentBatch&) const { return topics(kOutbox, kLedger); }
  Topics operator()(const store::PutReceivedBatch&) const { return topics(kLedger); }
  Topics operator()(const store::PutReceiptsOut&) const { return topics(kLedger); }
  // Our request is SENT until it has a receipt, and fails with its sending.
  Topics operator()(const store::PutReceiptsIn&) const { return topics(kOutbox, kCases, kLedger); }
  Topics operator()(const store::SetOutbox&) const { return topics(kOutbox, kCases); }
  Topics operator()(const store::ReopenItems&) const { return topics(kOutbox, kCases); }
  Topics operator()(const store::PutWaiting&) const { return topics(kPeers, kStatus); }
  Topics operator()(const store::DropWaiting&) const { return topics(kPeers, kStatus); }
  Topics operator()(const store::PutPeer&) const { return topics(kPeers, kLedger); }
  Topics operator()(const store::SetTrust&) const { return topics(kPeers, kLedger); }
  Topics operator()(const store::PutSchedule&) const { return topics(kPeers, kStatus, kLedger); }
  Topics operator()(const store::PutHeldCard&) const { return topics(kPeers); }
  Topics operator()(const store::DropHeldCard&) const { return topics(kPeers); }
  Topics operator()(const store::PutRevocation&) const { return topics(kPeers, kLedger); }
  Topics operator()(const store::PutDirectory&) const { return topics(kPeers, kLedger); }
  Topics operator()(const store::PutForkProof&) const { return topics(kPeers, kLedger); }
  Topics operator()(const store::PutPeerPolicy&) const { return topics(kPeers); }
  Topics operator()(const store::PutWitnessState&) const { return topics(kPeers); }
  Topics operator()(const store::PutPeerCheckpoint&) const { return topics(kPeers); }
  Topics operator()(const store::PutPromise&) const { return topics(kPeers); }
  Topics operator()(const store::PutProof&) const { return topics(kCases); }
  Topics operator()(const store::PutOpened&) const { return topics(kCases); }
  Topics operator()(const store::PutCase&) const { return topics(kCases); }
  Topics operator()(const store::PutCaseEvent&) const { return topics(kCases); }
  Topics operator()(const store::PutCaseLink&) const { return topics(kCases, kLedger); }
  Topics operator()(const store::PutBody&) const { return topics(kCases); }
  Topics operator()(const store::PutRecovered&) const { return topics(kCases, kLedger); }
  Topics operator()(const store::PutShred&) const { return topics(kCases, kOutbox, kLedger); }
  Topics operator()(const store::PutDesk& op) const {
    return topics(op.table == store::DeskTable::kRelease ? kReleases : kStatus, kLedger);
  }
  Topics operator()(const store::PutAdmin&) const { return topics(kLedger); }
  Topics operator()(const store::PutOwnCard&) const { return topics(kStatus, kLedger); }
  Topics operator()(const store::PutOwnRevocation&) const { return topics(kStatus, kLedger); }
  Topics operator()(const store::PutWitnessPolicy&) const { return topics(kStatus, kLedger); }
  Topics operator()(const store::PutCosig&) const { return topics(kLedger); }
  Topics operator()(const store::PutPublished&) const { return topics(kStatus, kLedger); }
  Topics operator()(const store::PutMark&) const { return topics(kStatus); }
  Topics operator()(const store::SetIndexed&) const { return topics(kStatus); }
  // Care that the node takes of itself; nobody is shown any of it as it happens.
  Topics operator()(const store::PutIndex&) const { return {}; }
  Topics operator()(const store::DropIndex&) const { return {}; }
  Topics operator()(const store::SetDelAfter&) const { return {}; }
  Topics operator()(const store::SetDated&) const { return {}; }
  Topics operator()(const store::PutSafeTime&) const { return {}; }
  Topics operator()(const store::PutSignedRoots&) const { return {}; }
};

}  // namespace

std::string_view topic_name(Topic topic) {
  switch (topic) {
    case Topic::kCases: return "cases";
    case Topic::kOutbox: return "outbox";
    case Topic::kPeers: return "peers";
    case Topic::kReleases: return "releases";
    case Topic::kStatus: return "status";
    case Topic::kLedger: return "ledger";
  }
  return "status";
}

Topics topics_of(const store::Txn& txn) {
  Topics out;
  for (const store::Op& op : txn.ops)
    out |= std::visit(TopicsOfOp{}, static_cast<const store::AnyOp&>(op));
  return out;
}

Topics topics_of(node::Watch::Moved moved) {
  switch (moved) {
    case node::Watch::Moved::kLinks: return topics(kPeers);
    case node::Watch::Moved::kState: return topics(kStatus);
    case node::Watch::Moved::kLog: return topics(kLedger);
  }
  return {};
}

EventHub::EventHub(std::uint64_t first_seq) : state_(std::make_shared<State>()) {
  state_->newest = first_seq;
  state_->last.fill(first_seq);
}

void EventHub::publish(Topics changed) {
  if (changed.none()) return;
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->newest;
    for (std::size_t i = 0; i < kTopics; ++i)
      if (changed.test(i)) state_->last[i] = state_->newest;
  }
  state_->changed.notify_all();
}

EventHub::Subscription EventHub::subscribe() const { return {state_, newest()}; }

EventHub::Subscription EventHub::subscribe(std::uint64_t after_seq) const {
  return {state_, after_seq > newest() ? 0 : after_seq};
}

std::uint64_t EventHub::newest() const {
  const std::lock_guard lock(state_->mutex);
  return state_->newest;
}

void EventHub::close() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
  }
  state_->changed.notify_all();
}

EventHub::Subscription::Woken EventHub::Subscription::wait(
    std::chrono::steady_clock::time_point deadline) {
  Woken out;
  std::unique_lock lock(state_->mutex);
  const auto unheard = [this] {
    return std::any_of(state_->last.begin(), state_->last.end(),
                       [this](std::uint64_t seq) { return seq > heard_; });
  };
  state_->changed.wait_until(lock, deadline, [&] { return state_->closed || unheard(); });
  out.closed = state_->closed;
  if (out.closed) return out;
  for (std::size_t i = 0; i < kTopics; ++i)
    if (state_->last[i] > heard_) out.events.push_back({static_cast<Topic>(i), state_->last[i]});
  std::stable_sort(out.events.begin(), out.events.end(),
                   [](const Event& a, const Event& b) { return a.seq < b.seq; });
  if (!out.events.empty()) heard_ = out.events.back().seq;
  return out;
}

}  // namespace focal::desk

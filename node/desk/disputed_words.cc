#include "node/desk/disputed_words.h"

#include <algorithm>

#include "base/clock.h"
#include "node/exchange/disputed.h"

namespace focal::desk {

std::string disputed_words(node::Node& node, const store::RecordInfo& record) {
  const auto dispute = exchange::dispute_of(node.core().view(), node.core().peers(), record);
  const std::string since = format_date(dispute.since_ms);
  switch (dispute.provenance) {
    case exchange::Provenance::kSound: break;
    case exchange::Provenance::kRevokedLater:
      return "stands: it was here before " + since + ", from when " + record.peer +
             " withdrew the card it is signed under";
    case exchange::Provenance::kDisputed:
      return "DISPUTED: " + record.peer + " withdrew the card it is signed under with effect from " +
             since + ", and nothing here proves that it is older; ask them whether it is theirs";
  }
  return {};
}

bool has_disputed(node::Node& node, const store::CaseRow& row) {
  const exchange::Peers& peers = node.core().peers();
  const exchange::Peer* peer = peers.find(row.peer);
  if (peer == nullptr || (peer->revocations.empty() && peer->thrown_away.empty())) return false;
  store::View& view = node.core().view();
  const auto events = view.case_events(row.id);
  return std::any_of(events.begin(), events.end(), [&](const store::CaseEventRow& event) {
    const auto record = view.record(event.idx);
    return record && exchange::dispute_of(view, peers, *record).provenance ==
                         exchange::Provenance::kDisputed;
  });
}

}  // namespace focal::desk

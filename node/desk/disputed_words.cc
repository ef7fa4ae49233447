#include "node/desk/disputed_words.h"

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

}  // namespace focal::desk

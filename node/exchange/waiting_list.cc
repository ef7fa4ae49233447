#include "node/exchange/waiting_list.h"

#include <utility>

namespace focal::exchange {

void WaitingList::load(std::vector<store::WaitingHead> heads) {
  *this = {};
  for (auto& head : heads) add(std::move(head));
}

void WaitingList::add(store::WaitingHead head) {
  if (!places_.emplace(head.inner_hash, last_ + 1).second) return;
  ++last_;
  Share& share = shares_[head.link_peer];
  ++share.rows;
  share.bytes += head.size;
  heads_.emplace(last_, std::move(head));
}

void WaitingList::drop(const Hash32& inner_hash) {
  const auto place = places_.find(inner_hash);
  if (place == places_.end()) return;
  const auto head = heads_.find(place->second);
  const auto share = shares_.find(head->second.link_peer);
  --share->second.rows;
  share->second.bytes -= head->second.size;
  if (share->second.rows == 0) shares_.erase(share);
  heads_.erase(head);
  places_.erase(place);
}

WaitingList::Share WaitingList::share_of(const std::string& link_peer) const {
  const auto share = shares_.find(link_peer);
  return share == shares_.end() ? Share{} : share->second;
}

const store::WaitingHead* WaitingList::next() {
  const auto head = heads_.upper_bound(passed_);
  if (head == heads_.end()) {
    passed_ = 0;
    return nullptr;
  }
  passed_ = head->first;
  return &head->second;
}

}  // namespace focal::exchange

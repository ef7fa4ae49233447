// What waits to be judged again, as heads: the sealed Inners stand in the ledger
// alone, so that many of them cost disk and not memory. Counted for each link
// peer (docs/protocol.md, "Limits"). No I/O.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/store/rows.h"

namespace focal::exchange {

class WaitingList {
 public:
  struct Share {
    std::size_t rows = 0;
    std::uint64_t bytes = 0;
  };

  void load(std::vector<store::WaitingHead> heads);  // replaces everything
  void add(store::WaitingHead head);                 // behind the others
  void drop(const Hash32& inner_hash);
  bool contains(const Hash32& inner_hash) const { return places_.contains(inner_hash); }
  Share share_of(const std::string& link_peer) const;
  bool is_empty() const { return heads_.empty(); }
  std::size_t size() const { return heads_.size(); }
  std::size_t count_of(const std::string& link_peer) const { return share_of(link_peer).rows; }

  // A pass over all of them, oldest first, which may be left and taken up again.
  // Dropping the head that next() gave is fine. nullptr: the pass is over, and
  // the next call begins a new one.
  const store::WaitingHead* next();
  void restart() { passed_ = 0; }

  template <typename F>
  void for_each(F&& f) const {
    for (const auto& [order, head] : heads_) f(head);
  }

 private:
  std::map<std::uint64_t, store::WaitingHead> heads_;  // by order of arrival, from 1
  std::map<Hash32, std::uint64_t> places_;             // inner_hash -> order
  std::map<std::string, Share> shares_;
  std::uint64_t last_ = 0;
  std::uint64_t passed_ = 0;                           // order of the head that next() gave last
};

}  // namespace focal::exchange

// Our own records as a batch of receipts names them: those of one batch come
// together, so a batch and its row of the outbox are read once. Made for one
// step and forgotten; what it returns lives as long.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "node/store/view.h"

namespace focal::exchange {

class OwnRecords {
 public:
  explicit OwnRecords(store::View& view) : view_(view) {}

  // nullptr: not sent from here.
  const store::RecordInfo* find(const store::RecordRef& ref);
  // nullptr: that batch was not sent to that party.
  const store::OutboxRow* outbox(store::BatchId batch, const std::string& party);

 private:
  store::View& view_;
  std::map<Hash32, store::RecordInfo> records_;   // of the batches met so far
  std::map<std::pair<store::BatchId, std::string>, std::optional<store::OutboxRow>> rows_;
};

}  // namespace focal::exchange

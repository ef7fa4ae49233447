// Records, their batches, and the one table that finds a record id.
#pragma once

#include <optional>

#include "node/ledger/parts.h"

namespace focal::ledger {

class DetailStore;
class OutboxStore;

inline constexpr int kSentRow = 1;  // rec.dir, batch.dir
inline constexpr int kReceivedRow = 2;

// rec.del_after: 0 stands for never.
inline std::optional<std::uint64_t> date_or_never(std::uint64_t del_after_ms) {
  if (del_after_ms == 0) return std::nullopt;
  return del_after_ms;
}

class RecordStore {
 public:
  RecordStore(Parts& parts, OutboxStore& outbox, DetailStore& details)
      : p_(parts), outbox_(outbox), details_(details) {}

  // kState if a record is stored already: the group is then wrong as a whole,
  // because receipts in it promise leaves that were not appended.
  Status put(const store::PutSentBatch& op, Group& group);
  Status put(const store::PutReceivedBatch& op, Group& group);

  // Index of a record of this group or an earlier one. kState if there is none.
  Result<store::LeafIndex> resolve(const store::RecordRef& ref, const Group& group);
  std::optional<store::LeafIndex> index_of(const store::RecordRef& ref, const Group& group);
  Result<store::BatchId> next_batch();

  std::optional<store::RecordInfo> find(const store::RecordRef& ref);
  std::optional<store::RecordInfo> record(store::LeafIndex idx);
  Result<Bytes> item(store::LeafIndex idx);
  std::optional<store::StoredBatch> batch(store::BatchId id);
  std::vector<store::LeafRow> tail(std::size_t limit);

 private:
  struct Place {  // what a record's row says beside the record
    bool sent;
    std::int64_t peer;
    std::uint32_t status;
    store::BatchId batch;
    std::uint32_t position;
    Hash32 detail{};  // what the leaf commits to
  };
  Status put_record(const store::NewRecord& record, const Place& place, Group& group);
  std::optional<store::LeafIndex> find_index(const store::RecordRef& ref);
  store::RecordInfo read_info(const Query& query);
  std::vector<store::RecordInfo> records(store::LeafIndex first, std::int64_t n);

  Parts& p_;
  OutboxStore& outbox_;
  DetailStore& details_;
};

}  // namespace focal::ledger

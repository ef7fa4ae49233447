#include "node/node/retention.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/clock.h"
#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"
#include "node/ledger/kek.h"

namespace focal::node {
namespace {

// The earlier date; 0 stands for none.
std::uint64_t earlier(std::uint64_t a, std::uint64_t b) {
  if (a == 0 || b == 0) return a + b;
  return std::min(a, b);
}

std::optional<record::CheckedRecord> read_body(ByteView body, const exchange::Manifest& m) {
  auto record = record::parse_checked(body, m.kind, m.from, m.to);
  if (!record) return std::nullopt;
  return std::move(*record);
}

std::uint64_t date_of_item(const config::Retention& retention, const store::RecordInfo& info,
                           const Result<Bytes>& item) {
  std::optional<record::CheckedRecord> record;
  if (item) {
    const exchange::ItemView view = exchange::parse_item(*item);
    if (const auto manifest = exchange::parse_manifest(view.manifest))
      record = read_body(view.body, *manifest);
  }
  return del_after(retention, info.kind, record ? &*record : nullptr, info.ref.created_ms);
}

bool case_is_open(store::View& view, store::LeafIndex idx) {
  const auto id = view.case_of(idx);
  const auto row = id ? view.case_by_id(*id) : std::nullopt;
  return row && !row->closed;
}

}  // namespace

const config::Period& period_of(const config::Retention& retention, std::string_view kind) {
  switch (ledger::class_of(kind)) {
    case ledger::KekClass::kTracing: return retention.tracing;
    case ledger::KekClass::kProtocol: return retention.protocol;
    case ledger::KekClass::kActs:
    case ledger::KekClass::kWaiting:
    case ledger::KekClass::kOther: return retention.other;
  }
  return retention.other;
}

std::uint64_t del_after(const config::Retention& retention, std::string_view kind,
                        const record::CheckedRecord* record, std::uint64_t created_ms) {
  const std::uint64_t by_class = config::end_of_period(period_of(retention, kind), created_ms);
  if (record == nullptr || !record->header().label) return by_class;
  const auto day = parse_date(record->header().label->retain_until);
  return earlier(by_class, day ? *day + kDayMs : 0);
}

void date_records(store::Txn& txn, const Group& group, const config::Retention& retention) {
  std::map<Hash32, const exchange::Machine::Fresh*> known;
  for (const auto& fresh : group) known.emplace(fresh.ref.rid, &fresh);
  const auto date = [&](const store::RecordRef& ref, const std::string& kind) {
    const auto found = known.find(ref.rid);
    if (found == known.end()) return del_after(retention, kind, nullptr, ref.created_ms);
    const exchange::Machine::Fresh& fresh = *found->second;
    if (fresh.record != nullptr) return del_after(retention, kind, fresh.record, ref.created_ms);
    const auto own = read_body(fresh.body, fresh.manifest);
    return del_after(retention, kind, own ? &*own : nullptr, ref.created_ms);
  };
  for (store::Op& op : txn.ops) {
    if (auto* sent = std::get_if<store::PutSentBatch>(&op)) {
      for (store::NewRecord& each : sent->records) each.del_after_ms = date(each.ref, each.kind);
    } else if (auto* received = std::get_if<store::PutReceivedBatch>(&op)) {
      for (store::ReceivedRecord& each : received->records)
        each.record.del_after_ms = date(each.record.ref, each.record.kind);
    } else if (auto* body = std::get_if<store::PutBody>(&op)) {
      body->del_after_ms = date(body->ref, body->kind);
    }
  }
}

std::vector<store::Op> date_slice(store::View& view, const config::Retention& retention,
                                  const SliceLimits& limits) {
  const store::IndexProgress progress = view.dating_progress();
  if (progress.complete()) return {};
  std::vector<store::Op> ops;
  std::size_t bytes = 0;
  store::LeafIndex idx = progress.done;
  for (store::LeafIndex n = 0; n < limits.leaves && idx < progress.target; ++n, ++idx) {
    if (ops.size() >= limits.records || bytes >= limits.bytes) break;
    const auto info = view.record(idx);
    if (!info || info->shred) continue;
    const auto item = view.item(idx);
    if (item) bytes += item->size();
    ops.push_back(store::SetDelAfter{info->ref, date_of_item(retention, *info, item)});
  }
  ops.push_back(store::SetDated{idx});
  return ops;
}

Due due_records(store::View& view, std::uint64_t safe_ms, std::size_t limit) {
  Due out;
  const auto found = view.due(safe_ms, limit + 1);
  out.more = found.size() > limit;
  out.records.reserve(std::min(found.size(), limit));
  for (const store::LeafIndex idx : found) {
    if (out.records.size() == limit) break;
    if (auto info = view.record(idx)) out.records.push_back({std::move(*info), case_is_open(view, idx)});
  }
  return out;
}

// Those that stay for their cases stand before the others for as long as their cases last.
std::vector<store::Op> shred_slice(store::View& view, std::uint64_t safe_ms, std::size_t limit) {
  std::vector<store::Op> ops;
  for (const store::LeafIndex idx : view.due(safe_ms, kMaxDueLookedAt)) {
    if (ops.size() == limit) break;
    const auto info = view.record(idx);
    if (!info || info->shred || case_is_open(view, idx)) continue;
    ops.push_back(store::PutShred{info->ref, retention_detail(info->del_after_ms)});
  }
  return ops;
}

// In the form of docs/protocol.md, "Details".
std::string retention_detail(std::uint64_t del_after_ms) {
  std::string out = "focal-detail/v1\nperson the node\nuid 0\nrole \nact retention.run\nreason to be kept until ";
  return out.append(format_utc(del_after_ms)).append("\n");
}

}  // namespace focal::node

#include "node/node/indexing.h"

#include <utility>

#include "node/exchange/inner.h"

namespace focal::node {
namespace {

bool is_searchable(std::string_view name) {
  const record::KindInfo* kind = record::find_kind(name);
  return kind != nullptr && record::has_search_fields(*kind);
}

std::optional<record::CheckedRecord> read_item(ByteView item) {
  const exchange::ItemView view = exchange::parse_item(item);
  const auto manifest = exchange::parse_manifest(view.manifest);
  if (!manifest) return std::nullopt;
  auto record = record::parse_checked(view.body, manifest->kind, manifest->from, manifest->to);
  if (!record) return std::nullopt;
  return std::move(*record);
}

}  // namespace

store::PutIndex index_of(const store::RecordRef& ref, const record::CheckedRecord& record) {
  record::SearchFields fields = record::search_fields(record);
  store::PutIndex out;
  out.ref = ref;
  for (auto& key : fields.keys)
    out.keys.push_back({std::string(key.index), std::move(key.key), key.item_no});
  for (auto& each : fields.readings)
    out.readings.push_back({each.item_no, std::move(each.fold), std::move(each.digits)});
  return out;
}

std::vector<store::Op> index_writes(const Group& group) {
  std::vector<store::Op> ops;
  for (const auto& fresh : group) {
    const exchange::Manifest& m = fresh.manifest;
    if (!is_searchable(m.kind)) continue;
    if (fresh.record != nullptr) {
      ops.push_back(index_of(fresh.ref, *fresh.record));
    } else if (const auto own = record::parse_checked(fresh.body, m.kind, m.from, m.to)) {
      ops.push_back(index_of(fresh.ref, *own));
    }
  }
  return ops;
}

std::vector<store::Op> index_slice(store::View& view, const SliceLimits& limits) {
  const store::IndexProgress progress = view.index_progress();
  if (progress.complete()) return {};
  std::vector<store::Op> ops;
  std::size_t bytes = 0;
  store::LeafIndex idx = progress.done;
  for (store::LeafIndex n = 0; n < limits.leaves && idx < progress.target; ++n, ++idx) {
    if (ops.size() >= limits.records || bytes >= limits.bytes) break;
    const auto info = view.record(idx);
    if (!info || (!info->sent && !store::is_accepted(info->status)) || !is_searchable(info->kind))
      continue;
    const auto item = view.item(idx);
    if (!item) continue;
    bytes += item->size();
    if (const auto record = read_item(*item)) ops.push_back(index_of(info->ref, *record));
  }
  ops.push_back(store::SetIndexed{idx});
  return ops;
}

}  // namespace focal::node

#include "node/desk/named_record.h"

#include <algorithm>

namespace focal::desk {
namespace {

constexpr std::size_t kMostDigits = 15;  // of an index: below 2^63

bool is_index(const std::string& text) {
  return !text.empty() && text.size() <= kMostDigits &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

// A record is found by its time, which its id does not say: hence the walk.
Result<store::RecordInfo> named_record(store::View& view, const std::string& text,
                                       const std::string& field) {
  const bool by_index = is_index(text);
  const auto bytes = by_index ? std::nullopt : unhex(text);
  const auto rid = bytes ? fixed<32>(ByteView(*bytes)) : std::nullopt;
  if (!by_index && !rid)
    return fail(ErrorCode::kInvalid, "this is not the name of a record",
                "64 hexadecimal digits, or the index of its leaf; 'focal trace show T-12 --json' "
                "shows both.",
                field);
  const store::LeafIndex size = view.log_size();
  const store::LeafIndex begin = by_index ? std::stoll(text) : size - 1;
  const store::LeafIndex end =
      by_index ? begin : std::max<store::LeafIndex>(0, size - kMostLeavesLookedAt);
  for (store::LeafIndex idx = begin; idx >= end && idx < size; --idx) {
    const auto leaf = view.leaf(idx);
    if (!leaf || (rid && leaf->ref != *rid)) continue;
    if (auto info = view.record(idx)) return std::move(*info);
  }
  return fail(ErrorCode::kNotFound, "there is no record " + text,
              "'focal trace show T-12 --json' shows the records of a case; one that is not among "
              "the newest 200000 leaves is named by the index of its leaf.",
              field);
}

}  // namespace focal::desk

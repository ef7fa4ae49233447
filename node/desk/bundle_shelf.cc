#include "node/desk/bundle_shelf.h"

#include <algorithm>
#include <utility>

namespace focal::desk {

BundleShelf::Page BundleShelf::cut(std::uint64_t bundle, ByteView archive, std::uint64_t offset) {
  Page out{bundle, archive.size(), {}, 0};
  const ByteView rest = archive.subspan(static_cast<std::size_t>(offset));
  out.data = to_bytes(rest.first(std::min(rest.size(), kPageSize)));
  if (out.data.size() < rest.size()) out.next = offset + out.data.size();
  return out;
}

BundleShelf::Page BundleShelf::put(uid_t owner, Bytes archive, std::uint64_t mono_ms) {
  const std::lock_guard lock(mutex_);
  Page out = cut(++last_, archive, 0);
  std::erase_if(all_,
                [&](const Kept& kept) { return kept.owner == owner || kept.until_ms <= mono_ms; });
  if (out.next == 0) return out;
  if (all_.size() == kMost) all_.erase(all_.begin());
  all_.push_back({last_, owner, std::move(archive), mono_ms + kKeptMs});
  return out;
}

Result<BundleShelf::Page> BundleShelf::page(uid_t owner, std::uint64_t bundle, std::uint64_t offset,
                                            std::uint64_t mono_ms) {
  const std::lock_guard lock(mutex_);
  std::erase_if(all_, [&](const Kept& kept) { return kept.until_ms <= mono_ms; });
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const Kept& kept) {
    return kept.bundle == bundle && kept.owner == owner;
  });
  if (found == all_.end() || offset >= found->archive.size())
    return fail(ErrorCode::kNotFound, "this bundle is not kept any more",
                "Export it once more; its pages are kept for ten minutes.", "bundle");
  Page out = cut(bundle, found->archive, offset);
  found->until_ms = mono_ms + kKeptMs;
  if (out.next == 0) all_.erase(found);
  return out;
}

std::size_t BundleShelf::kept() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

}  // namespace focal::desk

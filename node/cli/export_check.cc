#include "node/cli/export_check.h"

#include <algorithm>
#include <span>
#include <utility>

#include "crypto/merkle.h"

namespace focal::cli {
namespace {

constexpr std::uint64_t kWidth = 256;
constexpr unsigned kHeight = 8;
constexpr std::size_t kHash = sizeof(Hash32);
constexpr std::string_view kDigits = "0123456789";

Error unfit(std::string what) {
  return fail(ErrorCode::kCorrupt, std::move(what),
              "Nothing of this export can be relied on; run focal ledger verify.");
}

bool all_digits(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         text.find_first_not_of(kDigits) == std::string_view::npos;
}

std::string_view take(std::string_view& path) {
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view out = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return out;
}

}  // namespace

bool is_export_name(std::string_view name) {
  constexpr std::size_t kMost = 64;
  if (name.size() > kMost || name.ends_with('/') || take(name) != "tile") return false;
  const std::string_view level = take(name);
  if (level != "entries" && !all_digits(level, 1, 1)) return false;
  std::string_view part = take(name);
  while (part.starts_with("x") && all_digits(part.substr(1), 3, 3) && !name.empty())
    part = take(name);
  if (name.empty()) return all_digits(part, 3, 3);
  return part.ends_with(".p") && all_digits(part.substr(0, part.size() - 2), 3, 3) &&
         all_digits(name, 1, 3);
}

Status ExportCheck::entries(ByteView bundle) {
  const std::uint64_t width = std::min(kWidth, size_ - entries_);
  std::vector<Hash32> hashes;
  hashes.reserve(width);
  while (bundle.size() >= 2) {
    const std::size_t length = get_u16be(bundle);
    if (bundle.size() - 2 < length) break;
    hashes.push_back(crypto::merkle_leaf(bundle.subspan(2, length)));
    bundle = bundle.subspan(2 + length);
  }
  if (!bundle.empty() || hashes.size() != width || width == 0)
    return unfit("a bundle of entries has another number of them");
  entries_ += width;
  if (width < kWidth) {
    open_ = std::move(hashes);
    return {};
  }
  if (levels_.empty()) levels_.emplace_back();
  levels_[0].push_back(crypto::merkle_root(hashes));
  return {};
}

void ExportCheck::finish_levels() {
  if (std::exchange(finished_, true)) return;
  while (!levels_.empty() && levels_.back().size() >= kWidth) {
    const std::vector<Hash32>& below = levels_.back();
    std::vector<Hash32> next;
    next.reserve(below.size() / kWidth);
    for (std::size_t i = 0; i + kWidth <= below.size(); i += kWidth)
      next.push_back(crypto::merkle_root(std::span<const Hash32>(below).subspan(i, kWidth)));
    levels_.push_back(std::move(next));
  }
}

Status ExportCheck::tile(unsigned level, ByteView bytes) {
  finish_levels();
  if (level > levels_.size()) return unfit("there is a tile of a level that this log has not");
  if (tiles_.size() <= level) tiles_.resize(level + 1);
  const std::uint64_t all = level == 0 ? size_ : levels_[level - 1].size();
  const std::uint64_t width = std::min(kWidth, all - tiles_[level]);
  if (width == 0 || bytes.size() != width * kHash)
    return unfit("a tile of level " + std::to_string(level) + " has another size");
  std::vector<Hash32> hashes;
  hashes.reserve(width);
  for (std::size_t i = 0; i < width; ++i)
    hashes.push_back(*fixed<kHash>(bytes.subspan(i * kHash, kHash)));
  const std::uint64_t first = tiles_[level];
  bool same = false;
  if (level > 0)
    same = std::equal(hashes.begin(), hashes.end(),
                      levels_[level - 1].begin() + static_cast<std::ptrdiff_t>(first));
  else if (width < kWidth)
    same = hashes == open_;
  else
    same = crypto::merkle_root(hashes) == levels_[0][first / kWidth];
  if (!same)
    return unfit("a tile of level " + std::to_string(level) + " is not what the entries say");
  tiles_[level] += width;
  return {};
}

Status ExportCheck::end(const Hash32& root) {
  finish_levels();
  if (entries_ != size_) return unfit("entries are missing");
  tiles_.resize(levels_.size() + 1);
  for (std::size_t level = 0; level < tiles_.size(); ++level)
    if (tiles_[level] != (level == 0 ? size_ : levels_[level - 1].size()))
      return unfit("tiles of level " + std::to_string(level) + " are missing");
  // Subtrees lower than a bundle are only asked for in the open one.
  const crypto::SubtreeHash at = [this](unsigned level, std::uint64_t index) {
    const std::uint64_t first = index << (level % kHeight);
    const std::size_t count = std::size_t{1} << (level % kHeight);
    const std::vector<Hash32>& from = level < kHeight ? open_ : levels_.at(level / kHeight - 1);
    return crypto::merkle_root(
        std::span<const Hash32>(from).subspan(level < kHeight ? first % kWidth : first, count));
  };
  if (crypto::root_from(size_, at) != root)
    return unfit("the entries make another root than the checkpoint's");
  return {};
}

}  // namespace focal::cli

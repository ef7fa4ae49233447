#include "tests/interop/tile_walk.h"

#include <algorithm>
#include <span>
#include <vector>

#include "node/store/checkpoint.h"
#include "node/store/tile_form.h"

namespace focal::test {
namespace {

using store::kExportHeight, store::kExportWidth;
constexpr std::uint64_t kMostLeaves = 1u
                                      << 20;  // a test has no larger log; a forged size may be any

Error bad(std::string what) { return fail(ErrorCode::kCorrupt, std::move(what)); }

class Walk {
 public:
  Walk(const ExportFiles& files, std::uint64_t size) : files_(files), size_(size) {}

  Status read() {
    for (unsigned level = 0; store::tiles_in(size_, level) != 0; ++level) {
      std::vector<Hash32> hashes;
      hashes.reserve(store::level_width(size_, level));
      for (std::uint64_t n = 0; n < store::tiles_in(size_, level); ++n)
        FOCAL_TRY(read_tile(level, n, hashes));
      levels_.push_back(std::move(hashes));
    }
    return {};
  }

  Status check(const Hash32& root) {
    const crypto::SubtreeHash at = [this](unsigned level, std::uint64_t index) {
      const unsigned low = level % kExportHeight;
      const std::size_t count = std::size_t{1} << low;
      return crypto::merkle_root(
          std::span<const Hash32>(levels_.at(level / kExportHeight)).subspan(index << low, count));
    };
    if (crypto::root_from(size_, at) != root) return bad("the tiles make another root");
    for (std::size_t level = 1; level < levels_.size(); ++level)
      for (std::size_t i = 0; i < levels_[level].size(); ++i)
        if (levels_[level][i] != crypto::merkle_root(std::span<const Hash32>(levels_[level - 1])
                                                         .subspan(i * kExportWidth, kExportWidth)))
          return bad("a tile does not follow from the one below");
    for (std::uint64_t n = 0; n < store::tiles_in(size_, 0); ++n) FOCAL_TRY(check_entries(n));
    for (std::uint64_t i = 0; i < size_; i += 7)
      if (!crypto::verify_inclusion(levels_[0][i], i, size_, crypto::inclusion_path(i, size_, at),
                                    root))
        return bad("an entry is not in the tree");
    return {};
  }

 private:
  Result<ByteView> file(const std::string& name) const {
    const auto found = files_.find(name);
    if (found == files_.end()) return bad(name + " is missing");
    return ByteView(found->second);
  }

  Status read_tile(unsigned level, std::uint64_t n, std::vector<Hash32>& hashes) const {
    const std::uint64_t width = store::tile_width(size_, level, n);
    FOCAL_ASSIGN(const ByteView bytes, file(store::tile_path(level, n, width)));
    if (bytes.size() != width * sizeof(Hash32)) return bad("a tile has a wrong size");
    for (std::uint64_t i = 0; i < width; ++i)
      hashes.push_back(*fixed<32>(bytes.subspan(i * sizeof(Hash32), sizeof(Hash32))));
    return {};
  }

  Status check_entries(std::uint64_t n) const {
    constexpr std::size_t kEntry = 2 + store::kLeafSize;
    const std::uint64_t width = store::tile_width(size_, 0, n);
    FOCAL_ASSIGN(const ByteView bytes, file(store::entries_path(n, width)));
    if (bytes.size() != width * kEntry) return bad("a bundle has a wrong size");
    for (std::uint64_t i = 0; i < width; ++i) {
      const ByteView entry = bytes.subspan(i * kEntry, kEntry);
      if (get_u16be(entry) != store::kLeafSize) return bad("an entry has a wrong size");
      if (crypto::merkle_leaf(entry.subspan(2)) != levels_[0][n * kExportWidth + i])
        return bad("an entry is not what its tile says");
    }
    return {};
  }

  const ExportFiles& files_;
  std::uint64_t size_;
  std::vector<std::vector<Hash32>> levels_;
};

}  // namespace

Result<WalkedLog> walk_export(const ExportFiles& files, const crypto::NoteVerifier& log) {
  const auto note = files.find(std::string(store::kCheckpointFile));
  if (note == files.end()) return bad("the checkpoint is missing");
  FOCAL_ASSIGN(const store::Checkpoint checkpoint, store::parse_checkpoint(as_text(note->second)));
  FOCAL_TRY(crypto::check_note(checkpoint.note, {log}));
  if (checkpoint.origin != log.name) return bad("a checkpoint of another log");
  if (checkpoint.size == 0 || checkpoint.size > kMostLeaves) return bad("a log of another size");
  Walk walk(files, checkpoint.size);
  FOCAL_TRY(walk.read());
  FOCAL_TRY(walk.check(checkpoint.root));
  return WalkedLog{checkpoint.size, checkpoint.root};
}

}  // namespace focal::test

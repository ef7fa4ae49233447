// What is written of an exported log is checked on the way: the names of its files, every tile
// against the entries below it, and at the end the root against the checkpoint. So a folder that is
// complete holds one log that fits together, whoever gave its pages. (docs/protocol.md, "Exported
// log"; that the checkpoint is signed is for those who know the log's key.)
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::cli {

// tile/entries/…, tile/<level>/… with groups of three digits: leads nowhere else.
bool is_export_name(std::string_view name);

class ExportCheck {
 public:
  explicit ExportCheck(std::uint64_t size) : size_(size) {}

  // Bundles and then the tiles of each level, from 0 on, in order of their numbers. kCorrupt.
  Status entries(ByteView bundle);
  Status tile(unsigned level, ByteView bytes);
  // Everything was there, and makes this root. kCorrupt.
  Status end(const Hash32& root);

  std::uint64_t entries_done() const { return entries_; }

 private:
  void finish_levels();  // of the full subtrees, once every entry is there

  std::uint64_t size_;
  std::uint64_t entries_ = 0;
  bool finished_ = false;
  std::vector<Hash32> open_;                 // leaf hashes of the bundle that is not full
  std::vector<std::vector<Hash32>> levels_;  // from level 1 on: all of its hashes
  std::vector<std::uint64_t> tiles_;         // of each level: hashes that were seen
};

}  // namespace focal::cli

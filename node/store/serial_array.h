// The readings of all serial numbers, packed in memory: what a search looks through for
// numbers that are not equal but can be one (docs/markings.md, "Searching"). Grows in chunks,
// so that it never holds two copies of itself; a reading takes kHeader bytes and its two keys.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "node/store/rows.h"

namespace focal::store {

// Characters of a fold key as a set, to rule out most readings without looking at them. Bit 0:
// it has ? or *; bit 1: a character that is neither an ASCII letter nor a digit.
std::uint64_t char_set(std::string_view fold);
inline constexpr std::uint64_t kPatternBit = 1;
inline constexpr std::uint64_t kOtherBit = 2;

// Views into the array.
struct PackedReading {
  IndexPlace place;
  std::uint64_t chars = 0;  // char_set(fold)
  std::string_view fold;
  std::string_view digits;
};

class SerialArray {
 public:
  static constexpr std::size_t kHeader = 22;  // idx 8, chars 8, item_no 2, lengths 2 and 2
  static constexpr std::size_t kChunkBytes = 256 * 1024;
  // Longer keys do not exist (record::kMaxSerialChars) and are passed over.
  static constexpr std::size_t kMaxKeyBytes = 512;
  // What a peer that floods a node with numbers can fill: about seven million weapons. Numbers
  // beyond it stay in the file and in the blind index; left_out() counts them.
  static constexpr std::size_t kMostBytes = 256u << 20;

  explicit SerialArray(std::size_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  void add(LeafIndex idx, const SerialReading& reading) {
    add({idx, reading.item_no}, reading.fold, reading.digits);
  }
  void add(const IndexPlace& place, std::string_view fold, std::string_view digits);
  // Takes out all readings of a record and overwrites where they stood.
  void drop(LeafIndex idx);
  void clear();

  std::size_t size() const { return size_; }
  // Readings that found no room. Not fewer when a record goes: they come in at the next start.
  std::size_t left_out() const { return left_out_; }
  std::size_t memory_bytes() const;  // everything it holds
  bool holds_bytes(std::string_view bytes) const;  // anywhere in its memory; for tests of drop()

  // In no order that means anything; visit(const PackedReading&).
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (const Chunk& chunk : chunks_)
      for (std::size_t at = 0; at < chunk.used;) visit(read(chunk.bytes.get(), at));
  }

 private:
  struct Chunk {
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t used = 0;
    std::size_t most = 0;   // that ever was
    LeafIndex first = 0;  // least and greatest index in it
    LeafIndex last = 0;
  };

  // Moves `at` past the reading.
  static PackedReading read(const std::uint8_t* bytes, std::size_t& at) {
    PackedReading out;
    std::uint16_t sizes[3];
    std::memcpy(&out.place.idx, bytes + at, 8);
    std::memcpy(&out.chars, bytes + at + 8, 8);
    std::memcpy(sizes, bytes + at + 16, sizeof sizes);
    const auto* text = reinterpret_cast<const char*>(bytes + at + kHeader);
    out.place.item_no = sizes[0];
    out.fold = {text, sizes[1]};
    out.digits = {text + sizes[1], sizes[2]};
    at += kHeader + sizes[1] + sizes[2];
    return out;
  }

  std::vector<Chunk> chunks_;
  std::size_t most_bytes_;
  std::size_t size_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace focal::store

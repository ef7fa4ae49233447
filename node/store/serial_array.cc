#include "node/store/serial_array.h"

#include <algorithm>

#include "base/check.h"

namespace focal::store {
namespace {

constexpr unsigned kFirstLetter = 2;
constexpr unsigned kFirstDigit = kFirstLetter + 26;

std::uint64_t bit_of(char c) {
  if (c == '?' || c == '*') return kPatternBit;
  if (c >= 'A' && c <= 'Z') return std::uint64_t{1} << (kFirstLetter + static_cast<unsigned>(c - 'A'));
  if (c >= '0' && c <= '9') return std::uint64_t{1} << (kFirstDigit + static_cast<unsigned>(c - '0'));
  return kOtherBit;
}

}  // namespace

std::uint64_t char_set(std::string_view fold) {
  std::uint64_t out = 0;
  for (const char c : fold) out |= bit_of(c);
  return out;
}

void SerialArray::add(const IndexPlace& place, std::string_view fold, std::string_view digits) {
  if (fold.size() > kMaxKeyBytes || digits.size() > kMaxKeyBytes) return;
  FOCAL_CHECK(place.item_no <= 0xffff);
  const std::size_t size = kHeader + fold.size() + digits.size();
  if (chunks_.empty() || chunks_.back().used + size > kChunkBytes) {
    if ((chunks_.size() + 1) * kChunkBytes > most_bytes_) {
      ++left_out_;
      return;
    }
    chunks_.push_back({std::make_unique_for_overwrite<std::uint8_t[]>(kChunkBytes), 0, 0,
                       place.idx, place.idx});
  }
  Chunk& chunk = chunks_.back();
  std::uint8_t* at = chunk.bytes.get() + chunk.used;
  const std::uint64_t chars = char_set(fold);
  const std::uint16_t sizes[3] = {static_cast<std::uint16_t>(place.item_no),
                                  static_cast<std::uint16_t>(fold.size()),
                                  static_cast<std::uint16_t>(digits.size())};
  std::memcpy(at, &place.idx, 8);
  std::memcpy(at + 8, &chars, 8);
  std::memcpy(at + 16, sizes, sizeof sizes);
  if (!fold.empty()) std::memcpy(at + kHeader, fold.data(), fold.size());
  if (!digits.empty()) std::memcpy(at + kHeader + fold.size(), digits.data(), digits.size());
  chunk.used += size;
  chunk.most = std::max(chunk.most, chunk.used);
  chunk.first = std::min(chunk.first, place.idx);
  chunk.last = std::max(chunk.last, place.idx);
  ++size_;
}

void SerialArray::drop(LeafIndex idx) {
  for (Chunk& chunk : chunks_) {
    if (idx < chunk.first || idx > chunk.last) continue;
    std::uint8_t* bytes = chunk.bytes.get();
    std::size_t kept = 0;
    for (std::size_t at = 0; at < chunk.used;) {
      const std::size_t begin = at;
      if (read(bytes, at).place.idx == idx) {
        --size_;
        continue;
      }
      if (kept != begin) std::memmove(bytes + kept, bytes + begin, at - begin);
      kept += at - begin;
    }
    std::memset(bytes + kept, 0, chunk.used - kept);
    chunk.used = kept;
  }
  std::erase_if(chunks_, [](const Chunk& chunk) { return chunk.used == 0; });
}

void SerialArray::clear() {
  chunks_.clear();
  size_ = 0;
  left_out_ = 0;
}

std::size_t SerialArray::memory_bytes() const {
  return chunks_.size() * kChunkBytes + chunks_.capacity() * sizeof(Chunk);
}

// Chunks are not cleared when they are made: only what was used once is looked at.
bool SerialArray::holds_bytes(std::string_view bytes) const {
  return std::any_of(chunks_.begin(), chunks_.end(), [bytes](const Chunk& chunk) {
    const auto* text = reinterpret_cast<const char*>(chunk.bytes.get());
    return std::string_view(text, chunk.most).find(bytes) != std::string_view::npos;
  });
}

}  // namespace focal::store

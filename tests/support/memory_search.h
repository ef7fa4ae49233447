// Where in the memory of this process a secret stands. The secret is known to the searcher
// only as a mask, so that the searcher itself holds no copy of it.
#pragma once

#include <sys/mman.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace focal::test {

// 30 bytes out of the middle of a secret of 32: X25519 changes bits of the first and last.
class Needle {
 public:
  explicit Needle(ByteView secret32) {
    for (std::size_t i = 0; i < masked_.size(); ++i)
      masked_[i] = static_cast<std::uint8_t>(secret32[i + 1] ^ kMask);
  }
  // The library looks for the first byte: a test is compiled without optimization (with sanitizers).
  std::size_t count_in(ByteView bytes) const {
    std::size_t n = 0;
    const std::uint8_t* at = bytes.data();
    const std::uint8_t* const end = at + bytes.size();
    while ((at = first_in(at, end)) != nullptr) {
      std::size_t i = 1;
      while (i < masked_.size() && (at[i] ^ kMask) == masked_[i]) ++i;
      n += i == masked_.size() ? 1 : 0;
      ++at;
    }
    return n;
  }

 private:
  // Where it may begin; nullptr: nowhere more.
  const std::uint8_t* first_in(const std::uint8_t* at, const std::uint8_t* end) const {
    if (static_cast<std::size_t>(end - at) < masked_.size()) return nullptr;
    const std::size_t places = static_cast<std::size_t>(end - at) - masked_.size() + 1;
    return static_cast<const std::uint8_t*>(std::memchr(at, masked_[0] ^ kMask, places));
  }

  static constexpr std::uint8_t kMask = 0x5a;
  std::array<std::uint8_t, 30> masked_{};
};

// In every readable mapping, but its own window and what is too large to hold data (the
// shadow of a sanitizer). places: what the mappings that hold it are.
inline std::size_t count_in_memory(const Needle& needle, std::vector<std::string>& places) {
  constexpr std::size_t kWindow = 1u << 20, kOverlap = 64, kTooLarge = std::size_t{1} << 32;
  void* const mapped = ::mmap(nullptr, kWindow, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return 0;
  auto* const window = static_cast<std::uint8_t*>(mapped);
  std::FILE* const memory = std::fopen("/proc/self/mem", "rb");
  std::ifstream maps("/proc/self/maps");
  std::size_t found = 0;
  for (std::string line; memory != nullptr && std::getline(maps, line);) {
    std::uint64_t from = 0, to = 0;
    char access[5] = {};
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s", &from, &to, access) != 3) continue;
    if (access[0] != 'r' || to - from > kTooLarge || line.find("[v") != std::string::npos) continue;
    if (from <= reinterpret_cast<std::uint64_t>(window) && reinterpret_cast<std::uint64_t>(window) < to)
      continue;
    std::size_t here = 0;
    for (std::uint64_t at = from; at < to; at += kWindow - kOverlap) {
      const std::size_t want = std::min<std::uint64_t>(kWindow, to - at);
      std::setvbuf(memory, nullptr, _IONBF, 0);
      if (std::fseek(memory, static_cast<long>(at), SEEK_SET) != 0) break;
      const std::size_t got = std::fread(window, 1, want, memory);
      here += needle.count_in({window, got});
      if (got < want || want < kWindow) break;
    }
    if (here != 0) places.push_back(line);
    found += here;
  }
  if (memory != nullptr) std::fclose(memory);
  ::munmap(mapped, kWindow);
  return found;
}

}  // namespace focal::test

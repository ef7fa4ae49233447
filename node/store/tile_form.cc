#include "node/store/tile_form.h"

#include <algorithm>

#include "base/check.h"

namespace focal::store {
namespace {

constexpr std::uint64_t kGroup = 1000;  // a folder holds at most so many of a kind

// Three digits a folder, all but the last group behind an x: 1234067 is x001/x234/067.
std::string number_path(std::uint64_t n) {
  const auto three = [](std::uint64_t part) {
    std::string digits = std::to_string(part);
    return digits.insert(0, 3 - digits.size(), '0');
  };
  std::string out = three(n % kGroup);
  for (n /= kGroup; n != 0; n /= kGroup)
    out.insert(0, std::string("x").append(three(n % kGroup)).append("/"));
  return out;
}

std::string path_of(std::string folder, std::uint64_t n, std::uint64_t width) {
  FOCAL_CHECK(width >= 1 && width <= kExportWidth);
  folder.append("/").append(number_path(n));
  if (width < kExportWidth) folder.append(".p/").append(std::to_string(width));
  return folder;
}

}  // namespace

std::uint64_t level_width(std::uint64_t size, unsigned level) {
  FOCAL_CHECK(level < kExportLevels);
  return size >> (kExportHeight * level);
}

std::uint64_t tiles_in(std::uint64_t size, unsigned level) {
  const std::uint64_t width = level_width(size, level);
  return width / kExportWidth + (width % kExportWidth == 0 ? 0 : 1);
}

std::uint64_t tile_width(std::uint64_t size, unsigned level, std::uint64_t n) {
  const std::uint64_t width = level_width(size, level);
  if (n >= tiles_in(size, level)) return 0;
  return std::min(width - n * kExportWidth, kExportWidth);
}

std::string tile_path(unsigned level, std::uint64_t n, std::uint64_t width) {
  return path_of("tile/" + std::to_string(level), n, width);
}

std::string entries_path(std::uint64_t n, std::uint64_t width) {
  return path_of("tile/entries", n, width);
}

Bytes tile_bytes(std::uint64_t size, unsigned level, std::uint64_t n,
                 const crypto::SubtreeHash& at) {
  const std::uint64_t width = tile_width(size, level, n);
  FOCAL_CHECK(width != 0);
  Bytes out;
  out.reserve(width * sizeof(Hash32));
  for (std::uint64_t i = 0; i < width; ++i)
    append(out, at(kExportHeight * level, n * kExportWidth + i));
  return out;
}

void add_entry(Bytes& bundle, const LeafBytes& leaf) {
  static_assert(kLeafSize <= 0xFF);
  bundle.push_back(0);
  bundle.push_back(static_cast<std::uint8_t>(kLeafSize));
  append(bundle, leaf);
}

}  // namespace focal::store

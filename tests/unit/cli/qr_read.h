// Reads a QR code back, written from ISO/IEC 18004 and independent of the library
// that drew it: error correction M, versions 1 to 6, no module damaged. It corrects
// nothing: a wrong module shows as a wrong text.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "node/cli/qr.h"

namespace focal::cli {

class QrReader {
 public:
  explicit QrReader(const QrCode& code) : code_(code), version_((code.size - 17) / 4) {}

  // The text, or nothing where this is no such code.
  std::optional<std::string> text() {
    if (code_.size != 17 + 4 * version_ || version_ < 1 || version_ > 6) return std::nullopt;
    for (const auto& [x, y] : {std::pair{0, 0}, {code_.size - 7, 0}, {0, code_.size - 7}})
      if (!has_finder(x, y)) return std::nullopt;
    if (!has_timing()) return std::nullopt;
    const auto mask = read_mask();
    if (!mask) return std::nullopt;
    read_codewords(*mask);
    return read_segments();
  }

 private:
  bool dark(int x, int y) const {
    return code_.dark[static_cast<std::size_t>(y * code_.size + x)];
  }
  bool has_finder(int left, int top) const {
    for (int y = 0; y < 7; ++y)
      for (int x = 0; x < 7; ++x) {
        const int ring = std::max(std::abs(x - 3), std::abs(y - 3));
        if (dark(left + x, top + y) != (ring != 2)) return false;
      }
    return true;
  }
  bool has_timing() const {
    for (int i = 8; i < code_.size - 8; ++i)
      if (dark(i, 6) != (i % 2 == 0) || dark(6, i) != (i % 2 == 0)) return false;
    return true;
  }
  // The 15 bits beside the upper left finder, newest first: 2 of level, 3 of mask, 10 of BCH.
  std::optional<int> read_mask() const {
    static constexpr std::array<std::pair<int, int>, 15> kPlaces = {{
        {0, 8}, {1, 8}, {2, 8}, {3, 8}, {4, 8}, {5, 8}, {7, 8}, {8, 8},
        {8, 7}, {8, 5}, {8, 4}, {8, 3}, {8, 2}, {8, 1}, {8, 0}}};
    unsigned bits = 0;
    for (const auto& [x, y] : kPlaces) bits = bits << 1 | (dark(x, y) ? 1u : 0u);
    bits ^= 0x5412;
    unsigned rest = bits;
    for (int i = 14; i >= 10; --i)
      if ((rest >> i & 1u) != 0) rest ^= 0x537u << (i - 10);
    if (rest != 0 || bits >> 13 != 0) return std::nullopt;  // BCH; level M is 00
    return static_cast<int>(bits >> 10 & 7u);
  }
  static bool masked(int mask, int x, int y) {
    switch (mask) {
      case 0: return (y + x) % 2 == 0;
      case 1: return y % 2 == 0;
      case 2: return x % 3 == 0;
      case 3: return (y + x) % 3 == 0;
      case 4: return (y / 2 + x / 3) % 2 == 0;
      case 5: return y * x % 2 + y * x % 3 == 0;
      case 6: return (y * x % 2 + y * x % 3) % 2 == 0;
      default: return ((y + x) % 2 + y * x % 3) % 2 == 0;
    }
  }
  bool is_function(int x, int y) const {
    const int n = code_.size;
    if ((x < 9 && y < 9) || (x >= n - 8 && y < 9) || (x < 9 && y >= n - 8)) return true;
    if (x == 6 || y == 6) return true;
    return version_ > 1 && std::abs(x - (n - 7)) <= 2 && std::abs(y - (n - 7)) <= 2;
  }
  void read_codewords(int mask) {
    std::vector<bool> bits;
    bool up = true;
    for (int right = code_.size - 1; right > 0; right -= 2, up = !up) {
      if (right == 6) right = 5;
      for (int i = 0; i < code_.size; ++i)
        for (const int x : {right, right - 1}) {
          const int y = up ? code_.size - 1 - i : i;
          if (!is_function(x, y)) bits.push_back(dark(x, y) != masked(mask, x, y));
        }
    }
    // Data codewords stand first, dealt out to the blocks one by one.
    static constexpr std::array<std::array<std::size_t, 2>, 6> kBlocks = {
        {{1, 16}, {1, 28}, {1, 44}, {2, 32}, {2, 43}, {4, 27}}};
    const auto [blocks, each] = kBlocks[static_cast<std::size_t>(version_ - 1)];
    for (std::size_t block = 0; block < blocks; ++block)
      for (std::size_t i = 0; i < each; ++i)
        for (std::size_t bit = 0; bit < 8; ++bit)
          data_.push_back(bits[(i * blocks + block) * 8 + bit]);
  }
  std::optional<unsigned> take(std::size_t n) {
    if (at_ + n > data_.size()) return std::nullopt;
    unsigned out = 0;
    for (std::size_t i = 0; i < n; ++i) out = out << 1 | (data_[at_++] ? 1u : 0u);
    return out;
  }
  std::optional<std::string> read_segments() {
    static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    std::string out;
    for (;;) {
      const auto mode = take(4);
      if (!mode || *mode == 0) return out;  // the end, or no room for its mark
      const auto count = take(*mode == 1 ? 10 : *mode == 2 ? 9 : 8);
      if (!count || (*mode != 1 && *mode != 2 && *mode != 4)) return std::nullopt;
      for (unsigned left = *count; left > 0;) {
        const unsigned step = *mode == 4 ? 1 : std::min(left, *mode == 1 ? 3u : 2u);
        const auto value = take(*mode == 4 ? 8 : *mode == 1 ? 3 * step + 1 : step == 2 ? 11 : 6);
        if (!value) return std::nullopt;
        if (*mode == 4) out += static_cast<char>(*value);
        if (*mode == 1) {
          const std::string digits = std::to_string(*value);
          if (digits.size() > step) return std::nullopt;
          out += std::string(step - digits.size(), '0') + digits;
        }
        if (*mode == 2 && *value >= (step == 2 ? 45u * 45u : 45u)) return std::nullopt;
        if (*mode == 2 && step == 2) out += kAlphabet[*value / 45];
        if (*mode == 2) out += kAlphabet[*value % 45];
        left -= step;
      }
    }
  }

  const QrCode& code_;
  int version_;
  std::vector<bool> data_;
  std::size_t at_ = 0;
};

}  // namespace focal::cli

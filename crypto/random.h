// Randomness is a parameter, so that tests and the simulator can repeat a run.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "base/bytes.h"

namespace focal::crypto {

class Rng {
 public:
  virtual ~Rng() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> out;
    fill(out);
    return out;
  }
  std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound), bound > 0
};

// The operating system's generator through libsodium: a fresh 32-byte seed for
// each 4 KiB, stretched by libsodium's ChaCha20; used bytes are wiped. One
// instance per thread.
class SystemRng final : public Rng {
 public:
  SystemRng();
  ~SystemRng() override;
  void fill(std::span<std::uint8_t> out) override;

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

// Deterministic ChaCha20 stream of a 64-bit seed. Tests and simulator only.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed);
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::array<std::uint8_t, 32> key_{};
  std::uint64_t block_ = 0;
};

}  // namespace focal::crypto

#include "crypto/random.h"

#include <pthread.h>
#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/check.h"
#include "crypto/secret.h"

namespace focal::crypto {
namespace {

constexpr std::size_t kPoolSize = 4096;

// Grows in the child of every fork: a pool filled before the fork must not be
// used by both processes.
std::atomic<std::uint64_t> fork_count{0};

void watch_forks() {
  static const int done =
      pthread_atfork(nullptr, nullptr, [] { fork_count.fetch_add(1, std::memory_order_relaxed); });
  FOCAL_CHECK(done == 0);
}

}  // namespace

std::uint64_t Rng::below(std::uint64_t bound) {
  FOCAL_CHECK(bound > 0);
  // The largest multiple of bound that fits, so that every remainder is equally likely.
  const std::uint64_t excess = (~std::uint64_t{0} % bound + 1) % bound;
  for (;;) {
    const std::uint64_t v = get_u64be(array<8>());
    if (v <= ~std::uint64_t{0} - excess) return v % bound;
  }
}

struct SystemRng::Pool {
  Secret bytes{kPoolSize};
  std::size_t used = kPoolSize;
  std::uint64_t forks = 0;
};

SystemRng::SystemRng() : pool_(std::make_unique<Pool>()) { watch_forks(); }
SystemRng::~SystemRng() = default;

void SystemRng::fill(std::span<std::uint8_t> out) {
  if (out.size() >= kPoolSize) {
    randombytes_buf(out.data(), out.size());
    return;
  }
  Pool& pool = *pool_;
  const std::uint64_t forks = fork_count.load(std::memory_order_relaxed);
  if (forks != pool.forks) {
    pool.forks = forks;
    pool.used = kPoolSize;
  }
  while (!out.empty()) {
    if (pool.used == kPoolSize) {
      // One system call a pool: libsodium asks the kernel for 256 bytes at a time,
      // so its stream cipher stretches a fresh seed instead.
      Secret seed(randombytes_SEEDBYTES);
      randombytes_buf(seed.bytes().data(), seed.size());
      randombytes_buf_deterministic(pool.bytes.bytes().data(), kPoolSize, seed.view().data());
      pool.used = 0;
    }
    const auto piece = pool.bytes.bytes().subspan(pool.used);
    const std::size_t n = std::min(out.size(), piece.size());
    std::memcpy(out.data(), piece.data(), n);
    wipe(piece.first(n));
    pool.used += n;
    out = out.subspan(n);
  }
}

SeededRng::SeededRng(std::uint64_t seed) {
  for (std::size_t i = 0; i < 8; ++i) key_[i] = static_cast<std::uint8_t>(seed >> (56 - 8 * i));
}

void SeededRng::fill(std::span<std::uint8_t> out) {
  // One nonce a call: the same calls give the same bytes.
  std::array<std::uint8_t, crypto_stream_chacha20_NONCEBYTES> nonce{};
  const std::uint64_t n = block_++;
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<std::uint8_t>(n >> (56 - 8 * i));
  crypto_stream_chacha20(out.data(), out.size(), nonce.data(), key_.data());
}

}  // namespace focal::crypto

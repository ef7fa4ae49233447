// Secret bytes: locked memory, wiped when they go, move-only, never printable.
// Comparison only in constant time. Source: libsodium sodium_malloc/sodium_mlock.
#pragma once

#include <cstddef>
#include <span>

#include "base/bytes.h"

namespace focal::crypto {

class Secret {
 public:
  Secret() = default;                      // empty
  explicit Secret(std::size_t size);       // zeroed
  static Secret copy_of(ByteView bytes);   // the caller wipes its own copy
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  Secret clone() const;                    // an explicit second copy
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  ByteView view() const { return {data_, size_}; }
  std::span<std::uint8_t> bytes() { return {data_, size_}; }
  bool equals(ByteView other) const;       // constant time for equal sizes

  // How many are held in this process, empty ones not counted: tests see that one was
  // wiped. Any thread.
  static std::uint64_t alive();

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Overwrites memory that held a secret.
void wipe(std::span<std::uint8_t> bytes);

// Once per process before anything else of crypto/: libsodium, the hash
// context, self-tests (known answers; the mixed-order point check of
// CVE-2025-69277). Aborts when a self-test fails. Idempotent.
void init();

}  // namespace focal::crypto

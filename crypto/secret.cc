#include "crypto/secret.h"

#include <sodium.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <utility>

#include "base/check.h"
#include "crypto/self_test.h"

namespace focal::crypto {
namespace {

// Keys are mostly 32 bytes, and sodium_malloc costs three pages and several
// system calls a piece. Small secrets therefore share locked slabs; a secret
// larger than a slot gets its own guarded pages.
constexpr std::size_t kSlotSize = 64;
constexpr std::size_t kSlabSize = 64 * 1024;

struct Slabs {
  std::mutex mutex;
  std::vector<std::uint8_t*> free;
};

// Process-wide because locked pages are: never freed, so that a Secret with
// static lifetime can still be wiped at exit.
Slabs& slabs() {
  static Slabs* const instance = new Slabs;
  return *instance;
}

std::uint8_t* allocate_pages(std::size_t size) {
  auto* const data = static_cast<std::uint8_t*>(sodium_malloc(size));
  FOCAL_CHECK(data != nullptr);
  return data;
}

std::atomic<std::uint64_t> held{0};

std::uint8_t* allocate(std::size_t size) {
  if (size == 0) return nullptr;
  ++held;
  if (size > kSlotSize) return allocate_pages(size);
  Slabs& s = slabs();
  const std::lock_guard lock(s.mutex);
  if (s.free.empty()) {
    std::uint8_t* const slab = allocate_pages(kSlabSize);
    for (std::size_t at = kSlabSize; at != 0; at -= kSlotSize)
      s.free.push_back(slab + at - kSlotSize);
  }
  std::uint8_t* const slot = s.free.back();
  s.free.pop_back();
  return slot;
}

void release(std::uint8_t* data, std::size_t size) {
  if (data == nullptr) return;
  --held;
  if (size > kSlotSize) {
    sodium_free(data);  // wipes
    return;
  }
  sodium_memzero(data, size);
  Slabs& s = slabs();
  const std::lock_guard lock(s.mutex);
  s.free.push_back(data);
}

}  // namespace

Secret::Secret(std::size_t size) : data_(nullptr), size_(size) {
  FOCAL_CHECK(sodium_init() >= 0);
  data_ = allocate(size);
  if (size != 0) std::memset(data_, 0, size);
}

Secret Secret::copy_of(ByteView bytes) {
  Secret out(bytes.size());
  if (!bytes.empty()) std::memcpy(out.data_, bytes.data(), bytes.size());
  return out;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    release(data_, size_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { release(data_, size_); }

std::uint64_t Secret::alive() { return held; }

Secret Secret::clone() const { return copy_of(view()); }

bool Secret::equals(ByteView other) const {
  if (other.size() != size_) return false;
  return size_ == 0 || sodium_memcmp(data_, other.data(), size_) == 0;
}

void wipe(std::span<std::uint8_t> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

void init() {
  static const bool done = [] {
    FOCAL_CHECK(sodium_init() >= 0);
    FOCAL_CHECK(self_test());
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace focal::crypto

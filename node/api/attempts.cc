#include "node/api/attempts.h"

#include <algorithm>

namespace focal::api {
namespace {

constexpr unsigned kFreeTries = 5;
constexpr std::uint64_t kFirstLockMs = 60'000;
constexpr std::uint64_t kLongestLockMs = 3'600'000;
constexpr std::size_t kLongestName = 64;

}  // namespace

std::list<Attempts::Name>::iterator Attempts::place(std::string_view name) {
  return std::find_if(names_.begin(), names_.end(), [&](const Name& one) {
    return one.name == name.substr(0, kLongestName);
  });
}

std::uint64_t Attempts::wait_ms(std::string_view name, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = place(name);
  if (found == names_.end() || found->locked_until_ms <= now_ms) return 0;
  return found->locked_until_ms - now_ms;
}

void Attempts::failed(std::string_view name, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  auto found = place(name);
  if (found == names_.end()) {
    if (names_.size() >= kMostNames)
      names_.erase(std::min_element(names_.begin(), names_.end(), [](const Name& a, const Name& b) {
        return a.failures < b.failures;
      }));
    found = names_.insert(names_.end(), Name{std::string(name.substr(0, kLongestName)), 0, 0});
  }
  names_.splice(names_.end(), names_, found);
  if (++found->failures < kFreeTries) return;
  const unsigned doublings = std::min(found->failures - kFreeTries, 6u);
  found->locked_until_ms = now_ms + std::min(kFirstLockMs << doublings, kLongestLockMs);
}

void Attempts::succeeded(std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (const auto found = place(name); found != names_.end()) names_.erase(found);
}

}  // namespace focal::api

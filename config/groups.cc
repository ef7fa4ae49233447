#include "config/groups.h"

#include <grp.h>

#include <charconv>
#include <system_error>
#include <vector>

namespace focal::config {
namespace {
constexpr std::size_t kMaxEntry = 64u << 10;  // of the group database, with all members
}  // namespace

std::optional<std::uint32_t> group_number(const std::string& text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc{} && at == end) return number;
  std::vector<char> texts(kMaxEntry);
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(text.c_str(), &entry, texts.data(), texts.size(), &found) != 0 ||
      found == nullptr)
    return std::nullopt;
  return found->gr_gid;
}

}  // namespace focal::config

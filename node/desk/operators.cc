#include "node/desk/operators.h"

#include <pwd.h>

#include <vector>

namespace focal::desk {
namespace {

constexpr std::size_t kMaxEntry = 16u << 10;  // of the user database, with all its texts

}  // namespace

std::string operator_name(const Caller& caller) {
  std::string uid = "uid " + std::to_string(caller.uid);
  std::vector<char> texts(kMaxEntry);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(caller.uid, &entry, texts.data(), texts.size(), &found) != 0 ||
      found == nullptr)
    return uid;
  return std::string(found->pw_name) + " (" + uid + ")";
}

}  // namespace focal::desk

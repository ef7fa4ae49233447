// Another user than we are, for tests of what one user may do to another: in a child, for good,
// and made sure of. Whoever calls this as root gets a child that is somebody else; whoever is an
// unprivileged user already cannot change, and is asked to be what the test needs: not root.
#pragma once

#include <sys/types.h>

#include <functional>
#include <vector>

namespace focal::test {

// Who a child is. The caller has to be root; a child that did not change ends with kNotChanged.
struct Ids {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups{};  // besides
};
inline constexpr int kNotChanged = 125;
// In a child, before anything else: gives up root for good and makes sure of it.
[[noreturn]] void refuse_ids();
void become(const Ids& ids);  // or refuse_ids()

// What the attempt returns (0 to 120) in a child that has none of root's powers: with root as the
// caller another user, else the caller. A child that still has them is a failure of the test.
int unprivileged(const std::function<int()>& attempt);
// The same by a user of that number; the caller has to be root.
int as_user(const Ids& ids, const std::function<int()>& attempt);

}  // namespace focal::test

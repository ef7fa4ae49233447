#include "tests/support/other_user.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace focal::test {
namespace {

constexpr int kNoEnd = 124;  // the child was killed
constexpr uid_t kNobody = 65'534;

int code_of_child(const std::function<void()>& change, const std::function<int()>& attempt) {
  const pid_t child = ::fork();
  if (child == 0) {
    change();
    ::_exit(attempt());
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : kNoEnd;
  EXPECT_NE(code, kNotChanged) << "the child is still who we are";
  EXPECT_NE(code, kNoEnd) << "the child was killed";
  return code;
}

}  // namespace

void refuse_ids() { ::_exit(kNotChanged); }

void become(const Ids& ids) {
  if (::chdir("/") != 0 || ::setgroups(ids.groups.size(), ids.groups.data()) != 0 ||
      ::setresgid(ids.gid, ids.gid, ids.gid) != 0 || ::setresuid(ids.uid, ids.uid, ids.uid) != 0)
    refuse_ids();
  uid_t real = 0, effective = 0, saved = 0;
  if (::getresuid(&real, &effective, &saved) != 0 || real != ids.uid || effective != ids.uid ||
      saved != ids.uid || ::getuid() != ids.uid || ::geteuid() != ids.uid ||
      ::getgid() != ids.gid || ::getegid() != ids.gid)
    refuse_ids();
  if (ids.uid != 0 && ::setuid(0) == 0) refuse_ids();  // there is no way back
}

int as_user(const Ids& ids, const std::function<int()>& attempt) {
  return code_of_child([&] { become(ids); }, attempt);
}

int unprivileged(const std::function<int()>& attempt) {
  if (::geteuid() == 0) return as_user({kNobody, kNobody, {}}, attempt);
  const auto is_nobody_special = [] {
    uid_t real = 0, effective = 0, saved = 0;
    if (::getresuid(&real, &effective, &saved) != 0 || real == 0 || effective == 0 || saved == 0 ||
        ::setuid(0) == 0)
      refuse_ids();
  };
  return code_of_child(is_nobody_special, attempt);
}

}  // namespace focal::test

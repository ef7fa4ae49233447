// These tests change to other users, which only root may. Whoever else starts the program: it
// starts itself again through sudo, and if that cannot be, it fails and says what to do. It never
// skips.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

constexpr char kMark[] = "--focal-through-sudo";

int start_again(int argc, char** argv) {
  char self[4096];
  const ssize_t length = ::readlink("/proc/self/exe", self, sizeof self - 1);
  if (length <= 0) return 1;
  self[length] = '\0';
  std::string sudo = "sudo", not_asking = "-n", mark = kMark;
  std::vector<char*> words{sudo.data(), not_asking.data(), self};
  for (int i = 1; i < argc; ++i) words.push_back(argv[i]);
  words.push_back(mark.data());
  words.push_back(nullptr);
  ::execvp("sudo", words.data());
  std::perror("sudo");
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bool again = argc > 1 && std::string(argv[argc - 1]) == kMark;
  if (again) --argc;
  if (::geteuid() != 0) {
    const int failed = again ? 1 : start_again(argc, argv);
    std::fprintf(stderr,
                 "These tests change to unprivileged users, so they need root. Run them as root, or "
                 "as a user whom sudo lets in without a password (\"sudo -n true\" must work).\n");
    return failed;
  }
  ::testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}

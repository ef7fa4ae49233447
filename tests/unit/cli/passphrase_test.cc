// Goal: a passphrase comes whole from each of its sources, never from elsewhere, and
// is not shown while it is typed.
// Method: pipes, a credentials folder, and a pseudo-terminal whose output is read back.
#include "node/cli/passphrase.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace focal::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Passphrase : public ::testing::Test {
 protected:
  void SetUp() override {
    crypto::init();
    ::unsetenv("CREDENTIALS_DIRECTORY");
  }
  void TearDown() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }

  static int pipe_with(std::string_view bytes) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    EXPECT_EQ(::write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    ::close(ends[1]);
    return ends[0];
  }
  static Result<crypto::Secret> from_fd(std::string_view bytes, bool fresh = false) {
    PassphraseSource source;
    source.fd = pipe_with(bytes);
    source.fresh = fresh;
    return read_passphrase(source);
  }
  static std::string text(const Result<crypto::Secret>& secret) {
    return secret.has_value() ? to_string(secret->view()) : "error: " + secret.error().message;
  }
};

TEST_F(Passphrase, FromAFileDescriptorWithoutItsLineBreak) {
  EXPECT_EQ(text(from_fd("correct horse\n")), "correct horse");
  EXPECT_EQ(text(from_fd("correct horse")), "correct horse");
  EXPECT_EQ(text(from_fd("correct horse\r\n")), "correct horse");
  EXPECT_EQ(text(from_fd(" blanks stay \nsecond line")), " blanks stay ");
  const std::string most(kMaxPassphraseBytes, 'x');
  EXPECT_EQ(text(from_fd(most + "\n")), most);
}

TEST_F(Passphrase, BadOnesAreRefused) {
  EXPECT_EQ(from_fd("").error().code, ErrorCode::kPassphrase);
  EXPECT_EQ(from_fd("\n").error().code, ErrorCode::kPassphrase);
  EXPECT_EQ(from_fd(std::string("a\0b", 3)).error().code, ErrorCode::kPassphrase);
  EXPECT_EQ(from_fd(std::string(kMaxPassphraseBytes + 1, 'x')).error().code, ErrorCode::kLimit);
  EXPECT_EQ(from_fd(std::string(60000, 'x')).error().code, ErrorCode::kLimit);
  EXPECT_EQ(from_fd("elevenchars", true).error().code, ErrorCode::kPassphrase);
  EXPECT_EQ(text(from_fd("twelve chars", true)), "twelve chars");
  PassphraseSource closed;
  closed.fd = 999;
  EXPECT_EQ(read_passphrase(closed).error().code, ErrorCode::kIo);
}

TEST_F(Passphrase, FromACredentialButTheDescriptorComesFirst) {
  char name[] = "/tmp/focal-cred-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(name);
  std::ofstream(folder / "focal-passphrase") << "from the credential\n";
  ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
  EXPECT_EQ(text(read_passphrase({})), "from the credential");
  EXPECT_EQ(text(from_fd("from the descriptor\n")), "from the descriptor");
  std::filesystem::remove(folder / "focal-passphrase");
  std::filesystem::create_symlink("/etc/hostname", folder / "focal-passphrase");
  EXPECT_EQ(read_passphrase({}).error().code, ErrorCode::kIo) << "links are not followed";
  std::filesystem::remove_all(folder);
}

class Terminal {
 public:
  Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    ::grantpt(master_);
    ::unlockpt(master_);
    slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
  }
  ~Terminal() {
    ::close(slave_);
    ::close(master_);
  }
  int slave() const { return slave_; }
  bool echoes() const {
    termios t{};
    return ::tcgetattr(slave_, &t) == 0 && (t.c_lflag & ECHO) != 0;
  }
  // Types once the prompt has come; what was there before is discarded by the reader.
  std::string prompt_then_type(std::string_view prompt, std::string_view keys) {
    std::string shown = read_until(prompt);
    EXPECT_EQ(::write(master_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
    return shown + read_until("\n");
  }
  std::string read_until(std::string_view mark) {
    std::string out;
    pollfd p{master_, POLLIN, 0};
    char c = 0;
    while (out.find(mark) == std::string::npos && ::poll(&p, 1, 10000) == 1 &&
           ::read(master_, &c, 1) == 1)
      out += c;
    return out;
  }

 private:
  int master_;
  int slave_ = -1;
};

TEST_F(Passphrase, TypedWithoutEcho) {
  Terminal terminal;
  ASSERT_TRUE(terminal.echoes());
  std::string shown;
  std::thread typist([&] { shown = terminal.prompt_then_type("Pass: ", "hunter2 or so\r"); });
  const auto secret = read_hidden_line(terminal.slave(), "Pass: ");
  typist.join();
  EXPECT_EQ(text(secret), "hunter2 or so");
  EXPECT_THAT(shown, HasSubstr("Pass: "));
  EXPECT_THAT(shown, Not(HasSubstr("hunter")));
  EXPECT_TRUE(terminal.echoes()) << "restored";
}

TEST_F(Passphrase, TypedWithCorrections) {
  Terminal terminal;
  std::thread typist([&] { terminal.prompt_then_type("P", "abc\x15x\xC3\xA9\x7f\x7f\x7fok\n"); });
  EXPECT_EQ(text(read_hidden_line(terminal.slave(), "P")), "ok");
  typist.join();
}

TEST_F(Passphrase, CtrlCEndsItAndTheTerminalIsRestored) {
  for (const char* key : {"\x03", "\x04"}) {
    Terminal terminal;
    std::thread typist([&] { terminal.prompt_then_type("P", std::string("abc") + key); });
    const auto secret = read_hidden_line(terminal.slave(), "P");
    typist.join();
    ASSERT_FALSE(secret.has_value());
    EXPECT_EQ(secret.error().code, ErrorCode::kPassphrase);
    EXPECT_TRUE(terminal.echoes());
  }
}

TEST_F(Passphrase, APipeIsNoTerminal) {
  const int fd = pipe_with("x\n");
  EXPECT_EQ(read_hidden_line(fd, "P").error().code, ErrorCode::kIo);
  ::close(fd);
}

}  // namespace
}  // namespace focal::cli

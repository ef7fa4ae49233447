#include "node/cli/passphrase.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace focal::cli {
namespace {

using crypto::Secret;

Error io(const std::string& what) {
  return fail(ErrorCode::kIo, what + ": " + std::strerror(errno));
}

// The passphrase while it is read: fixed locked memory, never moved by growing.
class Line {
 public:
  bool push(unsigned char c) {
    if (size_ == buffer_.size()) return false;
    buffer_.bytes()[size_++] = c;
    return true;
  }
  void pop_character() {  // a whole UTF-8 character
    while (size_ > 0 && (buffer_.bytes()[--size_] & 0xC0) == 0x80) {
    }
  }
  void clear() { size_ = 0; }
  void drop_break() {
    if (size_ > 0 && buffer_.bytes()[size_ - 1] == '\n') --size_;
    if (size_ > 0 && buffer_.bytes()[size_ - 1] == '\r') --size_;
  }
  Secret take() const { return Secret::copy_of(buffer_.view().first(size_)); }

 private:
  Secret buffer_{kMaxPassphraseBytes + 2};  // and a line break
  std::size_t size_ = 0;
};

Error too_long(const std::string& what) {
  return fail(ErrorCode::kLimit, "the " + what + " is longer than " +
              std::to_string(kMaxPassphraseBytes) + " bytes");
}

Result<Secret> checked(Secret secret, const PassphraseSource& source) {
  if (secret.empty())
    return fail(ErrorCode::kPassphrase, "the " + source.what + " is empty");
  if (secret.size() > kMaxPassphraseBytes) return too_long(source.what);
  for (const std::uint8_t byte : secret.view())
    if (byte == 0)
      return fail(ErrorCode::kPassphrase, "the " + source.what + " holds a NUL byte");
  if (source.fresh && secret.size() < kMinNewPassphraseBytes)
    return fail(ErrorCode::kPassphrase,
                "a new passphrase needs at least " + std::to_string(kMinNewPassphraseBytes) +
                    " characters",
                "use several words");
  return secret;
}

Result<Secret> read_fd(int fd, const std::string& what) {
  Line line;
  while (true) {
    unsigned char c = 0;
    const ssize_t n = ::read(fd, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io("the " + what + " cannot be read");
    if (n == 0 || c == '\n') break;
    if (!line.push(c)) return too_long(what);
  }
  line.drop_break();
  return line.take();
}

// Echo off; signals stay with the program as ordinary characters, so that none can end it
// while echo is off.
class HiddenInput {
 public:
  explicit HiddenInput(int fd) : fd_(fd) {
    if (::tcgetattr(fd, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
    hidden.c_iflag |= ICRNL;
    hidden.c_cc[VMIN] = 1;
    hidden.c_cc[VTIME] = 0;
    ok_ = ::tcsetattr(fd, TCSAFLUSH, &hidden) == 0;
  }
  ~HiddenInput() {
    if (ok_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;
  bool ok() const { return ok_; }

 private:
  int fd_;
  termios before_{};
  bool ok_ = false;
};

void say(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

struct Closer {
  int fd;
  ~Closer() { ::close(fd); }
};

Result<Secret> read_terminal(const PassphraseSource& source) {
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return fail(ErrorCode::kPassphrase, "there is no " + source.what + " and no terminal to ask on",
                "use " + source.option + " N, or a systemd credential named " + source.credential);
  const Closer closer{fd};
  FOCAL_ASSIGN(Secret first, read_hidden_line(fd, source.prompt + ": "));
  if (!source.fresh) return first;
  FOCAL_ASSIGN(const Secret second, read_hidden_line(fd, source.prompt + " (again): "));
  if (!first.equals(second.view()))
    return fail(ErrorCode::kPassphrase, "the two passphrases differ", "try again");
  return first;
}

}  // namespace

Result<Secret> read_hidden_line(int terminal, const std::string& prompt) {
  constexpr unsigned char kCtrlC = 3, kCtrlD = 4, kBackspace = 8, kCtrlU = 21, kDelete = 127;
  const HiddenInput hidden(terminal);
  if (!hidden.ok()) return io("the terminal cannot be set to hide what is typed");
  say(terminal, prompt);
  Line line;
  while (true) {
    unsigned char c = 0;
    const ssize_t n = ::read(terminal, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io("the terminal cannot be read");
    if (n == 0 || c == kCtrlC || c == kCtrlD) {
      say(terminal, "\n");
      return fail(ErrorCode::kPassphrase, "no passphrase was typed");
    }
    if (c == '\n') break;
    if (c == kBackspace || c == kDelete) line.pop_character();
    else if (c == kCtrlU) line.clear();
    else if (!line.push(c)) return too_long("line");
  }
  say(terminal, "\n");
  return line.take();
}

Result<Secret> read_passphrase(const PassphraseSource& source) {
  if (source.fd >= 0) {
    const Closer closer{source.fd};
    FOCAL_ASSIGN(Secret secret, read_fd(source.fd, source.what));
    return checked(std::move(secret), source);
  }
  if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY"); folder != nullptr && *folder) {
    const std::string file = std::string(folder) + "/" + source.credential;
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0) {
      const Closer closer{fd};
      FOCAL_ASSIGN(Secret secret, read_fd(fd, source.what));
      return checked(std::move(secret), source);
    }
    if (errno != ENOENT) return io("the credential " + source.credential + " cannot be read");
  }
  FOCAL_ASSIGN(Secret secret, read_terminal(source));
  return checked(std::move(secret), source);
}

}  // namespace focal::cli

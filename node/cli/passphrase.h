// Passphrases: from a file descriptor, a systemd credential or a terminal (typed
// without echo). Never from an argument or the environment, never printed.
#pragma once

#include <string>

#include "base/result.h"
#include "crypto/secret.h"

namespace focal::cli {

inline constexpr std::size_t kMaxPassphraseBytes = 1024;
inline constexpr std::size_t kMinNewPassphraseBytes = 12;

struct PassphraseSource {
  int fd = -1;                                   // --passphrase-fd; -1 = not given
  std::string credential = "focal-passphrase";   // file in $CREDENTIALS_DIRECTORY
  std::string what = "passphrase";               // in errors; another secret line is read alike
  std::string prompt = "Passphrase";             // on the terminal
  std::string option = "--passphrase-fd";        // named in the hint
  bool fresh = false;                            // a new one: typed twice, of the least length
};

// The first of: fd (read to its end or the first line break, then closed), credential,
// terminal. One trailing line break does not count. kPassphrase: none of them is there, it is
// empty, has a NUL byte, the two typed differ, or a fresh one is too short; kLimit: too long;
// kIo: cannot be read.
Result<crypto::Secret> read_passphrase(const PassphraseSource& source);

// One line from a terminal open for reading and writing, echo off meanwhile, its settings
// restored on every way out. kPassphrase: ended by Ctrl-C or Ctrl-D; kLimit; kIo.
Result<crypto::Secret> read_hidden_line(int terminal, const std::string& prompt);

}  // namespace focal::cli

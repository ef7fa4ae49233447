// `focal`, the command line of a focal point's officer.
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "crypto/secret.h"
#include "node/cli/app.h"

int main(int argc, char** argv) {
  focal::crypto::init();
  focal::cli::Io io{std::cin, std::cout, std::cerr};
  io.terminal_in = ::isatty(STDIN_FILENO) == 1;
  io.terminal_out = ::isatty(STDOUT_FILENO) == 1;
  io.terminal_err = ::isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (io.terminal_out && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) io.width = size.ws_col;
  io.pause = [](std::uint64_t ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
  };
  io.environment = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  const focal::cli::Offline offline{focal::cli::offline_init, focal::cli::offline_card_show,
                                    focal::cli::offline_ledger_verify, focal::cli::offline_prepare,
                                    focal::cli::offline_custody, focal::cli::offline_card_apply,
                                    focal::cli::offline_root, focal::cli::offline_restore,
                                    focal::cli::offline_open_log};
  return focal::cli::run(std::vector<std::string>(argv + 1, argv + argc), io, offline);
}

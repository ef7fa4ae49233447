// How far long work is, on one line of the terminal; nothing where nobody looks.
#pragma once

#include <cstdint>

#include "node/cli/session.h"

namespace focal::cli {

class Progress {
 public:
  explicit Progress(Io& io) : io_(io) {}
  ~Progress();  // ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // "120000 of 1000000 leaves, 400000 a second"; `all` or a rate of 0 is not known yet.
  void show(std::uint64_t done, std::uint64_t all, std::uint64_t per_second);

 private:
  Io& io_;
  bool shown_ = false;
};

}  // namespace focal::cli

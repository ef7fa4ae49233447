// What every benchmark needs: time, its settings, and an end with one line on stderr.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include "base/result.h"

namespace focal::bench {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start);

[[noreturn]] void give_up(const std::string& why);

template <typename T>
T need(Result<T> result) {
  if (!result) give_up(result.error().message);
  return std::move(*result);
}

// Of the environment; what is there and no number ends the program.
std::size_t from_env(const char* name, std::size_t otherwise);

}  // namespace focal::bench

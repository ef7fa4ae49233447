#include "bench/measure.h"

#include <cstdio>
#include <cstdlib>

namespace focal::bench {

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::size_t from_env(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  if (text == nullptr) return otherwise;
  const std::size_t value = std::strtoul(text, nullptr, 10);
  if (value == 0) give_up(std::string(name) + " is not a number");
  return value;
}

}  // namespace focal::bench

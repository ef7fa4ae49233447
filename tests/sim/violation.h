// A broken invariant, in plain words. Thrown by checks, caught by the run of a seed.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace focal::sim {

struct Violation : std::runtime_error {
  Violation(std::string which, const std::string& words, std::vector<std::string> where = {})
      : std::runtime_error(words), invariant(std::move(which)), parties(std::move(where)) {}
  std::string invariant;             // "I1", "I2", …
  std::vector<std::string> parties;  // whose ledgers to show
};

}  // namespace focal::sim

// Prints the description of the local API, for docs/openapi.json.
#include <cstdio>

#include "tests/unit/api/described.h"

int main() {
  const std::string text = focal::api::described();
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return whole && std::fflush(stdout) == 0 ? 0 : 1;
}

// Goal: two years of keys (tests/scenario/two_years.h) can see a key that is kept. Method: the
// defect is planted in the production code of this program; without it nothing is found.
#include <cstdio>

#include "base/defect.h"
#include "crypto/secret.h"
#include "tests/scenario/two_years.h"

namespace focal {
Defect planted_defect = Defect::kNone;
}

int main() {
  focal::crypto::init();
  const auto none = focal::test::live_two_years();
  for (const auto& what : none.wrong) std::printf("without a defect: %s\n", what.c_str());
  focal::planted_defect = focal::Defect::kKeyKept;
  const auto kept = focal::test::live_two_years();
  std::printf("key-kept: %s\n", kept.wrong.empty() ? "nothing found" : kept.wrong[0].c_str());
  const bool seen = !kept.wrong.empty() && kept.wrong[0].find(" late") != std::string::npos;
  return none.wrong.empty() && seen ? 0 : 1;
}

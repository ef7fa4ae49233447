// Goal: two years of keys (tests/scenario/two_years.h) can see a key that is kept. Method: the
// defect is planted in the production code of this program; two_years_test is the control.
#include <cstdio>

#include "base/defect.h"
#include "crypto/secret.h"
#include "tests/scenario/two_years.h"

namespace focal {
Defect planted_defect = Defect::kNone;
}

int main() {
  focal::crypto::init();
  focal::planted_defect = focal::Defect::kKeyKept;
  const auto kept = focal::test::live_two_years();
  std::printf("key-kept: %s\n", kept.wrong.empty() ? "nothing found" : kept.wrong[0].c_str());
  const bool seen = !kept.wrong.empty() && kept.wrong[0].find(" late") != std::string::npos;
  return seen ? 0 : 1;
}

// The suite that only test programs have; see test_suite.cc.
#pragma once

#include "crypto/suite.h"

namespace focal::crypto::test {

inline constexpr std::uint8_t kTestSuite = 250;
KemKey test_suite_key(std::uint8_t secret);

}  // namespace focal::crypto::test

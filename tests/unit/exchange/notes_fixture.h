// XB at this node, of which revocations, directories and proofs come.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/exchange/book_names.h"

namespace focal::exchange {

class Notes : public ::testing::Test {
 protected:
  explicit Notes(IntroducerPolicy policy = {}) : w(std::move(policy)) {
    w.pin(w.xc.card());
    w.pin(first, PeerLevel::kVerified, w.xb.schedule_note());
  }
  std::string schedule(std::uint64_t serial, std::size_t weeks = 3, std::uint8_t first_key = 0) {
    ScheduleFields f = w.xb.schedule_fields(weeks);
    f.serial = serial;
    for (std::size_t i = 0; first_key != 0 && i < f.keys.size(); ++i)
      f.keys[i] = make_seal_key(test::dh_key(static_cast<std::uint8_t>(first_key + i)).pk,
                                f.keys[i].not_before_ms);
    return TestParty::must(make_schedule(f, w.xb.sign));
  }
  std::uint64_t serial_at(std::uint64_t ms) { return ms / kSecondMs; }

  BookWorld w;
  Card first = w.xb.card();
};

}  // namespace focal::exchange

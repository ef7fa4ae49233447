// XB at this node, of which cards come from everywhere.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/exchange/book_names.h"

namespace focal::exchange {

class Hold : public ::testing::Test {
 protected:
  explicit Hold(IntroducerPolicy policy = {}) : w(std::move(policy)) {
    w.pin(w.xc.card());
    w.pin(first);
  }
  void confirm(const Card& card) {
    const Status done = w.book.confirm("XB", card.card_id, "jo", w.time());
    EXPECT_TRUE(done.has_value()) << done.error().message;
    w.commit();
  }
  void refuse(const Card& card) {
    const Status done = w.book.refuse("XB", card.card_id, "jo", w.time());
    EXPECT_TRUE(done.has_value()) << done.error().message;
    w.commit();
  }
  Suspension suspended() { return w.peer().row.suspended; }
  std::vector<HoldWhy> held() {
    std::vector<HoldWhy> out;
    for (const auto& each : w.peer().row.held) out.push_back(each.why);
    return out;
  }

  BookWorld w;
  Card first = w.xb.card();
  Card second = test::update_of(w.xb, first, "second");
  Card third = test::update_of(w.xb, second, "third");
};

}  // namespace focal::exchange

// Goal: an introduction file is a card, or a card and its own schedule, and nothing else.
// Method: files put together from good and bad parts; every truncation.
#include "node/exchange/intro.h"

#include <gtest/gtest.h>

#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;

const TestParty& xa() {
  static const TestParty party;
  return party;
}

ErrorCode code_of(const std::string& file) {
  const auto intro = parse_intro(file);
  EXPECT_FALSE(intro.has_value());
  return intro.has_value() ? ErrorCode::kUsage : intro.error().code;
}

TEST(Intro, CardAloneAndCardWithSchedule) {
  const std::string card = xa().card_note();
  const std::string schedule = xa().schedule_note();
  const Introduction alone = parse_intro(make_intro(card, "").value()).value();
  EXPECT_EQ(alone.card.note, card);
  EXPECT_FALSE(alone.schedule.has_value());
  const std::string file = make_intro(card, schedule).value();
  EXPECT_EQ(file, card + schedule);
  const Introduction both = parse_intro(file).value();
  EXPECT_EQ(both.card.note, card);
  EXPECT_EQ(both.schedule.value().note, schedule);
}

TEST(Intro, EveryTruncationIsRefusedButTheCardItself) {
  const std::string card = xa().card_note();
  const std::string file = card + xa().schedule_note();
  for (std::size_t size = 0; size < file.size(); ++size)
    EXPECT_EQ(parse_intro(file.substr(0, size)).has_value(), size == card.size()) << size;
}

TEST(Intro, OtherCombinationsAreRefused) {
  const std::string card = xa().card_note();
  const std::string schedule = xa().schedule_note();
  EXPECT_EQ(code_of(schedule + card), ErrorCode::kCard);
  EXPECT_EQ(code_of(card + card), ErrorCode::kCard);
  EXPECT_EQ(code_of(card + "\n" + schedule), ErrorCode::kCard);
  EXPECT_EQ(code_of(card + "\n"), ErrorCode::kNote);
  EXPECT_FALSE(parse_intro(card + schedule + schedule).has_value());
  EXPECT_EQ(code_of(card + TestParty("XB", 51).schedule_note()), ErrorCode::kCardKey);
  EXPECT_EQ(code_of(card + TestParty("XA", 51).schedule_note()), ErrorCode::kCardKey);
  EXPECT_FALSE(make_intro(schedule, card).has_value());
}

TEST(Intro, DamageByEditorsIsNamed) {
  const std::string file = xa().card_note() + xa().schedule_note();
  std::string crlf;
  for (char c : file) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_NE(parse_intro(crlf).error().message.find("Windows"), std::string::npos);
  EXPECT_NE(parse_intro("\xef\xbb\xbf" + file).error().message.find("byte order"),
            std::string::npos);
  EXPECT_EQ(code_of(""), ErrorCode::kNote);
  EXPECT_EQ(code_of("hello\n"), ErrorCode::kNote);
  EXPECT_EQ(code_of(std::string(kMaxIntroSize + 1, 'x')), ErrorCode::kLimit);
}

}  // namespace
}  // namespace focal::exchange

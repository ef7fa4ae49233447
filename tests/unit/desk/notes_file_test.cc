// Goal: a file of notes is taken apart byte for byte, each note is judged by itself, in an order
// in which they build on each other, and what happened is said; a damaged file takes nothing.
// Method: a whole node; notes of others made here.
#include "tests/unit/desk/trust_fixture.h"

namespace focal::desk {
namespace {

ErrorCode code_of(const Result<std::vector<std::string>>& split) {
  return split ? ErrorCode::kUsage : split.error().code;
}

TEST(SplitNotes, ByteForByteAndEmptyLinesBetween) {
  const TestParty xb("XB", 51), xc("XC", 81);
  const std::string a = xb.card_note(), b = xb.schedule_note(), c = xc.card_note();
  const auto notes = split_notes(a + b + "\n\n" + c + "\n");
  ASSERT_TRUE(notes.has_value()) << notes.error().message;
  EXPECT_EQ(*notes, (std::vector<std::string>{a, b, c}));
}

TEST(SplitNotes, WhatAnEditorOrAMailProgramChangedIsNamed) {
  const std::string a = TestParty("XB", 51).card_note();
  EXPECT_EQ(code_of(split_notes("")), ErrorCode::kNote);
  EXPECT_EQ(code_of(split_notes("\n\n\n")), ErrorCode::kNote);
  EXPECT_EQ(code_of(split_notes("\xef\xbb\xbf" + a)), ErrorCode::kNote);
  std::string windows = a;
  windows.insert(windows.find('\n'), "\r");
  EXPECT_EQ(code_of(split_notes(windows)), ErrorCode::kNote);
  EXPECT_EQ(code_of(split_notes(a + "focal-card/v1\nparty XB\n")), ErrorCode::kNote);
  EXPECT_EQ(code_of(split_notes(a + "focal-card/v1\n\nno signature\n")), ErrorCode::kNote);
  EXPECT_EQ(code_of(split_notes(a.substr(0, a.size() - 1))), ErrorCode::kNote);
  EXPECT_EQ(code_of(split_notes(std::string(kMaxNotesFile + 1, '\n'))), ErrorCode::kLimit);
  std::string many;
  for (std::size_t i = 0; i <= kMaxNotesInFile; ++i) many += "x\n\n\xe2\x80\x94 k s\n";
  EXPECT_EQ(code_of(split_notes(many)), ErrorCode::kLimit);
}

class NotesFile : public TrustDesk {};

TEST_F(NotesFile, AChainOfCardsInAnyOrder) {
  const TestParty xb("XB", 51);
  know(xb);
  const std::string two = update_of(xb, xb.card(), "Two").note;
  const std::string three = update_of(xb, test::parsed_card(two), "Three").note;
  const auto out = notes(three + two + xb.card_note());
  EXPECT_EQ(out.notes(0).result(), "TAKEN") << out.notes(0).text();
  EXPECT_EQ(out.notes(0).text(), "Card 3 of XB is the card in use now.");
  EXPECT_EQ(out.notes(1).result(), "TAKEN");
  EXPECT_EQ(out.notes(2).result(), "KNOWN");
  EXPECT_EQ(peer("XB")->card.note, three);
}

TEST_F(NotesFile, OneBadNoteDoesNotKeepTheOthersOut) {
  const TestParty xb("XB", 51), stranger("XQ", 151);
  know(xb);
  std::string forged = update_of(xb, xb.card(), "Two").note;
  forged.replace(forged.find("authority Two"), 13, "authority Tow");
  const std::string schedule = [&] {
    exchange::ScheduleFields f = xb.schedule_fields();
    f.serial += 5;
    return TestParty::must(exchange::make_schedule(f, xb.sign));
  }();
  const auto out = notes(forged + stranger.card_note() + "focal-else/v1\n\n\xe2\x80\x94 k s\n" +
                         schedule);
  EXPECT_EQ(out.notes(0).result(), "REFUSED");
  EXPECT_EQ(out.notes(1).result(), "REFUSED") << "nobody introduced it, and it is no first contact";
  EXPECT_THAT(out.notes(1).hint(), Not(::testing::IsEmpty()));
  EXPECT_EQ(out.notes(2).what(), "UNKNOWN");
  EXPECT_EQ(out.notes(2).result(), "REFUSED");
  EXPECT_EQ(out.notes(3).result(), "TAKEN");
  EXPECT_EQ(peer("XB")->row.schedule_note, schedule);
  EXPECT_EQ(peer("XB")->card.serial, 1u);
  EXPECT_EQ(peer("XQ"), nullptr);
}

TEST_F(NotesFile, ARevocationIsTakenBeforeTheCardsOfItsFile) {
  const TestParty xb("XB", 51);
  know(xb);
  TestParty renewed("XB", 51);
  renewed.sign = test::signing_key(180);
  renewed.log = test::signing_key(181);
  renewed.witness = test::signing_key(182);
  const std::string next = update_of(renewed, xb.card(), "New").note;
  const auto out = notes(next + revocation_of(xb.card(), xb.root));
  EXPECT_EQ(out.notes(1).result(), "REVOKED") << out.notes(1).text();
  EXPECT_EQ(out.notes(0).result(), "TAKEN");
  EXPECT_EQ(trust("XB").level(), "VERIFIED");
}

TEST_F(NotesFile, AskedForADirectoryNothingElseIsTaken) {
  const TestParty xb("XB", 51);
  know(xb);
  v1::NotesAddRequest request;
  request.set_text(update_of(xb, xb.card(), "Two").note);
  request.set_only("DIRECTORY");
  v1::NotesAddResponse out;
  const Status done = add_notes(node(), request, {}, w.now(), &out);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::kInvalid);
  w.run();
  EXPECT_EQ(peer("XB")->card.serial, 1u);
}

}  // namespace
}  // namespace focal::desk

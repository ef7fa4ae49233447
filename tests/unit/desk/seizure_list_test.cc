// Goal: a dirty list becomes exactly the requests that were shown, or nothing: wrong rows, repeats,
// weapons asked about before and States that cannot be reached are said row by row.
// Method: the list of tests/vectors/seizure and small ones, at a whole node; see seizure_world.h.
#include <set>

#include "node/desk/seizure_rows.h"
#include "tests/unit/desk/seizure_world.h"

namespace focal::desk {
namespace {

using Seizure = SeizureWorld;

std::string list(const std::string& rows) { return "Serial No,Maker,Type,Made in\n" + rows; }

TEST_F(Seizure, PreviewOfADirtyList) {
  const auto shown = preview(dirty());
  EXPECT_EQ(shown.separator(), "SEMICOLON");
  EXPECT_FALSE(shown.guessed());
  EXPECT_EQ(shown.rows(), 200u);
  EXPECT_EQ(shown.bad_rows(), 12u);
  std::set<std::uint32_t> bad;
  for (const auto& problem : shown.problems()) {
    bad.insert(problem.row());
    EXPECT_FALSE(problem.text().empty());
    EXPECT_FALSE(problem.hint().empty()) << problem.row() << " " << problem.text();
  }
  EXPECT_EQ(bad.size(), 12u);
  EXPECT_EQ(*bad.begin(), 190u) << "as a spreadsheet counts";
  EXPECT_EQ(*bad.rbegin(), 201u);
  ASSERT_EQ(shown.repeats_size(), 6);
  EXPECT_EQ(shown.repeats(1).row(), 183u);
  EXPECT_EQ(shown.repeats(1).first_serial(), "KM 445566");
  EXPECT_EQ(shown.repeats(1).tier(), "LATIN");
  EXPECT_EQ(shown.repeats(3).tier(), "FOLD");
  ASSERT_EQ(shown.reach_size(), 2);
  EXPECT_EQ(shown.reach(0).name(), "Fictional State B");
  EXPECT_EQ(shown.reach(0).weapons(), 102u);
  EXPECT_EQ(shown.reach(1).party(), "XC");
  EXPECT_EQ(shown.reach(1).weapons(), 62u) << "16 of them by their import mark";
  EXPECT_EQ(shown.sending(), 164u);
  ASSERT_EQ(shown.stays_size(), 3);
  std::map<std::string, std::uint32_t> stays;
  for (const auto& stay : shown.stays()) {
    stays[stay.country()] = stay.weapons();
    EXPECT_FALSE(stay.hint().empty()) << stay.text();
    EXPECT_EQ(static_cast<std::uint32_t>(stay.rows_size()), stay.weapons());
  }
  EXPECT_EQ(stays, (std::map<std::string, std::uint32_t>{{"", 11}, {"XA", 2}, {"XD", 5}}));
  EXPECT_FALSE(shown.can_send()) << "rows are wrong";
  EXPECT_EQ(sent_by_us(), 0u);
}

TEST_F(Seizure, NothingIsHalfImportedUnlessAskedFor) {
  const auto refused = send(dirty());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(sent_by_us(), 0u);
  auto valid = dirty();
  valid.set_accept_valid(true);
  w.connect("XA", "XB");
  w.connect("XA", "XC");
  const auto sent = send(valid);
  ASSERT_TRUE(sent.has_value()) << sent.error().message;
  ASSERT_EQ(sent->sent_size(), 2);
  EXPECT_EQ(sent->sent(0).reference(), "XA-NPC-2026-0200");
  EXPECT_EQ(sent->sent(1).reference(), "XA-NPC-2026-0200/2");
  EXPECT_EQ(sent->sent(0).case_number(), "T-1");
  EXPECT_FALSE(sent->sent(0).outbox_id().empty());
  EXPECT_EQ(sent_by_us(), 2u);
  w.run();
  const auto at_xb = show("XB");
  EXPECT_EQ(at_xb.items_size(), 102);
  EXPECT_EQ(at_xb.trace().their_ref(), "XA-NPC-2026-0200");
  auto& view = w.view("XA");
  const auto record = root_record(view, *view.case_by_id(1));
  ASSERT_TRUE(record && record->record);
  EXPECT_NE(record->record->header().ack_by_ms, 0u) << "targets as for any other request";
}

TEST_F(Seizure, WhatWasShownIsWhatIsSent) {
  auto asked = request(list("AB1234,Maker,pistol,XB\nAB5678,Maker,pistol,XC\n"));
  const auto shown = preview(asked);
  *asked.mutable_columns() = shown.columns();
  asked.set_plan(shown.plan());
  auto other = asked;
  other.set_csv(list("AB1234,Maker,pistol,XB\nAB5679,Maker,pistol,XC\n"));
  EXPECT_EQ(import(other, "SEND").error().code, ErrorCode::kState);
  w.pin("XA", "XC", store::PeerLevel::kNone);  // trust changed since
  EXPECT_EQ(import(asked, "SEND").error().code, ErrorCode::kState);
  EXPECT_EQ(sent_by_us(), 0u);
  asked.set_plan("");
  EXPECT_EQ(import(asked, "SEND").error().path, "plan");
  asked.set_plan(shown.plan());
  asked.clear_columns();
  EXPECT_EQ(import(asked, "SEND").error().path, "columns") << "a guess is never sent";
}

TEST_F(Seizure, OnePartyLostInBetweenStopsAll) {
  auto asked = request(list("AB1234,Maker,pistol,XB\nAB5678,Maker,pistol,XC\n"));
  const auto shown = preview(asked);
  *asked.mutable_columns() = shown.columns();
  asked.set_plan(shown.plan());
  const int turns = turns_;
  before_ = [&] {  // right before the last turn, the release
    if (turns_ == 2 * turns + 1) w.pin("XA", "XC", store::PeerLevel::kNone);
  };
  const auto refused = import(asked, "SEND");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kTrust);
  w.run();
  EXPECT_EQ(sent_by_us(), 0u) << "XB's request does not leave alone";
}

TEST_F(Seizure, ThePartAroundTheWeaponsIsCheckedFirst) {
  auto asked = request("no list at all \"");
  auto& trace =
      *(*asked.mutable_record()->mutable_fields())["trace_request"].mutable_struct_value();
  trace.mutable_fields()->erase("legal_justification");
  trace.mutable_fields()->erase("questions");
  const auto refused = import(asked, "PREVIEW");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kRecord);
  EXPECT_EQ(refused.error().path, "trace_request.legal_justification");
  EXPECT_NE(refused.error().message.find("trace_request.questions"), std::string::npos);

  asked = request(list("AB1234,Maker,pistol,XB\n"));
  EXPECT_TRUE(json::read(example_text("01_trace_request_XA_XB.json"), *asked.mutable_record()));
  EXPECT_EQ(import(asked, "PREVIEW").error().path, "trace_request.items") << "weapons in it";
  EXPECT_TRUE(json::read(example_text("02_trace_ack_XB_XA.json"), *asked.mutable_record()));
  EXPECT_EQ(import(asked, "PREVIEW").error().code, ErrorCode::kUsage);
}

TEST_F(Seizure, ColumnsAreReadFromTheirTitlesInSixLanguages) {
  const std::map<std::string, std::string> titles = {
      {"fr", "Numéro de série;Marque;Calibre;Type d’arme;Pays de fabrication"},
      {"es", "Número de serie;Marca;Calibre;Tipo de arma;País de fabricación"},
      {"ru", "Серийный номер;Марка;Калибр;Тип оружия;Страна изготовления"},
      {"zh", "序列号;厂牌;口径;武器类型;制造国"},
      {"ar", "الرقم التسلسلي;الماركة;العيار;نوع السلاح;بلد الصنع"},
      {"en", "Serial number;Make;Calibre;Weapon type;Country of manufacture"}};
  for (const auto& [lang, row] : titles) {
    const auto shown = preview(request(row + "\nAB1234;X;9x19;pistol;XB\n"));
    EXPECT_TRUE(shown.guessed());
    std::string fields;
    for (const auto& column : shown.columns()) fields += column.field() + " ";
    EXPECT_EQ(fields, "serial make calibre type country_of_manufacture ") << lang;
    EXPECT_EQ(shown.sending(), 1u) << lang;
  }
}

TEST_F(Seizure, RepeatsAreKeptOnRequest) {
  auto asked =
      request(list("AB0123,,pistol,XB\nABO123,,pistol,XB\nAB0123,Norinco,pistol,XB\n"
                   "AB0123,Beretta,pistol,XB\n,,pistol,XB\n,,pistol,XB\n"
                   "12?456,,pistol,XB\n12?456,,pistol,XB\n"));
  auto shown = preview(asked);
  ASSERT_EQ(shown.repeats_size(), 3);
  EXPECT_EQ(shown.repeats(0).row(), 3u);
  EXPECT_EQ(shown.repeats(0).first_row(), 2u);
  EXPECT_EQ(shown.sending(), 5u) << "without a number, and patterns, they are never repeats";
  asked.set_keep_repeats(true);
  EXPECT_EQ(preview(asked).sending(), 8u);
}

TEST_F(Seizure, WhatWasAskedBeforeIsLeftOutUnlessAskedAgain) {
  w.connect("XA", "XB");
  auto first = request(list("DA 0I7 342,Maker,pistol,XB\n"));
  ASSERT_TRUE(send(first).has_value());
  w.run();
  auto second =
      request(list("DA017342,Maker,pistol,XB\nDA018342,Maker,pistol,XB\n"
                   "DA017342,Maker,rifle,XB\nDA0?7342,Maker,pistol,XB\n"));
  auto shown = preview(second);
  ASSERT_EQ(shown.asked_size(), 1) << "not one character other, not another type, no pattern";
  EXPECT_EQ(shown.asked(0).row(), 2u);
  EXPECT_EQ(shown.asked(0).serial(), "DA017342");
  EXPECT_EQ(shown.asked(0).match().case_number(), "T-1");
  EXPECT_EQ(shown.asked(0).match().party(), "XB");
  EXPECT_EQ(shown.asked(0).match().serial(), "DA 0I7 342");
  EXPECT_EQ(shown.asked(0).match().item_no(), 1u);
  EXPECT_FALSE(shown.asked(0).match().date().empty());
  EXPECT_EQ(shown.sending(), 3u);
  second.set_ask_again(true);
  shown = preview(second);
  EXPECT_TRUE(shown.asked(0).kept());
  EXPECT_EQ(shown.sending(), 4u);
  EXPECT_FALSE(preview(first).can_send()) << "nothing is left of the first";

  w.advance(kMinuteMs);
  const auto sent = send(second);
  ASSERT_TRUE(sent.has_value()) << sent.error().message;
  EXPECT_EQ(sent->sent(0).reference(), "XA-NPC-2026-0200/2") << "the numbering goes on";
}

TEST_F(Seizure, WhatOthersAskedIsNoQuestionOfOurs) {
  w.connect("XA", "XB");
  auto theirs = example("01_trace_request_XA_XB.json");
  theirs.mutable_trace_request()->mutable_circumstances()->set_found_country("XB");
  theirs.mutable_header()->mutable_label()->set_provider("XB");
  w.send("XB", "XA", "trace.request", body_of(theirs));
  w.run();
  ASSERT_EQ(inbox("XA").total(), 1u);
  const auto shown = preview(request(list("DA 0I7 342,Arsenal Delta,pistol,XB\n")));
  EXPECT_EQ(shown.asked_size(), 0);
  EXPECT_EQ(shown.sending(), 1u);
}

TEST_F(Seizure, TheSameListSentTwiceAtOnceIsSentOnce) {
  w.connect("XA", "XB");
  auto asked = request(list("AB1234,Maker,pistol,XB\n"));
  const auto shown = preview(asked);
  *asked.mutable_columns() = shown.columns();
  asked.set_plan(shown.plan());
  ASSERT_TRUE(import(asked, "SEND").has_value());
  EXPECT_EQ(import(asked, "SEND").error().code, ErrorCode::kState) << "it was asked by now";
  EXPECT_EQ(sent_by_us(), 1u);
}

TEST_F(Seizure, MoreThanARequestHoldsIsSplit) {
  std::string rows;
  for (int i = 0; i < 450; ++i) rows += "K" + std::to_string(100'000 + 7 * i) + ",,pistol,XB\n";
  w.connect("XA", "XB");
  const auto sent = send(request(list(rows)));
  ASSERT_TRUE(sent.has_value()) << sent.error().message;
  ASSERT_EQ(sent->sent_size(), 3);
  EXPECT_EQ(sent->sent(2).weapons(), 50u);
  EXPECT_EQ(sent->sent(2).reference(), "XA-NPC-2026-0200/3");
  EXPECT_EQ(sent->reach(0).references_size(), 3);
  w.run();
  EXPECT_EQ(show("XB").items_size(), 200);
}

TEST_F(Seizure, RoutesAreTheOfficersDecision) {
  auto asked = request(list("AB1234,,pistol,USSR\nAB5678,,pistol,XD\n"));
  const auto shown = preview(asked);
  ASSERT_EQ(shown.stays_size(), 2);
  EXPECT_EQ(shown.stays(0).country(), "SUHH");
  EXPECT_NE(shown.stays(0).hint().find("--route SUHH=PARTY"), std::string::npos);
  EXPECT_NE(shown.stays(1).text().find("is not met"), std::string::npos);
  auto* route = asked.add_routes();
  route->set_country("SUHH");
  route->set_party("XC");
  const auto routed = preview(asked);
  EXPECT_EQ(routed.reach(0).party(), "XC");
  EXPECT_EQ(routed.reach(0).weapons(), 1u);
  route->set_party("UNODA");
  EXPECT_EQ(import(asked, "PREVIEW").error().path, "routes[0]");
}

TEST_F(Seizure, LimitsOfAList) {
  std::string rows;
  for (std::size_t i = 0; i <= kListWeapons; ++i) rows += "1\n";
  EXPECT_EQ(import(request("Serial\n" + rows), "PREVIEW").error().code, ErrorCode::kLimit);
  EXPECT_EQ(import(request(std::string(kListBytes + 1, 'x')), "PREVIEW").error().code,
            ErrorCode::kLimit);
  EXPECT_EQ(import(request("Serial\n\n"), "PREVIEW").error().path, "csv") << "no weapon";
  EXPECT_EQ(import(request("Colour\nred\n"), "PREVIEW").error().path, "columns");
}

}  // namespace
}  // namespace focal::desk

// Goal: every act of a tracing case works between two States, from the desk of one to the desk
// of the other: the same case at both ends, the right turn, a line that can be read, and the
// commands that are possible next. Method: one story for each act.
#include <set>

#include "node/desk/act_table.h"
#include "tests/scenario/officers.h"

namespace focal::test {
namespace {

using Acts = Officers;

TEST_F(Acts, AskAndSupplyStopAndStartTheClock) {
  open();
  does("XB", ack());
  const auto due = show("XA").trace().answer_due_at();
  does("XB", ask());
  expect_both("INFO_REQUESTED", "XA");
  EXPECT_EQ(last_line("XA"), "asks for item2.serial: Please read it again.");
  EXPECT_NE(show("XA").trace().paused_since_at(), "") << "the clock stands";
  EXPECT_EQ(show("XA").trace().due_act(), "") << "no target runs";
  EXPECT_EQ(commands("XA"),
            "focal trace supply T-1 --field 'item2.serial' --value 'TEXT'\n"
            "focal trace withdraw T-1 --reason REASON\n");
  w.advance(2 * kDayMs);
  does("XA", supply());  // one question was asked: its field need not be named
  expect_both("ACKNOWLEDGED", "XB");
  EXPECT_EQ(last_line("XB"), "item2.serial: 5268841");
  EXPECT_GT(show("XB").trace().answer_due_at(), due) << "the time of waiting is added";
}

TEST_F(Acts, AWeaponDescribedAnewIsShownAsItIsNow) {
  open();
  does("XB", ack());
  does("XB", ask("item1.serial"));
  auto record = example("04_trace_info_supply_XA_XB.json", "XA", "XB");
  record.mutable_trace_info_supply()->clear_case_ref_requested();
  does("XA", whole<api::TraceSupplyRequest>(record));
  for (const char* party : {"XA", "XB"}) {
    EXPECT_EQ(show(party).items(0).serial(), "DA017342");
    EXPECT_EQ(show(party).items(0).version(), 2u);
    EXPECT_EQ(show(party).items(1).version(), 1u);
  }
  EXPECT_NE(last_line("XB").find("describes anew item 1 (version 2)"), std::string::npos)
      << last_line("XB");
}

TEST_F(Acts, DelayWithAQuestionAboutIt) {
  open();
  does("XB", delay());
  expect_both("DELAYED", "XB");
  EXPECT_EQ(last_line("XA"),
            "ongoing criminal investigation, until 2027-03-31: "
            "A court has to release the file first.");
  EXPECT_EQ(show("XA").ground(), "ONGOING_INVESTIGATION");
  EXPECT_EQ(show("XA").trace().answer_due_at(), "2027-04-01T00:00:00Z");
  does("XA", clarify());
  expect_both("CLARIFICATION_SOUGHT", "XB");
  EXPECT_EQ(last_line("XB"), "asks: Would an answer without names be possible?");
  does("XB", reply());
  expect_both("DELAYED", "XB");
  EXPECT_EQ(last_line("XA"), "No: the whole file is closed.");
}

TEST_F(Acts, InterimThenTheRest) {
  open();
  does("XB", interim());
  expect_both("INTERIM", "XB");
  EXPECT_EQ(last_line("XA"), "item 1 EXPORTED; more expected by 2027-02-28");
  pb::Record rest;
  rest.mutable_trace_response()->set_case_ref_requested("XB/1");
  *rest.mutable_trace_response()->add_results() = restricted(2);
  does("XB", whole<api::TraceAnswerRequest>(rest));
  expect_both("RESTRICTED", "XA");
  EXPECT_EQ(last_line("XA"), "item 2 EXPORTED (RESTRICTED)");
  EXPECT_EQ(show("XA").trace().items_answered(), 2u);
}

TEST_F(Acts, RefusalClarifiedAndClosed) {
  open();
  does("XB", refusal());
  expect_both("REFUSED", "XA");
  does("XA", clarify());
  does("XB", reply());
  expect_both("REFUSED", "XA");
  auto end = close();
  end.set_outcome("NOT_USEFUL");
  end.set_action("Request to XC.");
  does("XA", end);
  expect_both("CLOSED", "");
  EXPECT_EQ(last_line("XB"), "the answer was not useful; asks XC next; Request to XC.");
}

TEST_F(Acts, AReplyMayBringABetterAnswer) {
  open();
  does("XB", restriction());
  does("XA", clarify());
  pb::Record better;
  better.mutable_trace_clarify_reply()->set_text("The recipient State has agreed.");
  *better.mutable_trace_clarify_reply()->add_results() = exported(2);
  does("XB", whole<api::TraceReplyRequest>(better));
  expect_both("ANSWERED", "XA");
  EXPECT_EQ(last_line("XA"), "The recipient State has agreed.; item 2 EXPORTED");
  EXPECT_EQ(show("XA").ground(), "");
}

TEST_F(Acts, WithdrawalEndsIt) {
  open();
  does("XB", ack());
  auto other = withdrawal();
  other.set_reason("OTHER");
  EXPECT_EQ(tries("XA", other).error().path, "trace_withdraw.text");
  other.set_text("The weapon was returned to its owner.");
  does("XA", other);
  expect_both("WITHDRAWN", "");
  EXPECT_EQ(last_line("XB"), "other reason: The weapon was returned to its owner.");
  EXPECT_EQ(commands("XA") + commands("XB"), "");
  const auto late = tries("XB", answer());
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kCase);
  EXPECT_EQ(late.error().hint,
            "Nothing can be sent in this state. 'focal trace show T-1' shows the case.");
}

TEST_F(Acts, WithdrawalMeetsAnAnswer) {
  open();
  w.cut(link_);
  does("XB", answer());
  does("XA", withdrawal());
  EXPECT_EQ(fold("XA").requester_state, "WITHDRAWN") << "XA does not know yet";
  EXPECT_EQ(fold("XB").requester_state, "ANSWERED");
  w.connect("XA", "XB");
  w.run();
  expect_both("ANSWERED", "XA");
  for (const char* party : {"XA", "XB"}) {
    const auto shown = show(party);
    ASSERT_EQ(shown.trace().flags_size(), 1) << party;
    EXPECT_EQ(shown.trace().flags(0), "CROSSED_WITH_WITHDRAWAL");
  }
  does("XA", close());
  expect_both("CLOSED", "");
}

TEST_F(Acts, WithdrawalMeetsADelayAndStands) {
  open();
  w.cut(link_);
  does("XB", delay());
  does("XA", withdrawal());
  w.connect("XA", "XB");
  w.run();
  // The delay was made before the withdrawal: it took effect, and then the withdrawal did.
  expect_both("WITHDRAWN", "");
}

TEST_F(Acts, ClosedReopenedAndAnsweredAgain) {
  open();
  does("XB", answer());
  does("XA", close());
  does("XA", reopen());
  expect_both("IN_PROGRESS", "XB");
  EXPECT_EQ(last_line("XB"), "new: A second weapon of the consignment was found.");
  EXPECT_EQ(show("XB").trace().flags(0), "REOPENED");
  const auto again = show("XB").trace();
  EXPECT_EQ(again.due_act(), "ANSWER");
  EXPECT_TRUE(again.answer_own()) << "the request's times are over: XB's own, from the reopening";
  EXPECT_GT(again.answer_due_at(), desk::time_text(w.now().wall_ms));
  does("XB", ask());
  EXPECT_EQ(show("XB").trace().due_act(), "") << "it stands while information is awaited";
  w.advance(2 * kDayMs);
  does("XA", supply("item2.serial"));
  EXPECT_GT(show("XB").trace().answer_due_at(), again.answer_due_at());
  does("XB", refusal());
  expect_both("REFUSED", "XA");
}

// In every state each act that the table does not allow is refused before anything is sent,
// and says what is possible instead; what is allowed is offered as a command.
TEST_F(Acts, WhatIsNotAllowedIsRefusedWithWhatIs) {
  std::size_t refused = 0;
  const auto try_all = [&](const std::string& party) {
    std::set<std::string> offered;
    const auto shown = show(party);
    for (const auto& next : shown.next_acts())
      if (next.act() != "follow") offered.insert(next.act());  // that one opens another case
    const auto expect_refused = [&](const std::string& word, const auto& request) {
      if (offered.count(word) != 0) return;
      const auto tried = tries(party, request);
      ASSERT_FALSE(tried.has_value()) << party << " " << word;
      EXPECT_EQ(tried.error().code, ErrorCode::kCase) << word;
      const std::string instead =
          offered.empty() ? "Nothing can be sent" : "Possible now: " + shown.next_acts(0).act();
      EXPECT_NE(tried.error().hint.find(instead), std::string::npos) << tried.error().hint;
      ++refused;
    };
    expect_refused("ack", ack());
    expect_refused("ask", ask());
    expect_refused("supply", supply("item1.serial"));
    expect_refused("delay", delay());
    expect_refused("interim", interim());
    expect_refused("answer", answer());
    expect_refused("refuse", refusal());
    expect_refused("clarify", clarify());
    expect_refused("reply", reply());
    expect_refused("correct", correction());
    expect_refused("withdraw", withdrawal());
    expect_refused("close", close());
    expect_refused("reopen", reopen());
  };
  const auto at_both = [&] {
    const std::size_t sent =
        w.leaves("XA", store::LeafType::kSent) + w.leaves("XB", store::LeafType::kSent);
    try_all("XA");
    try_all("XB");
    w.run();
    EXPECT_EQ(w.leaves("XA", store::LeafType::kSent) + w.leaves("XB", store::LeafType::kSent),
              sent);
  };
  open();
  at_both();
  does("XB", ack());
  at_both();
  does("XB", ask());
  at_both();
  does("XA", supply());
  does("XB", delay());
  at_both();
  does("XA", clarify());
  at_both();
  does("XB", reply());
  does("XB", interim());
  at_both();
  does("XB", restriction());
  at_both();
  does("XA", close());
  at_both();
  does("XA", reopen());
  at_both();
  does("XA", withdrawal());
  at_both();
  EXPECT_GT(refused, 150u);
}

TEST_F(Acts, TwoHundredWeaponsInOneRequest) {
  constexpr int kMany = 200;
  pb::Record big = request();
  big.clear_unknown_fields();
  const pb::WeaponItem one = big.trace_request().items(0);
  big.mutable_trace_request()->clear_items();
  for (int i = 0; i < kMany; ++i) {
    auto* item = big.mutable_trace_request()->add_items();
    *item = one;
    item->set_item_no(static_cast<std::uint32_t>(i + 1));
    item->set_serial_raw("DA " + std::to_string(100'000 + i));
    big.add_unknown_fields("trace_request.items[" + std::to_string(i) + "].country_of_import");
  }
  open(big);
  ASSERT_EQ(show("XB").items_size(), kMany);
  does("XB", ack());
  does("XB", ask("item200.serial"));
  does("XA", supply());
  pb::Record answers;
  for (std::uint32_t i = 1; i < kMany; ++i)
    *answers.mutable_trace_response()->add_results() = exported(i);
  const auto forgotten = tries("XB", whole<api::TraceAnswerRequest>(answers));
  ASSERT_FALSE(forgotten.has_value());
  EXPECT_EQ(forgotten.error().message, "item 200 has no result");
  *answers.mutable_trace_response()->add_results() = restricted(kMany);
  does("XB", whole<api::TraceAnswerRequest>(answers));
  expect_both("RESTRICTED", "XA");
  EXPECT_EQ(last_line("XA"), "200 items: 199 EXPORTED, 1 EXPORTED (RESTRICTED)");
  const auto shown = show("XA");
  EXPECT_EQ(shown.trace().items_answered(), 200u);
  EXPECT_EQ(shown.items(199).completeness(), "RESTRICTED");
}

}  // namespace
}  // namespace focal::test

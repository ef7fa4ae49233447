// Goal: two officers do real work, from the making of the keys to a request that is
// answered with restrictions and one that is refused, and both ends agree on every
// state. Method: real programs on loopback, nothing prepared; records are the examples.
#include "tests/e2e/harness.h"

#include <algorithm>

namespace focal::e2e {
namespace {

class Walk : public ::testing::Test {
 protected:
  // As `trace show` tells it at one end.
  bool stands(Party& at, const std::string& number, const std::string& state) {
    return at.ask({"trace", "show", number}).is("trace.state", state);
  }

  void expect_both_agree(const std::string& number, const std::string& state,
                         std::size_t entries) {
    ASSERT_TRUE(eventually([&] { return stands(xa_, number, state) && stands(xb_, number, state); }))
        << "not " << state << " at both ends";
    ASSERT_TRUE(xa_.settles() && xb_.settles());
    const Json a = xa_.ask({"trace", "show", number}), b = xb_.ask({"trace", "show", number});
    EXPECT_EQ(a["trace.role"], "REQUESTER");
    EXPECT_EQ(b["trace.role"], "RESPONDER");
    for (const std::string field : {"ground", "reason", "label", "trace.subject", "trace.priority",
                                    "trace.items", "trace.items_answered", "trace.due_at"})
      EXPECT_EQ(a[field], b[field]) << field;
    EXPECT_EQ(a["trace.our_ref"], b["trace.their_ref"]);
    EXPECT_EQ(a["trace.their_ref"], b["trace.our_ref"]);
    expect_same_list(a, b, "timeline", {"rid", "kind", "from", "at", "effect", "reply_to", "summary"});
    expect_same_list(a, b, "items", {"item_no", "description", "serial", "result", "completeness"});
    ASSERT_EQ(a.size("timeline"), entries);
    for (std::size_t i = 0; i < entries; ++i) {
      const std::string entry = "timeline[" + std::to_string(i) + "]";
      EXPECT_EQ(a[entry + ".effect"], "TAKES_EFFECT");
      const Json& sender = a[entry + ".from"] == "XA" ? a : b;
      const Json& receiver = &sender == &a ? b : a;
      EXPECT_EQ(sender[entry + ".delivery[0].state"], "STORED");
      EXPECT_EQ(receiver.size(entry + ".delivery"), 0u);
      EXPECT_NE(receiver[entry + ".received_at"], "");
    }
  }

  static void expect_same_list(const Json& a, const Json& b, const std::string& list,
                               const Words& fields) {
    ASSERT_EQ(a.size(list), b.size(list));
    for (std::size_t i = 0; i < a.size(list); ++i)
      for (const std::string& field : fields) {
        const std::string path = list + "[" + std::to_string(i) + "]." + field;
        EXPECT_EQ(a[path], b[path]) << path;
      }
  }

  test::TempFolder temp_;
  Party xa_{temp_.path(), "XA", free_port()};
  Party xb_{temp_.path(), "XB", free_port()};
};

TEST_F(Walk, FromInitToAnAnswerAndARefusal) {
  for (Party* party : {&xa_, &xb_}) {
    const Ran made = party->init({"--json"});
    ASSERT_EQ(made.code, 0) << made.err;
    const Json answer(made.out);
    EXPECT_EQ(answer["card.party"], party->name());
    EXPECT_EQ(answer.size("written"), 7u);
    for (std::size_t i = 0; i < answer.size("written"); ++i)
      EXPECT_TRUE(fs::exists(answer["written[" + std::to_string(i) + "]"]));
    EXPECT_EQ(fs::status(party->folder()).permissions(), fs::perms::owner_all);
    party->start();
  }
  introduce(xa_, xb_);
  introduce(xb_, xa_);
  verify_each_other(xa_, xb_);
  for (auto [from, to] : {std::pair(&xa_, "XB"), std::pair(&xb_, "XA")}) {
    const Json ping = from->ask({"peer", "ping", to, "--wait", "60"});
    EXPECT_EQ(ping["state"], "ACCEPTED");
    EXPECT_NE(ping["round_trip_ms"], "0");
  }

  const Json opened = xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
  EXPECT_EQ(opened["trace.case_number"], "T-1");
  EXPECT_EQ(opened["trace.items"], "2");
  ASSERT_TRUE(eventually([&] { return xb_.ask({"inbox", "--needs-action"}).is("total", "1"); }));
  const Json inbox = xb_.ask({"inbox", "--needs-action"});
  EXPECT_EQ(inbox["entries[0].state"], "RECEIVED");
  EXPECT_EQ(inbox["entries[0].due_act"], "ACKNOWLEDGE");
  EXPECT_EQ(inbox["entries[0].subject"], "Two weapons seized at Kestrel Gap: request to trace");

  xb_.ask({"trace", "ack", "T-1", "--from", example("02")});
  expect_both_agree("T-1", "ACKNOWLEDGED", 2);
  xb_.ask({"trace", "answer", "T-1", "--from", example("05")});
  expect_both_agree("T-1", "RESTRICTED", 3);
  const Json answered = xa_.ask({"trace", "show", "T-1"});
  EXPECT_EQ(answered["ground"], "NATIONAL_SECURITY");
  EXPECT_NE(answered["reason"].find("classified by law"), std::string::npos);
  EXPECT_EQ(answered["items[1].completeness"], "RESTRICTED");

  xa_.ask({"trace", "open", "--from", example("06"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "2"); }));
  xb_.ask({"trace", "refuse", "T-2", "--from", example("07")});
  expect_both_agree("T-2", "REFUSED", 2);
  const Json refused = xa_.ask({"trace", "show", "T-2"});
  EXPECT_EQ(refused["ground"], "NO_CONFIDENTIALITY_GUARANTEE");
  EXPECT_NE(refused["reason"].find("public court file"), std::string::npos);

  const std::string size_a = xa_.ask({"ledger", "verify"})["size"];
  EXPECT_EQ(xa_.ask({"ledger", "verify"})["ok"], "true");
  EXPECT_EQ(xb_.ask({"ledger", "verify"})["ok"], "true");
  EXPECT_EQ(xa_.stop(), 0);
  EXPECT_EQ(xb_.stop(), 0);
  for (Party* party : {&xa_, &xb_}) EXPECT_EQ(party->ask({"ledger", "verify"})["ok"], "true");
  EXPECT_EQ(xa_.ask({"ledger", "verify"})["size"], size_a);
  expect_each_once(xa_, xb_);
  expect_each_once(xb_, xa_);
  EXPECT_EQ(xa_.ids_in_ledger(store::LeafType::kSent).size(), 3u);  // ping, two requests
  EXPECT_EQ(xb_.ids_in_ledger(store::LeafType::kSent).size(), 4u);  // ping, ack, answer, refusal
}

// The same words for people: what the manual promises is on the screen.
TEST_F(Friends, TheOfficerSeesWhatHappenedInWords) {
  start_both();
  const Ran opened = xa_.focal({"trace", "open", "--from", example("01"), "--to", "XB"});
  EXPECT_EQ(opened.code, 0) << opened.err;
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  const std::string inbox = xb_.focal({"inbox"}).out;
  EXPECT_NE(inbox.find("T-1"), std::string::npos) << inbox;
  EXPECT_NE(inbox.find("acknowledge overdue by"), std::string::npos) << inbox;  // of March 2026
  const Ran acked = xb_.focal({"trace", "ack", "T-1", "--ref", "XB/T/26/0458", "--expected-by",
                               days_from_now(30), "--note", "Paper.", "--assigned-to",
                               "FIREARMS_REGISTRY"});
  EXPECT_EQ(acked.code, 0) << acked.err;
  const Ran refused = xb_.focal({"trace", "refuse", "T-1", "--ground", "ONGOING_INVESTIGATION",
                                 "--reason", "The answer would disclose an open operation."});
  EXPECT_EQ(refused.code, 0) << refused.err;
  ASSERT_TRUE(eventually(
      [&] { return xa_.ask({"trace", "show", "T-1"}).is("trace.state", "REFUSED"); }));
  const std::string shown_case = xa_.focal({"trace", "show", "T-1"}).out;
  for (const char* words : {"REFUSED", "ONGOING_INVESTIGATION", "an open operation", "DA 0I7 342",
                            "XB/T/26/0458", "stored at XB"})
    EXPECT_NE(shown_case.find(words), std::string::npos) << words << "\n" << shown_case;
  EXPECT_EQ(shown_case.find('\x1b'), std::string::npos) << "colour off a terminal";
  const std::string sheet = xa_.focal({"trace", "sheet", "T-1", "--lang", "fr"}).out;
  for (const char* words : {"Fiche de dossier T-1", "enquête pénale en cours", "an open operation",
                            "conservé", "TLP:AMBER+STRICT"})
    EXPECT_NE(sheet.find(words), std::string::npos) << words << "\n" << sheet;
}

}  // namespace
}  // namespace focal::e2e

// Goal: each command asks the right thing of the node and shows what an officer needs.
// Method: tests/unit/cli/app_fixture.h.
#include "proto/trust.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

TEST_F(App, InboxShowsOverdueAndTurn) {
  serve();
  v1::InboxResponse inbox;
  auto& e = *inbox.add_entries();
  e.set_needs_action(true);
  e.set_turn("OURS");
  e.set_overdue(true);
  e.set_due_at("2026-03-02T09:00:00Z");
  e.set_due_act("ACKNOWLEDGE");
  e.set_party("XA");
  e.set_case_number("XB-26-0001");
  e.set_subject("وثيقة\x1b]0;pwned\x07 追查");
  e.set_state("SENT");
  e.add_flags("REJECTED");
  e.set_last_kind("trace.request");
  inbox.set_total(3);
  inbox.set_next("9.0.1");
  inbox.set_behind(1);
  inbox.mutable_counts()->set_cases(3);
  inbox.mutable_counts()->set_overdue(1);
  answer("GET /v1/inbox", inbox);
  const Done done = focal({"inbox", "--needs-action", "--party", "XA", "--limit", "1"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out,
              HasSubstr("!  acknowledge overdue by 3 h  XB-26-0001  XA     SENT REJECTED  ours  "));
  EXPECT_THAT(done.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(done.out, HasSubstr("3 open cases, 0 where it is our turn, 1 overdue"));
  EXPECT_THAT(done.out, HasSubstr("1 case is still being read"));
  EXPECT_THAT(done.out, HasSubstr("1 of 3; see more with --limit, or go on with --after 9.0.1"));
  EXPECT_EQ(query_, (std::vector<std::pair<std::string, std::string>>{
                        {"needs_action", "true"}, {"party", "XA"}, {"limit", "1"}}));
  const Done narrowed = focal({"inbox", "--waiting", "--text", "pistol x", "--priority", "urgent",
                               "--role", "requester", "--state", "SENT", "--after", "9.0.1"});
  EXPECT_EQ(narrowed.code, 0) << narrowed.err;
  EXPECT_EQ(query_, (std::vector<std::pair<std::string, std::string>>{
                        {"waiting", "true"}, {"state", "SENT"}, {"role", "REQUESTER"},
                        {"priority", "URGENT"}, {"text", "pistol x"}, {"after", "9.0.1"}}));
}

TEST_F(App, TraceShowTellsTheWholeCase) {
  serve();
  v1::TraceShowResponse show;
  *show.mutable_trace() = a_case();
  show.set_label("AMBER+STRICT H1 H2");
  auto& item = *show.add_items();
  item.set_item_no(1);
  item.set_description("Arsenal Delta D-9 Compact, 9X19");
  item.set_serial("DA 0I7 342");
  auto& request = *show.add_timeline();
  request.set_at("2026-03-02T08:00:00Z");
  request.set_from("XA");
  request.set_kind("trace.request");
  request.set_effect("TAKES_EFFECT");
  auto& ack = *show.add_timeline();
  ack.set_at("2026-03-02T11:00:00Z");
  ack.set_from("XB");
  ack.set_kind("trace.ack");
  ack.set_summary("XB/T/26/0458");
  ack.set_effect("NOT_NOW");
  ack.set_effect_text("the case is closed");
  ack.set_newer_fields(2);
  auto& delivery = *ack.add_delivery();
  delivery.set_state("STORED");
  delivery.set_text("stored at the other end");
  auto& next = *show.add_next_acts();
  next.set_command("focal trace answer XB-26-0001 --from FILE");
  next.set_text("answer the request");
  answer("GET /v1/traces/XB-26-0001", show);
  const Done done = focal({"trace", "show", "XB-26-0001"});
  EXPECT_THAT(done.out, HasSubstr("XB-26-0001  request from XA  RECEIVED (not acknowledged yet)"));
  EXPECT_THAT(done.out, HasSubstr("acknowledge target  2026-03-02 09:00 UTC (overdue by 3 h)\n"));
  EXPECT_THAT(done.out, HasSubstr("answer target       2026-04-01 17:00 UTC\n"));
  EXPECT_THAT(done.out, HasSubstr("AMBER+STRICT H1 H2"));
  EXPECT_THAT(done.out, HasSubstr("1  Arsenal Delta D-9 Compact, 9X19  DA 0I7 342  -"));
  EXPECT_THAT(done.out, HasSubstr("XB/T/26/0458 [the case is closed] [2 fields of a "
                                  "newer version]  stored at the other end"));
  EXPECT_THAT(done.out, HasSubstr("focal trace answer XB-26-0001 --from FILE  answer the request"));
  focal({"trace", "show", "XB-26-0001", "--records"});
  EXPECT_EQ(query_.at(0).first, "with_records");
}

TEST_F(App, TargetsAreShownForWhatTheyAre) {
  serve();
  v1::InboxResponse inbox;
  const auto add = [&](const char* number, const char* due_at, const char* reminder) {
    auto& e = *inbox.add_entries();
    e.set_case_number(number);
    e.set_due_at(due_at);
    if (*due_at != '\0') e.set_due_act("ANSWER");
    e.set_reminder(reminder);
    return &e;
  };
  add("T-1", "2026-02-20T12:00:00Z", "ESCALATE");
  add("T-2", "2026-03-02T09:00:00Z", "OVERDUE");
  add("T-3", "2026-03-02T22:00:00Z", "REMINDER")->set_own_target(true);
  add("T-4", "", "")->set_paused_since_at("2026-03-01T12:00:00Z");
  answer("GET /v1/inbox", inbox);
  const std::string listed = focal({"inbox"}).out;
  EXPECT_THAT(listed, HasSubstr("answer overdue by 10 days, escalate    T-1"));
  EXPECT_THAT(listed, HasSubstr("answer overdue by 3 h                  T-2"));
  EXPECT_THAT(listed, HasSubstr("answer in 10 h, reminder (own target)  T-3"));
  EXPECT_THAT(listed, HasSubstr("paused                                 T-4"));

  v1::TraceShowResponse show;
  *show.mutable_trace() = a_case();
  show.mutable_trace()->set_ack_due_at("");
  show.mutable_trace()->set_due_at("");
  show.mutable_trace()->set_due_act("");
  show.mutable_trace()->set_answer_own(true);
  show.mutable_trace()->set_paused_since_at("2026-03-01T12:00:00Z");
  answer("GET /v1/traces/T-4", show);
  std::string shown = focal({"trace", "show", "T-4"}).out;
  EXPECT_THAT(shown, HasSubstr("answer target  2026-04-01 17:00 UTC, our own: the request names "
                               "none\n"));
  EXPECT_THAT(shown, HasSubstr("paused         since 2026-03-01 12:00 UTC (24 h ago), while "
                               "information is awaited"));
  EXPECT_THAT(shown, Not(HasSubstr("reminder")));
  *show.mutable_trace() = a_case();
  show.mutable_trace()->set_reminder("ESCALATE");
  show.mutable_trace()->set_reminders(4);
  answer("GET /v1/traces/T-1", show);
  shown = focal({"trace", "show", "T-1"}).out;
  EXPECT_THAT(shown, HasSubstr("escalate: tell the supervisor (reminder 4)"));
  for (const std::string& text : {listed, shown, focal({"inbox", "--help"}).out}) {
    EXPECT_THAT(text, Not(HasSubstr("deadline")));
    EXPECT_THAT(text, Not(HasSubstr("must")));
  }
}

TEST_F(App, TraceOpenSaysHowTheTargetsWereFound) {
  serve();
  v1::TraceOpenResponse opened;
  *opened.mutable_trace() = a_case();
  opened.set_ack_basis("2 working days of XB (sun-thu, no holidays known, UTC)");
  answer("POST /v1/traces", opened);
  const Done done = focal({"trace", "open", "--from", "-", "--to", "XB"}, "{}");
  EXPECT_THAT(done.out, HasSubstr("acknowledge target  2026-03-02 09:00 UTC (overdue by 3 h): 2 "
                                  "working days of XB (sun-thu,"));
  EXPECT_THAT(done.out, HasSubstr("answer target       2026-04-01 17:00 UTC (in 30 days)\n"));
}

TEST_F(App, TraceOpenSendsTheFileAsARecord) {
  serve();
  v1::TraceOpenResponse opened;
  *opened.mutable_trace() = a_case();
  opened.set_outbox_id("3");
  answer("POST /v1/traces", opened);
  const std::string good =
      file("good.json", R"({"header":{"subject":"é"},"trace_request":{"items":[{"n":1}]}})");
  EXPECT_EQ(focal({"trace", "open", "--from", good, "--to", "XB"}).code, 0);
  v1::TraceOpenRequest request;
  ASSERT_TRUE(json::read(body_, request));
  EXPECT_EQ(request.to(0), "XB");
  EXPECT_EQ(
      request.record().fields().at("header").struct_value().fields().at("subject").string_value(),
      "é");
  // Standard input.
  EXPECT_EQ(focal({"trace", "open", "--from", "-", "--to", "XB"}, "{}").code, 0);
  asked_.clear();
  const std::string bad = file("bad.json", "{\n  \"header\": {,}\n}");
  const Done done = focal({"trace", "open", "--from", bad, "--to", "XB"});
  EXPECT_EQ(done.code, kExitFailed);
  EXPECT_THAT(done.err, HasSubstr("bad.json: not JSON: line 2, column 14"));
  EXPECT_EQ(focal({"trace", "open", "--from", "/no/such", "--to", "XB"}).code, kExitFailed);
  EXPECT_EQ(focal({"trace", "open", "--from", folder_, "--to", "XB"}).code, kExitFailed);
  const std::string big = file("big.json", std::string((1u << 20) + 1, ' '));
  EXPECT_THAT(focal({"trace", "open", "--from", big, "--to", "XB"}).err,
              HasSubstr("longer than 1 MiB"));
  EXPECT_TRUE(asked_.empty()) << "nothing reached the node";
}

TEST_F(App, TraceActsSendTheirFields) {
  serve();
  v1::TraceActResponse acted;
  *acted.mutable_trace() = a_case();
  acted.set_kind("trace.ack");
  for (const char* act : {"ack", "answer", "refuse"})
    answer(std::string("POST /v1/traces/A/26/") + act, acted);
  EXPECT_EQ(focal({"trace", "ack", "A/26", "--ref", "XB/T/26/0458", "--expected-by", "2026-03-24",
                   "--note", "n", "--assigned-to", "POLICE"}).code, 0);
  v1::TraceAckRequest ack;
  ASSERT_TRUE(json::read(body_, ack));
  EXPECT_EQ(ack.ref(), "XB/T/26/0458");
  EXPECT_EQ(ack.expected_by(), "2026-03-24");
  EXPECT_EQ(ack.assigned_to(0), "POLICE");
  EXPECT_FALSE(ack.has_record());
  EXPECT_EQ(
      focal({"trace", "refuse", "A/26", "--ground", "NATIONAL_SECURITY", "--reason", "r"}).code, 0);
  v1::TraceRefuseRequest refuse;
  ASSERT_TRUE(json::read(body_, refuse));
  EXPECT_EQ(refuse.ground(), "NATIONAL_SECURITY");
  const std::string record = file("a.json", R"({"trace_response":{}})");
  EXPECT_EQ(focal({"trace", "answer", "A/26", "--from", record}).code, 0);
  v1::TraceAnswerRequest given;
  ASSERT_TRUE(json::read(body_, given));
  EXPECT_TRUE(given.has_record());
}

TEST_F(App, PingFollowsTheSendingToItsReceipt) {
  serve();
  v1::PeerPingResponse ping;
  ping.set_party("XB");
  ping.set_outbox_id("9");
  ping.set_state("READY");
  answer("POST /v1/peers/XB/ping", ping);
  v1::OutboxShowResponse shown;
  shown.mutable_entry()->set_state("INFLIGHT");
  answer("GET /v1/outbox/9", shown);
  shown.mutable_entry()->set_state("ACCEPTED");
  answer("GET /v1/outbox/9", shown);
  const Done done = focal({"peer", "ping", "XB"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("signed a receipt for it, 60 ms")) << "20 + 40 of pauses";
  const Done json = focal({"peer", "ping", "XB", "--json"});
  ASSERT_TRUE(json::read(json.out, ping));
  EXPECT_EQ(ping.state(), "ACCEPTED");

  answers_["GET /v1/outbox/9"].clear();
  shown.mutable_entry()->set_state("HELD");
  shown.mutable_entry()->set_reason("the peer is not trusted");
  answer("GET /v1/outbox/9", shown);
  const Done held = focal({"peer", "ping", "XB", "--wait", "2"});
  EXPECT_EQ(held.code, kExitFailed);
  EXPECT_THAT(held.out, HasSubstr("no receipt within 2 s"));
  EXPECT_THAT(held.out, HasSubstr("the peer is not trusted"));
}

TEST_F(App, OutboxTellsStateAndReason) {
  serve();
  v1::OutboxListResponse list;
  auto& e = *list.add_entries();
  e.set_id("17");
  e.set_to("XB");
  e.add_kinds("trace.request");
  e.set_created_at("2026-03-01T10:00:00Z");
  e.set_state("HELD");
  e.set_code("NOT_TRUSTED");
  e.set_reason("XB is suspended");
  e.set_tries(2);
  list.set_total(1);
  answer("GET /v1/outbox", list);
  EXPECT_THAT(focal({"outbox"}).out, HasSubstr("17  XB  trace.request  2026-03-01 10:00  HELD      "
                                               " 2        NOT_TRUSTED: XB is suspended"));
  focal({"outbox", "--all", "--state", "HELD"});
  EXPECT_EQ(query_.size(), 2u);
}

TEST_F(App, OutboxCancelAsksUnlessYes) {
  serve();
  v1::OutboxShowResponse shown;
  shown.mutable_entry()->set_id("17");
  answer("GET /v1/outbox/17", shown);
  v1::OutboxCancelResponse cancelled;
  cancelled.mutable_entry()->set_state("CANCELLED");
  answer("POST /v1/outbox/17/cancel", cancelled);
  EXPECT_EQ(focal({"outbox", "cancel", "17", "--reason", "r"}).code, kExitUsage) << "nobody there";
  EXPECT_EQ(focal({"outbox", "cancel", "17", "--reason", "r"}, "no\n").code, kExitFailed);
  EXPECT_THAT(asked_, Not(::testing::Contains("POST /v1/outbox/17/cancel")));
  EXPECT_EQ(focal({"outbox", "cancel", "17", "--reason", "sent twice"}, "yes\n").code, 0);
  EXPECT_THAT(body_, HasSubstr("sent twice"));
  asked_.clear();
  EXPECT_EQ(focal({"outbox", "cancel", "17", "--reason", "r", "--yes"}).code, 0);
  EXPECT_EQ(asked_, std::vector<std::string>{"POST /v1/outbox/17/cancel"});
}

TEST_F(App, TraceListShowsWhatBecameOfARequest) {
  serve();
  v1::TraceListResponse list;
  auto& trace = *list.add_traces();
  trace = a_case();
  trace.set_state("SENT");
  trace.add_flags("EXPIRED");
  answer("GET /v1/traces", list);
  EXPECT_THAT(focal({"trace", "list"}).out, HasSubstr("SENT EXPIRED"));
}

TEST_F(App, StatusShowsPeersQueuesLedgerAndRefusals) {
  serve();
  v1::StatusResponse s;
  s.set_party("XA");
  s.set_state("RUNNING");
  s.mutable_card()->set_expires_at("2026-03-01T12:00:00Z");
  s.mutable_gate()->set_state("DOWN");
  s.mutable_gate()->set_last_error("port in use");
  s.mutable_ledger()->set_size(1234);
  s.mutable_ledger()->set_witness("UNWITNESSED");
  s.mutable_queues()->set_held(2);
  auto& peer = *s.add_peers();
  peer.set_party("XB");
  peer.set_level("VERIFIED");
  peer.set_link("DOWN");
  peer.set_not_connected_text("XB does not know us");
  auto& refused = *s.add_refused();
  refused.set_step(6);
  refused.set_code("SIGNATURE");
  refused.set_count(3);
  s.add_warnings("the card has expired");
  answer("GET /v1/status", s);
  const std::string out = focal({"status"}).out;
  for (const char* part : {"overdue by 24 h", "DOWN; last error: port in use",
                           "1234 leaves, no checkpoint yet, UNWITNESSED", "2 held",
                           "XB does not know us", "SIGNATURE", "warning: the card has expired"})
    EXPECT_THAT(out, HasSubstr(part)) << out;
}

v1::FindResponse a_find() {
  v1::FindResponse out;
  auto& match = *out.add_matches();
  match.set_case_number("T-4");
  match.set_party("XB");
  match.set_by_us(true);
  match.set_item_no(2);
  match.set_date("2026-03-01");
  match.set_state("SENT");
  match.set_serial("DA O17342");
  match.set_score(81);
  match.set_tier("FOLD");
  match.set_tier_text("easily confused characters");
  match.set_serial_text("0 read as O");
  match.set_make("Arsenal Delta");
  match.set_calibre("9 mm Para");
  auto& make = *match.add_reasons();
  make.set_agreement("EQUAL");
  make.set_text("manufacturer: equal");
  auto& calibre = *match.add_reasons();
  calibre.set_agreement("CONFLICT");
  calibre.set_text("calibre: in conflict");
  calibre.set_asked("7.62X39");
  calibre.set_found("9X19");
  out.set_total(7);
  out.set_readings(12);
  out.add_tried("exact match");
  out.add_not_found("what nobody can find");
  out.set_caution("A person confirms.");
  return out;
}

TEST_F(App, FindShowsScoreCaseAndReasons) {
  serve();
  v1::FindResponse found = a_find();
  found.set_cut_off(true);
  found.set_not_indexed(40);
  found.set_not_held(3);
  answer("POST /v1/find", found);
  const Done done = focal({"find", "DA017342", "--or", "DA017343", "--or", "DA017344", "--make", "m",
                           "--model", "d", "--calibre", "7,62x39", "--type", "sa-pistol", "--limit",
                           "1"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("81  DA O17342  T-4 item 2  to XB  2026-03-01"));
  EXPECT_THAT(done.out, HasSubstr("none yet (SENT)"));
  EXPECT_THAT(done.out, HasSubstr("easily confused characters; 0 read as O; manufacturer: equal; "
                                  "calibre: in conflict\n"));
  EXPECT_THAT(done.out, HasSubstr("(7.62X39 and 9X19)"));
  EXPECT_THAT(done.out, HasSubstr("1 of 7; see more with --limit"));
  EXPECT_THAT(done.out, HasSubstr("not all were compared"));
  EXPECT_THAT(done.out, HasSubstr("40 entries of the ledger cannot be searched yet"));
  EXPECT_THAT(done.out, HasSubstr("3 numbers had no room"));
  EXPECT_THAT(done.out, HasSubstr("what nobody can find"));
  EXPECT_THAT(done.out, HasSubstr("A person confirms."));
  v1::FindRequest asked;
  ASSERT_TRUE(json::read(body_, asked).has_value());
  EXPECT_EQ(asked.serial(), "DA017342");
  EXPECT_EQ(asked.alternatives_size(), 2);
  EXPECT_EQ(asked.type(), "SA_PISTOL");
  EXPECT_EQ(asked.calibre(), "7,62x39");
  EXPECT_EQ(asked.limit(), 1u);
  EXPECT_TRUE(query_.empty());  // nothing of it in the address
}

TEST_F(App, FindReadsTheNumberFromStandardInputAndSaysWhenNothingFits) {
  serve();
  v1::FindResponse none = a_find();
  none.clear_matches();
  none.set_total(0);
  answer("POST /v1/find", none);
  const Done done = focal({"find", "-"}, "DA 017342\r\nsecond line\n");
  EXPECT_EQ(done.code, 0) << done.err;
  v1::FindRequest asked;
  ASSERT_TRUE(json::read(body_, asked).has_value());
  EXPECT_EQ(asked.serial(), "DA 017342");
  EXPECT_THAT(done.out, HasSubstr("No weapon of this node fits. Looked through 12 numbers."));
  EXPECT_THAT(done.out, HasSubstr("exact match"));
  EXPECT_THAT(done.out, HasSubstr("what nobody can find"));
}

TEST_F(App, LedgerTailShowsARunOfPaddingAsOneLine) {
  serve();
  v1::LedgerViewResponse tail;
  for (const char* type : {"SENT", "PAD", "PAD", "PAD", "RECEIPT_IN", "PAD"}) {
    auto& leaf = *tail.add_leaves();
    leaf.set_index(static_cast<std::uint64_t>(tail.leaves_size()));
    leaf.set_type(type);
    leaf.set_ref("0123456789abcdef0123456789abcdef");
    if (leaf.type() != std::string("SENT")) continue;
    leaf.set_who("jo (uid 1000, OFFICER)");
    leaf.set_act("trace.answer");
    leaf.set_released_by("mia (uid 1001, SUPERVISOR)");
  }
  answer("GET /v1/ledger/leaves", tail);
  EXPECT_EQ(focal({"ledger", "tail"}).out,
            "LEAF  TIME (UTC)  TYPE        PARTY  KIND  REFERENCE         WHO                     "
            "WHAT\n"
            "   1              SENT                     0123456789abcdef  jo (uid 1000, OFFICER)  "
            "trace.answer, released by mia (uid 1001, SUPERVISOR)\n"
            " 2-4              PAD\n"
            "   5              RECEIPT_IN               0123456789abcdef\n"
            "   6              PAD                      0123456789abcdef\n");
}

TEST_F(App, LedgerTailSaysWhatIsDisputed) {
  serve();
  v1::LedgerViewResponse tail;
  auto& leaf = *tail.add_leaves();
  leaf.set_index(7);
  leaf.set_type("RECEIVED");
  leaf.set_party("XB");
  leaf.set_remark("DISPUTED: XB withdrew the card it is signed under");
  answer("GET /v1/ledger/leaves", tail);
  EXPECT_THAT(focal({"ledger", "tail"}).out, HasSubstr("REMARK\n"));
  EXPECT_THAT(focal({"ledger", "tail"}).out, HasSubstr("DISPUTED: XB withdrew"));
}

TEST_F(App, CardExportWritesTheBundle) {
  serve();
  v1::CardExportResponse exported;
  exported.set_bundle("focal-card/v1\n\xE2\x80\x94 sig\n");
  answer("GET /v1/card/export", exported);
  EXPECT_EQ(focal({"card", "export"}).out, exported.bundle());
  EXPECT_EQ(focal({"card", "export", "--to", folder_ / "XA.card"}).code, 0);
  std::ifstream in(folder_ / "XA.card");
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), exported.bundle());
  EXPECT_EQ(focal({"card", "export", "--to", "/no/such/folder/x"}).code, kExitFailed);
  // What is there already may be another party's card.
  std::ofstream(folder_ / "XB.card") << "theirs";
  const Done refused = focal({"card", "export", "--to", folder_ / "XB.card", "--json"});
  EXPECT_EQ(refused.code, kExitFailed);
  EXPECT_THAT(refused.out, HasSubstr("\"EXISTS\""));
  std::ifstream kept(folder_ / "XB.card");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "theirs");
}

}  // namespace
}  // namespace focal::cli

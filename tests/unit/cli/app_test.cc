// Goal: each command asks the right thing of the node, shows what an officer needs,
// prints the node's JSON untouched with --json, and ends with the documented exit code.
// Method: the whole program but main(), against a real HTTP server on a temporary
// socket whose answers are canned; offline functions are fakes; the clock is fixed.
#include "node/cli/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "node/api/http.h"
#include "node/api/routes.h"
#include "node/cli/command.h"
#include "proto/api.pb.h"
#include "proto/json.h"

namespace focal::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace http = api::http;
namespace v1 = api::v1;

struct Done {
  int code = 0;
  std::string out;
  std::string err;
};

class App : public ::testing::Test {
 protected:
  App() {
    char name[] = "/tmp/focal-app-XXXXXX";
    folder_ = ::mkdtemp(name);
    crypto::init();
    offline_.init = [this](const InitOptions& o, v1::InitResponse& out) -> Status {
      init_ = o.party + "|" + o.listen + "|" + to_string(o.passphrase.view()) + "|" +
              to_string(o.root_passphrase.view());
      out.mutable_card()->set_party(o.party);
      out.add_written("keystore");
      out.add_next_steps("put the medium away");
      return {};
    };
    offline_.card_show = [](const std::filesystem::path&, v1::CardShowResponse& out) -> Status {
      out.set_card_text("focal-card/v1\nparty XA\n");
      return {};
    };
    offline_.ledger_verify = [this](const std::filesystem::path&,
                                    v1::LedgerVerifyResponse& out) -> Status {
      if (!ledger_) return fail(ErrorCode::kNotFound, "there is no ledger here");
      out.set_ok(*ledger_);
      out.set_witness("UNWITNESSED");
      return {};
    };
  }
  ~App() override { std::filesystem::remove_all(folder_); }

  // The next answers of the node, by "METHOD /target"; the last one for a key stays.
  void serve() {
    http::Options options;
    options.socket = folder_ / http::kSocketName;
    auto server = http::Server::start(options, [this](const http::Request& r) {
      std::string key = r.method;
      for (std::size_t i = 0; i < r.segments.size(); ++i)
        key += (i == 0 ? " /" : "/") + r.segments[i];
      asked_.push_back(key);
      query_ = r.query;
      body_ = r.body;
      auto& queue = answers_[key];
      if (queue.empty())
        return api::problem_response(
            fail(ErrorCode::kNotFound, "no answer for " + key, "try", "case_number"), "ABCD2345");
      http::Response out = queue.front();
      if (queue.size() > 1) queue.erase(queue.begin());
      return out;
    });
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(server).value();
  }
  void answer(const std::string& key, const google::protobuf::Message& message) {
    http::Response out;
    out.body = json::write(message);
    answers_[key].push_back(out);
  }
  void refuse(const std::string& key, const Error& error) {
    answers_[key].push_back(api::problem_response(error, "ABCD2345"));
  }
  std::string file(const char* name, std::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  Done focal(std::vector<std::string> arguments, const std::string& typed = {}) {
    std::istringstream in(typed);
    std::ostringstream out, err;
    Io io{in, out, err};
    io.terminal_in = !typed.empty();
    io.terminal_out = terminal_out_;
    io.clock = [this] { return Now{mono_ms_, *parse_utc("2026-03-02T12:00:00Z")}; };
    io.pause = [this](std::uint64_t ms) { mono_ms_ += ms; };
    io.environment = [this](const char* name) { return environment_[name]; };
    if (!no_folder_) arguments.insert(arguments.begin(), {"-C", folder_.string()});
    const int code = run(arguments, io, offline_);
    return {code, out.str(), err.str()};
  }

  std::filesystem::path folder_;
  Offline offline_;
  std::string init_;
  std::optional<bool> ledger_;
  std::map<std::string, std::vector<http::Response>> answers_;
  std::vector<std::string> asked_;
  std::vector<std::pair<std::string, std::string>> query_;
  std::string body_;
  std::map<std::string, std::string> environment_;
  bool terminal_out_ = false;
  bool no_folder_ = false;
  std::uint64_t mono_ms_ = 5000;
  std::unique_ptr<http::Server> server_;
};

v1::TraceCase a_case() {
  v1::TraceCase c;
  c.set_case_number("XB-26-0001");
  c.set_party("XA");
  c.set_role("RESPONDER");
  c.set_state("RECEIVED");
  c.set_state_text("not acknowledged yet");
  c.set_subject("Two weapons seized");
  c.set_ack_due_at("2026-03-02T09:00:00Z");
  c.set_due_at("2026-03-02T09:00:00Z");
  c.set_answer_due_at("2026-04-01T17:00:00Z");
  c.set_overdue(true);
  c.set_needs_action(true);
  c.set_items(2);
  return c;
}

TEST_F(App, WithoutANodeEveryOnlineCommandSaysSoAndEndsWith3) {
  file("r.json", "{}");
  const std::string record = folder_ / "r.json";
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"status"},
           {"inbox"},
           {"outbox"},
           {"outbox", "retry", "1"},
           {"card", "export"},
           {"outbox", "cancel", "1", "--reason", "x"},
           {"peer", "list"},
           {"peer", "show", "XB"},
           {"peer", "add", record},
           {"peer", "ping", "XB"},
           {"ledger", "tail"},
           {"trace", "list"},
           {"peer", "verify", "XB", "--how", "phone", "--number", "1"},
           {"trace", "show", "1"},
           {"trace", "open", "--from", record, "--to", "XB"},
           {"trace", "ack", "1"},
           {"trace", "answer", "1", "--from", record},
           {"trace", "refuse", "1", "--from", record}}) {
    const Done done = focal(arguments);
    EXPECT_EQ(done.code, kExitNotRunning) << arguments[0];
    EXPECT_THAT(done.err, StartsWith("error: focald is not running for " + folder_.string()));
    EXPECT_THAT(done.err, HasSubstr("hint:  start it"));
    EXPECT_EQ(done.out, "");
  }
  const Done json = focal({"status", "--json"});
  EXPECT_EQ(json.code, kExitNotRunning);
  EXPECT_THAT(json.out, HasSubstr(R"("code":"UNAVAILABLE")"));
}

TEST_F(App, TheFolderComesFromOptionThenEnvironmentThenHere) {
  no_folder_ = true;
  environment_["FOCAL_HOME"] = "/from/environment";
  EXPECT_THAT(focal({"status"}).err, HasSubstr("for /from/environment"));
  EXPECT_THAT(focal({"-C", "/from/option", "status"}).err, HasSubstr("for /from/option"));
  environment_.clear();
  EXPECT_THAT(focal({"status"}).err, 
              HasSubstr("not running for " + std::filesystem::current_path().string() + "\n"));
}

TEST_F(App, UsageErrorsEndWith2AndHelpWith0) {
  EXPECT_EQ(focal({"trace", "refuse", "1"}).code, kExitUsage) << "neither ground nor file";
  EXPECT_EQ(focal({"trace", "nonsense"}).code, kExitUsage);
  const Done both = focal({"trace", "ack", "1", "--from", "x", "--ref", "y"});
  EXPECT_EQ(both.code, kExitUsage);
  EXPECT_THAT(both.err, HasSubstr("exclude each other"));
  EXPECT_EQ(focal({"--help"}).code, kExitOk);
  EXPECT_THAT(focal({"--help"}).out, HasSubstr("Usage"));
  const Done quiet = focal({"peer", "verify", "XB", "--how", "phone"});
  EXPECT_EQ(quiet.code, kExitUsage) << "no number, nobody to ask";
  EXPECT_THAT(quiet.err, HasSubstr("--number"));
}

TEST_F(App, ANodesProblemIsShownWithWhereHintAndId) {
  serve();
  const Done done = focal({"trace", "show", "77"});
  EXPECT_EQ(done.code, kExitFailed);
  EXPECT_EQ(done.err,
            "error: no answer for GET /v1/traces/77\nwhere: case_number\nhint:  try\n"
            "id:    ABCD2345 (the node's log has the same)\n");
  const Done json = focal({"trace", "show", "77", "--json"});
  EXPECT_EQ(json.code, kExitFailed);
  v1::Problem problem;
  ASSERT_TRUE(json::read(json.out, problem));
  EXPECT_EQ(problem.id(), "ABCD2345");
  EXPECT_EQ(json.err, "");
  // A problem whose code is USAGE came from the node: refused, not a wrong command line.
  refuse("GET /v1/inbox", fail(ErrorCode::kUsage, "no"));
  EXPECT_EQ(focal({"inbox"}).code, kExitFailed);
}

TEST_F(App, JsonIsPrintedExactlyAsItCame) {
  serve();
  http::Response odd;
  odd.body = R"({"party":"XA",   "newer_field":[1,2], "state":"RUNNING"})";
  answers_["GET /v1/status"].push_back(odd);
  const Done done = focal({"status", "--json"});
  EXPECT_EQ(done.out, odd.body + "\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(focal({"status"}).out, StartsWith("XA  RUNNING")) << "newer fields do not disturb";
}

TEST_F(App, AnAnswerThatCannotBeReadIsAnError) {
  serve();
  http::Response broken;
  broken.body = "{\"party\":";
  answers_["GET /v1/status"].push_back(broken);
  EXPECT_EQ(focal({"status"}).code, kExitFailed);
  http::Response html;
  html.status = 502;
  html.body = "<html>";
  answers_["GET /v1/inbox"].push_back(html);
  EXPECT_THAT(focal({"inbox"}).err, HasSubstr("HTTP status 502"));
}

TEST_F(App, InboxShowsOverdueAndTurn) {
  serve();
  v1::InboxResponse inbox;
  auto& e = *inbox.add_entries();
  e.set_needs_action(true);
  e.set_overdue(true);
  e.set_due_at("2026-03-02T09:00:00Z");
  e.set_due_act("ACKNOWLEDGE");
  e.set_party("XA");
  e.set_case_number("XB-26-0001");
  e.set_subject("وثيقة\x1b]0;pwned\x07 追查");
  e.set_state("RECEIVED");
  e.set_last_kind("trace.request");
  inbox.set_total(3);
  inbox.mutable_counts()->set_cases(3);
  inbox.mutable_counts()->set_overdue(1);
  answer("GET /v1/inbox", inbox);
  const Done done = focal({"inbox", "--needs-action", "--party", "XA", "--limit", "1"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("!  acknowledge overdue by 3 h  XB-26-0001  XA"));
  EXPECT_THAT(done.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(done.out, HasSubstr("3 open cases, 0 where it is our turn, 1 overdue"));
  EXPECT_THAT(done.out, HasSubstr("1 of 3 shown"));
  EXPECT_EQ(query_, (std::vector<std::pair<std::string, std::string>>{
                        {"needs_action", "true"}, {"party", "XA"}, {"limit", "1"}}));
}

TEST_F(App, ColourOnlyOnATerminalAndNotWithNoColor) {
  serve();
  v1::TraceListResponse list;
  *list.add_traces() = a_case();
  answer("GET /v1/traces", list);
  EXPECT_THAT(focal({"trace", "list"}).out, Not(HasSubstr("\x1b[")));
  terminal_out_ = true;
  EXPECT_THAT(focal({"trace", "list"}).out, HasSubstr("\x1b[31moverdue by 3 h\x1b[0m"));
  EXPECT_THAT(focal({"trace", "list", "--no-color"}).out, Not(HasSubstr("\x1b[")));
  environment_["NO_COLOR"] = "1";
  EXPECT_THAT(focal({"trace", "list"}).out, Not(HasSubstr("\x1b[")));
  environment_ = {{"TERM", "dumb"}};
  EXPECT_THAT(focal({"trace", "list"}).out, Not(HasSubstr("\x1b[")));
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
  EXPECT_THAT(done.out, HasSubstr("acknowledge by  2026-03-02 09:00 UTC (overdue by 3 h)"));
  EXPECT_THAT(done.out, HasSubstr("answer by       2026-04-01 17:00 UTC\n"));
  EXPECT_THAT(done.out, HasSubstr("AMBER+STRICT H1 H2"));
  EXPECT_THAT(done.out, HasSubstr("1  Arsenal Delta D-9 Compact, 9X19  DA 0I7 342  -"));
  EXPECT_THAT(done.out, HasSubstr("XB/T/26/0458 [no effect: the case is closed] [2 fields of a "
                                  "newer version]  stored at the other end"));
  EXPECT_THAT(done.out, HasSubstr("focal trace answer XB-26-0001 --from FILE  answer the request"));
  focal({"trace", "show", "XB-26-0001", "--records"});
  EXPECT_EQ(query_.at(0).first, "with_records");
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

TEST_F(App, PeerVerifyShowsTheNumberAndSendsWhatIsTyped) {
  serve();
  v1::PeerShowResponse show;
  std::string digits;
  for (int i = 0; i < 60; ++i) digits += static_cast<char>('0' + i % 10);
  show.set_safety_number(digits);
  answer("GET /v1/peers/XB", show);
  v1::PeerVerifyResponse verified;
  verified.mutable_peer()->set_party("XB");
  verified.mutable_peer()->set_level("VERIFIED");
  answer("POST /v1/peers/XB/verify", verified);
  const Done done = focal({"peer", "verify", "XB", "--how", "note-verbale"}, "01234 56789\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("    01234 56789 01234 56789\n    01234 56789 01234 56789\n"));
  EXPECT_EQ(done.out, "XB is now VERIFIED\n");
  v1::PeerVerifyRequest request;
  ASSERT_TRUE(json::read(body_, request));
  EXPECT_EQ(request.number(), "01234 56789");
  EXPECT_EQ(request.how(), "NOTE_VERBALE");
  // What was refused by the node stays refused.
  answers_["POST /v1/peers/XB/verify"].clear();
  refuse("POST /v1/peers/XB/verify",
         fail(ErrorCode::kInvalid, "the number is not the one", "", "number"));
  const Done wrong = focal({"peer", "verify", "XB", "--how", "phone", "--number", "1"});
  EXPECT_EQ(wrong.code, kExitFailed);
  EXPECT_THAT(wrong.err, HasSubstr("the number is not the one"));
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

TEST_F(App, OfflineCommandsWorkWithTheNodeStopped) {
  EXPECT_THAT(focal({"card", "show"}).out, HasSubstr("focal-card/v1\nparty XA\n"));
  EXPECT_EQ(focal({"ledger", "verify"}).code, kExitFailed) << "no ledger";
  ledger_ = true;
  const Done good = focal({"ledger", "verify"});
  EXPECT_EQ(good.code, 0);
  EXPECT_THAT(good.out, HasSubstr("The ledger verifies."));
  ledger_ = false;
  EXPECT_EQ(focal({"ledger", "verify"}).code, kExitFailed);
  const Done json = focal({"ledger", "verify", "--json"});
  EXPECT_EQ(json.code, kExitFailed);
  v1::LedgerVerifyResponse answer;
  ASSERT_TRUE(json::read(json.out, answer)) << json.out;
  EXPECT_FALSE(answer.ok());
}

TEST_F(App, WithANodeRunningItIsTheNodeThatIsAsked) {
  serve();
  v1::LedgerVerifyResponse verified;
  verified.set_ok(true);
  answer("GET /v1/ledger/verify", verified);
  EXPECT_EQ(focal({"ledger", "verify"}).code, 0);
  EXPECT_EQ(focal({"card", "show"}).code, kExitFailed) << "its refusal is not papered over";
}

TEST_F(App, InitTakesItsPassphrasesFromDescriptors) {
  int a[2];
  int b[2];
  ASSERT_EQ(::pipe(a), 0);
  ASSERT_EQ(::pipe(b), 0);
  ASSERT_EQ(::write(a[1], "the node's words\n", 17), 17);
  ASSERT_EQ(::write(b[1], "the roots' words\n", 17), 17);
  ::close(a[1]);
  ::close(b[1]);
  const Done done = focal({"init", "XA", "--root-folder", "/stick", "--passphrase-fd",
                           std::to_string(a[0]), "--root-passphrase-fd", std::to_string(b[0])});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(init_, "XA|tcp://127.0.0.1:7117|the node's words|the roots' words");
  EXPECT_THAT(done.out, HasSubstr("The node XA is made."));
  EXPECT_THAT(done.out, Not(HasSubstr("words")));
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
}

}  // namespace
}  // namespace focal::cli

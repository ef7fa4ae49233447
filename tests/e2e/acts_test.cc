// Goal: an officer can do every act of a tracing case from the command line, is told what is
// possible next and whose turn it is, and is stopped before what cannot be taken back.
// Method: real programs; two cases told to their ends, with short files where a record has
// structure.
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <thread>

#include "node/desk/act_table.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

class ActsStory : public Friends {
 protected:
  std::string file(Party& at, const std::string& name, const std::string& text) {
    std::ofstream(at.file(name)) << text;
    return at.file(name);
  }

  // Done in words; then both ends show that state (at XA and at XB), and that party's turn.
  void act(Party& who, const Words& words, const std::string& at_xa, const std::string& at_xb,
           const std::string& turn) {
    SCOPED_TRACE(words[1] + " " + words[2]);
    const Ran ran = who.focal(words);
    ASSERT_EQ(ran.code, 0) << ran.err;
    done_.insert(words[1]);
    const std::string leaf = newest_sent(who);
    EXPECT_TRUE(leaf.starts_with("trace." + words[1] + " by ") &&
                leaf.ends_with("(uid " + std::to_string(::getuid()) + ", OWNER)"))
        << "the leaf names the act, who did it and as what: " << leaf;
    const std::string line =
        turn.empty() ? "sent    " : "turn    " + (turn == who.name() ? "ours" : turn);
    EXPECT_NE(ran.out.find(line), std::string::npos) << ran.out;
    for (Party* at : {&xa_, &xb_}) {
      const Words show{"trace", "show", words[2]};
      const std::string state = at == &xa_ ? at_xa : at_xb;
      ASSERT_TRUE(eventually([&] { return at->ask(show).is("trace.state", state); }))
          << at->name() << " is not in " << state << "\n"
          << at->focal(show).out;
      EXPECT_EQ(at->ask(show)["trace.turn"], turn.empty()         ? ""
                                             : turn == at->name() ? "OURS"
                                                                  : "THEIRS");
      const std::string inbox = at->focal({"inbox"}).out;
      EXPECT_EQ(inbox.find("  " + words[2] + "  ") == std::string::npos, turn.empty()) << inbox;
    }
  }
  void act(Party& who, const Words& words, const std::string& state, const std::string& turn) {
    act(who, words, state, state, turn);
  }
  // Of the newest SENT leaf: the act in its detail, and who did it.
  static std::string newest_sent(Party& who) {
    const Json tail = who.ask({"ledger", "tail", "--limit", "1000"});
    std::map<std::uint64_t, std::string> sent;  // by the number of the leaf
    for (std::size_t i = 0; i < tail.size("leaves"); ++i) {
      const std::string leaf = "leaves[" + std::to_string(i) + "].";
      if (tail[leaf + "type"] == "SENT")
        sent[std::stoull(tail[leaf + "index"])] = tail[leaf + "act"] + " by " + tail[leaf + "who"];
    }
    return sent.empty() ? "" : sent.rbegin()->second;
  }
  bool offers(Party& at, const std::string& command) {
    return at.focal({"trace", "show", "T-1"}).out.find(command) != std::string::npos;
  }

  std::set<std::string> done_;  // words of acts
};

constexpr char kExported[] = R"({"item_no": 1, "result": "EXPORTED", "completeness": "FULL",
  "country": "XC", "date": {"value": "2015-03"}, "consignee_class": "IMPORTER"})";
constexpr char kReason[] = "A court has to release the file first.";

TEST_F(ActsStory, EveryActByTheCommandLine) {
  start_both();
  xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  xb_.refused({"trace", "ask", "T-1", "--missing", "item1.serial", "--text", "?"}, "CASE");
  act(xb_, {"trace", "ack", "T-1", "--ref", "XB/7", "--expected-by", days_from_now(50)}, "ACKNOWLEDGED",
      "XB");
  EXPECT_TRUE(offers(xb_, "focal trace ask T-1 --missing item1.serial --text 'QUESTION'"));
  EXPECT_EQ(xb_.refused({"trace", "ask", "T-1", "--missing", "item3.serial", "--text", "?"},
                        "INVALID")["path"],
            "missing[0].path");
  act(xb_, {"trace", "ask", "T-1", "--missing", "item1.serial", "--text", "Third: 0 or O?"},
      "INFO_REQUESTED", "AWAITING_INFO", "XA");
  EXPECT_TRUE(offers(xa_, "focal trace supply T-1 --field 'item1.serial' --value 'TEXT'"));
  act(xa_, {"trace", "supply", "T-1", "--value", "DA017342", "--confidence", "certain"},
      "ACKNOWLEDGED", "XB");
  act(xb_,
      {"trace", "delay", "T-1", "--ground", "ongoing-investigation", "--reason", kReason,
       "--expected-by", days_from_now(125), "--item", "2"},
      "DELAYED", "XB");
  act(xa_, {"trace", "clarify", "T-1", "--text", "Which court?"}, "CLARIFICATION_SOUGHT",
      "CLARIFYING", "XB");
  act(xb_, {"trace", "reply", "T-1", "--text", "The district court."}, "DELAYED", "XB");
  act(xb_,
      {"trace", "interim", "T-1", "--from",
       file(xb_, "part.json",
            R"({"trace_interim": {"expected_by": ")" + days_from_now(94) + R"(",
                 "results": [)" +
                kExported + "]}}")},
      "INTERIM", "XB");
  act(xb_, {"trace", "answer", "T-1", "--from", example("05")}, "RESTRICTED", "XA");
  EXPECT_EQ(xa_.focal({"trace", "close", "T-1", "--outcome", "useful"}).code, 2) << "nobody to ask";
  EXPECT_TRUE(offers(xa_, "focal trace close T-1 --outcome OUTCOME"));
  act(xa_, {"trace", "close", "T-1", "--outcome", "useful", "--next-asked", "XC", "--yes"},
      "CLOSED", "");
  act(xb_,
      {"trace", "correct", "T-1", "--from",
       file(xb_, "right.json",
            std::string(R"({"trace_correction": {"reason_text":
                 "The consignment book was misread.", "results": [)") +
                kExported + "]}}")},
      "RESTRICTED", "XA");
  act(xa_, {"trace", "close", "T-1", "--outcome", "not-known", "--yes"}, "CLOSED", "");
  act(xa_, {"trace", "reopen", "T-1", "--text", "A second weapon was found."}, "IN_PROGRESS", "XB");
  act(xb_, {"trace", "refuse", "T-1", "--ground", "NATIONAL_SECURITY", "--reason", kReason},
      "REFUSED", "XA");

  xa_.ask({"trace", "open", "--from", example("06"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "2"); }));
  const Json wrong =
      xa_.refused({"trace", "withdraw", "T-2", "--reason", "bored", "--yes"}, "RECORD");
  EXPECT_NE(wrong["hint"].find("WEAPON_DESTROYED (weapon destroyed)"), std::string::npos);
  EXPECT_EQ(xa_.focal({"trace", "withdraw", "T-2", "--reason", "solved"}).code, 2);
  act(xa_, {"trace", "withdraw", "T-2", "--reason", "solved", "--yes"}, "WITHDRAWN", "");

  for (const auto& act : desk::act_table())
    EXPECT_TRUE(done_.contains(std::string(act.word))) << act.word << " is not tried";

  ASSERT_TRUE(xa_.settles() && xb_.settles());
  const Json a = xa_.ask({"trace", "show", "T-1"}), b = xb_.ask({"trace", "show", "T-1"});
  ASSERT_EQ(a.size("timeline"), 14u);
  ASSERT_EQ(b.size("timeline"), 14u);
  for (std::size_t i = 0; i < 14; ++i)
    for (const char* field : {"rid", "kind", "summary", "effect"}) {
      const std::string path = "timeline[" + std::to_string(i) + "]." + field;
      EXPECT_EQ(a[path], b[path]);
      EXPECT_NE(a[path], "") << path;
    }
}

TEST_F(ActsStory, TwoOfficersAnswerAtOnceAndOneIsTold) {
  start_both();
  xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  Ran one, two;
  Launch answer;  // not by focal(): that notes what was shown, in one place for all
  answer.words = {program("focal"), "-C",  xb_.folder(), "trace",
                  "answer",         "T-1", "--from",     example("05")};
  std::thread other([&] { one = run(answer); });
  two = xb_.focal({"trace", "refuse", "T-1", "--ground", "NATIONAL_SECURITY", "--reason", kReason});
  other.join();
  EXPECT_EQ(one.code + two.code, 1) << one.err << two.err;
  EXPECT_NE((one.err + two.err).find("is not possible in state"), std::string::npos)
      << one.err << two.err;
  ASSERT_TRUE(xb_.settles());
  EXPECT_EQ(xa_.ask({"trace", "show", "T-1"}).size("timeline"), 2u);
}

// As large as a request may be, through file, API, ledger, network and back.
TEST_F(ActsStory, TwoHundredWeapons) {
  focal::v1::Record big, answers;
  std::ifstream in(example("01"));
  ASSERT_TRUE(json::read(std::string(std::istreambuf_iterator<char>(in), {}), big).has_value());
  big.clear_unknown_fields();
  const auto one = big.trace_request().items(0);
  big.mutable_trace_request()->clear_items();
  focal::v1::ItemResult result;
  ASSERT_TRUE(json::read(kExported, result).has_value());
  answers.mutable_trace_response()->set_case_ref_requested("XB/7");
  for (std::uint32_t i = 0; i < 200; ++i) {
    auto* item = big.mutable_trace_request()->add_items();
    *item = one;
    item->set_item_no(i + 1);
    big.add_unknown_fields("trace_request.items[" + std::to_string(i) + "].country_of_import");
    result.set_item_no(i + 1);
    *answers.mutable_trace_response()->add_results() = result;
  }
  start_both();
  xa_.ask(
      {"trace", "open", "--to", "XB", "--from", file(xa_, "big.json", json::write_set(big, true))});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  act(xb_,
      {"trace", "answer", "T-1", "--from",
       file(xb_, "answers.json", json::write_set(answers, true))},
      "ANSWERED", "XA");
  const Json shown = xa_.ask({"trace", "show", "T-1", "--records"});
  EXPECT_EQ(shown.size("items"), 200u);
  EXPECT_EQ(shown["items[199].result"], "EXPORTED");
  EXPECT_EQ(shown["trace.items_answered"], "200");
  EXPECT_EQ(shown["timeline[1].summary"], "200 items: 200 EXPORTED");
}

}  // namespace
}  // namespace focal::e2e

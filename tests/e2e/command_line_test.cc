// Goal: the command line keeps its promises: help with an example everywhere, JSON
// everywhere, exit codes; and the outbox says how every sending stands. Method: the
// real program against real nodes; the list of commands is the program's own table.
#include "tests/e2e/harness.h"

#include <sstream>

#include "node/cli/command.h"

namespace focal::e2e {
namespace {

Words split(const std::string& text) {
  Words out;
  std::istringstream in(text);
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

TEST_F(Fresh, EveryCommandHelpsWithAnExample) {
  ASSERT_GE(cli::commands().size(), 20u);
  const std::string top = xa_.focal({"--help"}).out;
  for (const cli::Command& command : cli::commands()) {
    Words words = split(command.words);
    EXPECT_NE(top.find("\n  " + words.front()), std::string::npos) << command.words;
    words.push_back("--help");
    const Ran ran = xa_.focal(words);
    EXPECT_EQ(ran.code, 0) << command.words;
    EXPECT_EQ(ran.err, "");
    const auto example_at = ran.out.find("Example:\n  focal ");
    ASSERT_NE(example_at, std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find(words.front(), example_at), std::string::npos);
  }
  for (const cli::Group& group : cli::groups()) {
    const Ran ran = xa_.focal({group.word, "--help"});
    EXPECT_EQ(ran.code, 0) << group.word;
    EXPECT_NE(ran.out, "");
  }
  for (const Words& wrong : {Words{}, Words{"dance"}, Words{"trace"}, Words{"status", "--loud"},
                             Words{"peer", "show"}, Words{"ledger", "tail", "--limit", "many"}}) {
    const Ran ran = xa_.focal(wrong);
    EXPECT_EQ(ran.code, 2);
    EXPECT_NE(ran.err.find("hint:"), std::string::npos) << ran.err;
  }
  EXPECT_EQ(xa_.focal({"--version"}).code, 0);
  for (const char* name : {"focald", "focal-gate"}) {
    const Ran ran = run({{program(name), "--nonsense"}, ""});
    EXPECT_EQ(ran.code, 2) << name;
    EXPECT_NE(ran.err, "") << name;
  }
  const Ran help = run({{program("focald"), "--help"}, ""});
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("--passphrase-fd"), std::string::npos);
}

TEST_F(Friends, EveryReadCommandAnswersInJson) {
  start_both();
  xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
  ASSERT_TRUE(xa_.settles());
  const std::pair<Words, std::string> reads[] = {
      {{"status"}, "gate.state"},          {{"card", "show"}, "card_text"},
      {{"card", "export"}, "bundle"},      {{"peer", "list"}, "peers[0].level"},
      {{"peer", "show", "XB"}, "safety_number"}, {{"trace", "list"}, "traces[0].state"},
      {{"trace", "list", "--open", "--role", "requester", "--limit", "5"}, "total"},
      {{"trace", "show", "T-1"}, "timeline[0].rid"},
      {{"trace", "show", "T-1", "--records"}, "timeline[0].record.header.subject"},
      {{"inbox"}, "counts.cases"},         {{"outbox"}, "total"},
      {{"outbox", "--all", "--party", "XB", "--state", "ACCEPTED"}, "entries[0].id"},
      {{"ledger", "verify"}, "checks[0].name"}, {{"ledger", "tail", "--limit", "3"}, "leaves[2].hash"},
      {{"ledger", "log", "--limit", "3"}, "leaves[2].hash"}, {{"ledger", "show", "1"}, "entries[0].bytes"},
      {{"ledger", "find", "--party", "XB", "--kind", "trace.request"}, "leaves[0].ref"},
  };
  for (const auto& [words, field] : reads) {
    SCOPED_TRACE(words[0] + " " + (words.size() > 1 ? words[1] : ""));
    EXPECT_NE(xa_.ask(words)[field], "") << field;
    EXPECT_EQ(xa_.focal(words).code, 0);
  }
  EXPECT_EQ(xa_.ask({"ledger", "tail", "--limit", "3"}).size("leaves"), 3u);
  // Errors too, wherever they arise.
  xa_.refused({"trace", "show", "T-99"}, "NOT_FOUND");
  xa_.refused({"peer", "show", "XC"}, "NOT_FOUND");
  xa_.refused({"outbox", "retry", "99-XB"}, "NOT_FOUND");
  const Json usage = xa_.refused({"trace", "show", "case"}, "USAGE");
  EXPECT_EQ(usage["id"].size(), 8u);
  EXPECT_NE(read_text(xa_.log()).find(usage["id"]), std::string::npos);
}

TEST_F(Friends, TheOutboxSaysWhyAndCanBeCancelledWithAReason) {
  xa_.start();  // XB is down
  for (int i = 0; i < 2; ++i) xa_.focal({"peer", "ping", "XB", "--wait", "0"});
  ASSERT_TRUE(eventually(
      [&] { return xa_.ask({"outbox"})["entries[0].reason"] != ""; }));
  const Json outbox = xa_.ask({"outbox"});
  ASSERT_EQ(outbox["total"], "2");
  const std::string id = outbox["entries[0].id"], kept = outbox["entries[1].id"];
  EXPECT_EQ(outbox["entries[0].state"], "READY");
  EXPECT_EQ(outbox["entries[0].kinds[0]"], "peer.ping");
  EXPECT_NE(xa_.focal({"outbox"}).out.find(outbox["entries[0].reason"].substr(0, 12)),
            std::string::npos);
  EXPECT_EQ(xa_.ask({"outbox", "retry", id})["entry.state"], "READY");

  EXPECT_EQ(xa_.focal({"outbox", "cancel", id, "--yes"}).code, 2) << "without a reason";
  xa_.refused({"outbox", "cancel", id, "--yes", "--reason", ""}, "INVALID");
  EXPECT_EQ(xa_.focal({"outbox", "cancel", id, "--reason", "sent to the wrong desk by mistake"}).code,
            2) << "nobody to ask";
  EXPECT_EQ(xa_.waits_to_be_sent(), 2u);
  const Json done =
      xa_.ask({"outbox", "cancel", id, "--reason", "sent to the wrong desk by mistake", "--yes"});
  EXPECT_EQ(done["entry.state"], "CANCELLED");
  EXPECT_EQ(xa_.waits_to_be_sent(), 1u);
  xa_.refused({"outbox", "retry", id}, "STATE");
  xa_.refused({"outbox", "cancel", id, "--reason", "again", "--yes"}, "STATE");
  xa_.refused({"outbox", "retry", "one"}, "USAGE");

  xa_.stop();
  xa_.start();  // it stays cancelled
  xb_.start();
  ASSERT_TRUE(xa_.settles());
  const Json all = xa_.ask({"outbox", "--all"});
  ASSERT_EQ(all["total"], "2");
  EXPECT_EQ(all["entries[0].state"], "CANCELLED");
  EXPECT_EQ(all["entries[1].id"], kept);
  EXPECT_EQ(all["entries[1].state"], "ACCEPTED");
  EXPECT_EQ(xb_.ids_in_ledger(store::LeafType::kReceived).size(), 1u) << "the cancelled one came";
}

}  // namespace
}  // namespace focal::e2e

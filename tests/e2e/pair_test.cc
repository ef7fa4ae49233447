// Goal: two officers at one table verify each other by machine and make a pair secret; from
// then on everything between their nodes is sealed with it, also after both were started
// anew. Wrong, foreign and repeated codes change nothing. Method: real programs.
#include <algorithm>

#include "crypto/keystore.h"
#include "node/exchange/ceremony_code.h"
#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

constexpr int kFd = 5;

struct Meeting : Fresh {
  void SetUp() override {
    Fresh::SetUp();
    xa_.start();
    xb_.start();
    introduce(xa_, xb_);
    introduce(xb_, xa_);
  }
  static std::string code_of(Party& at, const std::string& with) {
    return at.ask({"peer", "meet", with, "--show"})["code"];
  }
  static Ran take(Party& at, const std::string& from, const std::string& code) {
    return at.focal_with({"peer", "meet", from, "--their-code-fd", std::to_string(kFd), "--json"},
                         {{kFd, code + "\n"}});
  }
  static std::string refusal(const Ran& ran) {
    EXPECT_EQ(ran.code, 1) << ran.out << ran.err;
    const Json problem(ran.out);
    EXPECT_NE(problem["hint"], "");
    return problem["code"];
  }
  static std::string pair(Party& at, const std::string& with, const std::string& field) {
    return at.ask({"peer", "pair", with})["pair." + field];
  }
  void meet() {
    const std::string code_a = code_of(xa_, "XB"), code_b = code_of(xb_, "XA");
    ASSERT_EQ(take(xa_, "XB", code_b).code, 0);
    ASSERT_EQ(take(xb_, "XA", code_a).code, 0);
    ASSERT_TRUE(eventually([&] {
      return pair(xa_, "XB", "state") == "CONFIRMED" && pair(xb_, "XA", "state") == "CONFIRMED";
    }));
  }
  static void expect_no_trace_of(const std::string& code, const Party& at) {
    const auto parsed = exchange::parse_ceremony_code(code);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(read_text(at.log()).find(code.substr(code.size() - 40)), std::string::npos);
    const auto keys =
        crypto::Keystore::open(at.folder() / "keystore.focalkey",
                               crypto::Secret::copy_of(as_bytes(at.passphrase())));
    ASSERT_TRUE(keys) << keys.error().message;
    for (const std::string& name : keys->names()) {
      const ByteView held = keys->find(name)->view();
      EXPECT_EQ(std::search(held.begin(), held.end(), parsed->c.view().begin(),
                            parsed->c.view().end()), held.end()) << name;
    }
  }
};

TEST_F(Meeting, VerifiesAndMakesAPairSecretThatOutlivesBothProcesses) {
  const std::string code_a = code_of(xa_, "XB");
  const std::string code_b = code_of(xb_, "XA");
  EXPECT_EQ(code_of(xa_, "XB"), code_a) << "shown again, the same";
  EXPECT_NE(pair(xa_, "XB", "meeting_until"), "");
  EXPECT_EQ(pair(xa_, "XB", "state"), "NONE");

  const Ran at_a = take(xa_, "XB", code_b);
  ASSERT_EQ(at_a.code, 0) << at_a.err << at_a.out;
  EXPECT_EQ(Json(at_a.out)["level"], "VERIFIED");
  EXPECT_EQ(Json(at_a.out)["pair.state"], "UNCONFIRMED");
  EXPECT_EQ(pair(xa_, "XB", "meeting_until"), "") << "our code is wiped";
  const Ran at_b = take(xb_, "XA", code_a);
  ASSERT_EQ(at_b.code, 0) << at_b.err << at_b.out;
  ASSERT_TRUE(eventually([&] {
    return pair(xa_, "XB", "state") == "CONFIRMED" && pair(xb_, "XA", "state") == "CONFIRMED";
  }));
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.verified_how"], "IN_PERSON");
  EXPECT_NE(xa_.focal({"peer", "show", "XB"}).out.find("CONFIRMED"), std::string::npos);

  EXPECT_EQ(xa_.focal({"peer", "ping", "XB"}).code, 0);
  EXPECT_EQ(xb_.focal({"peer", "ping", "XA"}).code, 0);
  EXPECT_GE(std::stoul(pair(xa_, "XB", "sent_with")), 1u);
  EXPECT_GE(std::stoul(pair(xa_, "XB", "opened_with")), 1u);

  for (Party* party : {&xa_, &xb_}) EXPECT_EQ(party->stop(), 0);
  for (Party* party : {&xa_, &xb_}) party->start();
  EXPECT_EQ(pair(xa_, "XB", "state"), "CONFIRMED");
  EXPECT_EQ(xa_.focal({"peer", "ping", "XB", "--wait", "60"}).code, 0);
  EXPECT_GE(std::stoul(pair(xa_, "XB", "sent_with")), 1u);
  EXPECT_EQ(pair(xa_, "XB", "sent_without"), "0");
  EXPECT_TRUE(xa_.settles());
  EXPECT_TRUE(xb_.settles());

  for (Party* party : {&xa_, &xb_}) EXPECT_EQ(party->stop(), 0);
  for (Party* party : {&xa_, &xb_}) {
    expect_no_trace_of(code_a, *party);
    expect_no_trace_of(code_b, *party);
    party->expect_ledger_verifies();
  }
}

TEST_F(Meeting, WrongCodesChangeNothing) {
  const std::string code_a = code_of(xa_, "XB");
  const std::string code_b = code_of(xb_, "XA");
  const std::string print_b = xb_.ask({"peer", "code"})["code"];
  const std::uint64_t before = xa_.ledger_size();
  EXPECT_EQ(refusal(take(xa_, "XB", code_a)), "INVALID") << "our own";
  EXPECT_EQ(refusal(take(xa_, "XB", print_b)), "INVALID") << "a fingerprint, no secret";
  EXPECT_EQ(refusal(take(xa_, "XB", code_b.substr(0, code_b.size() - 1))), "INVALID");
  EXPECT_EQ(refusal(take(xa_, "XB", "12345 67890")), "INVALID");
  EXPECT_EQ(refusal(take(xa_, "XC", code_b)), "NOT_FOUND");
  // Another root key under XB's name.
  const auto parsed = exchange::parse_ceremony_code(code_b);
  ASSERT_TRUE(parsed);
  const auto own = exchange::parse_ceremony_code(code_a);
  ASSERT_TRUE(own);
  const auto forged = exchange::ceremony_code("XB", own->root, parsed->c);
  EXPECT_EQ(refusal(take(xa_, "XB", std::string(as_text(forged.view())))), "INVALID");
  EXPECT_EQ(take(xa_, "XB", "").code, 2) << "nothing to read";
  EXPECT_EQ(xa_.trust_in("XB"), "NONE");
  EXPECT_EQ(xa_.ledger_size(), before);
  EXPECT_EQ(pair(xa_, "XB", "state"), "NONE");
  EXPECT_EQ(xa_.ask({"peer", "meet", "XB", "--stop"})["stopped"], "true");
  EXPECT_EQ(xa_.ask({"peer", "meet", "XB", "--stop"}).is("stopped", "true"), false);
  EXPECT_NE(code_of(xa_, "XB"), code_a) << "a new meeting, a new code";
}

TEST_F(Meeting, ACodeOnALetterVerifies) {
  const std::string print_b = xb_.ask({"peer", "code"})["code"];
  EXPECT_EQ(xb_.ask({"peer", "code"})["code"], print_b);
  const auto verify = [&](const std::string& how, const std::string& code) {
    return Words{"peer", "verify", "XB", "--how", how, "--code", code};
  };
  xa_.refused(verify("note-verbale", xa_.ask({"peer", "code"})["code"]), "INVALID");
  xa_.refused(verify("note-verbale", code_of(xb_, "XA")), "INVALID");  // a secret on a command line
  EXPECT_EQ(xa_.trust_in("XB"), "NONE");
  EXPECT_EQ(xa_.ask(verify("note-verbale", print_b))["peer.level"], "VERIFIED");
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.verified_how"], "NOTE_VERBALE");
}

TEST_F(Meeting, ALostSecretHoldsRecordsUntilAnOperatorActs) {
  meet();
  EXPECT_EQ(xb_.ask({"peer", "pair", "XA", "--drop", "--reason", "test", "--yes"})["pair.state"],
            "NONE");
  EXPECT_EQ(xa_.focal({"peer", "ping", "XB", "--wait", "0"}).code, 1);
  ASSERT_TRUE(eventually([&] { return pair(xa_, "XB", "waiting") == "1"; }));
  const Json outbox = xa_.ask({"outbox"});
  EXPECT_EQ(outbox["entries[0].state"], "WAIT_PSK");
  EXPECT_NE(outbox["entries[0].reason"].find("pair secret"), std::string::npos);
  EXPECT_EQ(xa_.focal({"peer", "pair", "XB", "--drop", "--reason", "r"}).code, 2)
      << "nobody there to say yes";
  EXPECT_EQ(pair(xa_, "XB", "state"), "CONFIRMED");
  xa_.ask({"peer", "pair", "XB", "--drop", "--reason", "XB lost its own", "--yes"});
  EXPECT_TRUE(xa_.settles());
  xa_.refused({"peer", "pair", "XB", "--drop", "--reason", "again", "--yes"}, "STATE");
  for (Party* party : {&xa_, &xb_}) {
    EXPECT_EQ(party->stop(), 0);
    party->expect_ledger_verifies();
  }
}

}  // namespace
}  // namespace focal::e2e

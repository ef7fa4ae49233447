// Goal: trust rises only by the sixty digits, nothing but notes passes before, and
// both operators see why a link does not come up. Method: real programs on loopback.
#include "tests/e2e/harness.h"

#include "base/bytes.h"
#include "node/exchange/card.h"

namespace focal::e2e {
namespace {

std::string with_wrong_digit(std::string digits, std::size_t place) {
  digits[place] = digits[place] == '9' ? '0' : static_cast<char>(digits[place] + 1);
  return digits;
}

std::string all_warnings(const Json& status) {
  std::string out;
  for (std::size_t i = 0; i < status.size("warnings"); ++i)
    out += status["warnings[" + std::to_string(i) + "]"] + "\n";
  return out;
}

TEST_F(Fresh, OneWrongDigitStaysNone) {
  xa_.start();
  xb_.start();
  introduce(xb_, xa_);
  const std::string digits = digits_shown(xa_.focal({"peer", "show", "XB"}).out);
  const std::size_t before = xa_.ledger_entries();
  const auto verify = [&](const std::string& number) {
    return Words{"peer", "verify", "XB", "--how", "phone", "--number", number};
  };
  for (const std::size_t place : {0u, 29u, 59u})
    xa_.refused(verify(with_wrong_digit(digits, place)), "INVALID");
  xa_.refused(verify(digits.substr(0, 59)), "INVALID");
  xa_.refused(verify(digits + "1"), "INVALID");
  xa_.refused(verify(digits.substr(0, 59) + "x"), "INVALID");
  xa_.refused(verify(""), "INVALID");
  EXPECT_EQ(xa_.focal({"peer", "verify", "XB", "--number", digits}).code, 2);  // how?
  EXPECT_EQ(xa_.focal({"peer", "verify", "XB", "--how", "guess", "--number", digits}).code, 2);
  const Ran nobody = xa_.focal({"peer", "verify", "XB", "--how", "phone"}, digits + "\n");
  EXPECT_EQ(nobody.code, 2) << "typed by nobody at a terminal";
  EXPECT_NE(nobody.err.find("hint:"), std::string::npos);
  EXPECT_EQ(xa_.trust_in("XB"), "NONE");
  EXPECT_EQ(xa_.ledger_entries(), before);

  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); i += 5) grouped += digits.substr(i, 5) + " ";
  EXPECT_EQ(xa_.ask(verify(grouped))["peer.level"], "VERIFIED");
  EXPECT_GT(xa_.ledger_entries(), before);
}

TEST_F(Fresh, NothingButNotesPassesAtNone) {
  xa_.start();
  xb_.start();
  introduce(xa_, xb_);
  introduce(xb_, xa_);
  const std::size_t before = xa_.ledger_entries();
  const Json open =
      xa_.refused({"trace", "open", "--from", example("01"), "--to", "XB"}, "TRUST");
  EXPECT_NE(open["hint"].find("focal peer verify XB"), std::string::npos);
  xa_.refused({"peer", "ping", "XB"}, "TRUST");
  xa_.refused({"peer", "ping", "XC"}, "NOT_FOUND");
  EXPECT_EQ(xa_.ledger_entries(), before);
  EXPECT_EQ(xa_.waits_to_be_sent(), 0u);

  // Verified on one side only: what it sends waits at the other, unread.
  const std::string digits = digits_shown(xb_.focal({"peer", "show", "XA"}).out);
  xb_.ask({"peer", "verify", "XA", "--how", "in-person", "--number", digits});
  EXPECT_EQ(xb_.focal({"peer", "ping", "XA", "--wait", "0"}).code, 1);
  ASSERT_TRUE(eventually([&] { return xa_.ask({"status"}).is("queues.waiting_in", "1"); }));
  EXPECT_EQ(xb_.waits_to_be_sent(), 1u);
  EXPECT_TRUE(xa_.ids_in_ledger(store::LeafType::kReceived).empty());
  xa_.ask({"peer", "verify", "XB", "--how", "note-verbale", "--number", digits});
  EXPECT_TRUE(xb_.settles());
  EXPECT_EQ(xb_.ask({"outbox", "--all"})["entries[0].state"], "ACCEPTED");
  EXPECT_EQ(xa_.ids_in_ledger(store::LeafType::kReceived).size(), 1u);
}

TEST_F(Fresh, UnknownToTheOtherSideAndBothOperatorsSeeWhy) {
  xa_.start();
  xb_.start();
  introduce(xb_, xa_);  // XA knows XB, XB does not know XA
  ASSERT_TRUE(eventually([&] {
    return xa_.ask({"peer", "show", "XB"}).is("peer.not_connected_code", "REFUSED_BY_PEER");
  }));
  const Json seen = xa_.ask({"peer", "show", "XB"});
  EXPECT_EQ(seen["peer.not_connected_text"], "peer refused our key: are we on their list?");
  EXPECT_NE(seen["peer.not_connected_hint"].find("peer add"), std::string::npos);
  EXPECT_NE(xa_.focal({"status"}).out.find("refused our key"), std::string::npos);

  const auto card = exchange::parse_card(xa_.ask({"card", "show"})["card_text"]);
  ASSERT_TRUE(card);
  const std::string key = hex(card->transport).substr(0, 16);
  ASSERT_TRUE(eventually(
      [&] { return all_warnings(xb_.ask({"status"})).find(key) != std::string::npos; }));
  const std::string warnings = all_warnings(xb_.ask({"status"}));
  EXPECT_NE(warnings.find("unknown"), std::string::npos) << warnings;
  EXPECT_NE(xb_.focal({"status"}).out.find(key), std::string::npos);
  EXPECT_EQ(xb_.ask({"peer", "list"}).size("peers"), 0u);

  const pid_t focald_a = xa_.pid(), focald_b = xb_.pid();
  introduce(xa_, xb_);
  ASSERT_TRUE(eventually([&] { return xa_.is_linked_to("XB") && xb_.is_linked_to("XA"); }));
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.not_connected_code"], "");
  EXPECT_EQ(xa_.pid(), focald_a);
  EXPECT_EQ(xb_.pid(), focald_b);
  EXPECT_EQ(xa_.ask({"status"})["gate.restarts"], "0");
}

TEST_F(Fresh, AForgedOrForeignFileIsNotPinned) {
  xa_.start();
  xb_.start();
  const std::string file = xa_.file("bundle");
  xb_.focal({"card", "export", "--to", file});
  const std::string text = read_text(file);
  xa_.refused({"peer", "add", file, "--party", "XC"}, "INVALID");
  xb_.refused({"peer", "add", file}, "INVALID");  // its own
  std::string forged = text;
  const auto authority = forged.find("Office for tests");
  ASSERT_NE(authority, std::string::npos);
  forged.replace(authority, 6, "Bureau");
  write_text(file, forged);
  xa_.refused({"peer", "add", file}, "SIGNATURE");
  write_text(file, text.substr(0, text.size() / 2));
  EXPECT_EQ(xa_.focal({"peer", "add", file}).code, 1);
  EXPECT_EQ(xa_.focal({"peer", "add", file + "-none"}).code, 1);
  EXPECT_EQ(xa_.ask({"peer", "list"}).size("peers"), 0u);
}

}  // namespace
}  // namespace focal::e2e

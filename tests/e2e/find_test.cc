// Goal: after a real exchange both ends find the weapon again by its number, however it is
// typed, and nobody finds the number in the ledger's files or in the node's log. Method: real
// programs; the example request; the raw files searched.
#include <fstream>
#include <sstream>

#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

class Find : public Friends {
 protected:
  void SetUp() override {
    Friends::SetUp();
    start_both();
    const Json opened = xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
    ASSERT_EQ(opened["trace.case_number"], "T-1");
    ASSERT_TRUE(xa_.settles());
  }
};

TEST_F(Find, BothEndsFindTheWeaponHoweverItsNumberIsTyped) {
  for (Party* party : {&xa_, &xb_}) {
    const Json exact = party->ask({"find", "DA 0I7 342", "--make", "Arsenal Delta"});
    ASSERT_EQ(exact.size("matches"), 1u) << party->name();
    EXPECT_EQ(exact["matches[0].case_number"], "T-1");
    EXPECT_EQ(exact["matches[0].tier"], "EXACT");
    EXPECT_EQ(exact["matches[0].party"], party == &xa_ ? "XB" : "XA");
    EXPECT_EQ(exact["matches[0].reasons[0].agreement"], "EQUAL");
    EXPECT_EQ(exact["not_indexed"], "0");
    for (const char* typed : {"DA*342", "DAO17?42", "DA01734", "da0i7342"})
      EXPECT_EQ(party->ask({"find", typed}).size("matches"), 1u) << typed;
    EXPECT_EQ(party->ask({"find", "5128841"})["matches[0].tier"], "PATTERN");  // of 5??8841
    EXPECT_EQ(party->ask({"find", "ZZ99887"}).size("matches"), 0u);
  }
  const Ran words = xb_.focal({"find", "DAO17342", "--calibre", "7,62x39"});
  EXPECT_EQ(words.code, 0) << words.err;
  for (const char* said : {"DAO17342", "T-1 item 1", "from XA", "Arsenal Delta",
                           "calibre: in conflict", "A person confirms", "not found"})
    EXPECT_NE(words.out.find(said), std::string::npos) << said << "\n" << words.out;
  const Ran typed = xb_.focal({"find", "-"}, "DA017342\n");
  EXPECT_EQ(typed.code, 0) << typed.err;
  EXPECT_NE(typed.out.find("T-1 item 1"), std::string::npos);
  xb_.refused({"find", "A*"}, "INVALID");
}

TEST_F(Find, TheNumberStandsInNoFileOfTheNode) {
  for (Party* party : {&xa_, &xb_}) {
    EXPECT_EQ(party->ask({"find", "DA017342"}).size("matches"), 1u);
    EXPECT_EQ(party->stop(), 0);
    const std::string all = bytes_of(party->ledger()) + bytes_of(party->log()) +
                            bytes_of(party->ledger().string() + "-wal");
    EXPECT_NE(all.find("trace.request"), std::string::npos);  // the search finds what is there
    for (const char* number : {"DA017342", "DA 0I7 342", "0A017342", "5??8841", "XA-NPC-2026-0117"})
      EXPECT_EQ(all.find(number), std::string::npos) << number << " at " << party->name();
    party->start();
    EXPECT_EQ(party->ask({"find", "DA0173?2"}).size("matches"), 1u);
  }
  EXPECT_EQ(xb_.ask({"ledger", "verify"})["ok"], "true");
}

}  // namespace
}  // namespace focal::e2e

// Goal: what two States exchanged is proved to somebody who has a file and two fingerprints, and
// nothing else. Method: real programs on loopback; each officer exports the case, focal-verify runs
// in a folder where nothing else is, and one byte of the file is changed.
#include <unistd.h>

#include "base/bytes.h"
#include "node/exchange/safety_number.h"
#include "node/node/setup.h"
#include "tests/e2e/harness.h"
#include "tests/support/party_fixture.h"

namespace focal::e2e {
namespace {

constexpr char kProved[] = "CARD,SIGNED,CONTENT,ACCEPTED";

std::string fingerprint(const Party& party) {
  const auto card =
      test::TestParty::must(exchange::parse_card(read_text(party.folder() / node::kCardFile)));
  return card.party + "=" + hex(exchange::root_fingerprint(card.party, card.root));
}

class Evidence : public Friends {
 protected:
  void SetUp() override {
    Friends::SetUp();
    start_both();
    xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
    ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
    xb_.ask({"trace", "ack", "T-1", "--ref", "XB/1", "--expected-by", days_from_now(20)});
    ASSERT_TRUE(xb_.settles());
    ASSERT_TRUE(xa_.settles());
  }
  Ran verify(const std::string& file, const Words& more = {}) {
    Words words{program("focal-verify"), file,     "--root",
                fingerprint(xa_),        "--root", fingerprint(xb_)};
    words.insert(words.end(), more.begin(), more.end());
    Launch launch;
    launch.words = words;
    return run(launch);
  }
};

TEST_F(Evidence, BothEndsExportWhatAVerifierProvesAndNoOtherByte) {
  for (Party* party : {&xa_, &xb_}) {
    const std::string file = party->file("T-1.focalproof");
    const Json made = party->ask({"evidence", "export", "T-1", "--to", file});
    EXPECT_EQ(made["file"], file);
    EXPECT_EQ(made.size("summary.records"), 2u);
    EXPECT_EQ(made["summary.records[0].content"], "INCLUDED");
    EXPECT_EQ(made.size("summary.parties"), 2u);
    EXPECT_NE(made["check"].find(fingerprint(xa_)), std::string::npos) << made["check"];
    const Ran proved = verify(file, {"--json", "--require", kProved});
    EXPECT_EQ(proved.code, 0) << proved.out << proved.err;
    EXPECT_NE(Json(proved.out)["verdict"], "BROKEN");
    EXPECT_EQ(Json(proved.out).size("claims"), std::stoul(made["summary.claims"]));
    party->refused({"evidence", "export", "T-1", "--to", file}, "EXISTS");
    EXPECT_FALSE(fs::exists(file + ".part"));

    std::string bytes = read_text(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    const std::string changed = party->file("changed.focalproof");
    write_text(changed, bytes);
    const Ran broken = verify(changed, {"--json"});
    EXPECT_EQ(broken.code, 1);
    EXPECT_EQ(Json(broken.out)["verdict"], "BROKEN");
  }
  const std::string bare = xa_.file("bare.focalproof");
  const Json withheld = xa_.ask({"evidence", "export", "T-1", "--withhold", "all", "--to", bare});
  EXPECT_EQ(withheld["summary.records[1].content"], "WITHHELD");
  EXPECT_EQ(read_text(bare).find("Kestrel Gap"), std::string::npos);
  EXPECT_EQ(verify(bare, {"--require", "SIGNED,ACCEPTED"}).code, 0);
  EXPECT_EQ(verify(bare, {"--require", "CONTENT"}).code, 1);
  xa_.refused({"evidence", "export", "T-1", "--withhold", "trace.reqest", "--to",
               xa_.file("slip.focalproof")},
              "INVALID");
  EXPECT_FALSE(fs::exists(xa_.file("slip.focalproof")));
}

TEST_F(Evidence, TheTimelineSaysWhoOpenedItAndAProofIsAskedFor) {
  const std::string opened_at = "timeline[0].delivery[0].opened_at";
  xb_.ask({"trace", "show", "T-1"});  // by the owner: nobody is an officer there yet
  xb_.ask({"people", "add", "bo", "--unix", std::to_string(::geteuid()), "--role", "officer",
           "--role", "administrator"});
  EXPECT_EQ(xa_.ask({"trace", "show", "T-1"})[opened_at], "");
  xb_.ask({"trace", "show", "T-1"});
  ASSERT_TRUE(eventually([&] { return xa_.ask({"trace", "show", "T-1"})[opened_at] != ""; }));
  const Json shown = xa_.ask({"trace", "show", "T-1"});
  EXPECT_EQ(shown["timeline[0].kind"], "trace.request");
  EXPECT_NE(shown["timeline[0].released_by"], "");
  EXPECT_NE(shown["timeline[0].delivery[0].stored_at"], "");
  EXPECT_NE(shown["timeline[0].evidence_text"].find("opened at XB"), std::string::npos);
  EXPECT_NE(xa_.focal({"trace", "show", "T-1"}).out.find("Evidence"), std::string::npos);
  const Json asked = xa_.ask({"evidence", "demand", shown["timeline[0].rid"]});
  EXPECT_EQ(asked["proofs[0].party"], "XB");
  EXPECT_EQ(asked["proofs[0].state"], "ASKED");
  EXPECT_NE(asked["proofs[0].asked_at"], "");
  const std::string table = xa_.focal({"evidence", "demand", shown["timeline[1].rid"]}).out;
  EXPECT_NE(table.find("ASKED"), std::string::npos) << table;
}

}  // namespace
}  // namespace focal::e2e

// Goal: what an earlier release wrote can still be read, brought forward, verified and gone on with.
// Method: copies of the golden folders (README.md) opened by this build; every file of them read by
// the parser of its kind; the two nodes joined again, as they would be after an upgrade.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "crypto/hash.h"
#include "node/desk/ledger_check.h"
#include "node/exchange/approval.h"
#include "node/exchange/card_request.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/directory.h"
#include "node/exchange/envelope.h"
#include "node/exchange/frame.h"
#include "node/exchange/intro.h"
#include "node/exchange/revocation.h"
#include "node/exchange/schedule.h"
#include "node/ledger/migrate.h"
#include "node/ledger/sqlite_driver.h"
#include "node/node/setup.h"
#include "node/store/checkpoint.h"
#include "tests/golden/golden_world.h"
#include "tests/support/paths.h"
#include "tests/support/temp_folder.h"

namespace focal::golden {
namespace {

namespace fs = std::filesystem;

fs::path golden() { return test::in_tree("tests/golden/issue5"); }

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

using Words = std::vector<std::string>;

// Lines of expected.txt that begin with that word, and a party behind it if one is named.
std::vector<Words> expected(const std::string& first, const std::string& party = "") {
  std::vector<Words> out;
  std::istringstream lines(text_of(golden() / "expected.txt"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Words all;
    for (std::string word; words >> word;) all.push_back(word);
    if (all.size() > 1 && all[0] == first && (party.empty() || all[1] == party)) out.push_back(all);
  }
  return out;
}

class Golden : public ::testing::Test {
 protected:
  void SetUp() override {
    crypto::init();
    fs::copy(golden(), folder.path() / "issue5", fs::copy_options::recursive);
    // git keeps no mode 0600, and a keystore of another mode is refused.
    for (const auto& entry : fs::recursive_directory_iterator(folder.path() / "issue5"))
      ASSERT_EQ(::chmod(entry.path().c_str(), entry.is_directory() ? 0700 : 0600), 0);
  }
  fs::path node(const std::string& party) const { return folder.path() / "issue5" / party; }
  test::TempFolder folder;
};

class GoldenNode : public Golden, public ::testing::WithParamInterface<std::string> {};

Words words_of(ledger::Ledger& ledger, const std::string& party, const store::RecordRef& ref) {
  const auto row = ledger.find(ref);
  if (!row) return {"record", party, "missing"};
  const auto item = ledger.item(row->idx);
  return {"record", party, std::to_string(row->idx), hex(ref.rid), std::to_string(ref.created_ms),
          row->kind, row->sent ? "sent" : "received", std::to_string(row->status),
          item ? hex(crypto::sha256(ByteView(*item))) : item.error().message};
}

TEST_P(GoldenNode, ANodeIsBroughtForwardAndVerifies) {
  const std::string party = GetParam();
  std::string card;
  {
    GoldenWorld world(folder.path() / "issue5");
    ledger::Ledger& ledger = *world.resume(party).ledger;
    EXPECT_TRUE(fs::exists(node(party) / ledger::kBackupsFolder / "before-schema-4.db"));
    const auto records = expected("record", party);
    ASSERT_FALSE(records.empty());
    for (const Words& words : records) {
      const auto rid = unhex(words.at(3));
      ASSERT_TRUE(rid);
      EXPECT_EQ(words_of(ledger, party, {*fixed<32>(ByteView(*rid)), std::stoull(words.at(4))}), words);
    }
    for (const Words& words : expected("waiting", party))
      EXPECT_EQ(std::to_string(ledger.waiting().size()), words.at(2));
    for (const Words& words : expected("log", party))
      EXPECT_EQ(hex(ledger.root(std::stoull(words.at(2)))), words.at(3));
    for (const Words& words : expected("checkpoint", party)) {
      const auto row = ledger.checkpoint(std::stoull(words.at(2)));
      ASSERT_TRUE(row);
      EXPECT_EQ(hex(row->root), words.at(3));
    }
    for (const Words& words : expected("case", party)) {
      const auto row = ledger.case_by_id(std::stoll(words.at(2)));
      ASSERT_TRUE(row);
      EXPECT_EQ((Words{row->kind, row->peer, row->state}), (Words{words.at(3), words.at(4), words.at(5)}));
    }
    EXPECT_EQ(ledger.peers().size(), expected("peer", party).size());
    EXPECT_FALSE(ledger.dating_progress().complete()) << "its records have no date yet";
    EXPECT_FALSE(ledger.kek_rows().empty());
    card = ledger.own_cards().back().note;
    world.close();
  }
  const auto own = exchange::parse_card(card);
  ASSERT_TRUE(own);
  for (const Words& words : expected("card", party)) EXPECT_EQ(hex(own->card_id), words.at(3));
  const auto report =
      ledger::verify(node(party) / ledger::kLedgerFile, desk::verify_options(*own));
  ASSERT_TRUE(report) << report.error().message;
  for (const std::string& problem : report->problems) ADD_FAILURE() << problem;
  EXPECT_GT(report->signatures, 5u);
}

INSTANTIATE_TEST_SUITE_P(Nodes, GoldenNode, ::testing::Values("XA", "XB"),
                         [](const auto& param) { return param.param; });

// After an upgrade of both: what was on its way arrives, and a new record goes each way.
TEST_F(Golden, TheNodesGoOnWithOneAnother) {
  GoldenWorld world(folder.path() / "issue5");
  world.resume("XA");
  world.resume("XB");
  world.advance(2 * kDayMs);
  world.links_may_end = true;  // at the news of XB's second card, which has another transport key
  world.connect("XA", "XB");
  world.advance(kHourMs);
  const auto link = world.connect("XA", "XB");
  world.links_may_end = false;
  world.advance(kHourMs);
  std::size_t arrived = 0;
  for (const Words& words : expected("record", "XA")) {
    const auto rid = *fixed<32>(ByteView(*unhex(words.at(3))));
    const store::RecordRef ref{rid, std::stoull(words.at(4))};
    arrived += world.at("XB").ledger->find(ref) ? 1u : 0u;
  }
  EXPECT_EQ(arrived, expected("record", "XA").size() - 1) << "all but the one that was cancelled";
  for (const auto& row : world.at("XA").ledger->open_outbox())
    ADD_FAILURE() << "batch " << row.batch << " to " << row.peer << " waits: state "
                  << static_cast<int>(row.state) << " " << row.reason;
  const auto cases = world.at("XA").ledger->cases({});
  EXPECT_EQ(cases.size(), expected("case", "XA").size());
  world.cut(link);
  world.checkpoints();
  world.close();
}

TEST_F(Golden, EveryNoteIsStillRead) {
  std::map<std::string, std::size_t> read;
  const fs::path notes = golden() / "notes";
  const auto card_of = [&](const std::string& party) {
    return exchange::parse_card(text_of(notes / ("card-" + party + "-1.note")));
  };
  for (const auto& entry : fs::directory_iterator(notes)) {
    const std::string name = entry.path().filename().string();
    std::string text = text_of(entry.path());
    const std::string kind = name.starts_with("card-request") ? "card-request" : name.substr(0, name.find('-'));
    const auto ok = [&](const auto& result) {
      EXPECT_TRUE(result) << name << ": " << result.error().message;
      ++read[kind];
    };
    if (kind == "code") text.pop_back();  // the end of its line
    if (kind == "card") ok(exchange::parse_card(text));
    else if (kind == "card-request") ok(exchange::parse_card_request(text));
    else if (kind == "schedule") ok(exchange::parse_schedule(text));
    else if (kind == "intro") ok(exchange::parse_intro(text));
    else if (kind == "code") ok(exchange::parse_ceremony_code(text));
    else if (kind == "revocation") ok(exchange::parse_revocation(text));
    else if (kind == "directory") ok(exchange::parse_directory(text, card_of("XC")->root));
    else if (kind == "certificate") ok(exchange::parse_certificate(text, *card_of("XA")));
    else if (kind == "checkpoint") ok(store::parse_checkpoint(text));
    else ADD_FAILURE() << name << " is of no kind that is known here";
  }
  EXPECT_EQ(read.size(), 9u);
}

TEST_F(Golden, EveryFrameAndEnvelopeIsStillRead) {
  std::size_t frames = 0, envelopes = 0;
  for (const auto& entry : fs::directory_iterator(golden() / "frames")) {
    const auto frame = exchange::parse_frame(to_bytes(text_of(entry.path())));
    EXPECT_TRUE(frame) << entry.path() << ": " << frame.error().message;
    ++frames;
  }
  for (const auto& entry : fs::directory_iterator(golden() / "envelopes")) {
    const auto envelope = exchange::parse_envelope(to_bytes(text_of(entry.path())));
    EXPECT_TRUE(envelope) << entry.path() << ": " << envelope.error().message;
    ++envelopes;
  }
  EXPECT_GT(frames, 30u);
  EXPECT_GT(envelopes, 10u);
}

// Another release comes after this one too: what it wrote is refused whole.
TEST_F(Golden, ALedgerOfANewerSchemaIsRefused) {
  { GoldenWorld(folder.path() / "issue5").resume("XA"); }
  auto keystore = crypto::Keystore::open(node("XA") / node::kKeystoreFile, passphrase());
  ASSERT_TRUE(keystore);
  crypto::SeededRng rng(1);
  ledger::KeystoreKek keks(*keystore, rng);
  {
    auto db = ledger::open_sqlite(node("XA") / ledger::kLedgerFile, ledger::SqliteMode::kWrite);
    ASSERT_TRUE(db);
    ASSERT_TRUE((*db)->run_script("UPDATE meta SET v='5' WHERE k='schema'"));
  }
  const auto opened = ledger::Ledger::open(node("XA"), keks, rng);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kState);
  EXPECT_FALSE(opened.error().hint.empty());
}

}  // namespace
}  // namespace focal::golden

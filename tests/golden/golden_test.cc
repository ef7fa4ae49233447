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
#include "node/evidence/check.h"
#include "node/exchange/approval.h"
#include "node/exchange/card_request.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/directory.h"
#include "node/exchange/envelope.h"
#include "node/exchange/frame.h"
#include "node/exchange/intro.h"
#include "node/exchange/revocation.h"
#include "node/exchange/schedule.h"
#include "node/exchange/witness_policy.h"
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

fs::path golden(const std::string& issue) { return test::in_tree("tests/golden/" + issue); }

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

using Words = std::vector<std::string>;

store::RecordRef ref_of(const std::string& rid, const std::string& created_ms) {
  const auto bytes = unhex(rid);
  EXPECT_TRUE(bytes && bytes->size() == 32);
  return {fixed<32>(ByteView(*bytes)).value_or(Hash32{}), std::stoull(created_ms)};
}

class Golden : public ::testing::Test {
 protected:
  void SetUp() override { crypto::init(); }
  void use(const std::string& which) {
    issue = which;
    fs::copy(golden(issue), folder.path() / issue, fs::copy_options::recursive);
    // git keeps no mode 0600, and a keystore of another mode is refused.
    for (const auto& entry : fs::recursive_directory_iterator(folder.path() / issue))
      ASSERT_EQ(::chmod(entry.path().c_str(), entry.is_directory() ? 0700 : 0600), 0);
  }
  fs::path nodes() const { return folder.path() / issue; }
  fs::path node(const std::string& party) const { return nodes() / party; }

  // Lines of expected.txt that begin with that word, and a party behind it if one is named.
  std::vector<Words> expected(const std::string& first, const std::string& party = "") const {
    std::vector<Words> out;
    std::istringstream lines(text_of(golden(issue) / "expected.txt"));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      Words all;
      for (std::string word; words >> word;) all.push_back(word);
      if (all.size() > 1 && all[0] == first && (party.empty() || all[1] == party)) out.push_back(all);
    }
    return out;
  }

  // The two nodes are joined again, two days later.
  void go_on(GoldenWorld& world) const {
    world.advance(2 * kDayMs);
    world.links_may_end = true;  // at the news of XB's second card, which has another transport key
    world.connect("XA", "XB");
    world.advance(kHourMs);
    const auto link = world.connect("XA", "XB");
    world.links_may_end = false;
    world.advance(kHourMs);
    std::size_t arrived = 0;
    for (const Words& words : expected("record", "XA"))
      arrived += world.at("XB").ledger->find(ref_of(words.at(3), words.at(4))) ? 1u : 0u;
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

  test::TempFolder folder;
  std::string issue;
};

class GoldenIssue : public Golden, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    Golden::SetUp();
    use(GetParam());
  }
};

// An issue and a party.
class GoldenNode : public Golden,
                   public ::testing::WithParamInterface<std::pair<std::string, std::string>> {};

Words words_of(ledger::Ledger& ledger, const std::string& party, const store::RecordRef& ref) {
  const auto row = ledger.find(ref);
  if (!row) return {"record", party, "missing"};
  const auto item = ledger.item(row->idx);
  return {"record", party, std::to_string(row->idx), hex(ref.rid), std::to_string(ref.created_ms),
          row->kind, row->sent ? "sent" : "received", std::to_string(row->status),
          item ? hex(crypto::sha256(ByteView(*item))) : item.error().message};
}

TEST_P(GoldenNode, ANodeIsBroughtForwardAndVerifies) {
  const std::string party = GetParam().second;
  use(GetParam().first);
  const bool is_older = issue == "issue5";  // of schema 3
  std::string card;
  {
    GoldenWorld world(nodes());
    ledger::Ledger& ledger = *world.resume(party).ledger;
    EXPECT_EQ(fs::exists(node(party) / ledger::kBackupsFolder / "before-schema-4.db"), is_older);
    const auto records = expected("record", party);
    ASSERT_FALSE(records.empty());
    for (const Words& words : records)
      EXPECT_EQ(words_of(ledger, party, ref_of(words.at(3), words.at(4))), words);
    for (const Words& words : expected("erased", party)) {
      const auto row = ledger.find(ref_of(words.at(3), words.at(4)));
      ASSERT_TRUE(row && row->shred);
      EXPECT_EQ(std::to_string(*row->shred), words.at(5));
      EXPECT_EQ(ledger.item(row->idx).error().code, ErrorCode::kErased);
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
    if (is_older) {
      EXPECT_FALSE(ledger.dating_progress().complete()) << "its records have no date yet";
    }
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

INSTANTIATE_TEST_SUITE_P(Nodes, GoldenNode,
                         ::testing::Values(std::pair("issue5", "XA"), std::pair("issue5", "XB"),
                                           std::pair("issue6", "XA"), std::pair("issue6", "XB")),
                         [](const auto& param) { return param.param.first + param.param.second; });
INSTANTIATE_TEST_SUITE_P(Issues, GoldenIssue, ::testing::Values("issue5", "issue6"),
                         [](const auto& param) { return param.param; });

// After an upgrade of both: what was on its way arrives, and a new record goes each way.
TEST_P(GoldenIssue, TheNodesGoOnWithOneAnother) {
  GoldenWorld world(nodes());
  world.resume("XA");
  world.resume("XB");
  go_on(world);
}

// XB speaks the form of issue 5: nothing that it could not read goes to it, and all arrives. Its log
// was witnessed, and named XB as a witness.
TEST_F(Golden, AnOlderNodeIsLeftAlone) {
  use("issue6");
  GoldenWorld world(nodes());
  world.resume("XA");
  world.caps = 0;
  world.resume("XB");
  world.on_frame = [](const std::string&, const std::string& to, const Bytes& bytes) {
    const auto frame = exchange::parse_frame(bytes);
    ASSERT_TRUE(frame);
    EXPECT_FALSE(std::holds_alternative<exchange::CkptFrame>(*frame)) << to;
    EXPECT_FALSE(std::holds_alternative<exchange::CosigFrame>(*frame)) << to;
    if (const auto* gossip = std::get_if<exchange::GossipFrame>(&*frame)) {
      EXPECT_TRUE(gossip->checkpoints.empty()) << to;
    }
    const auto* notes = std::get_if<exchange::NotesFrame>(&*frame);
    if (notes == nullptr) return;
    for (const std::string& note : notes->notes)
      EXPECT_FALSE(exchange::is_witness_policy(note)) << to;
  };
  go_on(world);
}

TEST_P(GoldenIssue, EveryNoteIsStillRead) {
  std::map<std::string, std::size_t> read;
  const fs::path notes = golden(issue) / "notes";
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
    else if (kind == "policy") ok(exchange::parse_witness_policy(text, card_of(name.substr(7, 2))->log));
    else ADD_FAILURE() << name << " is of no kind that is known here";
  }
  EXPECT_EQ(read.size(), issue == "issue5" ? 9u : 10u);
}

// A bundle proves later what it proved when it was made.
TEST_F(Golden, EveryBundleSaysWhatItSaid) {
  use("issue6");
  evidence::Fingerprints roots;
  for (const char* party : {"XA", "XB"}) {
    std::string code = text_of(golden(issue) / "notes" / ("code-" + std::string(party) + ".txt"));
    code.pop_back();
    ASSERT_TRUE(evidence::add_fingerprint(roots, code));
  }
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  const auto bundles = expected("bundle");
  ASSERT_EQ(bundles.size(), 2u);
  for (const Words& words : bundles) {
    const std::string bytes =
        text_of(golden(issue) / "bundles" / (words.at(1) + ".focalproof"));
    const auto claims = evidence::check_bundle(to_bytes(bytes), roots);
    EXPECT_EQ(evidence::whole_name(evidence::whole_of(claims)), words.at(2));
    std::vector<Words> said;
    for (const auto& claim : claims)
      said.push_back({"claim", words.at(1), std::string(evidence::claim_name(claim.kind)),
                      or_dash(claim.rid), or_dash(claim.party), or_dash(claim.by),
                      std::string(evidence::verdict_name(claim.judgement.verdict)),
                      std::string(evidence::reason_name(claim.judgement.reason)), or_dash(claim.at)});
    EXPECT_EQ(said, expected("claim", words.at(1)));
  }
}

TEST_P(GoldenIssue, EveryFrameAndEnvelopeIsStillRead) {
  std::size_t frames = 0, envelopes = 0;
  for (const auto& entry : fs::directory_iterator(golden(issue) / "frames")) {
    const auto frame = exchange::parse_frame(to_bytes(text_of(entry.path())));
    EXPECT_TRUE(frame) << entry.path() << ": " << frame.error().message;
    ++frames;
  }
  for (const auto& entry : fs::directory_iterator(golden(issue) / "envelopes")) {
    const auto envelope = exchange::parse_envelope(to_bytes(text_of(entry.path())));
    EXPECT_TRUE(envelope) << entry.path() << ": " << envelope.error().message;
    ++envelopes;
  }
  EXPECT_GT(frames, 30u);
  EXPECT_GT(envelopes, 10u);
}

// Another release comes after this one too: what it wrote is refused whole.
TEST_F(Golden, ALedgerOfANewerSchemaIsRefused) {
  use("issue5");
  { GoldenWorld(nodes()).resume("XA"); }
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

// Goal: the auditor's commands ask the right routes, go on to the end, say how far they are, and
// write an export only if it fits together. Method: canned answers of a node; a small log made with
// crypto/merkle, and what a hostile node could say about it.
#include <sys/stat.h>

#include "crypto/merkle.h"
#include "node/cli/export_check.h"
#include "proto/evidence.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

TEST_F(App, LedgerVerifyWaitsForTheNodeAndSaysHowFarItIs) {
  serve();
  v1::LedgerJobResponse running;
  running.set_job(7);
  running.set_running(true);
  running.set_leaves_done(250);
  running.set_leaves(1000);
  running.set_leaves_per_s(500);
  v1::LedgerJobResponse done;
  done.set_job(7);
  done.mutable_report()->set_ok(true);
  done.mutable_report()->set_size(1000);
  answer("GET /v1/ledger/job", running);
  answer("GET /v1/ledger/job", running);
  answer("GET /v1/ledger/job", done);
  terminal_err_ = true;
  const Done shown = focal({"ledger", "verify"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.err, HasSubstr("250 of 1000 leaves, 500 a second"));
  EXPECT_THAT(shown.out, HasSubstr("The ledger verifies."));
  EXPECT_EQ(asked_.size(), 3u);
  EXPECT_EQ(query_.at(0), (std::pair<std::string, std::string>{"job", "7"}));
  done.mutable_report()->set_ok(false);
  answers_.clear();
  answer("GET /v1/ledger/job", done);
  terminal_err_ = false;
  const Done bad = focal({"ledger", "verify", "--json"});
  EXPECT_EQ(bad.code, kExitFailed);
  EXPECT_EQ(bad.err, "");
  v1::LedgerVerifyResponse report;
  ASSERT_TRUE(json::read(bad.out, report)) << bad.out;
  EXPECT_EQ(report.size(), 1000u);
}

TEST_F(App, LedgerVerifyOfTheLogAloneIsAskedForAndSaysSo) {
  serve();
  v1::LedgerJobResponse done;
  done.set_job(7);
  done.mutable_report()->set_ok(true);
  done.mutable_report()->set_log_only(true);
  answer("GET /v1/ledger/job", done);
  const Done shown = focal({"ledger", "verify", "--log"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  ASSERT_EQ(query_.size(), 2u);
  EXPECT_EQ(query_.at(1), (std::pair<std::string, std::string>{"log_only", "true"}));
  EXPECT_THAT(shown.out, HasSubstr("The log verifies; nothing else was looked at."));
}

TEST_F(App, LedgerLogNamesTheNextPage) {
  serve();
  v1::LedgerLogResponse page;
  for (const std::uint64_t index : {41u, 40u}) {
    auto& leaf = *page.add_leaves();
    leaf.set_index(index);
    leaf.set_type("SENT");
  }
  page.set_next(40);
  answer("GET /v1/ledger/log", page);
  const Done shown = focal({"ledger", "log", "--limit", "2"});
  EXPECT_THAT(shown.out, HasSubstr("  41"));
  EXPECT_THAT(shown.out, HasSubstr("Further back: --before 40\n"));
  EXPECT_EQ(query_.at(0).second, "2");
}

TEST_F(App, LedgerFindGoesOnUntilEnoughIsFound) {
  serve();
  v1::LedgerFindResponse page;
  auto& leaf = *page.add_leaves();
  leaf.set_index(900);
  leaf.set_type("ADMIN");
  page.set_next(800);
  page.set_looked_at(200);
  page.set_size(1000);
  answer("POST /v1/ledger/find", page);
  page.clear_leaves();
  page.set_next(500);
  answer("POST /v1/ledger/find", page);
  page.set_next(500);  // a node that stands still
  answer("POST /v1/ledger/find", page);
  const Done shown = focal({"ledger", "find", "--officer", "jo", "--party", "XB", "--case", "T-1",
                            "--from", "2026-03-01", "--to", "2026-03-02", "--json"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_EQ(asked_.size(), 3u);
  v1::LedgerFindRequest last;
  ASSERT_TRUE(json::read(body_, last)) << body_;
  EXPECT_EQ(last.before(), 500u);
  EXPECT_EQ(last.limit(), 99u);
  EXPECT_EQ(last.officer(), "jo");
  EXPECT_EQ(last.from().substr(0, 10), "2026-03-01");
  v1::LedgerFindResponse all;
  ASSERT_TRUE(json::read(shown.out, all)) << shown.out;
  EXPECT_EQ(all.leaves_size(), 1);
  EXPECT_EQ(all.looked_at(), 600u);
}

TEST_F(App, LedgerShowSaysWhoWitnessedWhat) {
  serve();
  v1::LedgerShowResponse shown;
  auto& entry = *shown.add_entries();
  entry.mutable_leaf()->set_index(12);
  entry.mutable_leaf()->set_type("SENT");
  entry.mutable_record()->set_content("ERASED");
  entry.mutable_record()->set_erased_by(90);
  auto& receipt = *entry.add_receipts();
  receipt.set_by("XB");
  receipt.set_status("LABEL");
  answer("GET /v1/ledger/leaves/12", shown);
  Done done = focal({"ledger", "show", "12"});
  EXPECT_THAT(done.out, HasSubstr("not in a published checkpoint yet"));
  EXPECT_THAT(done.out, HasSubstr("erased, by leaf 90"));
  EXPECT_THAT(done.out, HasSubstr("LABEL"));
  auto& witness = *entry.mutable_coverage()->add_witnesses();
  witness.set_party("XC");
  witness.set_at("2026-03-01T10:00:00Z");
  answers_.clear();
  answer("GET /v1/ledger/leaves/12", shown);
  done = focal({"ledger", "show", "12"});
  EXPECT_THAT(done.out, HasSubstr("XC (2026-03-01 10:00 UTC)"));
}

// A log of 300 leaves as a node gives it.
struct SmallLog {
  std::vector<Hash32> leaves;
  v1::LedgerCheckpointResponse checkpoint;
  v1::LedgerFilesResponse entries, tiles0, tiles1, none;

  SmallLog() {
    Bytes bundles[2];
    for (std::size_t i = 0; i < 300; ++i) {
      Bytes leaf(74, static_cast<std::uint8_t>(i));
      leaf[0] = static_cast<std::uint8_t>(i >> 8);
      put_u16be(bundles[i / 256], 74);
      append(bundles[i / 256], leaf);
      leaves.push_back(crypto::merkle_leaf(leaf));
    }
    const auto file = [](v1::LedgerFilesResponse& to, const char* name, const Bytes& data) {
      to.add_files()->set_name(name);
      to.mutable_files(to.files_size() - 1)->set_data(std::string(as_text(data)));
    };
    file(entries, "tile/entries/000", bundles[0]);
    file(entries, "tile/entries/001.p/44", bundles[1]);
    Bytes hashes[2];
    for (std::size_t i = 0; i < 300; ++i) append(hashes[i / 256], leaves[i]);
    file(tiles0, "tile/0/000", hashes[0]);
    file(tiles0, "tile/0/001.p/44", hashes[1]);
    const Hash32 top = crypto::merkle_root(std::span<const Hash32>(leaves).first(256));
    file(tiles1, "tile/1/000.p/1", to_bytes(ByteView(top)));
    checkpoint.set_size(300);
    checkpoint.set_origin("focal/XA/log/1");
    checkpoint.set_root(base64(crypto::merkle_root(leaves)));
    checkpoint.set_note("the note\n");
  }
  LogSource source() {
    LogSource out;
    out.checkpoint = [this](v1::LedgerCheckpointResponse& answer) -> Status {
      answer = checkpoint;
      return {};
    };
    out.tiles = [this](std::uint64_t, std::uint32_t level, std::uint64_t,
                       v1::LedgerFilesResponse& answer) -> Status {
      answer = level == 0 ? tiles0 : level == 1 ? tiles1 : none;
      return {};
    };
    out.entries = [this](std::uint64_t, std::uint64_t, v1::LedgerFilesResponse& answer) -> Status {
      answer = entries;
      return {};
    };
    return out;
  }
};

class LedgerExport : public App {
 protected:
  Done run_export(SmallLog& log, const char* name) {
    offline_.open_log = [&log](const std::filesystem::path&, LogSource& out) -> Status {
      out = log.source();
      return {};
    };
    return focal({"ledger", "export", folder_ / name});
  }
  void refuses(const std::function<void(SmallLog&)>& change) {
    SmallLog log;
    change(log);
    const std::string name = "bad" + std::to_string(++tries_);
    const Done done = run_export(log, name.c_str());
    EXPECT_EQ(done.code, kExitFailed) << tries_ << done.out;
    EXPECT_THAT(done.err, ::testing::ContainsRegex("remove it\\s+before you try again")) << tries_;
    EXPECT_FALSE(std::filesystem::exists(folder_ / name / "checkpoint")) << tries_;
  }
  int tries_ = 0;
};

TEST_F(LedgerExport, WritesTheLogOnceForItsOwnerAlone) {
  SmallLog log;
  const Done done = run_export(log, "out");
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("focal/XA/log/1"));
  for (const char* name : {"checkpoint", "tile/entries/000", "tile/entries/001.p/44", "tile/0/000",
                           "tile/0/001.p/44", "tile/1/000.p/1"}) {
    struct stat st {};
    ASSERT_EQ(::stat((folder_ / "out" / name).c_str(), &st), 0) << name;
    EXPECT_EQ(st.st_mode & 077u, 0u) << name;
  }
  std::ifstream note(folder_ / "out" / "checkpoint");
  std::stringstream text;
  text << note.rdbuf();
  EXPECT_EQ(text.str(), "the note\n");
  EXPECT_THAT(run_export(log, "out").err, HasSubstr("is there already"));
}

TEST_F(LedgerExport, ALogThatDoesNotFitTogetherIsNotFinished) {
  const auto flip = [](v1::LedgerFilesResponse& in, int file, std::size_t at) {
    std::string data = in.files(file).data();
    data[at] = static_cast<char>(data[at] ^ 1);
    in.mutable_files(file)->set_data(data);
  };
  refuses([&](SmallLog& l) { flip(l.entries, 0, 40); });
  refuses([&](SmallLog& l) { flip(l.entries, 1, 1); });
  refuses([&](SmallLog& l) { flip(l.tiles0, 0, 9); });
  refuses([&](SmallLog& l) { flip(l.tiles0, 1, 9); });
  refuses([&](SmallLog& l) { flip(l.tiles1, 0, 9); });
  refuses([&](SmallLog& l) { l.entries.mutable_files()->RemoveLast(); });
  refuses([&](SmallLog& l) { l.tiles0.mutable_files()->RemoveLast(); });
  refuses([&](SmallLog& l) { l.tiles1.clear_files(); });
  refuses([&](SmallLog& l) { l.tiles0.clear_files(); });
  refuses([&](SmallLog& l) { *l.entries.add_files() = l.entries.files(1); });
  refuses([&](SmallLog& l) { l.none = l.tiles1; });
  refuses([&](SmallLog& l) { l.checkpoint.set_size(299); });
  refuses([&](SmallLog& l) { l.checkpoint.set_size(1u << 30); });
  refuses([&](SmallLog& l) { l.checkpoint.set_root(base64(Hash32{1})); });
  refuses([&](SmallLog& l) { l.checkpoint.set_root("?"); });
  refuses([&](SmallLog& l) { l.tiles0.mutable_files(0)->set_data(""); });
  refuses([&](SmallLog& l) { l.tiles0.mutable_files(0)->set_name("tile/0/../../../x"); });
  refuses([&](SmallLog& l) { l.entries.mutable_files(0)->set_name("/etc/cron.d/x"); });
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x"));
}

TEST(ExportName, LeadsNowhereElse) {
  for (const char* good :
       {"tile/0/000", "tile/7/999", "tile/entries/x001/x234/067.p/44", "tile/entries/001.p/1"})
    EXPECT_TRUE(is_export_name(good)) << good;
  for (const char* bad : {"",
                          "tile",
                          "tile/",
                          "checkpoint",
                          "tile/0",
                          "tile/0/",
                          "tile/0/00",
                          "tile/0/0000",
                          "tile/10/000",
                          "tile/-1/000",
                          "tile/0/x001",
                          "tile/0/001/234",
                          "tile/0/../000",
                          "/tile/0/000",
                          "tile/0/000/",
                          "tile//000",
                          "tile/0/000.p",
                          "tile/0/000.p/",
                          "tile/0/000.p/1/2",
                          "tile/0/000.p/x",
                          "tile/data/000",
                          "tile/0/x1/000",
                          "tile/0/000.p/../../../x",
                          "tile/0/000\n"})
    EXPECT_FALSE(is_export_name(bad)) << bad;
}

}  // namespace
}  // namespace focal::cli

// Goal: an auditor at the node reads the whole log, finds what a person did, gets the log as public
// tools walk it, and is given nothing that is not published; hostile values are refused with a
// hint. Method: a node with acts of several persons and a checkpoint signed by a key of the test;
// what the routes give is walked by the same checker that stands beside Go's in tests/interop.
#include "node/desk/ledger_log.h"

#include <algorithm>
#include <future>

#include "crypto/random.h"
#include "node/desk/ledger_job.h"
#include "node/desk/ledger_tiles.h"
#include "proto/evidence.pb.h"
#include "tests/interop/tile_walk.h"
#include "tests/unit/desk/desk_node.h"

namespace focal::desk {
namespace {

class LedgerLog : public DeskNode {
 protected:
  // A checkpoint of at least so many leaves, signed by a key of this test. There is always something
  // new to sign: the node may have signed what it began with.
  std::uint64_t checkpoint(std::uint64_t leaves, bool publish = true) {
    std::uint64_t out = 0;
    const Status done = node_->perform([&](const Now& now) -> Status {
      ledger::Ledger& ledger = node_->ledger();
      store::Txn txn;
      txn.now_ms = now.wall_ms;
      const auto here = static_cast<std::uint64_t>(ledger.log_size());
      for (std::uint64_t i = here; i < std::max(leaves, here + 1); ++i)
        txn.ops.emplace_back(store::PutAdmin{Hash32{0xAD}, "made up"});
      FOCAL_TRY(ledger.commit(txn));
      FOCAL_ASSIGN(const auto row, ledger.make_checkpoint(now.wall_ms, key_));
      out = row.size;
      txn.ops.clear();
      txn.ops.emplace_back(store::PutPublished{row.size});
      if (publish) FOCAL_TRY(ledger.commit(txn));
      return {};
    });
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return out;
  }
  std::uint64_t size() { return must(desk_->ledger_log(v1::LedgerLogRequest())).size(); }
  test::ExportFiles exported(std::uint64_t of) {
    test::ExportFiles out;
    v1::LedgerCheckpointRequest which;
    which.set_size(of);
    out["checkpoint"] = to_bytes(must(desk_->ledger_checkpoint(which)).note());
    const auto take = [&out](const v1::LedgerFilesResponse& page) {
      for (const auto& file : page.files()) out[file.name()] = to_bytes(file.data());
      return page.next();
    };
    v1::LedgerEntriesRequest entries;
    entries.set_size(of);
    entries.set_count(2);
    for (std::uint64_t next = 0;;) {
      entries.set_first(next);
      next = take(must(desk_->ledger_entries(entries)));
      if (next == 0) break;
    }
    v1::LedgerTilesRequest tiles;
    tiles.set_size(of);
    tiles.set_count(3);
    for (unsigned level = 0; level < 8; ++level) {
      tiles.set_level(level);
      for (std::uint64_t next = 0;;) {
        tiles.set_first(next);
        next = take(must(desk_->ledger_tiles(tiles)));
        if (next == 0) break;
      }
    }
    return out;
  }
  v1::LedgerFindResponse find(const std::string& officer, const std::string& type = {}) {
    v1::LedgerFindRequest request;
    request.set_officer(officer);
    request.set_type(type);
    return must(desk_->ledger_find(request));
  }

  crypto::SeededRng rng_{5};
  crypto::SigningKey key_ = crypto::make_signing_key(rng_);
};

TEST_F(LedgerLog, PagesLeadFromTheNewestLeafToTheOldest) {
  checkpoint(100);
  v1::LedgerLogRequest request;
  request.set_limit(30);
  std::vector<std::uint64_t> seen;
  for (;;) {
    const auto page = must(desk_->ledger_log(request));
    for (const auto& leaf : page.leaves()) seen.push_back(leaf.index());
    if (page.next() == 0) break;
    request.set_before(page.next());
  }
  ASSERT_EQ(seen.size(), size());
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], seen.size() - 1 - i);
  request.set_before(~std::uint64_t{0});
  EXPECT_EQ(must(desk_->ledger_log(request)).leaves(0).index(), seen.front());
  request.set_limit(~0u);
  EXPECT_LE(must(desk_->ledger_log(request)).leaves_size(), 1000);
}

TEST_F(LedgerLog, WhatThePersonsDidIsFoundByTheirNames) {
  name_everybody();
  const auto by_owner = find("jo");
  EXPECT_EQ(by_owner.leaves_size(), 0) << "named, but did nothing";
  v1::PeopleRoleRequest role;
  role.set_name("jo");
  role.add_roles("SUPERVISOR");
  role.set_reason("promoted");
  must(desk_->people_role(role, as(kAda)));
  const auto found = find("ada");
  ASSERT_GE(found.leaves_size(), 1);
  EXPECT_EQ(found.leaves(0).act(), "people.role");
  EXPECT_EQ(found.next(), 0u);
  EXPECT_EQ(found.looked_at(), found.size());
  EXPECT_EQ(find("ad").leaves_size(), 0) << "a name is whole";
  EXPECT_EQ(find("ada", "SENT").leaves_size(), 0);
}

TEST_F(LedgerLog, AnEntryIsShownWithTheCheckpointThatHasIt) {
  const std::uint64_t first = checkpoint(70);
  const std::uint64_t second = checkpoint(first + 1);
  v1::LedgerShowRequest request;
  const std::uint64_t last = first - 1;
  request.set_leaf(std::to_string(last));
  const auto shown = must(desk_->ledger_show(request));
  ASSERT_EQ(shown.entries_size(), 1);
  const v1::LedgerEntry& entry = shown.entries(0);
  EXPECT_EQ(entry.leaf().index(), last);
  EXPECT_EQ(entry.bytes().size(), 148u);
  ASSERT_TRUE(entry.has_coverage());
  EXPECT_EQ(entry.coverage().size(), first) << "the first one";
  crypto::MerklePath path;
  for (const auto& hash : entry.coverage().proof()) path.push_back(*fixed<32>(*unbase64(hash)));
  const Hash32 leaf = crypto::merkle_leaf(*unhex(entry.bytes()));
  EXPECT_TRUE(crypto::verify_inclusion(leaf, last, first, path,
                                       *fixed<32>(*unbase64(entry.coverage().root()))));
  request.set_leaf(std::to_string(second - 1));
  EXPECT_EQ(must(desk_->ledger_show(request)).entries(0).coverage().size(), second);
  checkpoint(second + 1, false);
  request.set_leaf(std::to_string(second));
  EXPECT_FALSE(must(desk_->ledger_show(request)).entries(0).has_coverage());
}

TEST_F(LedgerLog, WhatIsNoLeafIsRefused) {
  v1::LedgerShowRequest request;
  const std::string hex(64, 'e');
  for (const std::string& text :
       {std::string("-1"), std::string("1e3"), std::string(""), std::string("x"), hex.substr(1),
        std::string("99999999999999999999"), std::string(64, 'g'), std::string("../leaves/1"),
        std::string("3 "), std::string("0x3")}) {
    request.set_leaf(text);
    const auto shown = desk_->ledger_show(request);
    EXPECT_EQ(code(shown), ErrorCode::kInvalid) << text;
    EXPECT_FALSE(shown.error().hint.empty());
  }
  for (const std::string& text : {hex, std::string("999999999999999"), std::to_string(size())}) {
    request.set_leaf(text);
    EXPECT_EQ(code(desk_->ledger_show(request)), ErrorCode::kNotFound) << text;
  }
}

TEST_F(LedgerLog, HostileFiltersAreRefused) {
  const auto refused = [&](const v1::LedgerFindRequest& request, ErrorCode with) {
    const auto found = desk_->ledger_find(request);
    EXPECT_EQ(code(found), with) << request.ShortDebugString();
    if (!found) {
      EXPECT_FALSE(found.error().hint.empty());
    }
  };
  v1::LedgerFindRequest request;
  request.set_from("2026-02-30");
  refused(request, ErrorCode::kInvalid);
  request.Clear();
  request.set_to("yesterday");
  refused(request, ErrorCode::kInvalid);
  request.Clear();
  request.set_type("sent");
  refused(request, ErrorCode::kInvalid);
  request.Clear();
  request.set_case_number("1 OR 1=1");
  EXPECT_FALSE(desk_->ledger_find(request).has_value());
  request.Clear();
  request.set_party("XB' OR '1'='1");
  request.set_limit(~0u);
  request.set_before(~std::uint64_t{0});
  EXPECT_EQ(must(desk_->ledger_find(request)).leaves_size(), 0);
}

TEST_F(LedgerLog, WhatTheRoutesGiveIsTheWholeLog) {
  const crypto::NoteVerifier log{own_.log_name, key_.pk};
  std::vector<test::WalkedLog> walked;
  for (const std::uint64_t leaves : {60u, 250u, 300u, 700u}) {
    const std::uint64_t of = checkpoint(leaves);
    const auto read = test::walk_export(exported(of), log);
    ASSERT_TRUE(read.has_value()) << of << ": " << read.error().message;
    EXPECT_EQ(read->size, of);
    walked.push_back(*read);
  }
  // The older trees are still given as they were, and are beginnings of the newest one.
  for (const test::WalkedLog& older : walked) {
    const auto again = test::walk_export(exported(older.size), log);
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(again->root, older.root);
    crypto::MerklePath path;
    const Status done = node_->perform([&](const Now&) -> Status {
      path = node_->ledger().consistency(older.size, walked.back().size);
      return {};
    });
    EXPECT_TRUE(done.has_value());
    EXPECT_TRUE(crypto::verify_consistency(older.size, older.root, walked.back().size,
                                           walked.back().root, path));
  }
  test::ExportFiles forged = exported(walked.back().size);
  forged.at("tile/0/001")[5] ^= 1;
  EXPECT_FALSE(test::walk_export(forged, log).has_value());
}

TEST_F(LedgerLog, NothingUnpublishedIsGiven) {
  const std::uint64_t hidden = checkpoint(100, false);
  v1::LedgerCheckpointRequest checkpoint_request;
  v1::LedgerTilesRequest tiles;
  v1::LedgerEntriesRequest entries;
  for (const std::uint64_t of : {hidden, hidden - 1, hidden + 1, ~std::uint64_t{0}}) {
    checkpoint_request.set_size(of);
    tiles.set_size(of);
    entries.set_size(of);
    EXPECT_EQ(code(desk_->ledger_checkpoint(checkpoint_request)), ErrorCode::kNotFound) << of;
    EXPECT_EQ(code(desk_->ledger_tiles(tiles)), ErrorCode::kNotFound) << of;
    EXPECT_EQ(code(desk_->ledger_entries(entries)), ErrorCode::kNotFound) << of;
  }
  const auto newest = desk_->ledger_checkpoint({});
  if (newest)
    EXPECT_LT(newest->size(), hidden) << "the node's own, of before";
  else
    EXPECT_EQ(newest.error().code, ErrorCode::kNotFound);
  const std::uint64_t shown = checkpoint(hidden + 1);
  EXPECT_EQ(must(desk_->ledger_checkpoint({})).size(), shown);
  tiles.set_size(hidden);
  EXPECT_EQ(code(desk_->ledger_tiles(tiles)), ErrorCode::kNotFound) << "still not published";
}

TEST_F(LedgerLog, PagesOutsideTheLogAreEmpty) {
  const std::uint64_t of = checkpoint(300);
  v1::LedgerTilesRequest tiles;
  tiles.set_size(of);
  tiles.set_level(8);
  EXPECT_EQ(code(desk_->ledger_tiles(tiles)), ErrorCode::kInvalid);
  tiles.set_level(~0u);
  EXPECT_EQ(code(desk_->ledger_tiles(tiles)), ErrorCode::kInvalid);
  tiles.set_level(7);
  EXPECT_EQ(must(desk_->ledger_tiles(tiles)).files_size(), 0);
  tiles.set_level(0);
  tiles.set_count(~0u);
  for (const std::uint64_t first : {std::uint64_t{2}, ~std::uint64_t{0}, std::uint64_t{1} << 56}) {
    tiles.set_first(first);
    const auto page = must(desk_->ledger_tiles(tiles));
    EXPECT_EQ(page.files_size(), 0) << first;
    EXPECT_EQ(page.next(), 0u);
    v1::LedgerEntriesRequest entries;
    entries.set_size(of);
    entries.set_first(first);
    EXPECT_EQ(must(desk_->ledger_entries(entries)).files_size(), 0);
  }
  tiles.set_first(1);
  EXPECT_EQ(must(desk_->ledger_tiles(tiles)).files(0).name(), "tile/0/001.p/64");
}

TEST_F(LedgerLog, TheLogAloneIsCheckedWhenThatIsAsked) {
  v1::LedgerJobRequest request;
  request.set_start(true);
  request.set_log_only(true);
  auto job = must(desk_->ledger_job(request));
  request.Clear();
  request.set_job(job.job());
  while (job.running()) {
    std::this_thread::yield();
    job = must(desk_->ledger_job(request));
  }
  EXPECT_TRUE(job.report().ok()) << job.report().ShortDebugString();
  EXPECT_TRUE(job.report().log_only());
  EXPECT_EQ(job.report().size(), size());
  v1::LedgerVerifyRequest at_once;
  at_once.set_log_only(true);
  EXPECT_EQ(must(desk_->ledger_verify(at_once)).checks_size(), 3);
}

// A check of the whole does more than one of the log, and is not satisfied by it.
TEST_F(LedgerLog, WhoWantsTheWholeIsNotGivenTheLog) {
  LedgerJob jobs;
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  ledger::VerifyOptions options;
  options.log_only = true;
  options.read_own_card = [gone](const std::string&) -> Result<ledger::OwnCard> {
    gone.wait();
    return fail(ErrorCode::kCard, "not looked at");
  };
  const std::filesystem::path file = folder_ / "node" / ledger::kLedgerFile;
  const auto log = jobs.start(file, options);
  ASSERT_TRUE(log);
  EXPECT_EQ(jobs.start(file, options).value(), *log) << "the log again: joined";
  options.log_only = false;
  const auto whole = jobs.start(file, options);
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code, ErrorCode::kBusy);
  go.set_value();
}

TEST_F(LedgerLog, TheWholeLedgerIsCheckedInAThreadOfItsOwn) {
  v1::LedgerJobRequest request;
  request.set_job(1);
  EXPECT_EQ(code(desk_->ledger_job(request)), ErrorCode::kNotFound) << "none was begun";
  request.Clear();
  EXPECT_EQ(code(desk_->ledger_job(request)), ErrorCode::kNotFound);
  request.set_start(true);
  auto job = must(desk_->ledger_job(request));
  request.Clear();
  request.set_job(job.job());
  while (job.running()) {
    std::this_thread::yield();
    job = must(desk_->ledger_job(request));
  }
  EXPECT_TRUE(job.report().ok()) << job.report().ShortDebugString();
  EXPECT_EQ(job.report().size(), size());
  EXPECT_EQ(job.leaves_done(), job.report().size());
  request.set_start(true);
  EXPECT_EQ(must(desk_->ledger_job(request)).job(), job.job() + 1) << "another one";
  EXPECT_EQ(code(desk_->ledger_job([&] {
              v1::LedgerJobRequest old;
              old.set_job(job.job());
              return old;
            }())),
            ErrorCode::kNotFound)
      << "the one before is forgotten";
}

}  // namespace
}  // namespace focal::desk

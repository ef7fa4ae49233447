// Goal: a weapon is found again on both sides of an exchange, through everything that the
// markings allow, with the score record::match_weapons gives and no other, and what is
// derived from the index is what comparing every weapon with every other would give. Method:
// two whole nodes and the example requests; then many made-up weapons against brute force.
#include "node/desk/weapon_search.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "node/desk/find.h"
#include "node/node/indexing.h"
#include "node/record/search_fields.h"
#include "proto/api.pb.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class WeaponSearchTest : public DeskWorld {
 protected:
  WeaponSearch search(const std::string& party, const std::string& serial,
                      Depth depth = Depth::kAll, std::size_t limit = 20) {
    record::WeaponText text;
    text.serial_raw = serial;
    return search_weapon(w.view(party), text, depth, limit);
  }
  // A request for these weapons: what their descriptions leave open is marked as unknown.
  focal::v1::Record request_for(const std::vector<focal::v1::WeaponItem>& weapons) {
    focal::v1::Record out = example("01_trace_request_XA_XB.json");
    std::vector<std::string> marks;
    for (const std::string& mark : out.unknown_fields())
      if (mark.find("items[") == std::string::npos) marks.push_back(mark);
    auto* items = out.mutable_trace_request()->mutable_items();
    items->Clear();
    for (const auto& weapon : weapons) {
      const std::string path = "trace_request.items[" + std::to_string(items->size()) + "]";
      marks.push_back(path + ".country_of_import");
      if (weapon.make().empty()) marks.push_back(path + ".make");
      *items->Add() = weapon;
    }
    out.mutable_unknown_fields()->Assign(marks.begin(), marks.end());
    return out;
  }
  focal::v1::WeaponItem weapon(std::uint32_t item_no, const std::string& serial) {
    focal::v1::WeaponItem out = example("01_trace_request_XA_XB.json").trace_request().items(0);
    out.clear_serial_alternatives();
    out.set_item_no(item_no);
    out.set_serial_raw(serial);
    return out;
  }
  void send(const focal::v1::Record& record) {
    const auto checked = record::parse_checked(body_of(record), "trace.request", "XA", {"XB"});
    ASSERT_TRUE(checked.has_value()) << checked.error().as_error().message << " "
                                     << checked.error().as_error().path;
    w.send("XA", "XB", "trace.request", body_of(record));
  }
  v1::WeaponMatch shown(const std::string& party, const WeaponHit& hit) {
    v1::WeaponMatch out;
    fill_match(w.view(party), hit, &out);
    return out;
  }
};

TEST_F(WeaponSearchTest, BothSidesFindTheWeaponOfARequestByEqualNumbers) {
  w.connect("XA", "XB");
  const auto ref = opened();
  for (const char* party : {"XA", "XB"}) {
    const WeaponSearch found = search(party, "da 017342", Depth::kEqual);
    ASSERT_EQ(found.hits.size(), 1u) << party;
    const WeaponHit& hit = found.hits[0];
    EXPECT_EQ(hit.ref, ref);
    EXPECT_EQ(hit.item.item_no(), 1u);
    EXPECT_EQ(hit.case_id, std::optional<store::CaseId>(1));
    EXPECT_EQ(hit.match.tier, record::Tier::kExact);  // through the alternative DA017342
    EXPECT_EQ(hit.serial, "DA017342");
    const auto match = shown(party, hit);
    EXPECT_EQ(match.case_number(), "T-1");
    EXPECT_EQ(match.party(), std::string(party) == "XA" ? "XB" : "XA");
    EXPECT_EQ(match.by_us(), std::string(party) == "XA");
    EXPECT_EQ(match.tier(), "EXACT");
    EXPECT_EQ(match.make(), "Arsenal Delta");
    EXPECT_EQ(match.date(), "2026-11-23");
    EXPECT_EQ(match.reasons_size(), 4);
    EXPECT_TRUE(match.outcome().empty());
    EXPECT_FALSE(match.state().empty());
  }
  EXPECT_TRUE(search("XA", "DA017343", Depth::kEqual).hits.empty());
  EXPECT_TRUE(search("XA", "", Depth::kEqual).hits.empty());
}

TEST_F(WeaponSearchTest, LookAlikesAreOneNumberAndTheReasonsSayWhy) {
  opened();
  const WeaponSearch found = search("XA", "DAOI7342", Depth::kEqual);
  ASSERT_EQ(found.hits.size(), 1u);
  EXPECT_EQ(found.hits[0].match.tier, record::Tier::kFold);
  const auto match = shown("XA", found.hits[0]);
  EXPECT_NE(match.serial_text().find(" read as "), std::string::npos) << match.serial_text();
  const WeaponSearch cyrillic = search("XA", "DА017342", Depth::kEqual);  // Cyrillic А
  ASSERT_EQ(cyrillic.hits.size(), 1u);
  EXPECT_EQ(cyrillic.hits[0].match.tier, record::Tier::kLatin);
}

TEST_F(WeaponSearchTest, EqualDepthLeavesPatternsOut) {
  opened();
  EXPECT_TRUE(search("XA", "5138841", Depth::kEqual).hits.empty());
  const WeaponSearch found = search("XA", "5138841");
  ASSERT_EQ(found.hits.size(), 1u);
  EXPECT_EQ(found.hits[0].item.item_no(), 2u);
  EXPECT_EQ(found.hits[0].match.tier, record::Tier::kPattern);
}

TEST_F(WeaponSearchTest, ACaseIsFoundByItsReferenceAndByThoseOfItsThreads) {
  opened();
  for (const char* reference : {"XA-NPC-2026-0117", "xa-npc-2026-0117/2"})
    EXPECT_EQ(cases_by_reference(w.view("XA"), reference, 5), std::vector<store::CaseId>{1});
  EXPECT_TRUE(cases_by_reference(w.view("XA"), "XA-NPC-2026", 5).empty());
  EXPECT_TRUE(cases_by_reference(w.view("XA"), "", 5).empty());
}

TEST_F(WeaponSearchTest, TheIndexOutlivesTheProcess) {
  opened();
  w.crash("XA");
  EXPECT_EQ(search("XA", "DA017342", Depth::kEqual).hits.size(), 1u);
  EXPECT_EQ(search("XA", "513884?").hits.size(), 1u);
}

TEST_F(WeaponSearchTest, ANumberSuppliedLaterFindsTheWeaponAsTheRequestDescribesIt) {
  w.connect("XA", "XB");
  opened();
  ASSERT_TRUE(ack().has_value());
  w.run();
  v1::TraceAskRequest ask;
  ask.set_case_number("T-1");
  auto* missing = ask.add_missing();
  missing->set_path("item2.serial");
  missing->set_text("Which two digits are missing?");
  const auto asked = release_act(w.node("XB"), ask, w.now());
  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  w.run();
  v1::TraceSupplyRequest supply;
  supply.set_case_number("T-1");
  auto* given = supply.add_answers();
  given->set_path("item2.serial");
  given->set_value("5128841");
  const auto done = release_act(w.node("XA"), supply, w.now());
  ASSERT_TRUE(done.has_value()) << done.error().message;
  w.run();
  for (const char* party : {"XA", "XB"}) {
    const WeaponSearch found = search(party, "5128841");
    ASSERT_EQ(found.hits.size(), 1u) << party;  // once, though the request has it too
    EXPECT_EQ(found.hits[0].match.tier, record::Tier::kExact);
    EXPECT_EQ(found.hits[0].kind, "trace.info_supply");
    EXPECT_EQ(found.hits[0].item.item_no(), 2u);
    EXPECT_EQ(found.hits[0].item.make(), "State Factory 66 (symbol)");
    EXPECT_EQ(search(party, "5128841", Depth::kEqual).hits.size(), 1u);
    EXPECT_EQ(search(party, "5998841").hits.at(0).kind, "trace.request");  // as first described
  }
}

// Comparing every weapon of every record with the question, without any index.
std::vector<std::string> by_brute_force(const std::vector<focal::v1::WeaponItem>& weapons,
                                        const record::WeaponText& asked) {
  std::vector<std::string> out;
  const record::WeaponKeys keys = record::derive_weapon_keys(asked);
  for (const auto& weapon : weapons) {
    const record::WeaponKeys there = record::derive_weapon_keys(weapon_text(weapon));
    if (const auto match = record::match_weapons(keys, there))
      out.push_back(std::to_string(match->score) + " " +
                    std::string(record::code_of(match->serial.tier)) + " item " +
                    std::to_string(weapon.item_no()) + " " + weapon.serial_raw());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> lines(const WeaponSearch& found) {
  std::vector<std::string> out;
  for (const WeaponHit& hit : found.hits)
    out.push_back(std::to_string(hit.score) + " " +
                  std::string(record::code_of(hit.match.tier)) + " item " +
                  std::to_string(hit.item.item_no()) + " " + hit.item.serial_raw());
  std::sort(out.begin(), out.end());
  return out;
}

// A few numbers, each misread in many ways, so that they meet in every tier.
class Made {
 public:
  explicit Made(std::uint64_t seed) : rng_(seed) {}
  std::string serial() {
    static constexpr const char* kNumbers[] = {"AK471235", "369J257", "B0I5Z",  "74-8851 K",
                                               "MX100200", "АВ12456", "K9", "55501"};
    static constexpr const char* kChars[] = {"0", "O", "1", "I", "5", "S", "8", "B", "A", "А",
                                             "К", "K", "7", "-", "Ж", "?", "?", "*", ""};
    std::string out = kNumbers[rng_.below(std::size(kNumbers))];
    for (std::uint64_t n = rng_.below(4); n > 0; --n) {
      const std::string with = kChars[rng_.below(std::size(kChars))];
      const auto at = rng_.below(out.size() + 1);
      if ((static_cast<unsigned char>(out[at]) & 0x80) != 0) continue;  // not into a character
      if (rng_.below(3) == 0)
        out.insert(at, with);
      else if (at < out.size())
        out.replace(at, 1, with);
    }
    return out.empty() ? "A1" : out;
  }
  void fill(focal::v1::WeaponItem& item) {
    static constexpr const char* kMakes[] = {"", "Beretta", "Glock", "Nobody"};
    item.set_serial_raw(serial());
    item.clear_serial_alternatives();
    for (std::uint64_t n = rng_.below(3); n > 0; --n) item.add_serial_alternatives(serial());
    item.set_make(kMakes[rng_.below(4)]);
  }
  std::uint64_t below(std::uint64_t n) { return rng_.below(n); }

 private:
  crypto::SeededRng rng_;
};

class WeaponSearchAgainstBruteForce : public WeaponSearchTest,
                                      public ::testing::WithParamInterface<std::uint64_t> {};

TEST_P(WeaponSearchAgainstBruteForce, FindsExactlyTheSame) {
  Made made(GetParam());
  std::vector<focal::v1::WeaponItem> weapons;
  for (int r = 0; r < 2; ++r) {
    std::vector<focal::v1::WeaponItem> items;
    for (std::uint32_t n = 1; n <= 150; ++n) {
      items.push_back(weapon(n, ""));
      made.fill(items.back());
    }
    send(request_for(items));
    weapons.insert(weapons.end(), items.begin(), items.end());
  }
  w.run();
  std::map<record::Tier, std::size_t> hits;
  for (int n = 0; n < 60; ++n) {
    focal::v1::WeaponItem asked;
    if (n % 2 == 0) {
      made.fill(asked);
    } else {
      asked = weapons[made.below(weapons.size())];
      asked.clear_make_code();
    }
    const WeaponSearch found =
        search_weapon(w.view("XA"), weapon_text(asked), Depth::kAll, 10'000);
    EXPECT_EQ(lines(found), by_brute_force(weapons, weapon_text(asked))) << asked.serial_raw();
    EXPECT_EQ(found.found, found.hits.size());
    for (std::size_t i = 1; i < found.hits.size(); ++i)
      EXPECT_GE(found.hits[i - 1].score, found.hits[i].score);
    for (const WeaponHit& hit : found.hits) ++hits[hit.match.tier];
  }
  EXPECT_EQ(hits.size(), 6u);  // every tier
}

INSTANTIATE_TEST_SUITE_P(Seeds, WeaponSearchAgainstBruteForce,
                         ::testing::Range<std::uint64_t>(1, 5));

TEST_F(WeaponSearchTest, TheLimitCutsTheWorstAndSaysSo) {
  std::vector<focal::v1::WeaponItem> items;
  for (std::uint32_t n = 1; n <= 40; ++n) items.push_back(weapon(n, n == 40 ? "QX1234" : "QX1234?"));
  send(request_for(items));
  w.run();
  const WeaponSearch found = search("XA", "QX12345", Depth::kAll, 5);
  EXPECT_EQ(found.hits.size(), 5u);
  EXPECT_EQ(found.found, 40u);
  EXPECT_FALSE(found.cut_off);
  EXPECT_EQ(found.records_read, 1u);
  EXPECT_EQ(search("XA", "QX1234", Depth::kAll, 1).hits.at(0).item.item_no(), 40u);
}

// All but one fit equally well: what decides between them decides the same for every page.
TEST_F(WeaponSearchTest, PagesOfFindHoldEachWeaponOnceInTheOrderOfTheWholeList) {
  for (int r = 0; r < 3; ++r) {
    std::vector<focal::v1::WeaponItem> items;
    for (std::uint32_t n = 1; n <= 11; ++n)
      items.push_back(weapon(n, r == 1 && n == 5 ? "QX12345" : "QX1234?"));
    send(request_for(items));
  }
  w.run();
  v1::FindRequest request;
  request.set_serial("QX12345");
  const auto page = [&](std::uint32_t skip, std::uint32_t limit) {
    request.set_skip(skip);
    request.set_limit(limit);
    v1::FindResponse out;
    const Status done = find_weapons(w.node("XA"), request, w.now(), &out);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    EXPECT_EQ(out.total(), 33u);
    std::vector<std::string> places;
    for (const v1::WeaponMatch& match : out.matches())
      places.push_back(match.case_number() + " " + std::to_string(match.item_no()));
    return places;
  };
  const auto whole = page(0, 100);
  ASSERT_EQ(whole.size(), 33u);
  for (const std::uint32_t limit : {1u, 4u, 32u, 33u}) {
    std::vector<std::string> seen;
    for (std::uint32_t skip = 0; skip < 33; skip += limit) {
      const auto here = page(skip, limit);
      seen.insert(seen.end(), here.begin(), here.end());
    }
    EXPECT_EQ(seen, whole) << limit;
  }
  EXPECT_TRUE(page(33, 10).empty());
  request.set_skip(5000);
  v1::FindResponse out;
  const Status beyond = find_weapons(w.node("XA"), request, w.now(), &out);
  ASSERT_FALSE(beyond.has_value());
  EXPECT_EQ(beyond.error().path, "skip");
}

TEST_F(WeaponSearchTest, TooManyCandidatesAreSaid) {
  for (std::size_t n = 0; n < kMaxCandidateRecords + 5; ++n)
    send(request_for({weapon(1, "QX777" + std::to_string(n))}));
  w.run();
  const WeaponSearch found = search("XA", "QX777*");
  EXPECT_TRUE(found.cut_off);
  EXPECT_EQ(found.records_read, kMaxCandidateRecords);
  EXPECT_EQ(found.found, kMaxCandidateRecords);
  EXPECT_FALSE(search("XA", "QX7770").cut_off);
}

TEST_F(WeaponSearchTest, WhatIsDroppedIsFoundNoMore) {
  const auto ref = opened();
  ASSERT_EQ(search("XA", "DA017342").hits.size(), 1u);
  w.core("XA").write(store::DropIndex{ref});
  w.advance(1);
  EXPECT_TRUE(search("XA", "DA017342").hits.empty());
  EXPECT_TRUE(search("XA", "513884?").hits.empty());
  EXPECT_TRUE(cases_by_reference(w.view("XA"), "XA-NPC-2026-0117", 5).empty());
}

// ---- focal find --------------------------------------------------------------

class FindTest : public WeaponSearchTest {
 protected:
  Result<v1::FindResponse> find(const std::string& serial,
                                const std::function<void(v1::FindRequest&)>& more = {}) {
    v1::FindRequest request;
    request.set_serial(serial);
    if (more) more(request);
    v1::FindResponse out;
    if (const Status done = find_weapons(w.node("XA"), request, w.now(), &out); !done)
      return done.error();
    return out;
  }
};

TEST_F(FindTest, SaysScoreReasonsWhatWasTriedAndWhatCannotBeFound) {
  opened();
  const auto found = find("DAO17342", [](v1::FindRequest& request) {
    request.set_make("arsenal  DELTA");
    request.set_calibre("9x19");
    request.set_type("SA_RIFLE");
  });
  ASSERT_TRUE(found.has_value()) << found.error().message;
  ASSERT_EQ(found->matches_size(), 1);
  const v1::WeaponMatch& match = found->matches(0);
  EXPECT_EQ(match.tier(), "EXACT");
  EXPECT_LT(match.score(), 100);
  EXPECT_EQ(match.calibre(), "9 mm Para");
  ASSERT_EQ(match.reasons_size(), 4);
  EXPECT_EQ(match.reasons(0).agreement(), "EQUAL");
  EXPECT_EQ(match.reasons(1).agreement(), "UNKNOWN");
  EXPECT_EQ(match.reasons(2).agreement(), "EQUAL");
  EXPECT_EQ(match.reasons(3).agreement(), "CONFLICT");
  EXPECT_EQ(found->tried_size(), 6);
  EXPECT_GT(found->not_found_size(), 0);
  EXPECT_EQ(found->not_indexed(), 0u);
  EXPECT_NE(found->caution().find("A person confirms"), std::string::npos);
  EXPECT_EQ(find("QQ?99*")->tried_size(), 1);
  EXPECT_EQ(find("ZZ99999")->matches_size(), 0);
}

TEST_F(FindTest, ShowsTheOutcomeOfTheItem) {
  w.connect("XA", "XB");
  opened();
  ASSERT_TRUE(ack().has_value());
  w.run();
  ASSERT_TRUE(answer(example("05_trace_response_XB_XA.json")).has_value());
  w.run();
  const auto found = find("DA017342");
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->matches_size(), 1);
  EXPECT_FALSE(found->matches(0).outcome().empty());
  EXPECT_FALSE(found->matches(0).outcome_text().empty());
}

TEST_F(FindTest, RefusesWhatCanFindNothingWithoutRepeatingIt) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {"", "no serial number"},        {"???", "no letter or digit"},
      {"A*", "only 1 character"},      {"N/A", "no serial number"},
      {"\xff\xfe", "UTF-8"},          {std::string(65, '7'), "longer than 64"},
      {std::string(64, '*'), "no letter or digit"}, {std::string(100'000, 'A'), "longer than 64"}};
  for (const auto& [serial, message] : bad) {
    const auto found = find(serial);
    ASSERT_FALSE(found.has_value()) << serial.substr(0, 70);
    EXPECT_EQ(found.error().code, ErrorCode::kInvalid);
    EXPECT_NE(found.error().message.find(message), std::string::npos) << found.error().message;
    EXPECT_FALSE(found.error().hint.empty());
    EXPECT_EQ(found.error().path, "serial");
  }
  const auto secret = find("K9*");
  EXPECT_TRUE(secret.has_value());
  const auto refused = [&](const std::function<void(v1::FindRequest&)>& more) {
    const auto found = find("A123", more);
    return found.has_value() ? std::string("accepted") : found.error().path;
  };
  EXPECT_EQ(refused([](auto& r) { r.set_type("BANANA"); }), "type");
  EXPECT_EQ(refused([](auto& r) { r.set_make(std::string(81, 'm')); }), "make");
  EXPECT_EQ(refused([](auto& r) { r.set_calibre(std::string(41, '9')); }), "calibre");
  EXPECT_EQ(refused([](auto& r) { r.add_alternatives("?"); }), "alternatives[0]");
  EXPECT_EQ(refused([](auto& r) {
              for (int i = 0; i < 21; ++i) r.add_alternatives("A" + std::to_string(i));
            }),
            "alternatives");
}

// Stars up to the limit of 64 bytes, against as bad ones in the ledger: with twice as many the search
// costs some times as much, where trying every way would cost a thousand times.
TEST_F(FindTest, TheWorstPatternsEndSoon) {
  const auto hard = [](int stars) {
    std::string out;
    for (int i = 0; i < stars; ++i) out += "A*1";
    return out;
  };
  std::vector<focal::v1::WeaponItem> items;
  for (std::uint32_t n = 1; n <= 200; ++n) items.push_back(weapon(n, hard(n <= 100 ? 10 : 21)));
  send(request_for(items));
  w.run();
  const auto cost = [&](int stars) {
    auto best = std::chrono::steady_clock::duration::max();
    for (int turn = 0; turn < 3; ++turn) {
      const auto before = std::chrono::steady_clock::now();
      const auto found = find("*" + hard(stars));
      best = std::min(best, std::chrono::steady_clock::now() - before);
      EXPECT_TRUE(found.has_value());
      if (found.has_value()) {
        EXPECT_EQ(found->total(), 200u);
      }
    }
    return best;
  };
  EXPECT_LT(cost(21), 50 * cost(10));
}

TEST_F(FindTest, SaysWhatIsNotIndexedYetAndTheLoopCatchesUp) {
  const int records = 2 * static_cast<int>(node::SliceLimits().records) + 10;
  for (int n = 0; n < records; ++n)
    send(request_for({weapon(1, "NX4" + std::to_string(n) + "9")}));
  w.run();
  const std::string newest = "NX4" + std::to_string(records - 1) + "9";
  ASSERT_EQ(find(newest)->matches(0).score(), find("NX409")->matches(0).score());
  // Another program, with other rules, has written this index.
  auto& driver = w.node("XA").ledger().driver();
  ASSERT_TRUE(driver.begin().has_value());
  ASSERT_TRUE(driver.run_script("UPDATE index_state SET rules=rules+1").has_value());
  ASSERT_TRUE(driver.commit().has_value());
  w.crash("XA");  // opening it again indexes a first slice
  const auto early = find(newest);
  ASSERT_TRUE(early.has_value());
  EXPECT_GT(early->not_indexed(), 0u);
  EXPECT_TRUE(w.core("XA").is_indexing(w.now()));
  EXPECT_TRUE(early->matches().empty() || early->matches(0).tier() != "EXACT");
  EXPECT_EQ(find("NX409")->matches(0).tier(), "EXACT");  // the oldest are there again
  w.advance(1);
  w.crash("XA");  // and it goes on where it stood
  for (int n = 0; n < 3 && w.core("XA").is_indexing(w.now()); ++n) w.advance(1);
  EXPECT_FALSE(w.core("XA").is_indexing(w.now()));
  const auto late = find(newest);
  EXPECT_EQ(late->not_indexed(), 0u);
  EXPECT_EQ(late->matches(0).tier(), "EXACT");
}

}  // namespace
}  // namespace focal::desk

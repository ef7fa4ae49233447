// Goal: a weapon is found again on both sides of an exchange, through everything that the
// markings allow, with the score record::match_weapons gives and no other, and what is
// derived from the index is what comparing every weapon with every other would give. Method:
// two whole nodes and the example requests; then many made-up weapons against brute force.
#include "node/desk/weapon_search.h"

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

}  // namespace
}  // namespace focal::desk

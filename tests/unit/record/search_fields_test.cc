// Goal: what a record is found by follows from the schema, and two people who write one thing
// differently get one key. Method: the example records, records filled from the schema's own
// rules, and references in the ways people write them.
#include "node/record/search_fields.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/record/serial_keys.h"
#include "tests/unit/record/filler.h"

namespace focal::record::test {
namespace {

CheckedRecord example(std::string_view begins) {
  for (const Example& each : examples()) {
    if (each.name.rfind(begins, 0) != 0) continue;
    Checked made = from_json(each.json, each.from, {each.to});
    EXPECT_TRUE(made.has_value());
    return std::move(*made);
  }
  ADD_FAILURE() << "no example " << begins;
  std::abort();
}

std::vector<std::string> keys_of(const SearchFields& fields, std::string_view index) {
  std::vector<std::string> out;
  for (const SearchKey& each : fields.keys)
    if (each.index == index) out.push_back(each.key + " " + std::to_string(each.item_no));
  return out;
}

TEST(SearchFields, ARequestIsFoundByItsReferenceAndEveryReadingOfItsNumbers) {
  const SearchFields fields = search_fields(example("01_trace_request"));
  EXPECT_EQ(keys_of(fields, kCaseIndex), std::vector<std::string>{"XA-NPC-2026-0117 0"});
  // Its alternatives fold to the same key; 5??8841 has no key, but a reading.
  EXPECT_EQ(keys_of(fields, kSerialIndex), std::vector<std::string>{fold_of("DA017342") + " 1"});
  const bool pattern = std::any_of(
      fields.readings.begin(), fields.readings.end(), [](const SearchReading& each) {
        return each.item_no == 2 && each.fold == fold_of("5??8841") && each.digits.empty();
      });
  EXPECT_TRUE(pattern);
}

TEST(SearchFields, AnAmendedDescriptionIsFoundToo) {
  const SearchFields fields = search_fields(example("04_trace_info_supply"));
  EXPECT_FALSE(fields.readings.empty());
  EXPECT_FALSE(keys_of(fields, kCaseIndex).empty());
}

TEST(SearchFields, EveryKindIsFoundByEveryIndexedFieldOfTheSchema) {
  for (const KindInfo& kind : kinds()) {
    const auto made = check(full_record(kind.name));
    ASSERT_TRUE(made.has_value()) << kind.name;
    const SearchFields fields = search_fields(*made);
    EXPECT_EQ(!fields.empty(), has_search_fields(kind)) << kind.name;
    EXPECT_EQ(keys_of(fields, kCaseIndex).empty(), !kind.is_case_event) << kind.name;
    EXPECT_EQ(weapons_of(*made).empty(), fields.readings.empty()) << kind.name;
  }
  EXPECT_FALSE(has_search_fields(*find_kind("peer.ping")));
  EXPECT_TRUE(has_search_fields(*find_kind("trace.correction")));
}

TEST(SearchFields, WeaponsComeAsTheRecordHasThem) {
  const auto weapons = weapons_of(example("01_trace_request"));
  ASSERT_EQ(weapons.size(), 2u);
  EXPECT_EQ(weapons[0].item.item_no(), 1u);
  EXPECT_EQ(weapons[0].item.serial_raw(), "DA 0I7 342");
  EXPECT_EQ(weapons[1].item.make(), "State Factory 66 (symbol)");
}

TEST(SearchFields, ANumberThatIsSuppliedForAFieldIsFoundWithItsPlace) {
  v1::Record record = example("04_trace_info_supply").message();
  auto* supply = record.mutable_trace_info_supply();
  supply->clear_amended();
  record.clear_unknown_fields();
  supply->clear_answers();
  const auto answer = [supply](const char* path, const char* value) {
    auto* added = supply->add_answers();
    added->set_path(path);
    added->set_value(value);
  };
  answer("trace_request.items[1].serial_raw", "5128841");
  answer("trace_request.items[0].serial_alternatives[2]", "DA17342");
  answer("trace_request.items[0].make", "77777777");
  answer("trace_request.newer_field", "88888888");
  const auto made = from_message(std::make_unique<v1::Record>(record), "XA", {"XB"});
  ASSERT_TRUE(made.has_value()) << made.error().as_error().message;
  EXPECT_EQ(keys_of(search_fields(*made), kSerialIndex),
            (std::vector<std::string>{fold_of("DA17342") + " 0", fold_of("5128841") + " 0"}));
  const auto weapons = weapons_of(*made);
  ASSERT_EQ(weapons.size(), 2u);
  EXPECT_EQ(weapons[0].item.serial_raw(), "5128841");
  EXPECT_EQ(weapons[0].place, std::optional<std::size_t>(1));
  EXPECT_EQ(weapons[1].place, std::optional<std::size_t>(0));
  EXPECT_TRUE(weapons_of(*made, [](std::uint32_t no) { return no == 1; }).empty());
}

TEST(SearchFields, TheRulesHaveANameThatStays) { EXPECT_EQ(search_rules(), search_rules()); }

TEST(CaseKey, OneReferenceIsOneKeyHoweverItIsWritten) {
  EXPECT_EQ(case_key("XA-NPC-2026-0117"), "XA-NPC-2026-0117");
  EXPECT_EQ(case_key("  xa-npc-2026-0117 "), "XA-NPC-2026-0117");
  EXPECT_EQ(case_key("ＸＡ-NPC-2026-0117"), "XA-NPC-2026-0117");
  EXPECT_EQ(case_key("XA-NPC-2026-0117/2"), "XA-NPC-2026-0117");
  EXPECT_EQ(case_key("XA-NPC-2026-0117/12"), "XA-NPC-2026-0117");
}

TEST(CaseKey, WhatIsNoThreadNumberStays) {
  for (const char* text : {"NPC/2026/0117", "TR/2026/117", "A/02", "A/1", "A/0", "/2", "A/2B", "A/",
                           "A/B"})
    EXPECT_EQ(case_key(text), text);
  EXPECT_EQ(case_key("TR/2026/117/3"), "TR/2026/117");
  EXPECT_EQ(case_key(""), "");
  EXPECT_EQ(case_key("   "), "");
  EXPECT_EQ(case_key("\xff"), "");
}

}  // namespace
}  // namespace focal::record::test

// Goal: references tell the threads of a case, and only them. Method: a table of writings; two
// cases at one desk.
#include "node/desk/threads.h"

#include "node/record/search_fields.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

TEST(ThreadReference, NumbersFromTwoToNinetyNine) {
  const auto read = [](std::string_view text) {
    const auto parts = parse_thread_reference(text);
    return parts ? std::string(parts->base) + "|" + std::to_string(parts->number) : "-";
  };
  EXPECT_EQ(read("XA-NPC-2026-0117/2"), "XA-NPC-2026-0117|2");
  EXPECT_EQ(read("A/99"), "A|99");
  EXPECT_EQ(read("T/26/45"), "T/26|45");
  EXPECT_EQ(read("A/2/3"), "A/2|3");
  for (const char* other :
       {"", "A", "/2", "A/", "A/1", "A/0", "A/02", "A/100", "A/2x", "A/-2", "A/ 2"})
    EXPECT_EQ(read(other), "-") << other;
}

TEST(ThreadReference, TheIndexReadsThemTheSameWay) {
  for (const char* reference : {"A/2", "A/99", "T/26/45"}) {
    const auto parts = parse_thread_reference(reference);
    EXPECT_EQ(record::case_key(reference), std::string(parts->base)) << reference;
  }
  for (const char* other : {"A/1", "A/0", "A/02", "A/100", "A/X"})
    EXPECT_EQ(record::case_key(other), other);
}

}  // namespace
}  // namespace focal::desk

// Goal: what waits is counted for each peer, found by its name, and passed over in
// the order it came, whatever is dropped meanwhile.
// Method: heads of two peers; a pass that drops what it meets, one that is left and
// taken up again, one that new heads join.
#include "node/exchange/waiting_list.h"

#include <gtest/gtest.h>

namespace focal::exchange {
namespace {

store::WaitingHead head(std::uint8_t name, const std::string& peer = "XB", std::uint64_t size = 10) {
  store::WaitingHead out;
  out.inner_hash[0] = name;
  out.link_peer = peer;
  out.size = size;
  return out;
}

std::string pass(WaitingList& list) {
  std::string out;
  while (const auto* next = list.next()) out += static_cast<char>(next->inner_hash[0]);
  return out;
}

TEST(WaitingListTest, CountsForEachPeerAndForgetsWhatIsDropped) {
  WaitingList list;
  list.add(head('a', "XB", 10));
  list.add(head('b', "XB", 20));
  list.add(head('c', "XC", 5));
  list.add(head('b', "XC", 99));  // known: counts once, for the peer that brought it first
  EXPECT_EQ(list.size(), 3u);
  EXPECT_EQ(list.share_of("XB").rows, 2u);
  EXPECT_EQ(list.share_of("XB").bytes, 30u);
  EXPECT_EQ(list.share_of("XC").bytes, 5u);
  EXPECT_EQ(list.share_of("XD").rows, 0u);
  EXPECT_TRUE(list.contains(head('b').inner_hash));
  list.drop(head('b').inner_hash);
  list.drop(head('b').inner_hash);
  EXPECT_FALSE(list.contains(head('b').inner_hash));
  EXPECT_EQ(list.share_of("XB").bytes, 10u);
  list.load({head('x', "XE", 7)});
  EXPECT_EQ(list.size(), 1u);
  EXPECT_EQ(list.share_of("XB").rows, 0u);
  EXPECT_EQ(list.share_of("XE").bytes, 7u);
}

TEST(WaitingListTest, APassMeetsEachOnceInOrder) {
  WaitingList list;
  for (const char name : {'a', 'b', 'c', 'd'}) list.add(head(static_cast<std::uint8_t>(name)));
  EXPECT_EQ(list.next()->inner_hash[0], 'a');
  EXPECT_EQ(list.next()->inner_hash[0], 'b');
  list.drop(head('b').inner_hash);
  list.drop(head('a').inner_hash);
  list.add(head('e'));
  EXPECT_EQ(pass(list), "cde");
  EXPECT_EQ(pass(list), "cde") << "after the end it begins anew";
  EXPECT_EQ(list.next()->inner_hash[0], 'c');
  list.restart();
  EXPECT_EQ(pass(list), "cde");
  for (const char name : {'c', 'd', 'e'}) list.drop(head(static_cast<std::uint8_t>(name)).inner_hash);
  EXPECT_TRUE(list.is_empty());
  EXPECT_EQ(list.next(), nullptr);
}

}  // namespace
}  // namespace focal::exchange

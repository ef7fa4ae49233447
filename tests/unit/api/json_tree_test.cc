// Goal: what is put together as a JsonTree is JSON, says the same, keeps its order, and breaks its
// lines where they get long.
// Method: by hand; what it prints is read by the strict reader.
#include "node/api/json_tree.h"

#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include "proto/json.h"

namespace focal::api {
namespace {

TEST(JsonTree, KeepsItsOrderOnOneLineThatFits) {
  JsonTree list = JsonTree::array();
  list.add(JsonTree::number(-7)).add(JsonTree::truth(false)).add(JsonTree::array());
  EXPECT_EQ(JsonTree::object().put("z", "1").put("a", list).put("e", JsonTree::object()).print(),
            "{\"z\": \"1\", \"a\": [-7, false, []], \"e\": {}}\n");
}

TEST(JsonTree, BreaksWhatIsLongAndNothingElse) {
  const std::string word(60, 'w');
  const JsonTree inner = JsonTree::object().put("x", word).put("y", word);
  EXPECT_EQ(JsonTree::object().put("in", inner).put("b", "c").print(),
            "{\n \"in\": {\n  \"x\": \"" + word + "\",\n  \"y\": \"" + word + "\"\n },\n \"b\": \"c\"\n}\n");
  // Exactly as wide as a line: with the comma that may come it is one too wide.
  const std::string fits(kJsonColumns - 1 - std::string_view("{\"k\": \"\"}").size(), 'f');
  EXPECT_EQ(JsonTree::object().put("k", fits).print(), "{\"k\": \"" + fits + "\"}\n");
  EXPECT_EQ(JsonTree::object().put("k", fits + "f").print(), "{\n \"k\": \"" + fits + "f\"\n}\n");
}

TEST(JsonTree, WhatItPrintsIsReadAsTheSame) {
  std::string odd("quote \" back \\ line \n tab \t nul ");
  odd.append(1, '\0').append("\x1f \x7f \xd8\xb9\xd8\xb1 \xf0\x9f\x94\xab");
  google::protobuf::Struct read;
  ASSERT_TRUE(json::read(JsonTree::object().put(odd.substr(0, 5), odd).print(), read).has_value());
  EXPECT_EQ(read.fields().at("quote").string_value(), odd);
}

TEST(JsonTree, ANameTwiceIsABug) {
  JsonTree tree = JsonTree::object();
  tree.put("a", "1");
  EXPECT_DEATH(tree.put("a", "2"), "");
  EXPECT_DEATH(tree.add(JsonTree::truth(true)), "");
}

}  // namespace
}  // namespace focal::api

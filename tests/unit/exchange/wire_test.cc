// Goal: the reader of wire bytes gives out exactly what stands between tag and end,
// and never more; the writer writes what protobuf writes.
// Method: fields written by hand and by the library, and cut at every length.
#include "node/exchange/wire.h"

#include <gtest/gtest.h>

#include "proto/envelope.pb.h"
#include "tests/unit/proto/wire.h"

namespace focal::exchange {
namespace {

using test::Wire;

std::vector<FieldReader::Field> all(ByteView bytes) {
  std::vector<FieldReader::Field> out;
  FieldReader reader(bytes);
  while (const auto field = reader.next()) out.push_back(*field);
  return out;
}

TEST(WireTest, FieldsComeOutAsTheyStand) {
  const Bytes bytes = Wire().text(1, "one").number(4, 300).fixed64(9, 7).fill(3, 200).text(200, "x").out();
  const auto fields = all(bytes);
  ASSERT_EQ(fields.size(), 3u) << "other wire types are skipped";
  EXPECT_EQ(fields[0].number, 1u);
  EXPECT_EQ(as_text(fields[0].value), "one");
  EXPECT_EQ(fields[0].value.data(), bytes.data() + 2) << "a view, not a copy";
  EXPECT_EQ(fields[1].number, 3u);
  EXPECT_EQ(fields[1].value.size(), 200u);
  EXPECT_EQ(fields[2].number, 200u);
}

TEST(WireTest, CutAnywhereNothingBeyondTheEndIsRead) {
  const Bytes whole = Wire().text(1, "one").number(4, 300).fixed64(9, 7).fill(3, 200).out();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    std::size_t total = 0;
    for (const auto& field : all(cut)) {
      total += field.value.size();
      EXPECT_GE(field.value.data(), cut.data());
      EXPECT_LE(field.value.data() + field.value.size(), cut.data() + cut.size());
    }
    EXPECT_LT(total, 203u) << "cut at " << n;
  }
}

TEST(WireTest, NonsenseEndsTheReading) {
  EXPECT_TRUE(all(Bytes{0x0b}).empty()) << "group";
  EXPECT_TRUE(all(Bytes{0x0d, 0, 0, 0, 0}).empty()) << "32 bits";
  EXPECT_TRUE(all(Bytes(11, 0xff)).empty()) << "a tag without end";
  EXPECT_TRUE(all(Wire().tag(1, 2).varint(std::uint64_t{1} << 31)).empty());
  EXPECT_TRUE(all(Wire().tag(1, 2).varint(~std::uint64_t{0})).empty());
}

TEST(WireTest, WritesWhatProtobufWrites) {
  for (const std::size_t size : {1u, 127u, 128u, 16383u, 16384u, 100000u}) {
    v1::Item item;
    item.set_body(std::string(size, 'b'));
    Bytes ours;
    put_field(ours, 4, as_bytes(item.body()));
    EXPECT_EQ(as_text(ours), item.SerializeAsString()) << size;
  }
  Bytes nothing;
  put_field(nothing, 4, {});
  EXPECT_TRUE(nothing.empty()) << "the lint forbids an encoded empty value";
}

TEST(WireTest, VarintsAreMinimal) {
  for (const std::uint64_t v : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
    Bytes out;
    put_varint(out, v);
    const Bytes expected = Wire().varint(v).out();
    EXPECT_EQ(out, expected);
    EXPECT_TRUE(out.size() == 1 || out.back() != 0);
  }
}

}  // namespace
}  // namespace focal::exchange

// Goal: every rule of the structural lint refuses its case and lets the nearest
// legal neighbour pass, with the right code and field path.
// Method: wire bytes written by hand (not by protobuf), one rule per test.
#include "proto/lint.h"

#include <gtest/gtest.h>

#include "tests/unit/proto/wire.h"

namespace focal::proto {
namespace {

using test::Wire;

constexpr std::uint64_t kTime = 1795428000000;

::testing::AssertionResult passes(Msg m, ByteView bytes) {
  const Status s = lint(m, bytes);
  if (s) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << s.error().path << ": " << s.error().message;
}
::testing::AssertionResult refuses(Msg m, ByteView bytes, std::string_view path,
                                   ErrorCode code = ErrorCode::kLint) {
  const Status s = lint(m, bytes);
  if (s) return ::testing::AssertionFailure() << "passed, expected " << path;
  if (s.error().path != path || s.error().code != code || s.error().message.empty())
    return ::testing::AssertionFailure()
           << error_name(s.error().code) << " at " << s.error().path << ": " << s.error().message;
  return ::testing::AssertionSuccess();
}

Wire ref() { return Wire().fill(1, 32).fixed64(2, kTime); }
Wire attachment() { return Wire().fill(1, 32).number(2, 5).text(3, "a/b").fill(4, 32).fill(5, 32); }
Wire approval() { return Wire().text(1, "note").fill(2, 64); }

// The fields of a manifest one by one, so that tests can leave out or alter one.
struct Manifest {
  Wire v = Wire().number(1, 1), msg_id = Wire().fill(2, 16), from = Wire().text(3, "XA"),
       card = Wire().fill(4, 32), to = Wire().text(5, "XB"), kind = Wire().text(6, "trace.request"),
       thread, reply_to, created = Wire().fixed64(9, kTime), expires, commit = Wire().fill(11, 32),
       len, att, approver;
  Wire wire() const {
    Wire w;
    for (const Wire* f : {&v, &msg_id, &from, &card, &to, &kind, &thread, &reply_to, &created,
                          &expires, &commit, &len, &att, &approver})
      w.raw(*f);
    return w;
  }
};

Wire stmt(std::uint64_t purpose = 1, std::uint64_t size = 1) {
  return Wire()
      .number(1, 1)
      .text(2, "XA")
      .fill(3, 32)
      .number(4, purpose)
      .number(5, size)
      .fill(6, 32)
      .fixed64(7, kTime);
}
Wire item() { return Wire().bytes(1, Manifest().wire()).fill(3, 32).text(4, "body"); }
Wire leaf() { return Wire().fill(2, 32); }
Wire inner() { return Wire().bytes(1, stmt()).fill(2, 64).bytes(3, item()); }
Wire receipt_item() {
  return Wire().fill(1, 32).number(2, 1).fill(3, 32).fixed64(4, kTime).fixed64(5, kTime);
}
Wire receipts() { return Wire().bytes(1, stmt(2)).fill(2, 64).bytes(3, receipt_item()); }

TEST(Lint, ValidObjectsPass) {
  Manifest full;
  full.thread = Wire().bytes(7, ref());
  full.reply_to = Wire().bytes(8, ref());
  full.expires = Wire().fixed64(10, kTime);
  full.len = Wire().number(12, 4);
  full.att = Wire().bytes(13, attachment()).bytes(13, attachment());
  full.approver = Wire().fill(14, 32);
  EXPECT_TRUE(passes(Msg::kManifest, Manifest().wire()));
  EXPECT_TRUE(passes(Msg::kManifest, full.wire()));
  EXPECT_TRUE(passes(Msg::kRef, ref()));
  EXPECT_TRUE(passes(Msg::kAttachment, attachment()));
  EXPECT_TRUE(passes(Msg::kApproval, approval()));
  EXPECT_TRUE(passes(Msg::kBatchStmt, stmt()));
  EXPECT_TRUE(passes(Msg::kItem, item().bytes(8, approval())));
  EXPECT_TRUE(passes(Msg::kItem, leaf()));
  EXPECT_TRUE(passes(Msg::kInner, inner()));
  EXPECT_TRUE(passes(Msg::kInner, Wire().bytes(7, receipts())));
  EXPECT_TRUE(passes(Msg::kReceiptItem, receipt_item()));
  EXPECT_TRUE(passes(Msg::kReceiptBatch, receipts().text(4, "note").text(5, "line")));
}

TEST(Lint, N025_UnknownFieldIsRefused) {
  EXPECT_TRUE(refuses(Msg::kRef, ref().number(3, 1), "Ref"));
  EXPECT_TRUE(refuses(Msg::kManifest, Manifest().wire().number(15, 1), "Manifest"));
  EXPECT_TRUE(refuses(Msg::kItem, Wire().bytes(1, Manifest().wire()).fill(3, 32).fill(7, 1),
                      "Item"));  // reserved, between two known numbers
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(0, 32).raw(ref()), "Ref"));
  EXPECT_TRUE(refuses(Msg::kRef, ref().number(0x1fffffff, 1), "Ref"));
  EXPECT_TRUE(refuses(Msg::kInner, inner().fill(7, 1).fill(9, 1), "ReceiptBatch"));
}

TEST(Lint, N026_RepeatedSingularFieldIsRefused) {
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(1, 32).raw(ref()), "Ref.rid"));
  Manifest m;
  m.kind = Wire().text(6, "a").text(6, "a");
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.kind"));
  m = Manifest();
  m.thread = Wire().bytes(7, ref()).bytes(7, ref());  // protobuf would merge them
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.thread"));
  m = Manifest();
  m.to = Wire().text(5, "XB").text(5, "XC");
  EXPECT_TRUE(passes(Msg::kManifest, m.wire()));
}

TEST(Lint, N027_NonMinimalVarintIsRefused) {
  const Bytes long_tag = {0x8a, 0x00};         // field 1, wire type 2
  const Bytes long_size = {0x0a, 0xa0, 0x00};  // size 32
  const Bytes plain = {0x0a, 0x20};
  const Bytes content(32, 1);
  const Wire time = Wire().fixed64(2, kTime);
  EXPECT_TRUE(passes(Msg::kRef, Wire().raw(plain).raw(content).raw(time)));
  EXPECT_TRUE(refuses(Msg::kRef, Wire().raw(long_size).raw(content).raw(time), "Ref.rid"));
  EXPECT_TRUE(refuses(Msg::kRef, Wire().raw(long_tag).varint(32).raw(content).raw(time), "Ref"));
  Manifest m;
  m.v = Wire().raw(Bytes{0x08, 0x81, 0x00});
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.v"));
  m.v = Wire().raw(Bytes{0x08, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02});
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.v"));  // bits past the 64th
  m.v = Wire().raw(Bytes(11, 0x88));
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest"));
}

TEST(Lint, N028_DecreasingFieldNumbersAreRefused) {
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fixed64(2, kTime).fill(1, 32), "Ref.rid"));
  Manifest m;
  m.to = Wire().text(5, "XB").text(6, "k").text(5, "XC");
  m.kind = Wire();
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.to"));
}

TEST(Lint, N029_OtherWireTypesAreRefused) {
  for (unsigned type : {0u, 1u, 3u, 4u, 5u, 6u, 7u}) {  // rid is of type 2
    Wire w = Wire().tag(1, type).varint(32).raw(Bytes(32, 1)).fixed64(2, kTime);
    EXPECT_TRUE(refuses(Msg::kRef, w, "Ref.rid")) << type;
  }
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(1, 32).number(2, kTime), "Ref.created_ms"));
  Manifest m;
  m.v = Wire().fixed64(1, 1);
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.v"));
  m = Manifest();  // a group in place of an embedded message
  m.thread = Wire().tag(7, 3).raw(ref()).tag(7, 4);
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.thread"));
}

TEST(Lint, N030_EncodedDefaultsAreRefused) {
  Manifest m;
  m.len = Wire().number(12, 0);
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.body_len"));
  m.len = Wire().number(12, 1);
  EXPECT_TRUE(passes(Msg::kManifest, m.wire()));
  m = Manifest();
  m.expires = Wire().fixed64(10, 0);
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.expires_ms"));
  m = Manifest();
  m.kind = Wire().text(6, "");
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.kind"));
  EXPECT_TRUE(
      refuses(Msg::kItem, Wire().bytes(1, Manifest().wire()).fill(3, 32).fill(4, 0), "Item.body"));
  EXPECT_TRUE(refuses(Msg::kInner, Wire().bytes(1, stmt()).fill(2, 64).fill(3, 0), "Item"));
}

TEST(Lint, N031_DepthAndLengthBombsAreRefused) {
  Wire nested = ref();
  for (int i = 0; i < 1000; ++i) nested = Wire().bytes(7, nested);
  EXPECT_TRUE(refuses(Msg::kManifest, nested, "Ref"));  // stops at the second level
  EXPECT_TRUE(refuses(Msg::kManifest, Wire().bytes(7, Wire().bytes(1, ref())), "Ref.rid"));
  for (std::uint64_t length :
       {std::uint64_t{33}, std::uint64_t{0x7fffffff}, std::uint64_t{0x80000000}, ~std::uint64_t{0}})
    EXPECT_TRUE(refuses(Msg::kRef, Wire().tag(1, 2).varint(length).raw(Bytes(32, 1)), "Ref.rid"))
        << length;
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(1, 32).tag(2, 1).raw(Bytes(7, 1)), "Ref.created_ms"));
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(1, 32).raw(Bytes{0x91}), "Ref"));  // ends in a tag
}

TEST(Lint, TextThatIsNotUtf8IsRefused) {
  Manifest m;
  m.kind = Wire().text(6, "caf\xc3\xa9");
  EXPECT_TRUE(passes(Msg::kManifest, m.wire()));  // the grammar of kinds is checked elsewhere
  for (std::string_view bad :
       {"\xff", "a\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe2\x82"}) {
    m.kind = Wire().text(6, bad);
    EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.kind"));
  }
}

TEST(Lint, RefNeedsBothFields) {
  EXPECT_TRUE(refuses(Msg::kRef, Wire(), "Ref.rid"));
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(1, 32), "Ref.created_ms"));
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fixed64(2, kTime), "Ref.rid"));
  Manifest m;
  m.reply_to = Wire().bytes(8, Wire().fill(1, 32));
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Ref.created_ms"));
}

TEST(Lint, FixedLengthsAreExact) {
  for (std::size_t size : {0, 31, 33})
    EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(1, size).fixed64(2, kTime), "Ref.rid")) << size;
  Manifest m;
  m.msg_id = Wire().fill(2, 15);
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.msg_id"));
  EXPECT_TRUE(refuses(Msg::kApproval, Wire().text(1, "n").fill(2, 63), "Approval.signature"));
  EXPECT_TRUE(refuses(Msg::kInner, Wire().bytes(1, stmt()).fill(2, 65), "Inner.sig"));
}

TEST(Lint, TimesEndBefore2To48) {
  const std::uint64_t end = std::uint64_t{1} << 48;
  EXPECT_TRUE(passes(Msg::kRef, Wire().fill(1, 32).fixed64(2, end - 1)));
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(1, 32).fixed64(2, end), "Ref.created_ms"));
  EXPECT_TRUE(refuses(Msg::kRef, Wire().fill(1, 32).fixed64(2, ~0ull), "Ref.created_ms"));
}

TEST(Lint, NumbersStayInTheirRange) {
  Wire top = Wire().fill(1, 32).number(2, 0xffffffff).fill(3, 32).fixed64(4, 1).fixed64(5, 1);
  Wire over = Wire().fill(1, 32).number(2, 0x100000000).fill(3, 32).fixed64(4, 1).fixed64(5, 1);
  EXPECT_TRUE(passes(Msg::kReceiptItem, top));
  EXPECT_TRUE(refuses(Msg::kReceiptItem, over, "ReceiptItem.status"));
  Manifest m;
  m.v = Wire().number(1, 0x100000001);  // protobuf C++ reads 1
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.v"));
  EXPECT_TRUE(refuses(Msg::kBatchStmt, stmt(3), "BatchStmt.purpose", ErrorCode::kLimit));
  m = Manifest();
  m.len = Wire().number(12, kMaxBody);
  EXPECT_TRUE(passes(Msg::kManifest, m.wire()));
  m.len = Wire().number(12, kMaxBody + 1);
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.body_len", ErrorCode::kLimit));
}

TEST(Lint, N039_BatchSizes) {
  EXPECT_TRUE(refuses(Msg::kBatchStmt, stmt(1, 0), "BatchStmt.size"));
  EXPECT_TRUE(passes(Msg::kBatchStmt, stmt(1, 256)));
  EXPECT_TRUE(refuses(Msg::kBatchStmt, stmt(1, 257), "BatchStmt.size", ErrorCode::kLimit));
  EXPECT_TRUE(passes(Msg::kBatchStmt, stmt(2, 2048)));
  EXPECT_TRUE(refuses(Msg::kBatchStmt, stmt(2, 2049), "BatchStmt.size", ErrorCode::kLimit));
}

TEST(Lint, CountsHaveLimits) {
  const auto with = [](Wire head, unsigned field, const Wire& element, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) head.bytes(field, element);
    return head;
  };
  const Wire head = Wire().bytes(1, stmt()).fill(2, 64);
  EXPECT_TRUE(passes(Msg::kInner, with(head, 3, leaf(), 256)));
  EXPECT_TRUE(refuses(Msg::kInner, with(head, 3, leaf(), 257), "Inner.item", ErrorCode::kLimit));
  const Wire batch = Wire().bytes(1, stmt(2)).fill(2, 64);
  EXPECT_TRUE(passes(Msg::kReceiptBatch, with(batch, 3, receipt_item(), 2048)));
  EXPECT_TRUE(refuses(Msg::kReceiptBatch, with(batch, 3, receipt_item(), 2049), "ReceiptBatch.item",
                      ErrorCode::kLimit));
  EXPECT_TRUE(passes(Msg::kItem, with(item(), 8, approval(), 4)));
  EXPECT_TRUE(
      refuses(Msg::kItem, with(item(), 8, approval(), 5), "Item.approvals", ErrorCode::kLimit));
  Manifest m;
  m.to = with(Wire(), 5, Wire().raw(as_bytes("XB")), 256);
  EXPECT_TRUE(passes(Msg::kManifest, m.wire()));
  m.to = with(Wire(), 5, Wire().raw(as_bytes("XB")), 257);
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.to", ErrorCode::kLimit));
}

TEST(Lint, SizesHaveLimits) {
  const auto body = [](std::size_t size) {
    return Wire().bytes(1, Manifest().wire()).fill(3, 32).fill(4, size);
  };
  EXPECT_TRUE(passes(Msg::kItem, body(kMaxBody)));
  EXPECT_TRUE(refuses(Msg::kItem, body(kMaxBody + 1), "Item.body", ErrorCode::kLimit));
  EXPECT_TRUE(passes(Msg::kApproval, Wire().fill(1, 2048).fill(2, 64)));
  EXPECT_TRUE(refuses(Msg::kApproval, Wire().fill(1, 2049).fill(2, 64), "Approval.certificate",
                      ErrorCode::kLimit));
  Manifest m;
  m.kind = Wire().fill(6, 64);
  EXPECT_TRUE(passes(Msg::kManifest, m.wire()));
  m.kind = Wire().fill(6, 65);
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.kind", ErrorCode::kLimit));
  m = Manifest();
  m.from = Wire().text(3, "X");
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.from"));
  m.from = Wire().text(3, "XAAAAAAAAAAAA");
  EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), "Manifest.from", ErrorCode::kLimit));
  EXPECT_TRUE(refuses(Msg::kInner, Bytes(kMaxInner + 1, 0), "Inner", ErrorCode::kLimit));
  EXPECT_TRUE(
      refuses(Msg::kInner, Wire().fill(1, 257).fill(2, 64), "Inner.stmt", ErrorCode::kLimit));
}

TEST(Lint, ALeafStandsAlone) {
  EXPECT_TRUE(refuses(Msg::kItem, leaf().fill(3, 32), "Item.leaf"));
  EXPECT_TRUE(refuses(Msg::kItem, leaf().bytes(8, approval()), "Item.leaf"));
  EXPECT_TRUE(
      refuses(Msg::kItem, Wire().bytes(1, Manifest().wire()).fill(2, 32).fill(3, 32), "Item.leaf"));
  EXPECT_TRUE(refuses(Msg::kItem, Wire().bytes(1, Manifest().wire()), "Item"));  // no salt
  EXPECT_TRUE(refuses(Msg::kItem, Wire().fill(3, 32).fill(4, 9), "Item"));       // no manifest
  EXPECT_TRUE(refuses(Msg::kItem, Wire(), "Item"));
}

TEST(Lint, InnerIsABatchOrReceipts) {
  EXPECT_TRUE(refuses(Msg::kInner, Wire(), "Inner"));
  EXPECT_TRUE(refuses(Msg::kInner, inner().bytes(7, receipts()), "Inner"));
  EXPECT_TRUE(refuses(Msg::kInner, Wire().bytes(1, stmt()).fill(2, 64), "Inner"));
  EXPECT_TRUE(refuses(Msg::kInner, Wire().fill(2, 64).bytes(3, item()), "Inner"));
  EXPECT_TRUE(refuses(Msg::kInner, Wire().bytes(1, stmt()).bytes(3, item()), "Inner"));
}

TEST(Lint, RequiredFieldsOfAManifest) {
  const Manifest whole;
  for (auto [field, name] : {std::pair{&Manifest::v, "v"},
                             {&Manifest::msg_id, "msg_id"},
                             {&Manifest::from, "from"},
                             {&Manifest::card, "from_card"},
                             {&Manifest::to, "to"},
                             {&Manifest::kind, "kind"},
                             {&Manifest::created, "created_ms"},
                             {&Manifest::commit, "body_commit"}}) {
    Manifest m = whole;
    m.*field = Wire();
    EXPECT_TRUE(refuses(Msg::kManifest, m.wire(), std::string("Manifest.") + name));
  }
}

TEST(Lint, EveryTruncationIsRefused) {
  const Bytes whole = inner().out();
  ASSERT_TRUE(passes(Msg::kInner, whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(lint(Msg::kInner, ByteView(whole).first(size)).has_value()) << size;
}

TEST(Lint, VersionIsReadFirst) {
  EXPECT_EQ(peek_version(Manifest().wire()).value(), 1u);
  EXPECT_EQ(peek_version(stmt()).value(), 1u);
  // A newer message is recognised even though it has fields the lint would refuse.
  const Wire newer = Wire().number(1, 2).number(99, 1);
  EXPECT_EQ(peek_version(newer).value(), 2u);
  EXPECT_EQ(peek_version(Wire().number(1, 0x100000001)).value(), 0x100000001u);
  for (const Wire& bad : {Wire(), Wire().number(1, 0), Wire().number(2, 1), Wire().fixed64(1, 1),
                          Wire().raw(Bytes{0x08}), Wire().raw(Bytes{0x08, 0x81, 0x00}),
                          Wire().raw(Bytes{0x88, 0x00, 0x01})}) {
    const auto r = peek_version(bad);
    ASSERT_FALSE(r.has_value());
    EXPECT_EQ(r.error().code, ErrorCode::kLint);
  }
}

}  // namespace
}  // namespace focal::proto

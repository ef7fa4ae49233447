// Goal: an envelope opens for the party and the key it was sealed for and for nothing
// else; contexts are used within their bounds. Method: seal and open with real keys,
// every bucket boundary, simulated time, and each bound input changed.
#include "node/exchange/envelope.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "proto/lint.h"
#include "tests/unit/exchange/samples.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kHeader = 62;
const std::vector<std::size_t> kKib{1, 2, 4, 8, 16, 32, 64, 128, 288};

struct EnvelopeTest : ::testing::Test {
  crypto::SeededRng rng{71};
  crypto::KemKey key = test::dh_key(16);
  Id16 kid = kid16(kSuite1, key.pk);
  OpenContexts contexts;
  std::uint64_t now = 1'000'000;

  SealContext sender(const std::string& to = "XB") {
    return std::move(*SealContext::open(rng, to, kid, key.pk, now));
  }
  Result<Bytes> open(ByteView envelope, const std::string& own_party = "XB") {
    FOCAL_ASSIGN(const auto header, parse_envelope(envelope));
    return contexts.open(header, key, own_party, now);
  }
  ErrorCode code_of(ByteView envelope, const std::string& own_party = "XB") {
    const auto opened = open(envelope, own_party);
    return opened ? ErrorCode::kUsage : opened.error().code;
  }
};

TEST_F(EnvelopeTest, OpensToWhatWasSealed) {
  SealContext context = sender();
  for (const std::size_t size : {1u, 5u, 700u, 5000u}) {
    const Bytes inner(size, static_cast<std::uint8_t>(size));
    const auto opened = open(context.seal(inner));
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    EXPECT_EQ(*opened, inner);
  }
}

TEST_F(EnvelopeTest, EveryBucketBoundary) {
  SealContext context = sender();
  for (std::size_t i = 0; i < kKib.size(); ++i) {
    const std::size_t bucket = kKib[i] * 1024;
    for (const std::size_t size : {bucket - 5, bucket - 4}) {
      EXPECT_EQ(bucket_for(size), bucket);
      const Bytes envelope = context.seal(Bytes(size, 1));
      EXPECT_EQ(envelope.size(), kHeader + bucket + crypto::kTagSize);
      EXPECT_EQ(open(envelope)->size(), size);
    }
    EXPECT_EQ(bucket_for(bucket - 3), i + 1 < kKib.size() ? kKib[i + 1] * 1024 : 0u);
  }
  EXPECT_EQ(bucket_for(proto::kMaxInner), 288u * 1024);
  EXPECT_EQ(bucket_for(proto::kMaxInner + 1), 0u);
}

TEST_F(EnvelopeTest, HeaderIsReadAsTheTableSays) {
  SealContext context = sender();
  context.seal(to_bytes("first"));
  const Bytes e = context.seal(to_bytes("second"));
  const auto header = parse_envelope(e);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->suite, 1u);
  EXPECT_EQ(header->mode, kModeBase);
  EXPECT_EQ(header->to_kid, kid);
  EXPECT_EQ(header->enc.size(), 32u);
  EXPECT_TRUE(header->hint.empty());
  EXPECT_EQ(header->idx, 1u);
  EXPECT_EQ(header->aad.size(), kHeader);
  EXPECT_EQ(header->ct.size(), 1024u + 16);
  Bytes labelled = to_bytes(std::string_view("focal/envelope/v1\0", 18));
  append(labelled, e);
  EXPECT_EQ(envelope_id(e), crypto::sha256(labelled));
}

TEST_F(EnvelopeTest, NoNameStandsInClear) {
  SealContext context = sender("UNODA");
  const Bytes e = context.seal(to_bytes("from XA to UNODA, kind trace.request"));
  for (const char* word : {"UNODA", "XA", "trace"})
    EXPECT_EQ(as_text(e).find(word), std::string_view::npos) << word;
}

TEST_F(EnvelopeTest, OneContextNeverUsesAnIndexTwice) {
  SealContext context = sender();
  std::set<std::uint64_t> seen;
  std::set<std::string> encs;
  for (int i = 0; i < 50; ++i) {
    const Bytes e = context.seal(to_bytes("the same text"));
    const auto header = parse_envelope(e);
    EXPECT_EQ(header->idx, static_cast<std::uint64_t>(i));
    EXPECT_TRUE(seen.insert(header->idx).second);
    encs.insert(to_string(header->enc));
    EXPECT_EQ(as_text(*open(e)), "the same text");
  }
  EXPECT_EQ(encs.size(), 1u) << "one X25519 for all of them";
  const Bytes other = sender().seal(to_bytes("x"));
  EXPECT_FALSE(encs.contains(to_string(parse_envelope(other)->enc)));
}

TEST_F(EnvelopeTest, ContextIsSpentAfterAMinute) {
  const SealContext context = sender();
  EXPECT_FALSE(context.is_spent(now));
  EXPECT_FALSE(context.is_spent(now + 59'999));
  EXPECT_TRUE(context.is_spent(now + 60'000));
  EXPECT_TRUE(context.is_spent(now - 1)) << "a clock that went back is no reason to go on";
}

TEST_F(EnvelopeTest, ContextIsSpentAfter65536Envelopes) {
  SealContext context = sender();
  const Bytes inner(1, 1);
  for (int i = 0; i < (1 << 16) - 1; ++i) context.seal(inner);
  EXPECT_FALSE(context.is_spent(now));
  const auto last = parse_envelope(context.seal(inner))->idx;
  EXPECT_EQ(last, 65535u);
  EXPECT_TRUE(context.is_spent(now));
  EXPECT_LT(last, kMaxContextIdx);
  EXPECT_DEATH(static_cast<void>(context.seal(inner)), "check") << "an index never comes twice";
}

TEST_F(EnvelopeTest, ContextIsSpentAfter256MiB) {
  SealContext context = sender();
  const Bytes inner(proto::kMaxInner, 1);
  const std::size_t whole = kHeader + 288 * 1024 + 16;
  const std::size_t fit = (256u << 20) / whole;
  for (std::size_t i = 1; i < fit; ++i) context.seal(inner);
  EXPECT_FALSE(context.is_spent(now)) << "one more fits";
  context.seal(inner);
  EXPECT_TRUE(context.is_spent(now)) << "one more would pass the bound";
  EXPECT_DEATH(static_cast<void>(context.seal(inner)), "check");
}

TEST_F(EnvelopeTest, N143_AnotherPartysNameDoesNotOpen) {
  const Bytes e = sender("XB").seal(to_bytes("secret"));
  EXPECT_EQ(code_of(e, "XA"), ErrorCode::kDecrypt);
  EXPECT_EQ(code_of(e, ""), ErrorCode::kDecrypt);
  EXPECT_EQ(code_of(e, "XB-"), ErrorCode::kDecrypt) << "a name that begins like it";
  EXPECT_EQ(code_of(e, "X"), ErrorCode::kDecrypt);
  contexts = OpenContexts();
  EXPECT_EQ(code_of(e), ErrorCode::kUsage) << "and for XB it does";
}

TEST_F(EnvelopeTest, AnotherKeyDoesNotOpen) {
  const Bytes e = sender().seal(to_bytes("secret"));
  OpenContexts other;
  EXPECT_EQ(other.open(*parse_envelope(e), test::dh_key(17), "XB", now).error().code,
            ErrorCode::kDecrypt);
}

TEST_F(EnvelopeTest, N054_AnyChangedBitIsRefused) {
  const Bytes e = sender().seal(to_bytes("secret"));
  for (std::size_t bit = 0; bit < e.size() * 8; bit += bit < kHeader * 8 ? 1 : 37) {
    Bytes changed = e;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(open(changed).has_value()) << "bit " << bit;
  }
  EXPECT_TRUE(open(e).has_value());
}

TEST_F(EnvelopeTest, N049_SmallOrderKeysGiveNoContext) {
  EXPECT_FALSE(SealContext::open(rng, "XB", kid, Hash32{}, now).has_value());
  Hash32 one{};
  one[0] = 1;
  EXPECT_FALSE(SealContext::open(rng, "XB", kid, one, now).has_value());
  Bytes e = sender().seal(to_bytes("secret"));
  std::fill_n(e.begin() + 21, 32, std::uint8_t{0});
  EXPECT_EQ(code_of(e), ErrorCode::kDecrypt);
}

TEST_F(EnvelopeTest, N053_EveryOtherLengthIsRefused) {
  const Bytes e = sender().seal(to_bytes("secret"));
  for (std::size_t n = 0; n < e.size(); ++n)
    EXPECT_EQ(parse_envelope(ByteView(e).first(n)).error().code, ErrorCode::kEnvelope) << n;
  Bytes longer = e;
  longer.push_back(0);
  EXPECT_EQ(parse_envelope(longer).error().code, ErrorCode::kEnvelope);
}

TEST_F(EnvelopeTest, N045_N047_N050_N051_HeaderFieldsOutOfRange) {
  const Bytes e = sender().seal(to_bytes("secret"));
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes changed = e;
    changed[at] = value;
    const auto parsed = parse_envelope(changed);
    return parsed ? ErrorCode::kUsage : parsed.error().code;
  };
  EXPECT_EQ(with(0, 2), ErrorCode::kEnvelope) << "version";
  EXPECT_EQ(with(1, 0), ErrorCode::kEnvelope) << "suite";
  EXPECT_EQ(with(1, 2), ErrorCode::kEnvelope) << "suite";
  EXPECT_EQ(with(2, 1), ErrorCode::kEnvelope) << "psk without a hint";
  EXPECT_EQ(with(2, 2), ErrorCode::kEnvelope) << "mode";
  EXPECT_EQ(with(20, 31), ErrorCode::kEnvelope) << "enc";
  EXPECT_EQ(with(20, 33), ErrorCode::kEnvelope) << "enc";
  EXPECT_EQ(with(19, 1), ErrorCode::kEnvelope) << "enc";
  EXPECT_EQ(with(53, 8), ErrorCode::kEnvelope) << "a hint in mode base";
  EXPECT_EQ(with(54, 1), ErrorCode::kEnvelope) << "idx of 2^56";
  EXPECT_EQ(with(59, 0x10), ErrorCode::kEnvelope) << "idx of 2^20";
  EXPECT_EQ(with(59, 0x0f), ErrorCode::kUsage) << "idx below 2^20";
}

// Seals any plaintext under the key of a context made here.
struct Padding : EnvelopeTest {
  Bytes seal_plain(Bytes plain) {
    Bytes info = to_bytes(std::string_view("focal/env/v1\0", 13));
    info.push_back(1);
    info.push_back(0);
    put_lp(info, "XB");
    append(info, kid);
    auto made = crypto::hpke::setup_s(*crypto::find_suite(kSuite1), rng, key.pk, info);
    Bytes out{1, 1, 0};
    append(out, kid);
    put_u16be(out, 32);
    append(out, made->enc);
    out.push_back(0);
    put_u64be(out, 3);
    Bytes label = to_bytes(std::string_view("focal/env-key/v1\0", 17));
    put_u64be(label, 3);
    const auto env_key = made->context.export_secret(label, 32);
    const Bytes aad = out;
    plain.resize(1024);
    crypto::seal_chacha(env_key.view(), crypto::Nonce12{}, aad, plain, out);
    return out;
  }
};

TEST_F(Padding, N055_N056_LengthAndPaddingAreChecked) {
  Bytes plain{0, 0, 0, 2, 'o', 'k'};
  EXPECT_EQ(as_text(*open(seal_plain(plain))), "ok") << "built from the text of the protocol alone";
  plain.push_back(1);
  EXPECT_EQ(code_of(seal_plain(plain)), ErrorCode::kEnvelope) << "padding";
  EXPECT_EQ(code_of(seal_plain({0, 0, 0, 0})), ErrorCode::kEnvelope) << "length 0";
  EXPECT_EQ(code_of(seal_plain({0, 0, 3, 0xfc})), ErrorCode::kUsage) << "length 1020 just fits";
  EXPECT_EQ(code_of(seal_plain({0, 0, 3, 0xfd})), ErrorCode::kEnvelope) << "length 1021";
  EXPECT_EQ(code_of(seal_plain({0xff, 0xff, 0xff, 0xff})), ErrorCode::kEnvelope);
}

TEST_F(EnvelopeTest, OpenContextsAreKeptForFiveMinutesAndThenMadeAnew) {
  SealContext context = sender();
  const Bytes first = context.seal(to_bytes("one"));
  EXPECT_TRUE(open(first).has_value());
  now += 5 * 60'000 + 1;
  EXPECT_TRUE(open(context.seal(to_bytes("two"))).has_value()) << "derived again";
  EXPECT_TRUE(open(first).has_value()) << "opening is no replay protection: the rid is";
}

// The context of a key that is destroyed would open what was sealed to it.
TEST_F(EnvelopeTest, ContextsOfAForgottenKeyAreGoneAndOthersStay) {
  SealContext first = sender(), second = sender();
  const crypto::KemKey other_key = test::dh_key(17);
  auto other = *SealContext::open(rng, "XB", kid16(kSuite1, other_key.pk), other_key.pk, now);
  const Bytes mine = first.seal(to_bytes("a")), also = second.seal(to_bytes("b"));
  const Bytes others = other.seal(to_bytes("c"));
  EXPECT_TRUE(open(mine).has_value());
  EXPECT_TRUE(open(also).has_value());
  EXPECT_TRUE(contexts.open(*parse_envelope(others), other_key, "XB", now).has_value());
  EXPECT_EQ(contexts.made(), 3u);
  contexts.forget(kid);
  EXPECT_TRUE(contexts.open(*parse_envelope(others), other_key, "XB", now).has_value());
  EXPECT_EQ(contexts.made(), 3u);
  EXPECT_TRUE(open(mine).has_value());
  EXPECT_TRUE(open(also).has_value());
  EXPECT_EQ(contexts.made(), 5u) << "derived again";
}

TEST_F(EnvelopeTest, MoreSendersThanTheMemoryHoldsStillOpen) {
  SealContext kept = sender();
  const Bytes early = kept.seal(to_bytes("early"));
  EXPECT_TRUE(open(early).has_value());
  for (int i = 0; i < 4200; ++i) {
    ++now;
    const Bytes e = sender().seal(Bytes(4, 1));
    ASSERT_TRUE(open(e).has_value()) << i;
  }
  EXPECT_TRUE(open(early).has_value()) << "its context was put out and is derived again";
}

TEST_F(EnvelopeTest, EncThatDoesNotOpenIsNoMemoryOfARightOne) {
  // An attacker who sends the right enc first, with a broken seal, spoils nothing.
  SealContext context = sender();
  const Bytes good = context.seal(to_bytes("good"));
  Bytes bad = good;
  bad.back() ^= 1;
  EXPECT_EQ(code_of(bad), ErrorCode::kDecrypt);
  EXPECT_TRUE(open(good).has_value());
}

}  // namespace
}  // namespace focal::exchange

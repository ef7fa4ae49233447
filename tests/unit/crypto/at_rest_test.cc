// Goal: a row part opens only with its key, its ref, its part and its own bytes.
// Method: exact sizes; every other binding changed once; swaps between rows.
#include "crypto/at_rest.h"

#include <gtest/gtest.h>

#include "crypto/aead.h"

namespace focal::crypto {
namespace {

class AtRest : public ::testing::Test {
 protected:
  SeededRng rng{11};
  Hash32 kek = rng.array<32>();
  Hash32 ref = rng.array<32>();
  Bytes plain = to_bytes("the body of a record");
  Sealed sealed = seal_at_rest(rng, kek, ref, RestPart::kRecord, plain);
};

TEST_F(AtRest, OpensAndHasTheSizesOfTheSchema) {
  EXPECT_EQ(sealed.wrapped.size(), 24u + 32u + 16u);
  EXPECT_EQ(sealed.ct.size(), plain.size() + kTagSize);
  EXPECT_EQ(open_at_rest(kek, ref, RestPart::kRecord, sealed.wrapped, sealed.ct), plain);
  const Sealed empty = seal_at_rest(rng, kek, ref, RestPart::kDetail, {});
  EXPECT_EQ(open_at_rest(kek, ref, RestPart::kDetail, empty.wrapped, empty.ct), Bytes{});
}

TEST_F(AtRest, LayoutIsTheDocumentedOne) {
  Bytes aad = to_bytes(std::string_view("focal/rest/v1\0", 14));
  append(aad, ref);
  aad.push_back(1);
  const auto nonce = *fixed<24>(ByteView(sealed.wrapped).first(24));
  const auto dek = open_xchacha(kek, nonce, aad, ByteView(sealed.wrapped).subspan(24));
  ASSERT_TRUE(dek.has_value());
  Nonce24 part_nonce{};
  part_nonce[23] = 1;
  EXPECT_EQ(open_xchacha(*dek, part_nonce, aad, sealed.ct), plain);
}

TEST_F(AtRest, WrongKekRefOrPartOpensNothing) {
  const auto opens = [&](const Hash32& k, const Hash32& r, RestPart p) {
    return open_at_rest(k, r, p, sealed.wrapped, sealed.ct).has_value();
  };
  ASSERT_TRUE(opens(kek, ref, RestPart::kRecord));
  Hash32 other_kek = kek;
  other_kek[0] ^= 1;
  Hash32 other_ref = ref;
  other_ref[31] ^= 1;
  EXPECT_FALSE(opens(other_kek, ref, RestPart::kRecord));
  EXPECT_FALSE(opens(kek, other_ref, RestPart::kRecord));
  EXPECT_FALSE(opens(kek, ref, RestPart::kDetail));
  EXPECT_FALSE(opens(kek, ref, RestPart::kWaiting));
}

TEST_F(AtRest, PartsOfTwoRowsCannotBeSwapped) {
  const Sealed again = seal_at_rest(rng, kek, ref, RestPart::kRecord, plain);
  EXPECT_NE(again.wrapped, sealed.wrapped);
  EXPECT_NE(again.ct, sealed.ct);
  EXPECT_FALSE(open_at_rest(kek, ref, RestPart::kRecord, again.wrapped, sealed.ct).has_value());
}

TEST_F(AtRest, FlippedOrCutBytesOpenNothing) {
  for (Bytes* const field : {&sealed.wrapped, &sealed.ct}) {
    for (std::size_t i = 0; i < field->size(); ++i) {
      (*field)[i] ^= 0x10;
      EXPECT_FALSE(
          open_at_rest(kek, ref, RestPart::kRecord, sealed.wrapped, sealed.ct).has_value());
      (*field)[i] ^= 0x10;
    }
    const Bytes whole = *field;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      *field = Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
      EXPECT_FALSE(
          open_at_rest(kek, ref, RestPart::kRecord, sealed.wrapped, sealed.ct).has_value());
    }
    *field = whole;
  }
}

}  // namespace
}  // namespace focal::crypto

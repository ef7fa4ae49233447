// Goal: SHA-256, HMAC and HKDF are the standard ones, also when input comes in
// parts, from several threads, and one after another on the reused context.
// Method: vectors of FIPS 180-4, RFC 4231 and RFC 5869; parts against the whole.
#include "crypto/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "crypto/hash_parts.h"
#include "crypto/random.h"
#include "tests/unit/crypto/bytes_of.h"

namespace focal::crypto {
namespace {

using test::from_hex;

TEST(Hash, Sha256KnownAnswers) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(std::string(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, PartsHashAsTheirConcatenation) {
  SeededRng rng(1);
  Bytes data(300);
  rng.fill(data);
  const ByteView all(data);
  for (std::size_t a = 0; a <= 300; a += 13)
    for (std::size_t b = a; b <= 300; b += 17)
      ASSERT_EQ(sha256({all.first(a), all.subspan(a, b - a), all.subspan(b)}), sha256(all));
}

TEST(Hash, AStreamHashesAsItsBytes) {
  SeededRng rng(2);
  Bytes data(1000);
  rng.fill(data);
  for (const std::size_t part : {1u, 63u, 64u, 999u, 1000u, 5000u}) {
    ByteView left(data);
    EXPECT_EQ(sha256_of([&] {
                const ByteView now = left.first(std::min(part, left.size()));
                left = left.subspan(now.size());
                return now;
              }),
              sha256(data));
  }
  EXPECT_EQ(sha256_of([] { return ByteView(); }), sha256(""));
}

TEST(Hash, EveryThreadHasItsOwnContext) {
  std::vector<std::thread> threads;
  std::vector<Hash32> ends(4);
  for (std::size_t t = 0; t < ends.size(); ++t) {
    threads.emplace_back([&ends, t] {
      Hash32 h{};
      for (int i = 0; i < 2000; ++i) h = sha256(h);
      ends[t] = h;
    });
  }
  for (auto& thread : threads) thread.join();
  Hash32 expected{};
  for (int i = 0; i < 2000; ++i) expected = sha256(expected);
  for (const Hash32& end : ends) EXPECT_EQ(end, expected);
}

TEST(Hash, HmacRfc4231) {
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, 0x0b), {as_bytes("Hi There")})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(
      hex(hmac_sha256(as_bytes("Jefe"), {as_bytes("what do ya want "), as_bytes("for nothing?")})),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(Bytes(131, 0xaa),
                            {as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")})),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hash, HmacForgedKeyOrTextDiffers) {
  const Hash32 mac = hmac_sha256(as_bytes("key"), {as_bytes("text")});
  EXPECT_NE(hmac_sha256(as_bytes("kez"), {as_bytes("text")}), mac);
  EXPECT_NE(hmac_sha256(as_bytes("key"), {as_bytes("texu")}), mac);
}

struct HkdfCase {
  const char* ikm;
  const char* salt;
  const char* info;
  const char* prk;
  const char* okm;
};

TEST(Hash, HkdfRfc5869) {
  const HkdfCase cases[] = {
      {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
       "f0f1f2f3f4f5f6f7f8f9", "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
      {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
       "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
       "404142434445464748494a4b4c4d4e4f",
       "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
       "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
       "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
       "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
       "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
       "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
       "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
       "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
       "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
       "cc30c58179ec3e87c14c01d5c1f3434f1d87"},
      {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
       "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
       "9d201395faa4b61a96c8"}};
  for (const HkdfCase& c : cases) {
    const Secret prk = hkdf_extract(from_hex(c.salt), from_hex(c.ikm));
    EXPECT_EQ(hex(prk.view()), c.prk);
    const Bytes okm = from_hex(c.okm);
    EXPECT_EQ(hex(hkdf_expand(prk.view(), from_hex(c.info), okm.size()).view()), c.okm);
  }
}

TEST(Hash, HkdfLongestOutputAndNoMore) {
  const Secret prk = hkdf_extract({}, as_bytes("x"));
  const Secret longest = hkdf_expand(prk.view(), {}, 8160);
  EXPECT_EQ(longest.size(), 8160u);
  EXPECT_TRUE(hkdf_expand(prk.view(), {}, 100).equals(longest.view().first(100)));
  EXPECT_DEATH(static_cast<void>(hkdf_expand(prk.view(), {}, 8161)), "check failed");
}

}  // namespace
}  // namespace focal::crypto

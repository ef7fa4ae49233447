// Goal: a checkpoint note is read in one form only, and says what was signed. Method: a good
// one, and every line of it changed; signing of the same text is tested in log_test.
#include "node/store/checkpoint.h"

#include <gtest/gtest.h>

#include "crypto/random.h"

namespace focal::store {
namespace {

constexpr std::uint64_t kMost = (std::uint64_t{1} << 63) - 1;

struct Checkpoints : ::testing::Test {
  void SetUp() override {
    crypto::init();
    crypto::SeededRng rng(9);
    key = crypto::make_signing_key(rng);
    root = rng.array<32>();
  }
  std::string signed_note(std::string text) const {
    crypto::Note note{std::move(text), {}};
    crypto::sign_note(note, "focal/XA/log/1", key);
    return crypto::format_note(note);
  }
  void refuses(const std::string& text) {
    const auto read = parse_checkpoint(signed_note(text));
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kNote) << text;
    EXPECT_FALSE(read.error().hint.empty());
  }

  crypto::SigningKey key;
  Hash32 root{};
};

TEST_F(Checkpoints, WhatIsWrittenIsRead) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{64}, kMost}) {
    const auto read =
        parse_checkpoint(signed_note(checkpoint_text("focal/XA/log/1", size, root)));
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->origin, "focal/XA/log/1");
    EXPECT_EQ(read->size, size);
    EXPECT_EQ(read->root, root);
    EXPECT_TRUE(crypto::check_note(read->note, {{"focal/XA/log/1", key.pk}}).has_value());
  }
}

TEST_F(Checkpoints, AnotherFormIsRefused) {
  const std::string hash = base64(root);
  const auto text = [&](const std::string& size) { return "focal/XA/log/1\n" + size + "\n" + hash + "\n"; };
  ASSERT_TRUE(parse_checkpoint(signed_note(text("64"))).has_value());
  for (const char* size : {"064", "+64", "-64", " 64", "64 ", "0x40", "6.4", "x", "00",
                           "9223372036854775808", "18446744073709551616"})
    refuses(text(size));
  refuses("focal/XA/log/1\n64\n");                              // no root
  refuses("focal/XA/log/1\n64\n" + hash + "\nextension\n");
  refuses("focal/XA/log/1\n64\n" + hash.substr(0, 40) + "\n");  // 30 bytes
  refuses("focal/XA/log/1\n64\n" + hash + "AAAA\n");
  refuses("focal/XA/log/1\n64\n" + hash.substr(0, 43) + "\n");  // no padding
  refuses("focal/XA/log/1\n" + hash + "\n64\n");
  refuses("\n64\n" + hash + "\n");                              // no origin
  refuses("focal/XA/log/1\n");
  EXPECT_EQ(parse_checkpoint(checkpoint_text("focal/XA/log/1", 64, root)).error().code,
            ErrorCode::kNote)
      << "no signature at all";
}

}  // namespace
}  // namespace focal::store

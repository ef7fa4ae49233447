// Goal: frames CKPT and COSIG are read in one form only, and every limit bites.
// Method: round trips; then each rule of the form broken alone, and noise.
#include "node/exchange/ckpt.h"

#include <gtest/gtest.h>

#include "crypto/random.h"
#include "node/exchange/frame.h"
#include "proto/frames.pb.h"
#include "tests/support/test_log.h"

namespace focal::exchange {
namespace {

using test::TestLog;
using test::TestParty;

class CkptTest : public ::testing::Test {
 protected:
  static bool is_refused(const std::string& body) {
    const auto parsed = parse_ckpt(as_bytes(body));
    return !parsed && parsed.error().code == ErrorCode::kFrame;
  }
  static bool is_refused(const CosigFrame& frame) {
    const auto parsed = parse_cosig(encode_cosig(frame));
    return !parsed && parsed.error().code == ErrorCode::kFrame;
  }

  TestParty xa_{"XA", 1};
  TestParty xb_{"XB", 51};
  TestLog log_{xa_};
  std::string note_ = log_.note(100);
  std::string line_ = test::cosignature_of(note_, xb_, 1'795'428'000);
};

TEST_F(CkptTest, WhatIsSaidComesBack) {
  for (const auto& [old_size, size] : {std::pair(0, 100), std::pair(64, 100), std::pair(100, 100)}) {
    const CkptFrame frame = log_.ckpt(static_cast<std::uint64_t>(old_size),
                                      static_cast<std::uint64_t>(size));
    EXPECT_EQ(frame.proof.empty(), old_size == 0 || old_size == size);
    const auto back = parse_frame(encode_frame(frame));
    ASSERT_TRUE(back.has_value()) << back.error().message;
    ASSERT_TRUE(std::holds_alternative<CkptFrame>(*back));
    EXPECT_EQ(std::get<CkptFrame>(*back), frame);
  }
  for (const CosigFrame& frame : {CosigFrame{note_, line_, {}}, CosigFrame{{}, {}, note_}}) {
    const auto back = parse_frame(encode_frame(frame));
    ASSERT_TRUE(back.has_value()) << back.error().message;
    ASSERT_TRUE(std::holds_alternative<CosigFrame>(*back));
    EXPECT_EQ(std::get<CosigFrame>(*back), frame);
  }
  EXPECT_EQ(encode_frame(CkptFrame{})[0], 0x09);
  EXPECT_EQ(encode_frame(CosigFrame{})[0], 0x0A);
}

TEST_F(CkptTest, TheBodyIsThatOfAnAddCheckpointRequest) {
  EXPECT_EQ(as_text(encode_ckpt({7, {Hash32{}}, "n"})),
            "old 7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nn");
}

TEST_F(CkptTest, N095_AProofIsBoundedAndStandsOnlyWhereThereIsSomethingToProve) {
  const std::string hash = base64(Hash32{}) + "\n";
  const auto body = [&](const std::string& old_size, int hashes, const std::string& note) {
    std::string out = "old " + old_size + "\n";
    for (int i = 0; i < hashes; ++i) out += hash;
    return out + "\n" + note;
  };
  EXPECT_FALSE(is_refused(body("64", 63, note_))) << "what it proves is another question";
  EXPECT_TRUE(is_refused(body("64", 64, note_)));
  EXPECT_TRUE(is_refused(body("0", 1, note_)));
  EXPECT_TRUE(is_refused(body("100", 1, note_)));
  EXPECT_FALSE(is_refused(body("0", 0, note_)));
}

TEST_F(CkptTest, EveryOtherFormIsRefused) {
  const std::string hash = base64(Hash32{});
  const std::string good = "old 64\n" + hash + "\n\n" + note_;
  ASSERT_FALSE(is_refused(good));
  for (const std::string first : {"", "old", "old ", "old x", "old 064", "old +64", "old -1", " old 64",
                                  "Old 64", "old 64 ", "old 101", "old 18446744073709551616",
                                  "old 9223372036854775808"})
    EXPECT_TRUE(is_refused(first + "\n" + hash + "\n\n" + note_)) << first;
  EXPECT_TRUE(is_refused("old 64\r\n" + hash + "\n\n" + note_));
  for (const std::string& other : {hash.substr(0, 43), hash.substr(1), hash + " ", "=" + hash,
                                  base64(Bytes(31, 0)), base64(Bytes(33, 0))})
    EXPECT_TRUE(is_refused("old 64\n" + other + "\n\n" + note_)) << other;
  std::string loose = hash;
  loose[42] = 'B';  // the same bytes, base64 that is not canonical
  EXPECT_TRUE(is_refused("old 64\n" + loose + "\n\n" + note_));
  for (std::size_t cut = 0; cut < good.size(); ++cut)
    EXPECT_TRUE(is_refused(good.substr(0, cut))) << cut;
  EXPECT_TRUE(is_refused("old 0\n" + note_)) << "no empty line";
  EXPECT_TRUE(is_refused("old 0\n\n\n" + note_));
  EXPECT_TRUE(is_refused("old 0\n\n" + note_ + "\n"));
}

TEST_F(CkptTest, TheNoteIsACheckpoint) {
  const auto with_text = [&](const std::string& text) {
    crypto::Note note{text, {}};
    crypto::sign_note(note, log_.origin(), xa_.log);
    return "old 0\n\n" + crypto::format_note(note);
  };
  const std::string root = base64(log_.root(100));
  EXPECT_FALSE(is_refused(with_text("focal/XA/log/1\n100\n" + root + "\n")));
  EXPECT_TRUE(is_refused(with_text("focal/XA/log/1\n0100\n" + root + "\n")));
  EXPECT_TRUE(is_refused(with_text("focal/XA/log/1\n100\n" + root + "\nextension\n")));
  EXPECT_TRUE(is_refused(with_text("focal/XA/log/1\n100\n")));
  EXPECT_TRUE(is_refused(with_text("\n100\n" + root + "\n")));
  EXPECT_TRUE(is_refused("old 0\n\n" + xa_.card_note()));
}

TEST_F(CkptTest, SizesAreBounded) {
  std::string note = note_;
  while (note.size() + 2700 < crypto::kMaxNoteSize)  // lines of nobody's
    note.append("\xe2\x80\x94 nobody ").append(base64(Bytes(2000, 7))).append("\n");
  ASSERT_LE(note.size(), crypto::kMaxNoteSize);
  EXPECT_FALSE(is_refused("old 0\n\n" + note)) << note.size();
  EXPECT_TRUE(is_refused("old 0\n\n" + note + std::string(6000, 'x')));
  EXPECT_TRUE(is_refused(std::string(kMaxCkptBody + 1, 'x')));
}

TEST_F(CkptTest, ACosigIsAnAnswerOrARefusalAndNotBoth) {
  EXPECT_TRUE(is_refused(CosigFrame{}));
  EXPECT_TRUE(is_refused(CosigFrame{note_, {}, {}}));
  EXPECT_TRUE(is_refused(CosigFrame{{}, line_, {}}));
  EXPECT_TRUE(is_refused(CosigFrame{note_, line_, note_}));
  EXPECT_TRUE(is_refused(CosigFrame{note_, {}, note_}));
  EXPECT_TRUE(is_refused(CosigFrame{{}, line_, note_}));
}

TEST_F(CkptTest, ACosigCarriesCheckpointsAndSignatureLines) {
  EXPECT_TRUE(is_refused(CosigFrame{xa_.card_note(), line_, {}}));
  EXPECT_TRUE(is_refused(CosigFrame{{}, {}, xa_.card_note()}));
  EXPECT_TRUE(is_refused(CosigFrame{"hello\n", line_, {}}));
  for (const std::string& lines :
       {std::string("hello\n"), line_.substr(0, line_.size() - 1), "\n" + line_, line_ + "\n",
        line_ + "\n" + line_, line_ + "text\n", "text\n\n" + line_, line_.substr(1)})
    EXPECT_TRUE(is_refused(CosigFrame{note_, lines, {}})) << lines;
  EXPECT_FALSE(is_refused(CosigFrame{note_, line_ + line_, {}})) << "whose they are is not form";
  std::string many;
  for (int i = 0; i < 32; ++i) many += line_;
  EXPECT_FALSE(is_refused(CosigFrame{note_, many, {}}));
  EXPECT_TRUE(is_refused(CosigFrame{note_, many + line_, {}}));
  EXPECT_TRUE(is_refused(CosigFrame{note_, std::string(kMaxCosigField + 1, 'x'), {}}));
}

TEST_F(CkptTest, NoiseIsNoFrame) {
  crypto::init();
  crypto::SeededRng rng(9);
  const Bytes ckpt = encode_frame(log_.ckpt(64, 100)), cosig = encode_frame(CosigFrame{note_, line_, {}});
  for (int i = 0; i < 2000; ++i) {
    Bytes noise = i % 2 == 0 ? ckpt : cosig;
    const auto at = rng.array<2>();
    const std::size_t place = 1 + get_u16be(at) % (noise.size() - 1);
    noise[place] = static_cast<std::uint8_t>(noise[place] ^ (1u << (i % 8)));
    const auto parsed = parse_frame(noise);
    if (!parsed) {
      EXPECT_EQ(parsed.error().code, ErrorCode::kFrame);
    } else if (const auto* frame = std::get_if<CkptFrame>(&*parsed)) {
      EXPECT_EQ(encode_frame(*frame), noise) << "one form of what it says";
    }
  }
}

}  // namespace
}  // namespace focal::exchange

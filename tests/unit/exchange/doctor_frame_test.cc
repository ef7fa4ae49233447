// Goal: frames DOCTOR and DOCTOR_REPLY are read in one form only, every limit bites, and a number
// of a later protocol says nothing. Method: round trips; each rule of the form broken alone; noise.
#include "node/exchange/doctor_frame.h"

#include <gtest/gtest.h>

#include "crypto/random.h"
#include "crypto/secret.h"
#include "node/exchange/card.h"
#include "node/exchange/frame.h"
#include "proto/frames.pb.h"

namespace focal::exchange {
namespace {

constexpr char kId[] = "ABCD2345";

DoctorReplyFrame whole() {
  DoctorReplyFrame out;
  out.id = kId;
  out.answer = DoctorAnswer::kWhole;
  out.level = DoctorLevel::kVerified;
  out.reach = DoctorReach::kKeyRefused;
  out.address = "tcp://xa.example:7117";
  out.called_from = "198.51.100.7";
  out.card_serial = 3;
  out.card_tag = {1, 2, 3, 4, 5, 6, 7, 8};
  out.seal_serial = 17;
  out.sealing = DoctorSealing::kNoSuite;
  out.now_ms = 1'795'428'000'000;
  out.clock = DoctorClock::kUnconfirmed;
  out.state = DoctorState::kStarting;
  out.full = true;
  out.waiting = 4;
  out.approved = {"trace.refusal", "alert.denial"};
  return out;
}

v1::DoctorReply message() {
  v1::DoctorReply m;
  m.ParseFromString(to_string(encode_doctor_reply(whole())));
  return m;
}
bool is_refused(const v1::DoctorReply& m) {
  const auto parsed = parse_doctor_reply(as_bytes(m.SerializeAsString()));
  return !parsed && parsed.error().code == ErrorCode::kFrame;
}
template <typename Change>
bool refuses(Change change) {
  auto m = message();
  change(m);
  return is_refused(m);
}

TEST(DoctorFrames, WhatIsSaidComesBack) {
  DoctorReplyFrame level, none;
  level.id = none.id = kId;
  level.answer = DoctorAnswer::kLevel;
  level.level = DoctorLevel::kIntroduced;
  for (const DoctorReplyFrame& frame : {whole(), level, none}) {
    const auto back = parse_frame(encode_frame(frame));
    ASSERT_TRUE(back.has_value()) << back.error().message;
    ASSERT_TRUE(std::holds_alternative<DoctorReplyFrame>(*back));
    EXPECT_EQ(std::get<DoctorReplyFrame>(*back), frame);
  }
  const auto back = parse_frame(encode_frame(DoctorFrame{kId}));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(std::get<DoctorFrame>(*back), DoctorFrame{kId});
}

TEST(DoctorFrames, N145_AnIdHasOneForm) {
  for (const std::string id : {"", "ABCD234", "ABCD23456", "abcd2345", "ABCD2340", "ABCD234O",
                               "ABCD2341", "ABCD234I", "ABCD234\n", "ABCD 345"}) {
    v1::Doctor m;
    m.set_id(id);
    EXPECT_FALSE(parse_doctor(as_bytes(m.SerializeAsString())).has_value()) << id;
    EXPECT_TRUE(refuses([&](auto& reply) { reply.set_id(id); })) << id;
  }
}

TEST(DoctorFrames, N145_AReplyKeepsToItsLimits) {
  EXPECT_FALSE(is_refused(message()));
  for (const char* address : {"tcp://XA.example:7117", "tcp://xa.example", "xa.example:7117",
                              "tcp://xa.example:7117 ", "tcp://[::]:7117"})
    EXPECT_TRUE(refuses([&](auto& m) { m.set_address(address); })) << address;
  EXPECT_FALSE(refuses([](auto& m) { m.set_called_from(std::string(kMaxCalledFrom, 'a')); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_called_from(std::string(kMaxCalledFrom + 1, 'a')); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_called_from("198.51.100.7\n"); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_called_from("\xe2\x80\xae"); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_card_serial(0); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_card_serial(kMaxSerial + 1); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_seal_serial(kMaxSerial + 1); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_card_tag("1234567"); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_card_tag("123456789"); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_now_ms(std::uint64_t{1} << 48); }));
  EXPECT_TRUE(refuses([](auto& m) { m.add_approved("Trace"); }));
  EXPECT_TRUE(refuses([](auto& m) { m.add_approved("trace.*"); }));
  const auto kinds = [](int n) {
    return [n](auto& m) {
      m.clear_approved();
      for (int i = 0; i < n; ++i) m.add_approved("a" + std::to_string(i));
    };
  };
  EXPECT_FALSE(refuses(kinds(kMaxDoctorKinds)));
  EXPECT_TRUE(refuses(kinds(kMaxDoctorKinds + 1)));
  Bytes long_body = encode_doctor(DoctorFrame{kId});
  append(long_body, Bytes{0x7a, 0x80, 0x40});  // an unknown field of 8192 bytes
  long_body.resize(long_body.size() + 8192, 'x');
  EXPECT_FALSE(parse_doctor(long_body).has_value());
}

TEST(DoctorFrames, N145_WhoTellsLessTellsNothingElse) {
  for (const std::uint32_t answer : {0u, 4u, 200u})
    EXPECT_TRUE(refuses([&](auto& m) { m.set_answer(answer); })) << answer;
  EXPECT_TRUE(refuses([](auto& m) { m.set_answer(2); }));
  EXPECT_TRUE(refuses([](auto& m) { m.set_answer(3); }));
  v1::DoctorReply declined;
  declined.set_id(kId);
  declined.set_answer(3);
  EXPECT_FALSE(is_refused(declined));
  declined.set_level(3);
  EXPECT_TRUE(is_refused(declined));
  declined.set_answer(2);
  EXPECT_FALSE(is_refused(declined));
  declined.set_waiting(1);
  EXPECT_TRUE(is_refused(declined));
}

TEST(DoctorFrames, ANumberOfALaterProtocolSaysNothing) {
  auto m = message();
  for (const std::uint32_t number : {7u, 4'000'000'000u}) {
    m.set_level(number);
    m.set_reach(number);
    m.set_sealing(number);
    m.set_clock(number);
    m.set_state(number);
    const auto parsed = parse_doctor_reply(as_bytes(m.SerializeAsString()));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->level, DoctorLevel::kNotSaid);
    EXPECT_EQ(parsed->reach, DoctorReach::kNotSaid);
    EXPECT_EQ(parsed->sealing, DoctorSealing::kNotSaid);
    EXPECT_EQ(parsed->clock, DoctorClock::kNotSaid);
    EXPECT_EQ(parsed->state, DoctorState::kNotSaid);
  }
}

TEST(DoctorFrames, NoiseIsNoFrame) {
  crypto::init();
  crypto::SeededRng rng(9);
  for (int i = 0; i < 2000; ++i) {
    Bytes noise = encode_frame(whole());
    const auto at = rng.array<2>();
    const std::size_t place = 1 + get_u16be(at) % (noise.size() - 1);
    noise[place] = static_cast<std::uint8_t>(noise[place] ^ (1u << (i % 8)));
    const auto parsed = parse_frame(noise);
    if (!parsed) {
      EXPECT_EQ(parsed.error().code, ErrorCode::kFrame);
      continue;
    }
    const auto again = parse_frame(encode_frame(*parsed));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(std::get<DoctorReplyFrame>(*again), std::get<DoctorReplyFrame>(*parsed));
  }
}

}  // namespace
}  // namespace focal::exchange

// A question about a link and its answer: frames 13 DOCTOR and 14 DOCTOR_REPLY (docs/protocol.md,
// "Questions about a link"). Form only; what is told to whom: node/exchange/link_doctor.h.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxDoctorBody = 8u << 10;
inline constexpr std::size_t kMaxCalledFrom = 64;
inline constexpr std::size_t kMaxDoctorKinds = 64;

// Numbers as on the wire; 0: not said.
enum class DoctorAnswer : std::uint8_t { kWhole = 1, kLevel = 2, kNone = 3 };
enum class DoctorLevel : std::uint8_t { kNotSaid = 0, kNone = 1, kIntroduced = 2, kVerified = 3 };
enum class DoctorReach : std::uint8_t {
  kNotSaid = 0,
  kReached = 1,
  kWaitsForCalls = 2,
  kNoName = 3,
  kNoConnection = 4,
  kNoHandshake = 5,
  kKeyRefused = 6,
};
enum class DoctorSealing : std::uint8_t {
  kNotSaid = 0,
  kPossible = 1,
  kNoSchedule = 2,
  kKeysOver = 3,
  kNoSuite = 4,
};
enum class DoctorClock : std::uint8_t {
  kNotSaid = 0,
  kAgreed = 1,
  kAlone = 2,
  kAhead = 3,
  kBehind = 4,
  kUnconfirmed = 5,
};
enum class DoctorState : std::uint8_t { kNotSaid = 0, kRunning = 1, kStarting = 2 };

struct DoctorFrame {
  std::string id;                  // base/error_id.h
  bool operator==(const DoctorFrame&) const = default;
};

struct DoctorReplyFrame {
  std::string id;                  // of the question
  DoctorAnswer answer = DoctorAnswer::kNone;
  DoctorLevel level = DoctorLevel::kNotSaid;          // not with kNone
  // With kWhole alone.
  DoctorReach reach = DoctorReach::kNotSaid;
  std::string address;             // an endpoint of the reader; may be empty
  std::string called_from;         // printable ASCII, at most kMaxCalledFrom; may be empty
  std::uint64_t card_serial = 0;
  std::array<std::uint8_t, 8> card_tag{};
  std::uint64_t seal_serial = 0;   // 0: no schedule is held
  DoctorSealing sealing = DoctorSealing::kNotSaid;
  std::uint64_t now_ms = 0;
  DoctorClock clock = DoctorClock::kNotSaid;
  DoctorState state = DoctorState::kNotSaid;
  bool full = false;
  std::uint32_t waiting = 0;
  std::vector<std::string> approved;  // kinds, at most kMaxDoctorKinds
  bool operator==(const DoctorReplyFrame&) const = default;
};

// Without the type byte. kFrame.
Result<DoctorFrame> parse_doctor(ByteView body);
Bytes encode_doctor(const DoctorFrame& frame);
Result<DoctorReplyFrame> parse_doctor_reply(ByteView body);
Bytes encode_doctor_reply(const DoctorReplyFrame& frame);

}  // namespace focal::exchange

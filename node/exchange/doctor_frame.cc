#include "node/exchange/doctor_frame.h"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>

#include "base/endpoint.h"
#include "base/error_id.h"
#include "node/exchange/card.h"
#include "node/exchange/party.h"
#include "proto/frames.pb.h"

namespace focal::exchange {
namespace {

constexpr std::uint64_t kMaxTimeMs = std::uint64_t{1} << 48;  // as every time (1)

Error bad(std::string what) { return fail(ErrorCode::kFrame, std::move(what)); }

template <typename Message>
Result<Message> parse_message(ByteView body, std::string_view name) {
  if (body.size() > kMaxDoctorBody) return bad(std::string(name) + " exceeds 8 KiB");
  const google::protobuf::LogSilencer quiet;  // a hostile frame must not write to our log
  Message message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size())))
    return bad("the frame does not parse");
  if (!is_error_id(message.id())) return bad(std::string(name) + " has no id");
  return message;
}

// A number of a later protocol says nothing here.
template <typename Enum>
Enum known(std::uint32_t number, Enum last) {
  return number <= static_cast<std::uint32_t>(last) ? static_cast<Enum>(number) : Enum{0};
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

bool says_more(const v1::DoctorReply& m) {
  return m.reach() != 0 || !m.address().empty() || !m.called_from().empty() ||
         m.card_serial() != 0 || !m.card_tag().empty() || m.seal_serial() != 0 ||
         m.sealing() != 0 || m.now_ms() != 0 || m.clock() != 0 || m.state() != 0 || m.full() ||
         m.waiting() != 0 || m.approved_size() != 0;
}

Status read_rest(const v1::DoctorReply& m, DoctorReplyFrame& out) {
  const auto tag = fixed<8>(as_bytes(m.card_tag()));
  if (!tag || m.card_serial() == 0 || m.card_serial() > kMaxSerial || m.seal_serial() > kMaxSerial)
    return bad("DOCTOR_REPLY names no card");
  if (!m.address().empty() && !is_endpoint(m.address()))
    return bad("the address of DOCTOR_REPLY is no endpoint");
  if (m.called_from().size() > kMaxCalledFrom || !is_printable(m.called_from()))
    return bad("DOCTOR_REPLY says whence calls came in another form");
  if (m.now_ms() >= kMaxTimeMs) return bad("the time of DOCTOR_REPLY cannot be one");
  if (static_cast<std::size_t>(m.approved_size()) > kMaxDoctorKinds)
    return bad("DOCTOR_REPLY names too many kinds");
  for (const std::string& kind : m.approved())
    if (!is_kind(kind)) return bad("DOCTOR_REPLY names something that is no kind");
  out.reach = known(m.reach(), DoctorReach::kKeyRefused);
  out.address = m.address();
  out.called_from = m.called_from();
  out.card_serial = m.card_serial();
  out.card_tag = *tag;
  out.seal_serial = m.seal_serial();
  out.sealing = known(m.sealing(), DoctorSealing::kNoSuite);
  out.now_ms = m.now_ms();
  out.clock = known(m.clock(), DoctorClock::kUnconfirmed);
  out.state = known(m.state(), DoctorState::kStarting);
  out.full = m.full();
  out.waiting = m.waiting();
  out.approved.assign(m.approved().begin(), m.approved().end());
  return {};
}

}  // namespace

Result<DoctorFrame> parse_doctor(ByteView body) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::Doctor>(body, "DOCTOR"));
  return DoctorFrame{m.id()};
}

Bytes encode_doctor(const DoctorFrame& frame) {
  v1::Doctor m;
  m.set_id(frame.id);
  return to_bytes(m.SerializeAsString());
}

Result<DoctorReplyFrame> parse_doctor_reply(ByteView body) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::DoctorReply>(body, "DOCTOR_REPLY"));
  DoctorReplyFrame out;
  out.id = m.id();
  out.answer = known(m.answer(), DoctorAnswer::kNone);
  out.level = known(m.level(), DoctorLevel::kVerified);
  switch (out.answer) {
    case DoctorAnswer::kWhole: FOCAL_TRY(read_rest(m, out)); return out;
    case DoctorAnswer::kLevel:
      if (says_more(m)) return bad("DOCTOR_REPLY says more than the level");
      return out;
    case DoctorAnswer::kNone:
      if (says_more(m) || m.level() != 0) return bad("DOCTOR_REPLY gives no answer and says more");
      return out;
  }
  return bad("DOCTOR_REPLY is no answer");
}

Bytes encode_doctor_reply(const DoctorReplyFrame& frame) {
  v1::DoctorReply m;
  m.set_id(frame.id);
  m.set_answer(static_cast<std::uint32_t>(frame.answer));
  if (frame.answer != DoctorAnswer::kNone) m.set_level(static_cast<std::uint32_t>(frame.level));
  if (frame.answer == DoctorAnswer::kWhole) {
    m.set_reach(static_cast<std::uint32_t>(frame.reach));
    m.set_address(frame.address);
    m.set_called_from(frame.called_from);
    m.set_card_serial(frame.card_serial);
    m.set_card_tag(to_string(ByteView(frame.card_tag)));
    m.set_seal_serial(frame.seal_serial);
    m.set_sealing(static_cast<std::uint32_t>(frame.sealing));
    m.set_now_ms(frame.now_ms);
    m.set_clock(static_cast<std::uint32_t>(frame.clock));
    m.set_state(static_cast<std::uint32_t>(frame.state));
    m.set_full(frame.full);
    m.set_waiting(frame.waiting);
    for (const std::string& kind : frame.approved) m.add_approved(kind);
  }
  return to_bytes(m.SerializeAsString());
}

}  // namespace focal::exchange

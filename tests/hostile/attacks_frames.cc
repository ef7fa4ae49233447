// Frames that no honest node sends: of every type in every state, cut, changed, out of
// order, beyond the credit. Where the target has to end the link, its BYE is waited for.
#include "tests/hostile/assault.h"

namespace focal::hostile {
namespace {

using exchange::ByeCode;

// One true frame of each type, for that line.
std::vector<Bytes> true_frames(Attacker& a, Line& line) {
  exchange::HelloFrame reply = line.hello(a.villain, a.ids);
  reply.is_reply = true;
  exchange::BounceFrame bounces;
  bounces.bounces.push_back({a.ids.array<32>(), 4, 0, {0, 1}});
  const std::vector<exchange::Frame> frames{
      line.hello(a.villain, a.ids),
      reply,
      exchange::DataFrame{
          line.own_stream, line.next_seq, 1, {a.seal(Recipe{.bad_signature = true})}},
      exchange::AckFrame{line.peer_stream, 0, 1 << 20, 1 << 20},
      exchange::NotesFrame{{a.villain.card().note, a.villain.self().schedule_note}},
      exchange::ByeFrame{7, "good bye"},
      bounces};
  std::vector<Bytes> out;
  for (const auto& frame : frames) out.push_back(exchange::encode_frame(frame));
  return out;
}

bool before_hello(Attacker& a) {
  bool done = false;
  for (const std::size_t which : {1u, 2u, 3u, 4u, 6u}) {  // all but HELLO and BYE
    auto line = a.connect();
    if (!line->send(true_frames(a, *line)[which]) || !line->sees_bye(ByeCode::kBadFrame))
      return false;
    done = true;
  }
  return done;
}

bool hello_twice(Attacker& a) {
  auto line = a.open();
  return line && line->say(line->hello(a.villain, a.ids)) && line->sees_bye(ByeCode::kBadFrame);
}

bool hello_ok_later(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  auto hello = line->hello(a.villain, a.ids);
  hello.is_reply = true;
  return line->say(hello) && line->sees_bye(ByeCode::kBadFrame);
}

bool hello_of_another(Attacker& a) {
  static const std::string kNames[] = {"XA", "XB", "", "xm", "XM ", std::string(5000, 'X')};
  auto line = a.connect();
  auto hello = line->hello(a.villain, a.ids);
  hello.party = kNames[a.rng.below(std::size(kNames))];
  return line->say(hello) && line->sees_bye(ByeCode::kParty);
}

bool hello_of_another_version(Attacker& a) {
  auto line = a.connect();
  auto hello = line->hello(a.villain, a.ids);
  if (a.chance(2))
    hello.v = 0;
  else
    hello.v = hello.v_min = 2 + static_cast<std::uint32_t>(a.rng.below(1 << 30));
  return line->say(hello) && line->sees_bye(ByeCode::kVersion);
}

// Information that is wrong, which a HELLO may hold: the link comes up all the same.
bool hello_with_odd_numbers(Attacker& a) {
  static constexpr std::uint64_t kOdd[] = {0, 1, std::uint64_t{1} << 47, std::uint64_t{1} << 63,
                                           ~std::uint64_t{0}};
  auto line = a.connect();
  auto hello = line->hello(a.villain, a.ids);
  hello.now_ms = kOdd[a.rng.below(std::size(kOdd))];
  hello.seal_serial = kOdd[a.rng.below(std::size(kOdd))];
  hello.card_id = a.bytes(32);
  hello.v = 7;
  return line->open(hello) && line->data({a.bytes(1102)}) && line->settles();
}

bool unknown_types(Attacker& a) {
  static constexpr std::uint8_t kTypes[] = {0,    5,    6,    7,    8,    9, 0x0a,
                                            0x0b, 0x0d, 0x0f, 0x11, 0x13, 99};
  auto line = a.open();
  if (!line) return false;
  Bytes frame = a.bytes(a.rng.below(300));
  frame.insert(frame.begin(), kTypes[a.rng.below(std::size(kTypes))]);
  return line->send(frame) && line->sees_bye(ByeCode::kBadFrame);
}

bool random_frames(Attacker& a) {
  static constexpr std::uint8_t kTypes[] = {1, 2, 3, 4, 0x0c, 0x10, 0x12};
  auto line = a.chance(2) ? a.open() : a.connect();
  if (!line) return false;
  for (int i = 0; i < 10; ++i) {
    Bytes frame = a.bytes(a.rng.below(600));
    frame.insert(frame.begin(), kTypes[a.rng.below(std::size(kTypes))]);
    if (!line->send(frame)) return i > 0;
  }
  return true;
}

// True frames with bits changed or their ends cut off, one to a link and many to a link.
bool changed_frames(Attacker& a, bool cut) {
  auto line = a.open();
  if (!line) return false;
  for (std::uint64_t n = 1 + a.rng.below(6); n > 0; --n) {
    auto frames = true_frames(a, *line);
    Bytes frame = std::move(frames[a.rng.below(frames.size())]);
    if (cut) frame.resize(1 + a.rng.below(frame.size() - 1));
    for (std::uint64_t flips = cut ? 0 : 1 + a.rng.below(4); flips > 0; --flips)
      frame[a.rng.below(frame.size())] ^= static_cast<std::uint8_t>(1u << a.rng.below(8));
    if (!line->send(frame)) return false;
  }
  line->receive(20);
  return true;
}
bool mutated_frames(Attacker& a) { return changed_frames(a, false); }
bool truncated_frames(Attacker& a) { return changed_frames(a, true); }

bool sequence_gap(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  line->next_seq += 1 + a.rng.below(5);
  return line->data({a.bytes(1102)}) && line->sees_bye(ByeCode::kSeq);
}

bool sequence_regress(Attacker& a) {
  auto line = a.open();
  if (!line || !line->data({a.bytes(1102), a.bytes(1102)}) || !line->settles()) return false;
  line->next_seq = 1 + a.rng.below(2);
  return line->data({a.bytes(1102)}) && line->sees_bye(ByeCode::kSeq);
}

bool foreign_stream(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  line->own_stream = a.chance(2) ? line->peer_stream : a.ids.array<16>();
  return line->data({a.bytes(1102)}) && line->sees_bye(ByeCode::kSeq);
}

bool credit_overrun(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  const std::uint32_t lane = static_cast<std::uint32_t>(a.rng.below(3));
  for (int i = 0; i < 200 && line->is_alive(); ++i) {
    if (!line->data({a.bytes(900 << 10)}, lane, false)) return false;
    line->receive(0);
  }
  return line->sees_bye(ByeCode::kCredit);
}

// A record that is no receipt and no peer record, on the lane that is kept for these.
bool lane0_misuse(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  const Made made = a.villain.make(Recipe{.kind = "future.kind"}, a.ids);
  a.villain.released(made.rids, true);
  return line->data({a.seal(made.inner)}, 0) && line->sees_bye(ByeCode::kLane0);
}

bool malformed_data(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  exchange::DataFrame data{line->own_stream, 1, 1, {}};
  switch (a.rng.below(3)) {
    case 0:
      data.lane = 4;
      data.envelopes.resize(1);
      break;
    case 1: data.envelopes.resize(exchange::kMaxDataCount + 1); break;
    default: break;  // none at all
  }
  return line->say(data) && line->sees_bye(ByeCode::kBadFrame);
}

bool odd_byes(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  switch (a.rng.below(3)) {
    case 0: return line->send(Bytes{0x10, 0x08, 0x01, 0x12, 0x02, 0xff, 0xfe});  // no UTF-8
    case 1: return line->say(exchange::ByeFrame{~0u, std::string("\r\n\0\x1b[2J", 8)});
    default: return line->say(exchange::ByeFrame{static_cast<std::uint32_t>(a.rng.below(12)), ""});
  }
}

constexpr Kind kKinds[] = {
    {"before_hello", before_hello},
    {"hello_twice", hello_twice},
    {"hello_ok_later", hello_ok_later},
    {"hello_of_another", hello_of_another},
    {"hello_of_another_version", hello_of_another_version},
    {"hello_with_odd_numbers", hello_with_odd_numbers},
    {"unknown_types", unknown_types},
    {"random_frames", random_frames},
    {"mutated_frames", mutated_frames},
    {"truncated_frames", truncated_frames},
    {"sequence_gap", sequence_gap},
    {"sequence_regress", sequence_regress},
    {"foreign_stream", foreign_stream},
    {"credit_overrun", credit_overrun},
    {"lane0_misuse", lane0_misuse},
    {"malformed_data", malformed_data},
    {"odd_byes", odd_byes},
};

}  // namespace

std::span<const Kind> frame_kinds() { return kKinds; }

}  // namespace focal::hostile

// What can be done to the network process before a frame is looked at: connections,
// handshakes, routing ids, bytes that are no ZeroMQ, messages of the wrong shape.
#include "tests/hostile/assault.h"

namespace focal::hostile {
namespace {

constexpr std::size_t kLargestFrame = exchange::kMaxFrame;

// libzmq gives out ids of a zero byte and a counter; this caller claims one of them.
bool routing_id_guess(Attacker& a) {
  LineOptions options;
  options.routing_id = std::string(1, '\0') + to_string(a.bytes(4));
  auto line = a.connect(options);
  if (!line->open(a.villain, a.ids)) return false;
  a.hold(std::move(line));
  return true;
}

// Two connections under one id: the first goes on, whatever becomes of the second.
bool routing_id_twice(Attacker& a) {
  LineOptions options;
  options.routing_id = "twice" + to_string(a.bytes(4));
  auto first = a.connect(options);
  if (!first->open(a.villain, a.ids)) return false;
  auto second = a.connect(options);
  second->say(second->hello(a.villain, a.ids));
  second->receive(50);
  return first->data({a.bytes(1102)}) && first->settles();
}

bool many_connections(Attacker& a) {
  std::vector<std::unique_ptr<Line>> crowd;
  for (int i = 0; i < 14; ++i) {
    crowd.push_back(a.connect());
    crowd.back()->say(crowd.back()->hello(a.villain, a.ids));
  }
  return crowd.back()->receive(kAnswerMs);
}

bool handshake_flood(Attacker& a) {
  std::vector<std::unique_ptr<Line>> flood;
  for (int i = 0; i < 30; ++i) flood.push_back(a.connect());
  return flood.back()->say(flood.back()->hello(a.villain, a.ids));
}

bool unknown_keys(Attacker& a) {
  LineOptions options;
  options.is_watched = true;
  std::vector<std::unique_ptr<Line>> flood;
  for (int i = 0; i < 15; ++i)
    flood.push_back(
        std::make_unique<Line>(a.context, a.target, crypto::make_dh_key(a.ids), options));
  return flood.back()->is_turned_away();
}

bool wrong_server_key(Attacker& a) {
  LineOptions options;
  options.is_watched = true;
  options.server_key = crypto::make_dh_key(a.ids).pk;
  return a.connect(options)->is_turned_away();
}

bool null_mechanism(Attacker& a) {
  LineOptions options;
  options.is_watched = true;
  options.mechanism = Mechanism::kNull;
  return a.connect(options)->is_turned_away();
}

bool plain_mechanism(Attacker& a) {
  LineOptions options;
  options.is_watched = true;
  options.mechanism = Mechanism::kPlain;
  return a.connect(options)->is_turned_away();
}

// Nothing, half a greeting, or a greeting and no handshake; then silence.
bool slow_loris(Attacker& a) {
  RawTcp raw(a.target.port);
  const Bytes greeting = zmtp_greeting("CURVE");
  const std::size_t size = std::size_t{a.rng.below(3) * 32};
  const bool done = raw.is_open() && raw.send(ByteView(greeting).first(size));
  a.hold(std::move(raw));
  return done;
}

// The greeting is answered; then comes the first half of CURVE's HELLO.
bool half_handshake(Attacker& a) {
  RawTcp raw(a.target.port);
  Bytes begin = to_bytes(std::string_view("\x04\xc8\x05HELLO\x01\x00", 10));
  append(begin, a.bytes(60));
  const bool done = raw.send(zmtp_greeting("CURVE")) && raw.waits_for_bytes() && raw.send(begin);
  a.hold(std::move(raw));
  return done;
}

bool garbage_tcp(Attacker& a) {
  RawTcp raw(a.target.port);
  return raw.send(a.bytes(1 + a.rng.below(4096)));
}

bool garbage_handshake(Attacker& a) {
  RawTcp raw(a.target.port);
  if (!raw.send(zmtp_greeting(a.chance(4) ? "NOSUCH" : "CURVE")) || !raw.waits_for_bytes())
    return false;
  static constexpr std::string_view kNames[] = {"HELLO", "INITIATE", "READY", "ERROR", "PING"};
  Bytes command{static_cast<std::uint8_t>(a.chance(3) ? 0x00 : 0x04), 0};
  put_lp(command, kNames[a.rng.below(std::size(kNames))]);
  append(command, a.bytes(a.rng.below(200)));
  command[1] = static_cast<std::uint8_t>(command.size() - 2);
  return raw.send(command);
}

// Lengths of 2^63 and more, and one that is just too large.
bool huge_length(Attacker& a) {
  RawTcp raw(a.target.port);
  Bytes command{static_cast<std::uint8_t>(a.chance(2) ? 0x06 : 0x02)};
  put_u64be(command, a.chance(2) ? ~std::uint64_t{0} >> a.rng.below(2) : kLargestFrame + 100);
  append(command, a.bytes(2000));
  return raw.send(zmtp_greeting("CURVE")) && raw.waits_for_bytes() && raw.send(command);
}

bool half_closed(Attacker& a) {
  RawTcp raw(a.target.port);
  const bool done = raw.send(zmtp_greeting("CURVE")) && raw.waits_for_bytes();
  raw.half_close();
  a.hold(std::move(raw));
  return done;
}

bool tcp_reset(Attacker& a) {
  RawTcp raw(a.target.port);
  const bool done = raw.send(zmtp_greeting("CURVE"));
  raw.reset();
  return done;
}

bool multipart(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  const std::size_t parts = 2 + a.rng.below(300);
  for (std::size_t i = 0; i < parts; ++i)
    if (!line->send_part(a.bytes(1 + a.rng.below(50)), i + 1 < parts, kAnswerMs)) return false;
  return line->data({a.bytes(1102)}) && line->settles();  // the link goes on
}

// A message whose last part never comes.
bool endless_multipart(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  const Bytes part = a.bytes(64 << 10);
  for (int i = 0; i < 40; ++i)
    if (!line->send_part(part, true, kAnswerMs)) return false;
  if (a.chance(2)) a.hold(std::move(line));
  return true;
}

bool empty_frames(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  for (int i = 0; i < 20; ++i)
    if (!line->send({})) return false;
  return line->data({a.bytes(1102)}) && line->settles();
}

bool oversize_frame(Attacker& a) {
  auto line = a.open();
  return line && line->send(a.bytes(kLargestFrame + 1 + a.rng.below(100)));
}

bool largest_frame(Attacker& a) {
  auto line = a.open();
  return line && line->send(a.bytes(kLargestFrame)) && line->sees_bye(exchange::ByeCode::kBadFrame);
}

// Through the handshake, and then not a word.
bool silent_connection(Attacker& a) {
  auto line = a.connect();
  if (!line->connects()) return false;
  a.hold(std::move(line));
  return true;
}

bool abrupt_end(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  std::vector<Bytes> sealed;
  for (int i = 0; i < 40; ++i) sealed.push_back(a.bytes(1102));
  return line->data(std::move(sealed));  // the socket is closed with it on the way
}

constexpr Kind kKinds[] = {
    {"routing_id_guess", routing_id_guess},
    {"routing_id_twice", routing_id_twice},
    {"many_connections", many_connections},
    {"handshake_flood", handshake_flood},
    {"unknown_keys", unknown_keys},
    {"wrong_server_key", wrong_server_key},
    {"null_mechanism", null_mechanism},
    {"plain_mechanism", plain_mechanism},
    {"slow_loris", slow_loris},
    {"half_handshake", half_handshake},
    {"garbage_tcp", garbage_tcp},
    {"garbage_handshake", garbage_handshake},
    {"huge_length", huge_length},
    {"half_closed", half_closed},
    {"tcp_reset", tcp_reset},
    {"multipart", multipart},
    {"endless_multipart", endless_multipart},
    {"empty_frames", empty_frames},
    {"oversize_frame", oversize_frame},
    {"largest_frame", largest_frame},
    {"silent_connection", silent_connection},
    {"abrupt_end", abrupt_end},
};

}  // namespace

std::span<const Kind> connection_kinds() { return kKinds; }

}  // namespace focal::hostile

// Seeds of the targets that need signed and sealed objects: valid ones made by XA for XB,
// and for each a few with one part wrong.
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "crypto/merkle.h"
#include "proto/envelope.pb.h"
#include "proto/record.pb.h"
#include "tests/fuzz/fuzz_world.h"
#include "tests/fuzz/seeds.h"

namespace focal::test {
namespace {

std::string text(ByteView bytes) { return to_string(bytes); }
Hash32 salt(std::uint8_t n) {
  Hash32 out;
  out.fill(n);
  return out;
}

Bytes ping(const std::string& words) {
  v1::Record record;
  auto* header = record.mutable_header();
  header->set_from_desk("NPC");
  header->set_subject("Test record");
  header->set_language("en");
  header->set_priority("ROUTINE");
  record.mutable_peer_ping()->set_text(words);
  return to_bytes(record.SerializeAsString());
}

struct Made {
  std::vector<Bytes> items;
  std::vector<Hash32> leaves;
  Bytes inner() const { return batch_inner(items, leaves); }
  void add(const std::string& kind, const Bytes& body) {
    const Hash32 s = salt(static_cast<std::uint8_t>(items.size() + 1));
    const auto m = manifest_of(s, body, kind);
    items.push_back(exchange::encode_item(m.bytes, s, body));
    leaves.push_back(m.rid);
  }
};

Made honest(std::size_t n) {
  Made made;
  for (std::size_t i = 0; i < n; ++i) made.add("peer.ping", ping("ping " + std::to_string(i)));
  return made;
}

Bytes receipt(std::uint32_t status, std::uint8_t of = 0x77) {
  return exchange::encode_receipt_item(
      exchange::receipt_for({salt(of), kIssuedMs}, status, kIssuedMs + 5));
}

void envelope_seeds() {
  const std::string good = text(envelope_of(honest(1).inner()));
  const auto put = [](const std::string& name, std::string e) {
    write_seed("fuzz_envelope", name, e);
    write_seed("fuzz_inbound", "envelope-" + name, std::string(1, '\0') + e);
  };
  put("valid", good);
  write_seed("fuzz_envelope", "two-kib", text(envelope_of(Bytes(1500, 1))));
  std::string e = good;
  e[1] = 2, put("suite", e);
  e = good, e[2] = 1, put("mode", e);
  e = good, e[4] = 'x', put("kid", e);
  e = good, e.replace(21, 32, std::string(32, '\0')), put("enc-zero", e);
  e = good, e[59] = 0x10, put("idx", e);
  e = good, e.back() = static_cast<char>(e.back() ^ 1), put("tag", e);
  put("cut", good.substr(0, good.size() - 1));
  std::string psk = good;
  psk[2] = 1, psk[53] = 8, psk.insert(54, "hinthint");
  put("psk", psk);
}

void inner_seeds() {
  const auto put = [](const std::string& name, const Bytes& inner) {
    write_seed("fuzz_inner", name, text(inner));
    write_seed("fuzz_inbound", "sealed-" + name, "\x01" + text(inner));
    write_seed("fuzz_inbound", "right-" + name, "\x02" + text(inner));
  };
  put("one", honest(1).inner());
  put("three", honest(3).inner());
  Made leaf = honest(3);
  leaf.items[1] = exchange::encode_leaf_item(leaf.leaves[1]);
  put("leaf", leaf.inner());
  Made twice = honest(1);
  twice.items.push_back(twice.items[0]);
  twice.leaves.push_back(twice.leaves[0]);
  put("same-record-twice", twice.inner());
  Made unknown;
  unknown.add("future.kind", to_bytes("opaque"));
  put("unknown-kind", unknown.inner());
  Made no_record;
  no_record.add("peer.ping", to_bytes("not a record"));
  put("no-record", no_record.inner());
  Made other_kind;
  other_kind.add("trace.request", ping("a ping, said to be a request"));
  put("other-kind", other_kind.inner());
  Made swapped = honest(2);
  std::swap(swapped.items[0], swapped.items[1]);
  put("swapped", swapped.inner());
  put("receipts", receipts_inner({receipt(1), receipt(19)}));
  write_seed("fuzz_inner", "manifest", text(manifest_of(salt(1), ping("x"), "peer.ping").bytes));
  write_seed("fuzz_inner", "receipt", text(receipt(24)));
  Bytes signature;
  write_seed("fuzz_inner", "statement",
             text(sign_batch({salt(1)}, exchange::Purpose::kRecords, signature)));
}

void receipts_seeds() {
  const auto put = [](const std::string& name, const std::vector<Bytes>& items) {
    std::string out;
    for (const Bytes& item : items) out += static_cast<char>(item.size()) + text(item);
    write_seed("fuzz_receipts", name, out);
  };
  put("right", {{0xff, 1}});
  put("rejected", {{0xff, 19}});
  put("of-others", {receipt(1), receipt(2, 0x66)});
  put("right-among-others", {receipt(1), {0xff, 2}, receipt(16, 0x66)});
  put("two-answers", {{0xff, 1}, {0xff, 27}});
  put("status-never-sent", {{0xff, 3}});
  put("status-unknown", {{0xff, 200}});
  put("half", {receipt(1), Bytes{0x0a, 0x20}});
}

exchange::DoctorReplyFrame doctor_reply() {
  exchange::DoctorReplyFrame out;
  out.id = "ABCD2345";
  out.answer = exchange::DoctorAnswer::kWhole;
  out.level = exchange::DoctorLevel::kVerified;
  out.reach = exchange::DoctorReach::kNoConnection;
  out.address = "tcp://xa.example:7117";
  out.called_from = "198.51.100.7";
  out.card_serial = 3;
  out.card_tag = {1, 2, 3};
  out.seal_serial = 17;
  out.sealing = exchange::DoctorSealing::kPossible;
  out.now_ms = kIssuedMs;
  out.clock = exchange::DoctorClock::kAlone;
  out.state = exchange::DoctorState::kRunning;
  out.waiting = 2;
  out.approved = {"trace.refusal"};
  return out;
}

void frame_seeds() {
  const auto put = [](const std::string& name, const exchange::Frame& frame) {
    write_seed("fuzz_frame", name, text(exchange::encode_frame(frame)));
  };
  exchange::HelloFrame hello;
  hello.party = "XA";
  hello.card_id = Bytes(32, 3);
  hello.stream_id.fill(4);
  hello.now_ms = kIssuedMs;
  hello.seal_serial = 17;
  put("hello", hello);
  hello.is_reply = true;
  put("hello-ok", hello);
  put("data", exchange::DataFrame{Id16{1}, 1, 1, {Bytes(90, 1), Bytes(3, 2)}});
  put("ack", exchange::AckFrame{Id16{1}, 7, 1u << 20, 1u << 19});
  put("notes", exchange::NotesFrame{{"focal-seal/v1\n", "x\n"}});
  put("bye", exchange::ByeFrame{8, "cannot store now"});
  hello.cards = {{"XB", 3, 17, exchange::CardTag{1, 2}}, {"XC", 1, 0, {}}};
  hello.dirs = {{"UNODA", 9, salt(4)}};
  put("hello-heads", hello);
  put("notes-want", exchange::NotesWantFrame{{{"XB", 0, 0, {}}, {"XC", 2, 9, {}}}, {{"UNODA", 8, {}}}});
  put("gossip", exchange::GossipFrame{{{"focal-card/v1\n", "focal-card/v1\nx\n"}}});
  put("bounce", exchange::BounceFrame{{{salt(1), 6, 2, {0, 3}}, {salt(2), 4, 0, {}}}});
  put("doctor", exchange::DoctorFrame{"ABCD2345"});
  put("doctor-reply", doctor_reply());
  exchange::DoctorReplyFrame level = {};
  level.id = "ABCD2345";
  level.answer = exchange::DoctorAnswer::kLevel;
  level.level = exchange::DoctorLevel::kNone;
  put("doctor-level", level);
  write_seed("fuzz_frame", "reserved", "\x05");
  write_seed("fuzz_frame", "short-id", std::string("\x04\x0a\x03") + "abc");
}

void session_seeds() {
  const auto step = [](int what, const std::string& arg = {}) {
    return std::string{static_cast<char>(what), static_cast<char>(arg.size())} + arg;
  };
  const std::string one("\x01", 1), zero(1, '\0');
  // The node was called; or called us (0x41), so that we answer.
  const std::string called = step(1) + step(3, zero) + step(10);
  const std::string calls = step(0x41) + step(10) + step(3, one) + step(10);
  const std::string credit = step(6, std::string(1, '\x50'));
  const auto put = [](const std::string& name, const std::string& script) {
    write_seed("fuzz_session", name, script);
  };
  put("called", called);
  put("calls", calls);
  put("record", called + step(12, "body") + step(10) + credit + step(10) + step(12, "body"));
  put("receives-and-sends", calls + credit + step(9, one) + step(9, std::string(1, '\x03')) +
                                step(10) + step(6, std::string(1, '\x60')) + step(10));
  put("bounces", calls + credit + step(9, one) + step(10) + step(8, std::string(1, '\x04')) +
                     step(10) + step(8, std::string(1, '\x04')) + step(10) +
                     step(8, one) + step(11, std::string(1, '\xff')) + step(10));
  put("two-links", called + step(0x81) + step(0x83, zero) + credit + step(9, one) + step(10) +
                       step(2) + step(0x86, std::string(1, '\x50')) + step(10));
  put("no-credit", calls + step(9, one) + step(10));
  put("notes", called + step(7, std::string(1, '\0')) + step(7, std::string(1, '\2')) +
                   step(7, std::string(1, '\1')) + step(10));
  for (const int note : {1, 2, 3, 4, 5}) {
    const std::string what(1, static_cast<char>(note << 2));
    put("note-" + std::to_string(note), called + step(7, what) + step(10) + step(7, what) + step(10) +
                                            step(9, one) + step(10));
  }
  const auto frame = [&](const exchange::Frame& f) { return step(0, text(exchange::encode_frame(f))); };
  put("wants-everything", called + frame(exchange::NotesWantFrame{
                              {{"XA", 0, 0, {}}, {"XB", 0, 0, {}}, {"XC", 0, 0, {}}}, {}}) + step(10));
  put("gossip", called + frame(exchange::GossipFrame{{{"focal-card/v1\nparty XA\n", "x"}}}) + step(10));
  put("doctor", called + frame(exchange::DoctorFrame{"ABCD2345"}) + step(10) +
                    frame(doctor_reply()) + frame(exchange::DoctorFrame{"ABCD2346"}) + step(10));
  put("receipts-for-nothing", called + step(4, "abc") + step(10));
  put("seq-gap", called + step(5, "x") + step(0, text(exchange::encode_frame(
                              exchange::DataFrame{Id16{0x77}, 9, 1, {Bytes(9, 1)}}))) + step(10));
  put("group-failed", calls + credit + step(9, one) + step(14) + calls + credit + step(10));
  put("expires", calls + step(9, std::string(1, '\5')) + step(11, std::string(1, '\x20')) + credit +
                     step(10));
}

}  // namespace

void exchange_seeds() {
  envelope_seeds();
  inner_seeds();
  receipts_seeds();
  frame_seeds();
  session_seeds();
}

}  // namespace focal::test

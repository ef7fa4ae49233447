// A peer that says anything. The input is a list of steps (u8 what, u8 size, bytes); frames
// go into a whole machine. Whatever comes: what the node says itself keeps to the limits
// and to the credit it was given, and after it closed a link it says nothing on it.
#include <algorithm>
#include <map>

#include "base/check.h"
#include "tests/fuzz/fuzz_world.h"
#include "tests/support/notes_fixture.h"

namespace {

using namespace focal;
using exchange::LinkId;

constexpr std::size_t kMostSteps = 200;

struct LinkBook {  // what an honest observer of one link writes down
  bool open = false;
  bool node_said_hello = false;
  Id16 node_stream{};
  std::uint64_t credit = 0, lane0_credit = 0, used = 0, lane0_used = 0;
  std::uint64_t granted = 0, lane0_granted = 0;
  std::uint64_t node_seq = 0, said = 0;  // envelopes the node, and we, sent
};

class Game {
 public:
  void play(ByteView script) {
    for (std::size_t n = 0; n < kMostSteps && script.size() >= 2; ++n) {
      const std::uint8_t what = script[0];
      const std::size_t size = std::min<std::size_t>(script[1], script.size() - 2);
      step(what, script.subspan(2, size));
      script = script.subspan(2 + size);
    }
    collect();
  }

 private:
  void step(std::uint8_t what, ByteView arg) {
    LinkId& link = slots_[what >> 7];
    LinkBook& book = links_[link];
    const std::uint64_t number = arg.empty() ? 0 : arg[0];
    switch (what & 0x0f) {
      case 0: return say_bytes(link, to_bytes(arg));
      case 1: return up(link, (what & 0x40) != 0);
      case 2: return down(link);
      case 3: return hello(link, number);
      case 4: return say(link, exchange::DataFrame{kOurs, book.said + 1, what % 3u,
                                                   {test::envelope_of(test::receipts_inner(
                                                       {to_bytes(arg), Bytes(2, 1)}))}});
      case 5: return say(link, exchange::DataFrame{kOurs, book.said + 1, what % 3u, {to_bytes(arg)}});
      case 6: return ack(link, number, number << 14, number << 12);
      case 7: return say(link, exchange::NotesFrame{{note(number), std::string(as_text(arg))}});
      case 8: return bounce(link, number);
      case 9: return submit(number);
      case 10: return collect();
      case 11: node_.now.mono_ms += number << 12, node_.now.wall_ms += number << 12;
               return node_.machine.tick(node_.now);
      case 12: return record(link, arg);
      case 13: return say(link, exchange::ByeFrame{static_cast<std::uint32_t>(number), "end"});
      case 14: return check(node_.machine.abandon(node_.now));
      default: return node_.machine.peer_changed(node_.now, "XA");
    }
  }

  void up(LinkId& link, bool dialed) {
    if (links_[link].open) return;
    link = next_link_++;  // a number is never used again
    links_[link].open = true;
    node_.machine.link_up(node_.now, link, "XA", dialed);
  }
  void down(LinkId link) {
    collect();
    links_[link].open = false;
    node_.machine.link_down(node_.now, link, "cut");
  }
  // Credit given and envelopes said count from here on, whoever wrote the frame.
  void say_bytes(LinkId link, const Bytes& frame) {
    collect();
    LinkBook& book = links_[link];
    const auto parsed = exchange::parse_frame(frame);
    const auto* ack = parsed ? std::get_if<exchange::AckFrame>(&*parsed) : nullptr;
    if (ack != nullptr && ack->stream_id == book.node_stream) {
      book.credit = std::max(book.credit, ack->credit);
      book.lane0_credit = std::max(book.lane0_credit, ack->lane0_credit);
    }
    const auto* data = parsed ? std::get_if<exchange::DataFrame>(&*parsed) : nullptr;
    if (data != nullptr && data->first_seq == book.said + 1) book.said += data->envelopes.size();
    node_.machine.frame(node_.now, link, frame);
  }
  void say(LinkId link, const exchange::Frame& frame) {
    say_bytes(link, exchange::encode_frame(frame));
  }
  void hello(LinkId link, std::uint64_t n) {
    exchange::HelloFrame h;
    h.is_reply = (n & 1) != 0;
    h.party = (n & 2) != 0 ? "XC" : "XA";
    h.v = (n & 4) != 0 ? 7 : 1;
    h.v_min = (n & 8) != 0 ? 2 : 1;
    h.card_id = Bytes(32, 1);
    h.stream_id = kOurs;
    h.caps = (n & 16) != 0 ? 0 : exchange::kCapDoctor;
    say(link, h);
  }
  void ack(LinkId link, std::uint64_t seq, std::uint64_t credit, std::uint64_t lane0) {
    collect();
    const LinkBook& book = links_[link];
    say(link, exchange::AckFrame{book.node_stream, std::min(seq, book.node_seq),
                                 std::max(credit, book.credit),
                                 std::max(lane0, book.lane0_credit)});
  }
  void bounce(LinkId link, std::uint64_t code) {
    exchange::BounceFrame f;
    const Hash32 id = sent_.empty() ? Hash32{} : sent_[static_cast<std::size_t>(code) % sent_.size()];
    f.bounces.push_back({id, static_cast<std::uint32_t>(code & 15), 1, {}});
    say(link, f);
  }
  void submit(std::uint64_t n) {
    exchange::Draft draft;
    draft.to = (n & 1) != 0 ? std::vector<std::string>{"XA"} : std::vector<std::string>{"XA", "XC"};
    draft.kind = (n & 2) != 0 ? "peer.ping" : "future.kind";
    draft.lane = (n & 2) != 0 ? 0 : 1;
    draft.body = Bytes(static_cast<std::size_t>(n) * 500, 1);
    draft.expires_ms = (n & 4) != 0 ? node_.now.wall_ms + n : 0;
    node_.machine.submit(node_.now, std::move(draft));
  }
  void record(LinkId link, ByteView body) {
    const Hash32 salt{1};
    const auto m = test::manifest_of(salt, body, "future.kind");
    const auto inner =
        test::batch_inner({exchange::encode_item(m.bytes, salt, body)}, {m.rid});
    say(link, exchange::DataFrame{kOurs, links_[link].said + 1, 1, {test::envelope_of(inner)}});
  }
  static std::string note(std::uint64_t n) {
    const test::TestParty& party = (n & 1) != 0 ? test::cast().xc : test::cast().xa;
    switch (n >> 2 & 7) {
      case 1: return test::update_of(party, party.card()).note;
      case 2: return test::update_of(party, party.card(), "another").note;
      case 3: return test::recovery_of(party, party.card()).note;
      case 4: return test::revocation_of(party.card(), party.root);
      case 5: return test::directory_of(party, 1 + (n >> 5), {});
      default: break;
    }
    return (n & 2) != 0 ? party.card_note() : party.schedule_note();
  }

  void collect() { check(node_.finish()); }
  void check(const std::vector<exchange::Output>& outputs) {
    for (const exchange::Output& output : outputs) {
      if (const auto* close = std::get_if<exchange::CloseLink>(&output)) {
        links_[close->link].open = false;
        continue;
      }
      const auto& frame = std::get<exchange::SendFrame>(output);
      LinkBook& book = links_[frame.link];
      FOCAL_CHECK(book.open && frame.bytes.size() <= exchange::kMaxFrame);
      const auto parsed = exchange::parse_frame(frame.bytes);
      FOCAL_CHECK(parsed.has_value());
      if (const auto* h = std::get_if<exchange::HelloFrame>(&*parsed)) {
        FOCAL_CHECK(!book.node_said_hello && h->party == "XB");
        book.node_said_hello = true;
        book.node_stream = h->stream_id;
      }
      if (const auto* data = std::get_if<exchange::DataFrame>(&*parsed)) check_data(book, *data, frame);
      if (const auto* ack = std::get_if<exchange::AckFrame>(&*parsed)) {
        FOCAL_CHECK(ack->credit >= book.granted && ack->lane0_credit >= book.lane0_granted);
        FOCAL_CHECK(ack->cum_seq <= book.said);
        book.granted = ack->credit;
        book.lane0_granted = ack->lane0_credit;
      }
    }
  }
  void check_data(LinkBook& book, const exchange::DataFrame& data,
                  const exchange::SendFrame& frame) {
    FOCAL_CHECK(book.node_said_hello && data.stream_id == book.node_stream);
    FOCAL_CHECK(data.first_seq == book.node_seq + 1);
    book.node_seq += data.envelopes.size();
    (data.lane == 0 ? book.lane0_used : book.used) += exchange::frame_cost(frame.bytes.size(), data.envelopes.size());
    FOCAL_CHECK(book.used <= book.credit && book.lane0_used <= book.lane0_credit);
    for (const Bytes& e : data.envelopes) {
      FOCAL_CHECK(exchange::parse_envelope(e).has_value());
      sent_.push_back(exchange::envelope_id(e));
    }
  }

  static constexpr Id16 kOurs{0x77};
  test::FuzzNode node_;
  LinkId slots_[2]{};
  LinkId next_link_ = 1;
  std::map<LinkId, LinkBook> links_;
  std::vector<Hash32> sent_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  focal::test::cast();
  Game().play({data, size});
  return 0;
}

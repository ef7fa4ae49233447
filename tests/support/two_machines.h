// Test help: two exchange machines over ledgers in memory and one link between them, as
// small as that can be. What a test needs of identities it changes before connect().
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "node/exchange/machine.h"
#include "tests/fuzz/memory_ledger.h"
#include "tests/support/party_fixture.h"

namespace focal::test {

// Every envelope that crossed, as header fields.
struct SeenEnvelope {
  std::string from;
  std::uint8_t suite = 0, mode = 0;
  std::size_t enc = 0;
  std::uint32_t lane = 0;
};

class MachineEnd {
 public:
  MachineEnd(const TestParty& party, const exchange::CardFields& card,
             const exchange::ScheduleFields& schedule, exchange::MachineSettings settings,
             std::uint64_t seed)
      : rng(seed) {
    self.card = TestParty::must(
        exchange::parse_card(TestParty::must(exchange::make_card(card, party.keys()))));
    self.sign = crypto::signing_key_from_seed(party.sign.seed.clone());
    self.log = crypto::signing_key_from_seed(party.log.seed.clone());
    self.witness = crypto::signing_key_from_seed(party.witness.seed.clone());
    self.schedule_note = TestParty::must(exchange::make_schedule(schedule, party.sign));
    self.schedule_serial = schedule.serial;
    machine = std::make_unique<exchange::Machine>(self, peers, ledger, rng, settings,
                                                  [](exchange::LinkId) { return true; });
  }
  void know(const MachineEnd& other, const std::string& schedule_note) {
    store::PeerRow row;
    row.party = other.self.party();
    row.level = store::PeerLevel::kVerified;
    row.card_note = other.self.card.note;
    row.schedule_note = schedule_note;
    FOCAL_CHECK(peers.put(row).has_value());
  }
  std::vector<exchange::Output> finish(const Now& now) {
    const store::Txn txn = machine->prepare(now);
    if (self.pairs.has_unsaved()) self.pairs.saved();
    return machine->committed(now, ledger.commit(txn));
  }

  exchange::Identity self;
  exchange::Peers peers;
  MemoryLedger ledger;
  crypto::SeededRng rng;
  std::unique_ptr<exchange::Machine> machine;
};

class TwoMachines {
 public:
  TwoMachines(MachineEnd& a, MachineEnd& b) : a_(a), b_(b) {
    FOCAL_CHECK(a_.machine->load(now).has_value() && b_.machine->load(now).has_value());
  }
  void connect() {
    ++link_;
    b_.machine->link_up(now, link_, a_.self.party(), false);
    a_.machine->link_up(now, link_, b_.self.party(), true);
    run();
  }
  store::RecordRef send(MachineEnd& from, const std::string& kind = "future.kind",
                        std::uint32_t lane = 1, Bytes body = Bytes(100, 7)) {
    exchange::Draft draft;
    draft.to = {&from == &a_ ? b_.self.party() : a_.self.party()};
    draft.kind = kind;
    draft.lane = lane;
    draft.body = std::move(body);
    const auto ref = from.machine->submit(now, std::move(draft));
    run();
    return ref;
  }
  void advance(std::uint64_t ms) {
    now.mono_ms += ms;
    now.wall_ms += ms;
    run();
  }
  void run() {
    for (int quiet = 0; quiet < 2;) {
      bool moved = false;
      for (MachineEnd* end : {&a_, &b_}) {
        end->machine->tick(now);
        for (auto& output : end->finish(now)) {
          auto* frame = std::get_if<exchange::SendFrame>(&output);
          if (frame == nullptr) continue;
          moved = true;
          MachineEnd& to = end == &a_ ? b_ : a_;
          note(end->self.party(), frame->bytes);
          to.machine->frame(now, link_, frame->bytes);
        }
      }
      quiet = moved ? 0 : quiet + 1;
    }
  }
  // Item status of a record's only item; 0 = open.
  std::uint32_t status(MachineEnd& from, const store::RecordRef& ref) {
    const std::string to = &from == &a_ ? b_.self.party() : a_.self.party();
    return from.ledger.outbox(from.ledger.find(ref)->batch, to)->item_status.at(0);
  }
  store::OutboxRow row(MachineEnd& from, const store::RecordRef& ref) {
    const std::string to = &from == &a_ ? b_.self.party() : a_.self.party();
    const auto* entry = from.machine->outbox().find(from.ledger.find(ref)->batch, to);
    FOCAL_CHECK(entry != nullptr);
    return entry->row;
  }

  Now now{1'000'000, kIssuedMs + kHourMs};
  std::vector<SeenEnvelope> seen;
  std::map<std::string, Id16> streams;  // that each party opened last, as its HELLO says

 private:
  void note(const std::string& from, const Bytes& bytes) {
    const auto frame = exchange::parse_frame(bytes);
    if (const auto* hello = frame ? std::get_if<exchange::HelloFrame>(&*frame) : nullptr)
      streams[from] = hello->stream_id;
    const auto* data = frame ? std::get_if<exchange::DataFrame>(&*frame) : nullptr;
    if (data == nullptr) return;
    for (const Bytes& e : data->envelopes)
      seen.push_back({from, e[1], e[2], get_u16be(ByteView(e).subspan(19)), data->lane});
  }
  MachineEnd& a_;
  MachineEnd& b_;
  exchange::LinkId link_ = 0;
};

}  // namespace focal::test

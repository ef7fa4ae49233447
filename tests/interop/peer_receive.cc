#include "tests/interop/peer_receive.h"

#include "base/check.h"
#include "node/exchange/machine.h"
#include "tests/fuzz/memory_ledger.h"

namespace focal::test {
namespace {

using exchange::JudgedBatch;
using exchange::JudgedItem;
using exchange::JudgedReceipts;
using exchange::Refused;

struct Outcome {
  std::string words;  // RID:STATUS, leaf:HASH, or the code of a refusal
  std::string refused;  // STEP/CODE
  std::string why;
};

Outcome refused(int step, const std::string& code, const std::string& why) {
  return {"!" + code, std::to_string(step) + "/" + code, why};
}

Outcome of(const Refused& r) {
  return refused(r.step, "BOUNCE" + std::to_string(static_cast<unsigned>(r.bounce)), r.why);
}

Outcome of(const exchange::Wait& wait) {
  switch (wait.reason) {
    case store::WaitReason::kNeedCard: return refused(5, "WAIT_NEED_CARD", wait.why);
    case store::WaitReason::kNeedTrust: return refused(9, "WAIT_NEED_TRUST", wait.why);
    case store::WaitReason::kClock: return refused(10, "WAIT_CLOCK", wait.why);
    case store::WaitReason::kVersion: return refused(4, "WAIT_VERSION", wait.why);
    case store::WaitReason::kInternal: break;
  }
  return refused(0, "INTERNAL", wait.why);
}

Outcome of(const JudgedItem& item, const Hash32& rid) {
  if (item.verdict == JudgedItem::Verdict::kLeafOnly) return {"leaf:" + hex(rid), {}, {}};
  if (item.verdict == JudgedItem::Verdict::kSilent) return of(item.refused);
  if (item.verdict == JudgedItem::Verdict::kWait) return of(item.wait);
  if (item.verdict == JudgedItem::Verdict::kRepeat)
    return {hex(rid) + ":" + std::to_string(item.status), {}, {}};
  FOCAL_CHECK(item.verdict == JudgedItem::Verdict::kFinal);
  if (item.status == 27) return refused(10, "REJECTED27", item.why);
  if (item.status == 16 || item.status == 25 || item.status == 26)
    return refused(11, "REJECTED" + std::to_string(item.status), item.why);
  return {hex(rid) + (item.status == 2 ? ":2" : ":R"), {}, {}};
}

std::string line_of(const Outcome& outcome) {
  return "refuse " + outcome.refused + " " + outcome.why;
}

// With items: the first that was refused decides, the codes of all are told.
std::string line_of(const std::vector<Outcome>& outcomes) {
  const Outcome* bad = nullptr;
  std::string words;
  for (const Outcome& o : outcomes) {
    if (bad == nullptr && !o.refused.empty()) bad = &o;
    if (!words.empty()) words.push_back(',');
    words.append(o.words);
  }
  if (bad == nullptr) return "accept " + words;
  return "refuse " + bad->refused + "=" + words + " " + bad->why;
}

// Receipts come over the sender's own link, or, where none may stand, over that of another.
std::string link_for(const exchange::Peers& peers, const std::string& from) {
  if (peers.may_link(*peers.find(from))) return from;
  for (const auto& [party, peer] : peers.all())
    if (peers.may_link(peer)) return party;
  FOCAL_CHECK(false);
}

// Which items end an item of the outbox: given to a machine that sent those records.
std::string judge_receipts(const PeerWorld& world, const JudgedReceipts& receipts,
                           ByteView envelope) {
  exchange::Identity self = world.identity();
  exchange::Peers peers = world.peers();
  MemoryLedger ledger;
  store::Txn sent;
  sent.now_ms = world.now_ms;
  for (const auto& batch : world.sent) sent.ops.emplace_back(batch);
  ledger.commit(sent);
  crypto::SeededRng rng(1);
  exchange::Machine machine(self, peers, ledger, rng, {}, [](exchange::LinkId) { return true; });
  const Now now{1'000'000, world.now_ms};
  const Id16 stream{0x77};
  FOCAL_CHECK(machine.load(now).has_value());
  const std::string link = link_for(peers, receipts.from);
  machine.link_up(now, 1, link, false);
  exchange::HelloFrame hello;
  hello.party = link;
  hello.card_id = to_bytes(ByteView(peers.find(link)->card.card_id));
  hello.stream_id = stream;
  hello.now_ms = now.wall_ms;
  const auto commit = [&] { machine.committed(now, ledger.commit(machine.prepare(now))); };
  machine.frame(now, 1, exchange::encode_frame(hello));
  commit();
  exchange::DataFrame data{stream, 1, 0, {}};
  data.envelopes.push_back(to_bytes(envelope));
  machine.frame(now, 1, exchange::encode_frame(data));
  commit();
  std::vector<Outcome> outcomes;
  for (const exchange::ReceiptItem& item : receipts.items) {
    const auto mine = ledger.find(item.ref);
    const auto row = mine ? ledger.outbox(mine->batch, receipts.from) : std::nullopt;
    if (row && row->item_status.at(mine->position) == item.status)
      outcomes.push_back({hex(item.ref.rid) + ":" + std::to_string(item.status), {}, {}});
    else
      outcomes.push_back(refused(11, "BOUNCE4", "ends nothing"));
  }
  return line_of(outcomes);
}

}  // namespace

std::string judge_envelope(PeerWorld& world, ByteView envelope) {
  const exchange::Peers peers = world.peers();
  MemoryLedger ledger;
  store::Txn before;
  before.now_ms = world.now_ms;
  for (const auto& batch : world.here) before.ops.emplace_back(batch);
  if (!before.ops.empty()) ledger.commit(before);
  const Now now{1'000'000, world.now_ms};
  exchange::SafeClock clock;
  clock.start(now, 0);
  exchange::Inbound inbound(world.self, peers, ledger, clock, world.approved_kinds);
  const auto inner = inbound.open(envelope, now);
  if (!inner) return line_of(of(inner.error()));
  const exchange::Judgement judgement = inbound.judge(*inner, now, false);
  if (const auto* silent = std::get_if<Refused>(&judgement)) return line_of(of(*silent));
  if (const auto* wait = std::get_if<exchange::Wait>(&judgement)) return line_of(of(*wait));
  if (const auto* receipts = std::get_if<JudgedReceipts>(&judgement))
    return judge_receipts(world, *receipts, envelope);
  const auto& batch = std::get<JudgedBatch>(judgement);
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < batch.items.size(); ++i)
    outcomes.push_back(of(batch.items[i], batch.rids[i]));
  return line_of(outcomes);
}

}  // namespace focal::test

#include "tests/fuzz/fuzz_world.h"

#include "base/check.h"
#include "base/log.h"
#include "crypto/merkle.h"

namespace focal::test {
namespace {

store::PeerRow row_of(const TestParty& party, store::PeerLevel level) {
  store::PeerRow row;
  row.party = party.party;
  row.level = level;
  row.card_note = party.card_note();
  row.schedule_note = party.schedule_note();
  return row;
}

exchange::Identity identity_of(const TestParty& party) {
  exchange::Identity self;
  self.card = party.card();
  self.sign = crypto::signing_key_from_seed(party.sign.seed.clone());
  self.log = crypto::signing_key_from_seed(party.log.seed.clone());
  self.witness = crypto::signing_key_from_seed(party.witness.seed.clone());
  self.schedule_note = party.schedule_note();
  const auto fields = party.schedule_fields();
  self.schedule_serial = fields.serial;
  for (std::size_t i = 0; i < fields.keys.size(); ++i)
    self.sealing.push_back({fields.keys[i].kid, fields.keys[i].not_after_ms,
                            dh_key(static_cast<std::uint8_t>(16 + i))});
  return self;
}

exchange::Identity copy_of(const exchange::Identity& from) {
  exchange::Identity self;
  self.card = from.card;
  self.sign = {from.sign.pk, from.sign.seed.clone()};
  self.log = {from.log.pk, from.log.seed.clone()};
  self.witness = {from.witness.pk, from.witness.seed.clone()};
  self.schedule_note = from.schedule_note;
  self.schedule_serial = from.schedule_serial;
  for (const auto& key : from.sealing)
    self.sealing.push_back({key.kid, key.not_after_ms, {key.key.pk, key.key.sk.clone()}});
  return self;
}

constexpr Id16 kPeerStream{0x77};

}  // namespace

Cast::Cast() {
  self = identity_of(xb);
  FOCAL_CHECK(peers.load({row_of(xa, store::PeerLevel::kVerified),
                          row_of(xc, store::PeerLevel::kVerified),
                          row_of(xd, store::PeerLevel::kNone)}).has_value());
}

const Cast& cast() {
  crypto::init();
  log::set_level(log::Level::kError);
  static const Cast everybody;
  return everybody;
}

exchange::Manifest manifest_of(const Hash32& salt, ByteView body, const std::string& kind) {
  exchange::Manifest m;
  m.msg_id.fill(9);
  m.from = "XA";
  m.from_card = cast().xa_card.card_id;
  m.to = {"XB"};
  m.kind = kind;
  m.created_ms = kFuzzNow.wall_ms - kMinuteMs;
  m.body_commit = exchange::body_commitment(salt, body);
  m.body_len = body.size();
  exchange::encode_manifest(m);
  return m;
}

Bytes sign_batch(const std::vector<Hash32>& leaves, exchange::Purpose purpose, Bytes& signature,
                 std::uint64_t signed_ms) {
  const auto made = exchange::sign_statement(cast().xa.sign, "XA", cast().xa_card.card_id, purpose,
                                             leaves, signed_ms);
  signature = to_bytes(ByteView(made.signature));
  return made.statement.bytes;
}

Bytes batch_inner(const std::vector<Bytes>& items, const std::vector<Hash32>& leaves) {
  Bytes signature;
  const Bytes stmt = sign_batch(leaves, exchange::Purpose::kRecords, signature);
  return exchange::encode_batch_inner(stmt, signature, items);
}

Bytes receipts_inner(const std::vector<Bytes>& items) {
  std::vector<Hash32> leaves;
  for (const Bytes& item : items) leaves.push_back(crypto::merkle_leaf(item));
  Bytes signature;
  const Bytes stmt = sign_batch(leaves, exchange::Purpose::kReceipts, signature);
  return exchange::encode_receipts_inner(stmt, signature, items, {});
}

Bytes envelope_of(ByteView inner) {
  crypto::SeededRng rng(7);
  const exchange::SealingKey& key = cast().self.sealing.front();
  return exchange::SealContext::open(rng, "XB", key.kid, key.key.pk, 0)->seal(inner);
}

FuzzNode::FuzzNode()
    : self(copy_of(cast().self)), peers(cast().peers),
      machine(self, peers, ledger, rng, {}, [](exchange::LinkId) { return true; }) {
  FOCAL_CHECK(machine.load(now).has_value());
}

std::vector<exchange::Output> FuzzNode::finish() {
  const store::Txn txn = machine.prepare(now);
  store::Committed ids;
  if (!txn.empty()) ids = ledger.commit(txn);
  return machine.committed(now, ids);
}

void FuzzNode::greet(exchange::LinkId link) {
  machine.link_up(now, link, "XA", false);
  exchange::HelloFrame hello;
  hello.party = "XA";
  hello.card_id = to_bytes(ByteView(cast().xa_card.card_id));
  hello.stream_id = kPeerStream;
  hello.now_ms = now.wall_ms;
  machine.frame(now, link, exchange::encode_frame(hello));
  finish();
  seq_ = 0;
}

std::vector<exchange::Output> FuzzNode::deliver(exchange::LinkId link, Bytes envelope,
                                                std::uint32_t lane) {
  exchange::DataFrame data{kPeerStream, ++seq_, lane, {}};
  data.envelopes.push_back(std::move(envelope));
  machine.frame(now, link, exchange::encode_frame(data));
  return finish();
}

}  // namespace focal::test

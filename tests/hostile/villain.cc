#include "tests/hostile/villain.h"

#include <stdexcept>

#include "crypto/merkle.h"
#include "node/exchange/inner.h"
#include "node/exchange/intro.h"
#include "node/exchange/statement.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger.h"
#include "tests/support/world.h"

namespace focal::hostile {
namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

crypto::Keystore keystore_of(const e2e::Party& party) {
  return must(crypto::Keystore::open(party.folder() / node::kKeystoreFile,
                                     crypto::Secret::copy_of(as_bytes(party.passphrase()))));
}

}  // namespace

Target target_from(const std::string& introduction, int port) {
  auto intro = must(exchange::parse_intro(introduction));
  Target target;
  target.party = intro.card.party;
  target.port = port;
  target.endpoint = "tcp://127.0.0.1:" + std::to_string(port);
  target.card = std::move(intro.card);
  target.schedule = std::move(intro.schedule.value());
  return target;
}

std::vector<Loot> steal_outbox(const e2e::Party& stopped) {
  crypto::SystemRng rng;
  crypto::Keystore keystore = keystore_of(stopped);
  ledger::KeystoreKek keks(keystore, rng);
  const auto ledger = must(ledger::Ledger::open(stopped.folder(), keks, rng));
  std::vector<Loot> out;
  for (const store::OutboxRow& row : ledger->open_outbox()) {
    const auto batch = ledger->batch(row.batch).value();
    std::vector<Bytes> items;
    for (const auto& record : batch.records) items.push_back(must(ledger->item(record.idx)));
    out.push_back({ledger->party(), exchange::encode_batch_inner(batch.stmt, batch.sig, items),
                   batch.records.front().ref});
  }
  return out;
}

Villain::Villain(const e2e::Party& made, Target target, std::vector<std::string> endpoints)
    : target_(std::move(target)) {
  crypto::Keystore keystore = keystore_of(made);
  keys_ = must(node::load_online_keys(keystore));
  const std::string card = e2e::read_text(made.folder() / node::kCardFile);
  self_ = must(node::load_identity(card, keys_, keystore, ""));
  config::NodeConfig config;
  config.reach = "direct";
  config.endpoints = std::move(endpoints);
  crypto::SystemRng rng;
  auto schedule = must(node::next_schedule(self_, keystore, config, read_clocks(), rng));
  node::adopt(self_, std::move(schedule.value()));
  serial_ = self_.schedule_serial;
}

std::string Villain::introduction() const {
  return must(exchange::make_intro(self_.card.note, self_.schedule_note));
}

std::string Villain::next_schedule(const std::vector<std::string>& endpoints) {
  exchange::ScheduleFields fields = must(exchange::parse_schedule(self_.schedule_note));
  fields.endpoints = endpoints;
  const std::lock_guard lock(mutex_);
  fields.serial = ++serial_;
  return must(exchange::make_schedule(fields, self_.sign));
}

Made Villain::make(const Recipe& recipe, crypto::Rng& rng) const {
  Made made;
  const std::uint64_t now_ms = read_clocks().wall_ms;
  std::vector<Bytes> items;
  exchange::Manifest m;
  m.v = recipe.version;
  m.from = recipe.from.empty() ? name() : recipe.from;
  m.from_card = recipe.from_card == Hash32{} ? card().card_id : recipe.from_card;
  m.to = recipe.to.empty() ? std::vector<std::string>{target_.party} : recipe.to;
  m.kind = recipe.kind;
  m.created_ms = now_ms + recipe.ahead_ms - recipe.signed_late_ms;
  const Bytes body = recipe.body ? *recipe.body : test::ping_body("hostile, but in order");
  for (std::size_t i = 0; i < recipe.copies; ++i) {
    m.msg_id = rng.array<16>();
    const Hash32 salt = rng.array<32>();
    m.body_commit =
        exchange::body_commitment(salt, recipe.other_commitment ? to_bytes("another body") : body);
    m.body_len = body.size();
    exchange::encode_manifest(m);
    made.rids.push_back(m.rid);
    items.push_back(exchange::encode_item(m.bytes, salt, body));
  }
  auto stmt = exchange::sign_statement(self_.sign, m.from, m.from_card, exchange::Purpose::kRecords,
                                       made.rids, now_ms + recipe.ahead_ms);
  if (recipe.bad_signature) stmt.signature[5] ^= 1;
  made.inner = exchange::encode_batch_inner(stmt.statement.bytes, stmt.signature, items);
  return made;
}

Bytes Villain::receipts(const std::vector<store::RecordRef>& refs,
                        const std::vector<std::uint32_t>& statuses, const std::string& from,
                        const Hash32& card_id) const {
  const std::uint64_t now_ms = read_clocks().wall_ms;
  std::vector<Bytes> items;
  std::vector<Hash32> leaves;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    items.push_back(exchange::encode_receipt_item(
        exchange::receipt_for(refs[i], statuses[i % statuses.size()], now_ms)));
    leaves.push_back(crypto::merkle_leaf(items.back()));
  }
  const auto stmt = exchange::sign_statement(self_.sign, from, card_id,
                                             exchange::Purpose::kReceipts, leaves, now_ms);
  return exchange::encode_receipts_inner(stmt.statement.bytes, stmt.signature, items, {});
}

Result<Bytes> Villain::open(ByteView envelope) const {
  FOCAL_ASSIGN(const auto header, exchange::parse_envelope(envelope));
  const exchange::SealingKey* key = self_.find_sealing(header.to_kid);
  if (key == nullptr) return fail(ErrorCode::kDecrypt, "sealed to another key");
  exchange::OpenContexts contexts;
  return contexts.open(header, key->key, name(), 0);
}

void Villain::released(const std::vector<Hash32>& rids, bool is_good) {
  const std::lock_guard lock(mutex_);
  for (const Hash32& rid : rids) (is_good ? good_ : bad_).insert(hex(rid));
}
std::set<std::string> Villain::good() const {
  const std::lock_guard lock(mutex_);
  return good_;
}
std::set<std::string> Villain::bad() const {
  const std::lock_guard lock(mutex_);
  return bad_;
}

void Villain::invented(const Hash32& rid) {
  const std::lock_guard lock(mutex_);
  invented_.insert(hex(rid));
}
std::set<std::string> Villain::invented() const {
  const std::lock_guard lock(mutex_);
  return invented_;
}

Bytes Sealer::seal(ByteView inner, crypto::Rng& rng) {
  const Now now = read_clocks();
  if (!context_ || context_->is_spent(now.mono_ms)) {
    const auto* key = exchange::select_key(target_.schedule.keys, now.wall_ms);
    context_ = exchange::SealContext::open(rng, target_.party, key->kid, key->pk, now.mono_ms);
  }
  return context_->seal(inner);
}

}  // namespace focal::hostile

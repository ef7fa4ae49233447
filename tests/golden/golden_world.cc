#include "tests/golden/golden_world.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "config/config.h"
#include "node/node/anchor.h"
#include "node/node/checkpointing.h"
#include "node/node/pair_keys.h"
#include "node/node/root_box.h"
#include "node/node/setup.h"
#include "node/node/trust_settings.h"
#include "node/record/record.h"

namespace focal::golden {
namespace {

constexpr std::uint64_t kSeed = 5;

}  // namespace

crypto::Secret passphrase() { return crypto::Secret::copy_of(as_bytes(kGoldenPassphrase)); }

void give_up(const Error& error) {
  std::fprintf(stderr, "golden: %s: %s\n", std::string(error_name(error.code)).c_str(),
               error.message.c_str());
  std::exit(1);
}

void need(const Status& status) {
  if (!status) give_up(status.error());
}

GoldenWorld::GoldenWorld(std::filesystem::path folder)
    : folder_(std::move(folder)), now_{1'000'000, kGoldenMs}, rng_(kSeed) {}

Place& GoldenWorld::add(const std::string& party) {
  auto place = std::make_unique<Place>();
  place->party = party;
  place->folder = folder_ / party;
  place->rng = std::make_unique<crypto::SeededRng>(rng_.below(~std::uint64_t{0}));
  node::SetupOptions options;
  options.folder = place->folder;
  options.root_folder = folder_ / ("root-" + party);
  options.party = party;
  options.listen = "tcp://127.0.0.1:7117";
  options.endpoints = {"tcp://127.0.0.1:7117"};
  options.authority = {"Golden authority of " + party};
  options.kdf = crypto::kKdfTest;
  need(node::set_up(options, passphrase(), passphrase(), now_, *place->rng));
  open(*place);
  return *(places_[party] = std::move(place));
}

Place& GoldenWorld::resume(const std::string& party) {
  auto place = std::make_unique<Place>();
  place->party = party;
  place->folder = folder_ / party;
  place->rng = std::make_unique<crypto::SeededRng>(rng_.below(~std::uint64_t{0}));
  open(*place);
  place->life = std::make_unique<node::KeyLife>(place->self, *place->keystore, *place->config,
                                                *place->rng);
  need(place->life->recover());
  return *(places_[party] = std::move(place));
}

void GoldenWorld::open(Place& p) {
  p.keystore.emplace(need(crypto::Keystore::open(p.folder / node::kKeystoreFile, passphrase())));
  p.keks = std::make_unique<ledger::KeystoreKek>(*p.keystore, *p.rng);
  p.ledger = need(ledger::Ledger::open(p.folder, *p.keks, *p.rng));
  p.keys = need(node::load_online_keys(*p.keystore));
  const std::string card = p.ledger->own_cards().back().note;
  p.self = need(node::load_identity(card, p.keys, *p.keystore, p.ledger->own_schedule()));
  need(node::load_pairs(*p.keystore, p.self.pairs));
  p.config = need(config::load_config(p.folder / node::kConfigFile));
  p.peers.set_kinds(need(node::kinds_of(*p.config)));
  need(p.peers.load(p.ledger->peers()));
  exchange::MachineSettings settings;
  settings.caps = caps;
  p.core = std::make_unique<node::Core>(
      p.self, p.peers, *p.ledger, [&p](const store::Txn& txn) { return p.ledger->commit(txn); },
      *p.rng, settings, [](exchange::LinkId) { return true; },
      [&p](const store::Txn& txn) { return p.ledger->probe(txn); },
      [&p](const exchange::PairBook& pairs) {
        return node::keep_pairs(pairs, *p.keystore, *p.rng);
      });
  need(p.core->machine().load(now_));
}

crypto::SigningKey GoldenWorld::root_key(const std::string& party) const {
  const auto store =
      need(crypto::Keystore::open(folder_ / ("root-" + party) / node::kRootFile, passphrase()));
  return crypto::signing_key_from_seed(store.find(node::kRootKeyName)->clone());
}

Now GoldenWorld::now(const std::string& party) const {
  const std::int64_t offset = places_.at(party)->clock_offset_ms;
  return {now_.mono_ms, static_cast<std::uint64_t>(static_cast<std::int64_t>(now_.wall_ms) + offset)};
}

void GoldenWorld::pin(const std::string& a, const std::string& b) {
  const exchange::Identity& other = at(b).self;
  store::PeerRow row;
  row.party = b;
  row.level = store::PeerLevel::kVerified;
  row.card_note = other.card.note;
  row.schedule_note = other.schedule_note;
  row.added_ms = now_.wall_ms;
  at(a).core->write(store::PutPeer{row, other.card.card_id});
  at(a).core->write(store::SetTrust{b, other.card.card_id, row.level, store::Suspension::kNone,
                                    "PHONE", "golden officer; safety number compared"});
  finish(a);
  need(at(a).peers.put(row));
  machine(a).peer_changed(now(a), b);
}

void GoldenWorld::verify_both(const std::string& a, const std::string& b) {
  pin(a, b);
  pin(b, a);
}

void GoldenWorld::met(const std::string& a, const std::string& b, const crypto::Secret& psk) {
  const crypto::Secret tag = machine(a).pair_made(now(a), b, psk);
  machine(a).send_confirm(now(a), b, tag);
  finish(a);
}

void GoldenWorld::meet(const std::string& a, const std::string& b) {
  crypto::Secret psk(exchange::kPairKeySize);
  rng_.fill(psk.bytes());
  met(a, b, psk);
  met(b, a, psk);
  run();
}

exchange::LinkId GoldenWorld::connect(const std::string& a, const std::string& b) {
  const exchange::LinkId link = next_link_++;
  links_[link] = {a, b, true};
  machine(b).link_up(now(b), link, a, false);
  machine(a).link_up(now(a), link, b, true);
  run();
  return link;
}

void GoldenWorld::cut(exchange::LinkId link) {
  Link& l = links_.at(link);
  l.up = false;
  machine(l.a).link_down(now(l.a), link, "cut");
  machine(l.b).link_down(now(l.b), link, "cut");
  run();
}

void GoldenWorld::inject(exchange::LinkId link, const std::string& from, Bytes frame) {
  const Link& l = links_.at(link);
  parcels_.push_back({link, l.a == from ? l.b : l.a, std::move(frame)});
  run();
}

store::RecordRef GoldenWorld::send(const std::string& from, const std::string& to,
                                   const std::string& kind, const Bytes& body,
                                   std::optional<store::RecordRef> thread,
                                   std::optional<store::RecordRef> reply_to) {
  exchange::Draft draft;
  draft.to = {to};
  draft.kind = kind;
  draft.body = body;
  draft.thread = thread;
  draft.reply_to = reply_to;
  const auto* info = record::find_kind(kind);
  draft.lane = info != nullptr ? info->lane : 1;
  draft.detail = "golden officer";
  const auto ref = machine(from).submit(now(from), std::move(draft));
  run();
  return ref;
}

void GoldenWorld::write(const std::string& party, store::Op op) {
  at(party).core->write(std::move(op));
  finish(party);
}

void GoldenWorld::finish(const std::string& party) {
  Place& place = at(party);
  if (place.life) place.life->tend(now(party), *place.core);
  auto result = place.core->finish_group(now(party));
  need(result.status);
  if (place.life) place.life->settle(now(party), result.status, *place.core);
  for (auto& output : result.outputs) {
    auto* frame = std::get_if<exchange::SendFrame>(&output);
    if (frame == nullptr) {
      end_link(party, std::get<exchange::CloseLink>(output));
      continue;
    }
    const auto it = links_.find(frame->link);
    if (it == links_.end() || !it->second.up) continue;
    parcels_.push_back({frame->link, it->second.a == party ? it->second.b : it->second.a,
                        std::move(frame->bytes)});
  }
}

// A story in which a link ends by itself is mostly not the one that was meant.
void GoldenWorld::end_link(const std::string& party, const exchange::CloseLink& close) {
  if (!links_may_end)
    give_up(Error{ErrorCode::kState, party + " closes a link: " + close.reason});
  Link& l = links_.at(close.link);
  if (!std::exchange(l.up, false)) return;
  const std::string& other = l.a == party ? l.b : l.a;
  machine(other).link_down(now(other), close.link, close.reason);
  machine(party).link_down(now(party), close.link, close.reason);
}

void GoldenWorld::deliver(const Parcel& parcel) {
  const Link& link = links_.at(parcel.link);
  if (!link.up) return;
  if (on_frame) on_frame(link.a == parcel.to ? link.b : link.a, parcel.to, parcel.frame);
  machine(parcel.to).frame(now(parcel.to), parcel.link, parcel.frame);
}

void GoldenWorld::run() {
  for (int quiet = 0; quiet < 2;) {
    bool moved = false;
    for (auto& [party, place] : places_) {
      machine(party).tick(now(party));
      finish(party);
      moved = moved || machine(party).next_wake_mono_ms() <= now_.mono_ms;
    }
    for (std::size_t n = parcels_.size(); n > 0; --n) {
      const Parcel parcel = std::move(parcels_.front());
      parcels_.pop_front();
      deliver(parcel);
      moved = true;
    }
    quiet = moved ? 0 : quiet + 1;
  }
}

void GoldenWorld::advance(std::uint64_t ms) {
  now_.mono_ms += ms;
  now_.wall_ms += ms;
  run();
}

void GoldenWorld::checkpoints() {
  for (auto& each : places_) {
    const std::string& party = each.first;
    auto& place = each.second;
    node::Anchor anchor(place->config->anchor);
    node::Checkpointing checkpointing(
        [&](std::uint64_t ms) { return place->ledger->checkpoint_due(ms); },
        [&](std::uint64_t ms) { return place->ledger->make_checkpoint(ms, place->keys.log); },
        [&](const std::string& note) { return anchor.write(note); });
    need(checkpointing.tend(now(party), machine(party)));
  }
  run();
}

void GoldenWorld::close() {
  for (auto& [party, place] : places_) {
    place->life.reset();
    place->core.reset();
    place->ledger->idle();
    place->ledger.reset();
    place->keks.reset();
    place->keystore.reset();
  }
}

}  // namespace focal::golden

#include "tests/support/world.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "crypto/keystore.h"
#include "node/record/record.h"
#include "node/store/leaf.h"
#include "proto/record.pb.h"
#include "tests/support/paths.h"

namespace focal::test {
namespace {

crypto::Secret passphrase() { return crypto::Secret::copy_of(as_bytes("a test passphrase")); }

template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

}  // namespace

World::World() {
  crypto::init();
  now_ = {1'000'000, kStartMs};
}

node::Node& World::add(const std::string& party, std::uint64_t expires_ms) {
  node::SetupOptions options;
  options.folder = folder(party);
  options.root_folder = temp_ / ("root-" + party);
  options.party = party;
  options.listen = "tcp://127.0.0.1:7117";
  options.endpoints = {"tcp://127.0.0.1:7117"};
  options.authority = {"Test authority of " + party};
  options.kdf = crypto::kKdfTest;
  options.expires_ms = expires_ms;
  crypto::SystemRng rng;
  need(node::set_up(options, passphrase(), passphrase(), now(party), rng));
  open(party);
  keys_.emplace(party, need(node::load_online_keys(keystore(party))));
  return *nodes_.at(party);
}

crypto::SigningKey World::root_key(const std::string& party, bool next) const {
  const auto file = temp_ / ("root-" + party) / (next ? node::kNextRootFile : node::kRootFile);
  const auto store = need(crypto::Keystore::open(file, passphrase()));
  return crypto::signing_key_from_seed(store.find(node::kRootKeyName)->clone());
}

void World::open(const std::string& party) {
  auto config = need(config::load_config(folder(party) / node::kConfigFile));
  if (configure) configure(config);
  nodes_[party] = need(node::Node::open(std::move(config), passphrase(), now(party)));
}

crypto::Keystore World::keystore(const std::string& party) const {
  return need(crypto::Keystore::open(folder(party) / node::kKeystoreFile, passphrase()));
}

Now World::now(const std::string& party) const {
  const auto offset = offsets_.find(party);
  if (offset == offsets_.end()) return now_;
  return {now_.mono_ms, static_cast<std::uint64_t>(static_cast<std::int64_t>(now_.wall_ms) + offset->second)};
}

void World::pin(const std::string& a, const std::string& b, store::PeerLevel level) {
  const auto& self = core(b).self();
  store::PeerRow row;
  row.party = b;
  row.level = level;
  row.card_note = self.card.note;
  row.schedule_note = self.schedule_note;
  row.added_ms = now_.wall_ms;
  core(a).write(store::PutPeer{row, self.card.card_id});
  core(a).write(store::SetTrust{b, self.card.card_id, level, store::Suspension::kNone, "PHONE",
                                "test"});
  finish(a);
  if (!core(a).peers().put(row)) throw std::runtime_error("pin failed");
  core(a).machine().peer_changed(now(a), b);
}

void World::verify_both(const std::string& a, const std::string& b) {
  pin(a, b, store::PeerLevel::kVerified);
  pin(b, a, store::PeerLevel::kVerified);
}

void World::met(const std::string& at, const std::string& with, const crypto::Secret& psk_ab) {
  exchange::Machine& machine = core(at).machine();
  machine.send_confirm(now_, with, machine.pair_made(now_, with, psk_ab));
  finish(at);
}

void World::meet(const std::string& a, const std::string& b) {
  crypto::SystemRng rng;
  crypto::Secret psk(exchange::kPairKeySize);
  rng.fill(psk.bytes());
  met(a, b, psk);
  met(b, a, psk);
  run();
}

exchange::LinkId World::connect(const std::string& a, const std::string& b) {
  const exchange::LinkId link = next_link_++;
  links_[link] = {a, b, true};
  core(b).machine().link_up(now(b), link, a, false);
  core(a).machine().link_up(now(a), link, b, true);
  run();
  return link;
}

void World::cut(exchange::LinkId link) {
  Link& l = links_.at(link);
  if (!l.up) return;
  l.up = false;
  core(l.a).machine().link_down(now(l.a), link, "cut by the test");
  core(l.b).machine().link_down(now(l.b), link, "cut by the test");
}

void World::finish(const std::string& party) {
  auto result = node(party).commit_group(now(party));
  for (auto& output : result.outputs) {
    if (auto* frame = std::get_if<exchange::SendFrame>(&output)) {
      const auto it = links_.find(frame->link);
      if (it == links_.end() || !it->second.up) continue;
      const std::string& to = it->second.a == party ? it->second.b : it->second.a;
      parcels_.push_back({frame->link, to, std::move(frame->bytes)});
    } else {
      const exchange::LinkId link = std::get<exchange::CloseLink>(output).link;
      // What was sent before the end still arrives, as on a socket.
      std::deque<Parcel> late;
      for (auto& parcel : parcels_)
        if (parcel.link == link) late.push_back(parcel);
      std::erase_if(parcels_, [&](const Parcel& p) { return p.link == link; });
      for (auto& parcel : late)
        if (parcel.to != party && (!on_frame || on_frame(party, parcel.to, parcel.frame)))
          core(parcel.to).machine().frame(now(parcel.to), link, parcel.frame);
      cut(link);
    }
  }
}

void World::run() {
  for (int quiet = 0; quiet < 2;) {
    bool moved = false;
    for (auto& [party, node] : nodes_) {
      node->core().machine().tick(now(party));
      node->tend(now(party));
      finish(party);
      moved = moved || node->core().machine().next_wake_mono_ms() <= now_.mono_ms;
    }
    for (std::size_t n = parcels_.size(); n > 0 && !parcels_.empty(); --n) {
      Parcel parcel = std::move(parcels_.front());
      parcels_.pop_front();
      const auto it = links_.find(parcel.link);
      if (it == links_.end() || !it->second.up) continue;
      const std::string from = it->second.a == parcel.to ? it->second.b : it->second.a;
      moved = true;
      if (on_frame && !on_frame(from, parcel.to, parcel.frame)) {
        cut(parcel.link);
        continue;
      }
      core(parcel.to).machine().frame(now(parcel.to), parcel.link, parcel.frame);
    }
    quiet = moved ? 0 : quiet + 1;
  }
}

std::uint64_t World::checkpoint(const std::string& party) {
  node(party).checkpoint(now(party));
  const auto last = view(party).last_checkpoint();
  return last ? last->size : 0;
}

void World::advance(std::uint64_t ms) {
  now_.mono_ms += ms;
  now_.wall_ms += ms;
  run();
}

void World::crash(const std::string& party) {
  stop(party);
  open(party);
}

void World::stop(const std::string& party) {
  nodes_.erase(party);
  for (auto& [link, l] : links_) {
    if (!l.up || (l.a != party && l.b != party)) continue;
    l.up = false;
    const std::string& other = l.a == party ? l.b : l.a;
    core(other).machine().link_down(now(other), link, "the other end is gone");
  }
  std::erase_if(parcels_, [&](const Parcel& p) { return !links_.at(p.link).up; });
}

void World::inject(exchange::LinkId link, const std::string& from, Bytes frame) {
  const Link& l = links_.at(link);
  parcels_.push_back({link, l.a == from ? l.b : l.a, std::move(frame)});
}

store::RecordRef World::release(const std::string& from, exchange::Draft draft) {
  const auto* info = record::find_kind(draft.kind);
  draft.lane = info != nullptr ? info->lane : 1;
  const auto ref = core(from).machine().submit(now(from), std::move(draft));
  finish(from);
  return ref;
}

store::RecordRef World::send_many(const std::string& from, std::vector<std::string> to,
                                  const std::string& kind, const Bytes& body) {
  exchange::Draft draft;
  draft.to = std::move(to);
  draft.kind = kind;
  draft.body = body;
  return release(from, std::move(draft));
}

store::RecordRef World::send(const std::string& from, const std::string& to,
                             const std::string& kind, const Bytes& body,
                             std::optional<store::RecordRef> thread,
                             std::optional<store::RecordRef> reply_to, std::uint64_t expires_ms) {
  exchange::Draft draft;
  draft.to = {to};
  draft.kind = kind;
  draft.body = body;
  draft.thread = thread;
  draft.reply_to = reply_to;
  draft.expires_ms = expires_ms;
  return release(from, std::move(draft));
}

std::uint32_t World::status_of(const std::string& at, const store::RecordRef& ref,
                               const std::string& peer) {
  const auto info = view(at).find(ref);
  if (!info) throw std::runtime_error("no such record");
  const auto row = view(at).outbox(info->batch, peer);
  if (!row) throw std::runtime_error("no such outbox row");
  return row->item_status.at(info->position);
}

std::size_t World::leaves(const std::string& at, store::LeafType type) {
  std::size_t n = 0;
  for (store::LeafIndex i = 0; i < view(at).log_size(); ++i) {
    const auto leaf = node(at).ledger().leaf(i);
    n += leaf && leaf->type == type ? 1 : 0;
  }
  return n;
}

Bytes example_body(const std::string& file, const std::string& from, const std::string& to) {
  std::ifstream in(in_tree("tests/vectors/examples/" + file));
  std::stringstream text;
  text << in.rdbuf();
  auto record = record::from_json(text.str(), from, {to});
  if (!record) throw std::runtime_error(file + ": " + record.error().as_error().message);
  return record->body();
}

v1::Record small_record(const std::string& subject) {
  v1::Record record;
  auto* header = record.mutable_header();
  header->set_from_desk("NPC");
  header->set_subject(subject);
  header->set_language("en");
  header->set_priority("ROUTINE");
  return record;
}

Bytes ping_body(const std::string& text) {
  v1::Record record = small_record("Test record");
  record.mutable_peer_ping()->set_text(text);
  return to_bytes(record.SerializeAsString());
}

}  // namespace focal::test

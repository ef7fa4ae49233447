#include "tests/attack/wire/forge.h"

#include "crypto/aead.h"
#include "crypto/merkle.h"
#include "node/exchange/schedule.h"
#include "proto/envelope.pb.h"

namespace focal::test {
namespace {

constexpr std::size_t kBuckets[] = {1u << 10,  2u << 10,  4u << 10,  8u << 10, 16u << 10,
                                    32u << 10, 64u << 10, 128u << 10, 288u << 10};

Bytes info_of(const Forger::Parts& p, const std::string& to) {
  Bytes info = to_bytes(std::string_view("focal/env/v1\0", 13));
  info.push_back(p.suite);
  info.push_back(p.mode);
  put_lp(info, p.to_name.empty() ? to : p.to_name);
  append(info, p.kid);
  return info;
}

}  // namespace

Forger::Forger(World& world, std::string from, std::string to)
    : world_(world), from_(std::move(from)), to_(std::move(to)) {
  // The link is a plain one whose honest end at `from` is cut out: the forger
  // speaks for it. Its HELLO came from the real node, so the stream is known; the answer does not
  // reach that node, which would see from it what was forged with its keys.
  world_.on_frame = [this](const std::string& sender, const auto&, const Bytes& frame) {
    if (sender == from_ && frame[0] == 0x01) {
      stream_ = std::get<exchange::HelloFrame>(*exchange::parse_frame(frame)).stream_id;
      world_.core(from_).machine().link_down(world_.now(from_), world_.last_link(),
                                             "the forger speaks for it");
    }
    return true;
  };
  link_ = world_.connect(from_, to_);
  world_.on_frame = nullptr;
}

Forged Forger::honest(std::size_t n, const std::string& kind) {
  Forged out;
  for (std::size_t i = 0; i < n; ++i) {
    exchange::Manifest m;
    m.msg_id = rng_.array<16>();
    m.from = from_;
    m.from_card = card().card_id;
    m.to = {to_};
    m.kind = kind;
    m.created_ms = world_.now().wall_ms;
    out.salts.push_back(rng_.array<32>());
    out.bodies.push_back(to_bytes("body " + std::to_string(i)));
    m.body_commit = exchange::body_commitment(out.salts.back(), out.bodies.back());
    m.body_len = out.bodies.back().size();
    out.manifests.push_back(std::move(m));
  }
  make_items(out);
  sign(out);
  make_inner(out);
  return out;
}

void Forger::make_items(Forged& f) {
  f.items.clear();
  f.leaves.clear();
  for (std::size_t i = 0; i < f.manifests.size(); ++i) {
    exchange::encode_manifest(f.manifests[i]);
    f.items.push_back(exchange::encode_item(f.manifests[i].bytes, f.salts[i], f.bodies[i]));
    f.leaves.push_back(f.manifests[i].rid);
  }
}

void Forger::sign(Forged& f, std::uint32_t purpose) {
  sign_as(f, from_, card().card_id, purpose, static_cast<std::uint32_t>(f.leaves.size()),
          crypto::merkle_root(f.leaves), world_.now().wall_ms);
}

void Forger::sign_as(Forged& f, const std::string& from, const Hash32& card_id,
                     std::uint32_t purpose, std::uint32_t size, const Hash32& root,
                     std::uint64_t signed_ms) {
  v1::BatchStmt stmt;
  stmt.set_v(1);
  stmt.set_from(from);
  stmt.set_card(to_string(ByteView(card_id)));
  stmt.set_purpose(purpose);
  stmt.set_size(size);
  stmt.set_root(to_string(ByteView(root)));
  stmt.set_signed_ms(signed_ms);
  f.stmt = to_bytes(stmt.SerializeAsString());
  const auto signature = crypto::sign(sign_key(), crypto::pae(crypto::kBatchType, f.stmt));
  f.sig = to_bytes(ByteView(signature));
}

void Forger::make_inner(Forged& f) {
  f.inner = exchange::encode_batch_inner(f.stmt, f.sig, f.items);
}

Forger::Parts Forger::parts(ByteView inner) {
  const auto schedule = exchange::parse_schedule(world_.core(to_).self().schedule_note);
  const auto* key = exchange::select_key(schedule->keys, world_.now().wall_ms);
  Parts p;
  p.kid = key->kid;
  put_u32be(p.plain, static_cast<std::uint32_t>(inner.size()));
  append(p.plain, inner);
  for (const std::size_t bucket : kBuckets)
    if (p.plain.size() <= bucket) {
      p.plain.resize(bucket);
      break;
    }
  return p;
}

Bytes Forger::seal_parts(const Parts& p) {
  const auto schedule = exchange::parse_schedule(world_.core(to_).self().schedule_note);
  const auto* key = exchange::select_key(schedule->keys, world_.now().wall_ms);
  crypto::hpke::Psk psk;
  if (p.pair != nullptr) psk = {p.pair->psk.view(), as_bytes(exchange::kPskId)};
  auto sender = crypto::hpke::setup_s(*crypto::find_suite(crypto::kSuiteX25519), rng_, key->pk,
                                      info_of(p, to_), psk);
  Bytes enc = p.enc;
  if (enc.empty()) enc = sender->enc;
  Bytes out{p.version, p.suite, p.mode};
  append(out, p.kid);
  put_u16be(out, static_cast<std::uint16_t>(enc.size()));
  append(out, enc);
  const Bytes hint = p.hint.empty() && p.pair != nullptr ? to_bytes(ByteView(p.pair->hint(enc))) : p.hint;
  out.push_back(static_cast<std::uint8_t>(hint.size()));
  append(out, hint);
  put_u64be(out, p.idx);
  Bytes label = to_bytes(std::string_view("focal/env-key/v1\0", 17));
  put_u64be(label, p.idx);
  const auto env_key = sender->context.export_secret(label, 32);
  const Bytes aad = out;
  crypto::seal_chacha(env_key.view(), crypto::Nonce12{}, aad, p.plain, out);
  return out;
}

Bytes Forger::seal(ByteView inner) { return seal_parts(parts(inner)); }

void Forger::hand_over(const Bytes& envelope, std::uint32_t lane) {
  exchange::DataFrame data;
  data.stream_id = stream_;
  data.first_seq = ++seq_;
  data.lane = lane;
  data.envelopes = {envelope};
  world_.core(to_).machine().frame(world_.now(), link_, exchange::encode_frame(data));
}

void Forger::deliver(const Bytes& envelope, std::uint32_t lane) {
  effect = {};
  const auto leaves_before = world_.view(to_).log_size();
  const auto silent_before = world_.core(to_).machine().counters().silent;
  const auto env_id = exchange::envelope_id(envelope);
  world_.on_frame = [&](const std::string& sender, const auto&, const Bytes& frame) {
    if (sender != to_) return true;
    const auto parsed = exchange::parse_frame(frame);
    if (!parsed) return true;
    if (const auto* bounces = std::get_if<exchange::BounceFrame>(&*parsed))
      for (const auto& bounce : bounces->bounces)
        if (bounce.env_id == env_id) effect.bounces.push_back(bounce);
    if (std::holds_alternative<exchange::ByeFrame>(*parsed)) effect.bye = true;
    return true;  // nothing reaches the real node at `from`: it did not send this
  };
  hand_over(envelope, lane);
  auto result = world_.core(to_).finish_group(world_.now());
  for (const auto& output : result.outputs) {
    const auto* frame = std::get_if<exchange::SendFrame>(&output);
    if (frame == nullptr) continue;
    world_.on_frame(to_, from_, frame->bytes);
  }
  world_.on_frame = nullptr;
  effect.leaves = static_cast<std::uint64_t>(world_.view(to_).log_size() - leaves_before);
  for (const auto& [step, count] : world_.core(to_).machine().counters().silent) {
    const auto before = silent_before.find(step);
    const std::uint64_t more = count - (before == silent_before.end() ? 0 : before->second);
    if (more != 0) effect.silent[step] = more;
  }
  effect.waiting = world_.core(to_).machine().waiting().size();
}

}  // namespace focal::test

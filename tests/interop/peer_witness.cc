#include "tests/interop/peer_witness.h"

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/exchange/tlog_proof.h"
#include "node/exchange/witness_book.h"
#include "node/store/checkpoint.h"
#include "tests/fuzz/memory_ledger.h"
#include "tests/interop/peer_world.h"

namespace focal::test {
namespace {

constexpr std::size_t kLeafSize = 74;

// What is told, as the ledger of the node would have it.
class ToldView : public MemoryLedger {
 public:
  explicit ToldView(const PeerWorld& world) : world_(world) {}

  std::vector<store::WitnessStateRow> witness_states() override {
    if (!world_.cosigned) return {};
    return {*world_.cosigned};
  }
  std::optional<store::CheckpointRow> last_checkpoint() override {
    if (world_.mine.empty()) return std::nullopt;
    const auto at = store::parse_checkpoint(world_.mine);
    FOCAL_CHECK(at.has_value());
    return store::CheckpointRow{at->size, at->root, world_.mine};
  }
  std::optional<store::CheckpointRow> checkpoint(std::uint64_t size) override {
    auto row = last_checkpoint();
    return row && row->size == size ? row : std::nullopt;
  }
  std::vector<store::WitnessPolicyRow> witness_policies() override {
    if (world_.policy.empty()) return {};
    return {{0, world_.policy}};
  }
  std::optional<store::Leaf> leaf(store::LeafIndex) override {
    return store::Leaf{store::LeafType::kAdmin, world_.last_ms, {}, {}};
  }

 private:
  const PeerWorld& world_;
};

// A node in that world with its WitnessBook.
class Node {
 public:
  explicit Node(const PeerWorld& world)
      : self_(identity(world)),
        peers_(world.peers()),
        view_(world),
        trust_(self_, peers_, view_),
        book_(self_, peers_, view_, trust_) {
    FOCAL_CHECK(book_.load().has_value());
  }
  exchange::WitnessBook& book() { return book_; }

 private:
  static exchange::Identity identity(const PeerWorld& world) {
    exchange::Identity out = world.identity();
    if (!world.mine.empty()) {
      out.log = crypto::signing_key_from_seed(crypto::Secret::copy_of(world.log_seed));
      out.card.log = out.log.pk;
      out.card.log_name = store::parse_checkpoint(world.mine)->origin;
    }
    if (!world.witness_seed.empty()) {
      out.witness = crypto::signing_key_from_seed(crypto::Secret::copy_of(world.witness_seed));
      out.card.witness = out.witness.pk;
    }
    return out;
  }

  exchange::Identity self_;
  exchange::Peers peers_;
  ToldView view_;
  exchange::TrustBook trust_;
  exchange::WitnessBook book_;
};

exchange::BookTime time_of(const PeerWorld& world) {
  return {{1'000'000, world.now_ms}, world.now_ms, world.now_ms};
}

std::string named(const char* what, std::string_view text) {
  return std::string(what) + ":" + hex(crypto::sha256(as_bytes(text)));
}

std::string refuse(std::string_view answer, std::string_view why) {
  return std::string("refuse ").append(answer).append(" WITNESS ").append(why);
}
std::string refuse(const Error& error) { return refuse("-", error.message); }

std::string text_of(const std::string& base64_text) {
  const auto bytes = unbase64(base64_text);
  FOCAL_CHECK(bytes.has_value());
  return to_string(*bytes);
}

}  // namespace

bool tell_witness(PeerWorld& world, const std::vector<std::string>& words) {
  const std::size_t given = words.size() - 1;
  if (words[0] == "cosigned" && given == 0) {
    world.cosigned.reset();
  } else if (words[0] == "cosigned" && given == 2) {
    store::WitnessStateRow row;
    row.note = text_of(words[1]);
    row.line = text_of(words[2]);
    const auto at = store::parse_checkpoint(row.note);
    if (!at) return false;
    row.origin = at->origin;
    row.party = world.subject;
    row.size = at->size;
    row.root = at->root;
    world.cosigned = row;
  } else if (words[0] == "mine" && given == 4) {
    world.log_seed = unhex(words[1]).value_or(Bytes{});
    world.mine = text_of(words[2]);
    world.policy = text_of(words[3]);
    world.last_ms = std::stoull(words[4]);
  } else {
    return false;
  }
  return true;
}

std::string judge_policy(const PeerWorld& world, std::string_view note) {
  Node node(world);
  const auto taken = node.book().take_policy(world.subject, std::string(note), time_of(world));
  if (!taken) return refuse(taken.error());
  FOCAL_CHECK(*taken);
  return "accept " + hex(exchange::read_witness_policy(note)->policy_id);
}

std::string judge_ckpt(const PeerWorld& world, ByteView body) {
  const auto frame = exchange::parse_ckpt(body);
  if (!frame) return refuse(frame.error());
  Node node(world);
  const auto said = node.book().take_ckpt(world.subject, *frame, time_of(world));
  if (!said.answer) return refuse("-", said.refused);
  if (!said.answer->conflict.empty())
    return refuse(named("conflict", said.answer->conflict), said.refused);
  // What is answered is what is written, or was written before.
  for (const store::Op& op : node.book().take_ops())
    if (const auto* state = std::get_if<store::PutWitnessState>(&op))
      FOCAL_CHECK(state->row.line == said.answer->lines);
  return "accept " + named("line", said.answer->lines);
}

std::string judge_cosig(const PeerWorld& world, ByteView body) {
  const auto frame = exchange::parse_cosig(body);
  if (!frame) return refuse(frame.error());
  Node node(world);
  const Status taken = node.book().take_cosig(world.subject, *frame, time_of(world));
  if (!taken) return refuse(taken.error());
  if (!frame->conflict.empty())
    return "accept conflict:" + std::to_string(store::parse_checkpoint(frame->conflict)->size);
  for (const store::Op& op : node.book().take_ops())
    if (const auto* cosig = std::get_if<store::PutCosig>(&op))
      return "accept " + named("line", cosig->row.line);
  return refuse("-", "no line was taken");
}

// 74 bytes of the leaf || the proof.
std::string judge_proof(const PeerWorld& world, ByteView bytes) {
  const ByteView leaf = bytes.first(std::min(bytes.size(), kLeafSize));
  const auto proof = exchange::parse_tlog_proof(as_text(bytes.subspan(leaf.size())));
  if (!proof) return refuse(proof.error());
  const exchange::Card card = world.subject_card();
  const auto at =
      exchange::check_tlog_proof(*proof, crypto::merkle_leaf(leaf), card.log_name, card.log);
  if (!at) return refuse(at.error());
  return "accept " + std::to_string(proof->index) + ":" + std::to_string(at->size);
}

// What is left of the claims when what has not their form is gone; "none" where nothing is spoken.
std::string judge_hello(ByteView body) {
  Bytes bytes{0x01};
  append(bytes, body);
  const auto frame = exchange::parse_frame(bytes);
  if (!frame) return refuse(frame.error());
  const auto& hello = std::get<exchange::HelloFrame>(*frame);
  if ((hello.caps & exchange::kCapWitness) == 0) {
    FOCAL_CHECK(hello.your_note.empty() && hello.your_stmt.empty() &&
                hello.your_cosig.checkpoint.empty());
    return "accept none";
  }
  Bytes stmt = hello.your_stmt;
  append(stmt, hello.your_stmt_sig);
  std::string out = "accept ";
  for (const ByteView claim :
       {as_bytes(hello.your_note), ByteView(stmt), as_bytes(hello.your_cosig.checkpoint)})
    out.append(claim.empty() ? "-" : hex(crypto::sha256(claim))).push_back(',');
  out.pop_back();
  return out;
}

namespace {

// The hashes of a tree over these leaves.
crypto::SubtreeHash over(const std::vector<Hash32>& leaves) {
  return [&leaves](unsigned level, std::uint64_t index) {
    const std::size_t n = std::size_t{1} << level;
    return crypto::merkle_root(std::span(leaves).subspan(static_cast<std::size_t>(index) * n, n));
  };
}

class WitnessMaker {
 public:
  WitnessMaker(crypto::Rng& rng, std::uint64_t now_ms, const WitnessParty& from,
               const WitnessParty& me, const TellLine& tell)
      : rng_(rng), now_s_(now_ms / kSecondMs), from_(from), me_(me), tell_(tell) {}

  WitnessNotes run() {
    WitnessNotes out;
    out.checkpoint = their_log();
    policy_sample();
    out.cosigs = own_log();
    return out;
  }

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(rng_.below(n)); }
  void sample(const char* kind, ByteView bytes) { tell_({"sample", kind, base64(bytes)}); }
  static std::string in_base64(const std::string& text) { return base64(as_bytes(text)); }

  std::string checkpoint(const WitnessParty& party, std::uint64_t size, const Hash32& root) {
    crypto::Note note{store::checkpoint_text(party.log_name, size, root), {}};
    crypto::sign_note(note, party.log_name, *party.log);
    return crypto::format_note(note);
  }
  std::string line(const WitnessParty& party, const std::string& note, std::uint64_t at_s) {
    crypto::Note over_it{crypto::parse_note(note)->text, {}};
    crypto::cosign_note(over_it, exchange::witness_name(party.party), *party.witness, at_s);
    return crypto::format_note(over_it).substr(over_it.text.size() + 1);
  }
  std::string policy(const WitnessParty& party, std::vector<std::string> witnesses) {
    std::sort(witnesses.begin(), witnesses.end());
    const std::size_t n = witnesses.size();
    const auto quorum = static_cast<std::uint32_t>(n == 0 ? 0 : n / 2 + 1 + below(n - n / 2));
    const auto made = exchange::make_witness_policy(
        {party.party, party.log_name, now_s_, quorum, std::move(witnesses)}, *party.log);
    FOCAL_CHECK(made.has_value());
    return made->note;
  }
  std::vector<std::string> others() {
    std::vector<std::string> out;
    for (const char* party : {"AA", "B-", "XX-1", "ZZZZZZZZZZZZ"})
      if (below(2) == 0) out.emplace_back(party);
    return out;
  }

  std::string their_log() {
    const std::size_t first = 1 + below(200);
    std::vector<Hash32> leaves(first + 1 + below(200));
    for (Hash32& hash : leaves) hash = rng_.array<32>();
    const auto size = static_cast<std::uint64_t>(leaves.size());
    const std::string held =
        checkpoint(from_, first, crypto::merkle_root(std::span(leaves).first(first)));
    tell_({"witness", hex(me_.witness->seed.view())});
    const std::string mine = line(me_, held, now_s_ - below(86'400));
    tell_({"cosigned", in_base64(held), in_base64(mine)});
    cosigned_ = {held, mine, {}};
    const std::string next = checkpoint(from_, size, crypto::merkle_root(leaves));
    sample("ckpt", exchange::encode_ckpt(
                       {first, crypto::consistency_path(first, size, over(leaves)), next}));
    sample("ckpt", exchange::encode_ckpt({first, {}, held}));  // the line of then is lost

    const std::size_t at = below(first);
    Bytes leaf_and_proof(kLeafSize);
    rng_.fill(leaf_and_proof);
    leaves[at] = crypto::merkle_leaf(leaf_and_proof);
    const exchange::TlogProof proof{at, crypto::inclusion_path(at, size, over(leaves)),
                                    checkpoint(from_, size, crypto::merkle_root(leaves))};
    append(leaf_and_proof, exchange::format_tlog_proof(proof));
    sample("proof", leaf_and_proof);
    return next;
  }

  void policy_sample() { sample("policy", as_bytes(policy(from_, others()))); }

  // The note with the line of the other party.
  std::string own_log() {
    const std::string mine = checkpoint(me_, 64 * (1 + below(1000)), rng_.array<32>());
    const std::uint64_t last_s = now_s_ - below(86'400);
    std::vector<std::string> witnesses = others();
    witnesses.push_back(from_.party);
    tell_({"mine", hex(me_.log->seed.view()), in_base64(mine), in_base64(policy(me_, witnesses)),
           std::to_string(last_s * kSecondMs)});
    const std::string theirs =
        line(from_, mine, last_s + below(static_cast<std::size_t>(now_s_ - last_s + 1)));
    sample("cosig", exchange::encode_cosig({mine, theirs, {}}));
    sample("cosig", exchange::encode_cosig({{}, {}, mine}));
    hello(mine);
    return mine + theirs;
  }

  // What the sender holds of this node's.
  void hello(const std::string& mine) {
    exchange::HelloFrame frame;
    frame.party = from_.party;
    frame.card_id = to_bytes(ByteView(from_.card_id));
    frame.stream_id = rng_.array<16>();
    frame.incarnation = rng_.array<16>();
    frame.now_ms = now_s_ * kSecondMs;
    frame.seal_serial = now_s_;
    frame.caps = exchange::kCapWitness;
    frame.your_note = mine;
    frame.your_stmt = Bytes(100 + below(100), 's');
    frame.your_stmt_sig = Bytes(64, 'g');
    frame.your_cosig = cosigned_;
    const Bytes bytes = exchange::encode_frame(frame);
    sample("hello", ByteView(bytes).subspan(1));
  }

  crypto::Rng& rng_;
  const std::uint64_t now_s_;
  const WitnessParty& from_;
  const WitnessParty& me_;
  const TellLine& tell_;
  exchange::CosigFrame cosigned_;
};

}  // namespace

WitnessNotes make_witnessing(crypto::Rng& rng, std::uint64_t now_ms, const WitnessParty& from,
                             const WitnessParty& me, const TellLine& tell) {
  return WitnessMaker(rng, now_ms, from, me, tell).run();
}

}  // namespace focal::test

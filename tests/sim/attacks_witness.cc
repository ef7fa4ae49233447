// What the hostile party does as a witness: lines over what it should not cosign or that are none,
// and claims about what it holds of others' logs.
#include "crypto/note.h"
#include "node/exchange/statement.h"
#include "node/store/checkpoint.h"
#include "tests/sim/hostile.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kYear2100 = 4'102'444'800;

std::string line_over(const std::string& text, const std::string& name,
                      const crypto::SigningKey& key, std::uint64_t seconds) {
  crypto::Note note{text, {}};
  crypto::cosign_note(note, name, key, seconds);
  return crypto::format_note(note).substr(text.size() + 1);
}

}  // namespace

std::string Hostile::note_of(const std::string& origin, std::uint64_t size,
                             const Hash32& root) const {
  crypto::Note note;
  note.text = store::checkpoint_text(origin, size, root);
  crypto::sign_note(note, origin, self_.log);  // under another's name, with a key of its own
  return crypto::format_note(note);
}

bool Hostile::false_line(exchange::LinkId id, crypto::Rng& rng) {
  if (notes_.empty()) return false;
  const auto asked = store::parse_checkpoint(notes_[rng.below(notes_.size())]);
  if (!asked) return false;
  const std::string name = exchange::witness_name(party_.name);
  const std::uint64_t now_s = (kStartMs + queue_.now_ms()) / kSecondMs;
  const std::string other = store::checkpoint_text(asked->origin, asked->size, rng.array<32>());
  const std::string text = asked->note.text;
  exchange::CosigFrame out;
  out.checkpoint = crypto::format_note(asked->note);
  switch (rng.below(8)) {
    case 0: out.lines = line_over(text, name, self_.witness, now_s); break;  // a true one
    case 1: out.lines = line_over(other, name, self_.witness, now_s); break;
    case 2: out.lines = line_over(text, name, self_.witness, kYear2100); break;
    case 3: out.lines = line_over(text, name, self_.witness, 1); break;
    case 4:  // over a checkpoint that was never made
      out.checkpoint = note_of(asked->origin, asked->size, rng.array<32>());
      out.lines = line_over(other, name, self_.witness, now_s);
      break;
    case 5:  // in the name of an honest witness
      out.lines = line_over(text, exchange::witness_name(sim::party(rng.below(number_)).name),
                            self_.witness, now_s);
      break;
    case 6: out.lines = line_over(text, name, self_.log, now_s); break;  // not its witness key
    default:
      out.lines = line_over(text, name, self_.witness, now_s);
      out.lines += out.lines;
      break;
  }
  say(id, out);
  return true;
}

bool Hostile::false_conflict(exchange::LinkId id, std::size_t target, crypto::Rng& rng) {
  exchange::CosigFrame out;
  const std::string origin = sim::party(target).origin();
  switch (rng.below(4)) {
    case 0: out.conflict = note_of(origin, 64 * (1 + rng.below(40)), rng.array<32>()); break;
    case 1: out.conflict = note_of(party_.origin(), 64, rng.array<32>()); break;
    default:  // true and old, or of another log
      if (notes_.empty()) return false;
      out.conflict = notes_[rng.below(notes_.size())];
      break;
  }
  say(id, out);
  return true;
}

// The next HELLO shows what the other side never signed.
bool Hostile::false_claim(exchange::LinkId id, std::size_t target, crypto::Rng&) {
  claims_to_.insert(target);
  wires_.close(number_, id);
  links_.erase(id);
  return true;
}

void Hostile::claim(std::size_t target, exchange::HelloFrame& hello) {
  const Party& whose = sim::party(target);
  hello.your_note = note_of(whose.origin(), 64 * (1 + rng_.below(100)), rng_.array<32>());
  const std::vector<Hash32> leaves{rng_.array<32>()};
  const auto stmt = exchange::sign_statement(self_.sign, whose.name, whose.card.card_id,
                                             exchange::Purpose::kRecords, leaves, hello.now_ms);
  hello.your_stmt = stmt.statement.bytes;
  hello.your_stmt_sig = to_bytes(ByteView(stmt.signature));
  const std::string text = store::checkpoint_text(party_.origin(), 64, rng_.array<32>());
  crypto::Note note{text, {}};
  crypto::sign_note(note, party_.origin(), self_.log);
  hello.your_cosig.checkpoint = crypto::format_note(note);
  hello.your_cosig.lines =
      line_over(text, exchange::witness_name(whose.name), self_.witness, hello.now_ms / kSecondMs);
}

}  // namespace focal::sim

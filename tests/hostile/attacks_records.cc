// Envelopes and what is in them: some that nobody can open, some that open and hold
// nonsense, records that break one rule, records in the name of others, true records of
// others sealed anew, and more true records of its own than anybody asked for.
#include "node/exchange/inner.h"
#include "tests/hostile/assault.h"

namespace focal::hostile {
namespace {

using exchange::ByeCode;

// Sends them and waits until the target has answered for all of them.
bool delivers(Line* line, std::vector<Bytes> sealed, std::uint32_t lane = 1) {
  return line != nullptr && line->data(std::move(sealed), lane) && line->settles();
}
bool delivers(Attacker& a, const Bytes& inner) {
  return delivers(a.open().get(), {a.seal(inner)}, 1 + static_cast<std::uint32_t>(a.rng.below(2)));
}
const Loot& any_loot(Attacker& a, const std::string& from) {
  std::vector<const Loot*> fit;
  for (const Loot& loot : a.all.loot())
    if (loot.from == from) fit.push_back(&loot);
  return *fit.at(a.rng.below(fit.size()));
}

// Envelopes of the right sizes that do not open: noise, another key, another party's
// name, a byte changed, an unknown version or suite.
bool unopenable(Attacker& a) {
  Bytes envelope = a.seal(a.bytes(500));
  switch (a.rng.below(5)) {
    case 0: envelope = a.bytes(1 + a.rng.below(3000)); break;
    case 1: envelope[a.rng.below(3)] ^= 0x40; break;    // version, suite, mode
    case 2: envelope[3 + a.rng.below(16)] ^= 1; break;  // key
    case 3: envelope[a.rng.below(envelope.size())] ^= 1; break;
    default: envelope.resize(envelope.size() - 1); break;
  }
  return delivers(a.open().get(), {envelope});
}

bool flood_of_unopenable(Attacker& a) {
  const auto line = a.open();
  if (!line) return false;
  for (int frame = 0; frame < 4; ++frame) {
    std::vector<Bytes> rubbish;
    for (int i = 0; i < 120; ++i) rubbish.push_back(a.bytes(a.rng.below(1200)));
    if (!line->data(std::move(rubbish), static_cast<std::uint32_t>(a.rng.below(3)))) return false;
  }
  return line->settles();
}

// A new HPKE context for each envelope: the dearest thing to open.
bool new_contexts(Attacker& a) {
  const auto line = a.open();
  std::vector<Bytes> sealed;
  for (int i = 0; i < 80; ++i) sealed.push_back(Sealer(a.target).seal(a.bytes(300), a.ids));
  return delivers(line.get(), std::move(sealed));
}

bool garbage_inner(Attacker& a) {
  Bytes inner = a.villain.make({}, a.ids).inner;  // never released: it is broken below
  switch (a.rng.below(3)) {
    case 0: inner = a.bytes(a.rng.below(5000)); break;
    case 1: inner.resize(a.rng.below(inner.size())); break;
    default: inner[a.rng.below(inner.size())] ^= static_cast<std::uint8_t>(1 + a.rng.below(255));
  }
  return delivers(a, inner);
}

bool ping_flood(Attacker& a) {
  const auto line = a.open();
  std::vector<Bytes> sealed;
  for (int i = 0; i < 60; ++i) {
    const Made made = a.villain.make(Recipe{.copies = 1 + a.rng.below(3)}, a.ids);
    a.villain.released(made.rids, true);
    sealed.push_back(a.seal(made.inner));
  }
  return delivers(line.get(), std::move(sealed), static_cast<std::uint32_t>(a.rng.below(3)));
}

bool large_batch(Attacker& a) {
  const Made made = a.villain.make(Recipe{.copies = 256}, a.ids);
  a.villain.released(made.rids, true);
  return delivers(a, made.inner);
}

// One envelope several times in one frame, on one link and on the next one.
bool replay(Attacker& a) {
  const Made made = a.villain.make({}, a.ids);
  a.villain.released(made.rids, true);
  const Bytes envelope = a.seal(made.inner);
  const auto first = a.open(), second = a.open();
  return delivers(first.get(), {envelope, envelope}) && delivers(first.get(), {envelope}, 0) &&
         delivers(second.get(), {envelope, a.seal(made.inner)});
}

bool unknown_kind(Attacker& a) {
  const Made made = a.villain.make(Recipe{.kind = "future.kind", .body = a.bytes(200)}, a.ids);
  a.villain.released(made.rids, true);
  return delivers(a, made.inner);
}

// Signed and sealed in order, but what it says breaks a rule: it is rejected visibly.
bool rejected_records(Attacker& a) {
  Recipe recipe;
  switch (a.rng.below(4)) {
    case 0:
      recipe.kind = "trace.request";
      recipe.body = a.bytes(400);
      break;
    case 1: recipe.kind = "trace.request"; break;  // the body is a ping
    case 2: recipe.body = Bytes{}; break;
    default: recipe.signed_late_ms = 8 * kDayMs; break;
  }
  const Made made = a.villain.make(recipe, a.ids);
  a.villain.released(made.rids, false);
  return delivers(a, made.inner);
}

// Not acceptable at all: nothing of it may stay.
bool refused_records(Attacker& a) {
  Recipe recipe;
  switch (a.rng.below(5)) {
    case 0: recipe.bad_signature = true; break;
    case 1: recipe.other_commitment = true; break;
    case 2: recipe.to = {"ZZ"}; break;
    case 3: recipe.to = {a.target.party, a.villain.name()}; break;
    default: recipe.to = {a.target.party, "XA", "XA"}; break;  // not sorted, one twice
  }
  return delivers(a, a.villain.make(recipe, a.ids).inner);
}

bool in_the_name_of_another(Attacker& a) {
  Recipe recipe;
  const Loot& theirs = any_loot(a, "XA");
  const auto inner = exchange::parse_inner(theirs.inner);
  const auto manifest =
      exchange::parse_manifest(std::get<exchange::BatchView>(*inner).items.front().manifest);
  recipe.from = a.chance(4) ? a.target.party : "XA";
  recipe.from_card = recipe.from == "XA" ? manifest->from_card : a.target.card.card_id;
  return delivers(a, a.villain.make(recipe, a.ids).inner);
}

// Nobody knows the sender, or the program is too old, or the clock: it is kept for later.
bool records_that_wait(Attacker& a) {
  Recipe recipe;
  switch (a.rng.below(3)) {
    case 0: recipe.from = "ZZ"; break;
    case 1: recipe.version = 2; break;
    default: recipe.ahead_ms = 3 * kDayMs; break;
  }
  return delivers(a, a.villain.make(recipe, a.ids).inner);
}

// A true record of XA for the target, brought by this party: before XA's own, or again.
bool stolen_and_sealed_anew(Attacker& a) {
  const Loot& loot = any_loot(a, "XA");
  const auto line = a.open();
  return delivers(line.get(), {a.seal(loot.inner)}, 0) && delivers(a, loot.inner);
}

// The same with another body under the true signature, and with the body left out.
bool stolen_with_another_body(Attacker& a) {
  const Loot& loot = any_loot(a, "XA");
  const auto inner = exchange::parse_inner(loot.inner);
  const auto& batch = std::get<exchange::BatchView>(*inner);
  std::vector<Bytes> items;
  for (const auto& item : batch.items) {
    const Hash32 rid = exchange::parse_manifest(item.manifest)->rid;
    items.push_back(a.chance(3) ? exchange::encode_leaf_item(rid)
                                : exchange::encode_item(item.manifest, *fixed<32>(item.salt),
                                                        to_bytes("another body")));
  }
  return delivers(a, exchange::encode_batch_inner(batch.stmt, batch.sig, items));
}

// The target's own record, written to XA, comes back to the target.
bool stolen_and_brought_home(Attacker& a) { return delivers(a, any_loot(a, a.target.party).inner); }

constexpr Kind kKinds[] = {
    {"unopenable", unopenable},
    {"flood_of_unopenable", flood_of_unopenable},
    {"new_contexts", new_contexts},
    {"garbage_inner", garbage_inner},
    {"ping_flood", ping_flood},
    {"large_batch", large_batch},
    {"replay", replay},
    {"unknown_kind", unknown_kind},
    {"rejected_records", rejected_records},
    {"refused_records", refused_records},
    {"in_the_name_of_another", in_the_name_of_another},
    {"records_that_wait", records_that_wait},
    {"stolen_and_sealed_anew", stolen_and_sealed_anew},
    {"stolen_with_another_body", stolen_with_another_body},
    {"stolen_and_brought_home", stolen_and_brought_home},
};

}  // namespace

std::span<const Kind> record_kinds() { return kKinds; }

}  // namespace focal::hostile

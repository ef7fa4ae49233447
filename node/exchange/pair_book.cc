#include "node/exchange/pair_book.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/names.h"
#include "node/exchange/ceremony_code.h"

namespace focal::exchange {
namespace {

// u8 version | u64be made_ms | u64be confirmed_ms | own_tag | their_tag
//   | u64be week | psk (out) | u64be week | psk (in) | u8 told
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kEncoded = 1 + 8 + 8 + 2 * kPairKeySize + 2 * (8 + kPairKeySize) + 1;

class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> out) : out_(out) {}
  void number(std::uint64_t value) {
    Bytes bytes;
    put_u64be(bytes, value);
    this->bytes(bytes);
  }
  void bytes(ByteView from) {
    std::copy(from.begin(), from.end(), out_.begin());
    out_ = out_.subspan(from.size());
  }
  bool is_full() const { return out_.empty(); }

 private:
  std::span<std::uint8_t> out_;
};

// In time that does not depend on how much of it is right.
bool same_hint(const PairHint& ours, ByteView theirs) {
  if (theirs.size() != ours.size()) return false;
  std::uint8_t different = 0;
  for (std::size_t i = 0; i < ours.size(); ++i)
    different = static_cast<std::uint8_t>(different | (ours[i] ^ theirs[i]));
  return different == 0;
}

}  // namespace

PairSecret PairSecret::make(const crypto::Secret& psk_ab, std::string_view self,
                            std::string_view peer, const PairWeeks& weeks,
                            std::uint64_t made_ms) {
  crypto::Secret out_first = first_pair_key(psk_ab, self, peer);
  crypto::Secret in_first = first_pair_key(psk_ab, peer, self);
  PairSecret made;
  made.made_ms = made_ms;
  made.own_tag = confirm_tag(out_first, self);
  made.their_tag = confirm_tag(in_first, peer);
  made.out = PairChain::from_first(std::move(out_first), weeks.out);
  made.in = PairChain::from_first(std::move(in_first), weeks.in);
  return made;
}

PairSecret PairSecret::clone() const {
  PairSecret copy;
  copy.made_ms = made_ms;
  copy.confirmed_ms = confirmed_ms;
  copy.out = PairChain(out.week(), out.oldest().clone());
  copy.in = PairChain(in.week(), in.oldest().clone());
  copy.own_tag = own_tag.clone();
  copy.their_tag = their_tag.clone();
  copy.told = told;
  return copy;
}

crypto::Secret PairSecret::encode() const {
  crypto::Secret encoded(kEncoded);
  Writer writer(encoded.bytes());
  writer.bytes(ByteView(&kVersion, 1));
  writer.number(made_ms);
  writer.number(confirmed_ms);
  writer.bytes(own_tag.view());
  writer.bytes(their_tag.view());
  for (const PairChain* chain : {&out, &in}) {
    writer.number(chain->week());
    writer.bytes(chain->oldest().view());
  }
  const std::uint8_t was_told = told ? 1 : 0;
  writer.bytes(ByteView(&was_told, 1));
  FOCAL_CHECK(writer.is_full());
  return encoded;
}

std::optional<PairSecret> PairSecret::decode(ByteView bytes) {
  if (bytes.size() != kEncoded || bytes[0] != kVersion) return std::nullopt;
  ByteView rest = bytes.subspan(1);
  const auto number = [&rest] {
    const std::uint64_t value = get_u64be(rest);
    rest = rest.subspan(8);
    return value;
  };
  const auto secret = [&rest] {
    crypto::Secret value = crypto::Secret::copy_of(rest.first(kPairKeySize));
    rest = rest.subspan(kPairKeySize);
    return value;
  };
  PairSecret read;
  read.made_ms = number();
  read.confirmed_ms = number();
  read.own_tag = secret();
  read.their_tag = secret();
  for (PairChain* chain : {&read.out, &read.in}) {
    const std::uint64_t week = number();
    if (week < kFirstPairWeek) return std::nullopt;
    *chain = PairChain(week, secret());
  }
  if (rest[0] > 1) return std::nullopt;
  read.told = rest[0] == 1;
  return read;
}

Result<const crypto::Secret*> PairBook::begin_ceremony(const std::string& party, crypto::Rng& rng,
                                                       std::uint64_t mono_ms) {
  end_old_ceremonies(mono_ms);
  if (const crypto::Secret* c = ceremony(party)) return c;
  if (ceremonies_.size() >= kMaxCeremonies)
    return fail(ErrorCode::kLimit, "16 meetings are under way at this node",
                "finish or stop one of them; each ends by itself after 30 minutes", "party");
  Ceremony made{crypto::Secret(kCeremonySecretSize), mono_ms + kCeremonyLifeMs};
  rng.fill(made.c.bytes());
  const auto put = ceremonies_.emplace(party, std::move(made)).first;
  const crypto::Secret* c = &put->second.c;
  return c;
}

const crypto::Secret* PairBook::ceremony(const std::string& party) const {
  const auto it = ceremonies_.find(party);
  return it == ceremonies_.end() ? nullptr : &it->second.c;
}

std::uint64_t PairBook::ceremony_ends_mono_ms(const std::string& party) const {
  const auto it = ceremonies_.find(party);
  return it == ceremonies_.end() ? 0 : it->second.ends_mono_ms;
}

void PairBook::end_old_ceremonies(std::uint64_t mono_ms) {
  std::erase_if(ceremonies_,
                [&](const auto& entry) { return entry.second.ends_mono_ms <= mono_ms; });
}

PairBook::Entry PairBook::clone(const Entry& entry) {
  Entry copy;
  if (entry.current) copy.current = entry.current->clone();
  if (entry.next) copy.next = entry.next->clone();
  return copy;
}

PairBook::Entry& PairBook::stage(const std::string& party) {
  const auto it = staged_.find(party);
  if (it != staged_.end()) return it->second;
  const auto live = live_.find(party);
  return staged_[party] = live == live_.end() ? Entry{} : clone(live->second.entry);
}

void PairBook::try_tag(const std::string& party, Entry& entry, ByteView tag,
                       std::uint64_t wall_ms) {
  if (!entry.next || !entry.next->their_tag.equals(tag)) return;
  entry.next->confirmed_ms = wall_ms;
  entry.current = std::move(entry.next);
  entry.next.reset();
  early_tags_.erase(party);
}

void PairBook::put(const std::string& party, PairSecret secret) {
  Entry& entry = stage(party);
  // By this one is told from the other, and a wall clock may say one time twice.
  if (entry.current && entry.current->made_ms == secret.made_ms) ++secret.made_ms;
  const std::uint64_t made_ms = secret.made_ms;
  entry.next = std::move(secret);
  if (const auto early = early_tags_.find(party); early != early_tags_.end())
    try_tag(party, entry, Bytes(early->second), made_ms);
}

bool PairBook::confirm(const std::string& party, ByteView tag, std::uint64_t wall_ms) {
  const auto staged = staged_.find(party);
  const auto live = live_.find(party);
  const Entry* entry = staged != staged_.end() ? &staged->second
                       : live != live_.end()   ? &live->second.entry
                                               : nullptr;
  if (entry != nullptr && entry->current && entry->current->their_tag.equals(tag)) return true;
  if (entry == nullptr || !entry->next || !entry->next->their_tag.equals(tag)) {
    early_tags_[party] = to_bytes(tag);
    return false;
  }
  try_tag(party, stage(party), tag, wall_ms);
  return true;
}

std::vector<std::pair<std::string, crypto::Secret>> PairBook::untold() const {
  std::vector<std::pair<std::string, crypto::Secret>> out;
  for (const auto& [party, live] : live_)
    for (const auto* secret : {&live.entry.current, &live.entry.next})
      if (*secret && !(*secret)->told) out.emplace_back(party, (*secret)->own_tag.clone());
  return out;
}

void PairBook::told(const std::string& party) {
  const auto live = live_.find(party);
  if (live == live_.end()) return;
  for (auto* secret : {&live->second.entry.current, &live->second.entry.next})
    if (*secret) unsaved_ = (*secret)->told = true;
}

bool PairBook::drop(const std::string& party) {
  early_tags_.erase(party);
  if (stage(party).empty()) {
    staged_.erase(party);
    return false;
  }
  staged_[party] = Entry{};
  return true;
}

const PairSecret* PairBook::current(const std::string& party) const {
  const auto it = live_.find(party);
  return it == live_.end() || !it->second.entry.current ? nullptr : &*it->second.entry.current;
}

bool PairBook::is_confirmed(const std::string& party) const { return current(party) != nullptr; }

std::uint64_t PairBook::made_ms(const std::string& party) const {
  const PairSecret* secret = current(party);
  return secret == nullptr ? 0 : secret->made_ms;
}

std::optional<PairKey> PairBook::sealing_key(const std::string& party, std::uint64_t week) const {
  const PairSecret* secret = current(party);
  if (secret == nullptr) return std::nullopt;
  auto psk = secret->out.at(week);
  if (!psk) return std::nullopt;
  return make_pair_key(std::move(*psk));
}

const PairKey* PairBook::opening_key(std::uint64_t week, ByteView enc, ByteView hint) const {
  const auto key_of = [week](const std::optional<PairSecret>& secret,
                             Opening& known) -> const PairKey* {
    if (!secret) return nullptr;
    const auto it = known.find(week);
    if (it != known.end()) return &it->second;
    auto psk = secret->in.at(week);
    if (!psk) return nullptr;
    return &known.emplace(week, make_pair_key(std::move(*psk))).first->second;
  };
  for (const auto& [party, live] : live_) {
    for (const PairKey* key : {key_of(live.entry.current, live.of_current),
                               key_of(live.entry.next, live.of_next)})
      if (key != nullptr && same_hint(key->hint(enc), hint)) return key;
  }
  return nullptr;
}

PairStanding PairBook::standing(const std::string& party) const {
  PairStanding out;
  const auto it = live_.find(party);
  if (it == live_.end()) return out;
  if (const auto& secret = it->second.entry.current) {
    out.made_ms = secret->made_ms;
    out.confirmed_ms = secret->confirmed_ms;
  }
  if (const auto& secret = it->second.entry.next) out.unconfirmed_ms = secret->made_ms;
  return out;
}

void PairBook::forget_before(const PairWeeks& weeks) {
  const auto in_entry = [&](Entry& entry) {
    for (auto* secret : {&entry.current, &entry.next}) {
      if (!*secret) continue;
      const bool out = (*secret)->out.forget_before(weeks.out);
      const bool in = (*secret)->in.forget_before(weeks.in);
      unsaved_ = unsaved_ || out || in;
    }
  };
  for (auto& [party, live] : live_) {
    in_entry(live.entry);
    for (Opening* known : {&live.of_current, &live.of_next})
      known->erase(known->begin(), known->lower_bound(weeks.in));
  }
  for (auto& [party, entry] : staged_) in_entry(entry);
}

std::map<std::string, crypto::Secret> PairBook::entries() const {
  std::map<std::string, crypto::Secret> out;
  const auto add = [&out](const std::string& party, const Entry& entry) {
    if (entry.current) out[std::string(kPairPrefix).append(party)] = entry.current->encode();
    if (entry.next) out[std::string(kNewPairPrefix).append(party)] = entry.next->encode();
  };
  for (const auto& [party, live] : live_)
    if (!staged_.contains(party)) add(party, live.entry);
  for (const auto& [party, entry] : staged_) add(party, entry);
  return out;
}

void PairBook::saved() {
  for (auto& [party, entry] : staged_) {
    const std::uint64_t before = made_ms(party);
    if (entry.empty()) live_.erase(party);
    else live_[party] = Live{std::move(entry), {}, {}};
    if (made_ms(party) != before) changed_.push_back(party);
  }
  staged_.clear();
  unsaved_ = false;
}

void PairBook::discard() { staged_.clear(); }

Status PairBook::load(std::string_view name, ByteView value) {
  const bool is_new = name.starts_with(kNewPairPrefix);
  const std::string party(name.substr(is_new ? kNewPairPrefix.size() : kPairPrefix.size()));
  auto secret = PairSecret::decode(value);
  if (!is_party(party) || !secret || (secret->confirmed_ms == 0) != is_new)
    return fail(ErrorCode::kKeystore, "a pair secret of the keystore is damaged",
                "Restore the keystore from its backup.");
  Entry& entry = live_[party].entry;
  (is_new ? entry.next : entry.current) = std::move(secret);
  return {};
}

}  // namespace focal::exchange

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

// The name of the n-th that waits, and back.
std::string waiting_name(const std::string& party, std::size_t n) {
  std::string name(kNewPairPrefix);
  name.append(party);
  if (n != 0) name.append("/").append(std::to_string(n));
  return name;
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
  copy.waiting.reserve(entry.waiting.size() + 1);
  for (const PairSecret& secret : entry.waiting) copy.waiting.push_back(secret.clone());
  return copy;
}

PairBook::Entry& PairBook::stage(const std::string& party) {
  const auto it = staged_.find(party);
  if (it != staged_.end()) return it->second;
  const auto live = live_.find(party);
  return staged_[party] = live == live_.end() ? Entry{} : clone(live->second.entry);
}

const PairBook::Entry* PairBook::newest(const std::string& party) const {
  if (const auto staged = staged_.find(party); staged != staged_.end()) return &staged->second;
  const auto live = live_.find(party);
  return live == live_.end() ? nullptr : &live->second.entry;
}

// What was made before the confirmed one is over; a later one may still be confirmed.
bool PairBook::try_tag(Entry& entry, ByteView tag, std::uint64_t wall_ms) {
  const auto fits = std::find_if(entry.waiting.begin(), entry.waiting.end(),
                                 [&](const auto& each) { return each.their_tag.equals(tag); });
  if (fits == entry.waiting.end()) return false;
  fits->confirmed_ms = wall_ms;
  entry.current = std::move(*fits);
  entry.waiting.erase(fits, entry.waiting.end());
  return true;
}

void PairBook::put(const std::string& party, PairSecret secret) {
  Entry& entry = stage(party);
  std::erase_if(entry.waiting, [&](const auto& each) {  // the same meeting, finished again
    return each.own_tag.equals(secret.own_tag.view());
  });
  // By this one is told from another, and a wall clock may say one time twice.
  const auto is_taken = [&entry](std::uint64_t ms) {
    return (entry.current && entry.current->made_ms == ms) ||
           std::any_of(entry.waiting.begin(), entry.waiting.end(),
                       [ms](const auto& each) { return each.made_ms == ms; });
  };
  while (is_taken(secret.made_ms)) ++secret.made_ms;
  const std::uint64_t made_ms = secret.made_ms;
  entry.waiting.insert(entry.waiting.begin(), std::move(secret));
  if (entry.waiting.size() > kMaxWaitingPairs) entry.waiting.pop_back();
  // Forgotten only when the secret that it confirms is stored.
  if (const auto early = early_tags_.find(party); early != early_tags_.end())
    if (!try_tag(entry, early->second.tag, made_ms)) early->second.tried = true;
}

bool PairBook::confirm(const std::string& party, ByteView tag, std::uint64_t wall_ms) {
  const Entry* entry = newest(party);
  if (entry != nullptr && entry->current && entry->current->their_tag.equals(tag)) return true;
  const bool fits = entry != nullptr &&
                    std::any_of(entry->waiting.begin(), entry->waiting.end(), [&](const auto& each) {
                      return each.their_tag.equals(tag);
                    });
  if (fits) return try_tag(stage(party), tag, wall_ms);
  early_tags_[party] = {to_bytes(tag), false};
  return false;
}

std::vector<std::pair<std::string, crypto::Secret>> PairBook::untold() const {
  std::vector<std::pair<std::string, crypto::Secret>> out;
  const auto add = [&out](const std::string& party, const PairSecret& secret) {
    if (!secret.told) out.emplace_back(party, secret.own_tag.clone());
  };
  for (const auto& [party, live] : live_) {
    if (live.entry.current) add(party, *live.entry.current);
    for (const PairSecret& secret : live.entry.waiting) add(party, secret);
  }
  return out;
}

void PairBook::told(const std::string& party) {
  const auto live = live_.find(party);
  if (live == live_.end()) return;
  Entry& entry = live->second.entry;
  if (entry.current) unsaved_ = entry.current->told = true;
  for (PairSecret& secret : entry.waiting) unsaved_ = secret.told = true;
}

bool PairBook::drop(const std::string& party) {
  const Entry* entry = newest(party);
  if (entry == nullptr || entry->empty()) return false;
  std::vector<crypto::Secret> tags;
  tags.reserve(entry->waiting.size() + 1);
  if (entry->current) tags.push_back(entry->current->own_tag.clone());
  for (const PairSecret& secret : entry->waiting) tags.push_back(secret.own_tag.clone());
  drops_[party] = std::move(tags);
  return true;
}

void PairBook::drops_committed() {
  for (const auto& [party, tags] : drops_) {
    const auto it = live_.find(party);
    if (it == live_.end()) continue;
    const auto is_dropped = [&tags = tags](const PairSecret& secret) {
      return std::any_of(tags.begin(), tags.end(), [&](const crypto::Secret& tag) {
        return secret.own_tag.equals(tag.view());
      });
    };
    Entry left = std::move(it->second.entry);
    if (left.current && is_dropped(*left.current)) left.current.reset();
    std::erase_if(left.waiting, is_dropped);
    if (left.empty()) live_.erase(it);
    else it->second = Live{std::move(left), {}, {}};
    changed_.push_back(party);  // what was opened with one that waited is to be forgotten too
    unsaved_ = true;
  }
  drops_.clear();
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

const PairKey* PairBook::opening_key(std::uint64_t week, ByteView enc, ByteView hint,
                                     PairUse* use) const {
  const auto key_of = [week](const PairSecret& secret, Opening& known) -> const PairKey* {
    const auto it = known.find(week);
    if (it != known.end()) return &it->second;
    auto psk = secret.in.at(week);
    if (!psk) return nullptr;
    return &known.emplace(week, make_pair_key(std::move(*psk))).first->second;
  };
  for (const auto& [party, live] : live_) {
    if (live.entry.current) {
      const PairKey* key = key_of(*live.entry.current, live.of_current);
      if (key != nullptr && same_hint(key->hint(enc), hint)) {
        if (use != nullptr) *use = {party, {}};
        return key;
      }
    }
    live.of_waiting.resize(live.entry.waiting.size());
    for (std::size_t i = 0; i < live.entry.waiting.size(); ++i) {
      const PairSecret& secret = live.entry.waiting[i];
      const PairKey* key = key_of(secret, live.of_waiting[i]);
      if (key == nullptr || !same_hint(key->hint(enc), hint)) continue;
      if (use != nullptr) *use = {party, secret.their_tag.clone()};
      return key;
    }
  }
  return nullptr;
}

PairStanding PairBook::standing(const std::string& party) const {
  PairStanding out;
  out.strange_confirm = early_tags_.contains(party);
  const auto it = live_.find(party);
  if (it == live_.end()) return out;
  if (const auto& secret = it->second.entry.current) {
    out.made_ms = secret->made_ms;
    out.confirmed_ms = secret->confirmed_ms;
  }
  if (const auto& waiting = it->second.entry.waiting; !waiting.empty())
    out.unconfirmed_ms = waiting.front().made_ms;
  return out;
}

void PairBook::forget_before(const PairWeeks& weeks) {
  const auto in_secret = [&](PairSecret& secret) {
    const bool out = secret.out.forget_before(weeks.out);
    const bool in = secret.in.forget_before(weeks.in);
    unsaved_ = unsaved_ || out || in;
  };
  const auto in_entry = [&](Entry& entry) {
    if (entry.current) in_secret(*entry.current);
    for (PairSecret& secret : entry.waiting) in_secret(secret);
  };
  for (auto& [party, live] : live_) {
    in_entry(live.entry);
    live.of_current.erase(live.of_current.begin(), live.of_current.lower_bound(weeks.in));
    for (Opening& known : live.of_waiting) known.erase(known.begin(), known.lower_bound(weeks.in));
  }
  for (auto& [party, entry] : staged_) in_entry(entry);
}

std::map<std::string, crypto::Secret> PairBook::entries() const {
  std::map<std::string, crypto::Secret> out;
  const auto add = [&out](const std::string& party, const Entry& entry) {
    if (entry.current) out[std::string(kPairPrefix).append(party)] = entry.current->encode();
    for (std::size_t i = 0; i < entry.waiting.size(); ++i)
      out[waiting_name(party, i)] = entry.waiting[i].encode();
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
    if (made_ms(party) == before) continue;
    changed_.push_back(party);
    const auto early = early_tags_.find(party);
    if (early == early_tags_.end()) continue;
    const PairSecret* now = current(party);
    if (early->second.tried || (now != nullptr && now->their_tag.equals(early->second.tag)))
      early_tags_.erase(early);
  }
  staged_.clear();
  unsaved_ = false;
}

void PairBook::discard() {
  staged_.clear();
  drops_.clear();
}

// In the order of the names: of what waits the newest comes first.
Status PairBook::load(std::string_view name, ByteView value) {
  const bool is_new = name.starts_with(kNewPairPrefix);
  std::string_view rest = name.substr(is_new ? kNewPairPrefix.size() : kPairPrefix.size());
  const std::string party(rest.substr(0, is_new ? rest.find('/') : rest.npos));
  auto secret = PairSecret::decode(value);
  const auto damaged = [] {
    return fail(ErrorCode::kKeystore, "a pair secret of the keystore is damaged",
                "Restore the keystore from its backup.");
  };
  if (!is_party(party) || !secret || (secret->confirmed_ms == 0) != is_new) return damaged();
  if (is_new) {
    const auto it = live_.find(party);
    const std::size_t place = it == live_.end() ? 0 : it->second.entry.waiting.size();
    if (place >= kMaxWaitingPairs || name != waiting_name(party, place)) return damaged();
    live_[party].entry.waiting.push_back(std::move(*secret));
  } else {
    live_[party].entry.current = std::move(*secret);
  }
  return {};
}

}  // namespace focal::exchange

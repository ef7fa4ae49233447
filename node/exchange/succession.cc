#include "node/exchange/succession.h"

#include <array>

#include "base/check.h"
#include "crypto/note.h"

namespace focal::exchange {
namespace {

enum class Serial { kLower, kEqual, kNext, kLater };
enum class Root { kPinned, kCommitted, kOther };   // of the incoming card
enum class OldRoot { kSilent, kSigned, kForged };  // the pinned root's line on it

Serial serial_of(const Card& pinned, const Card& incoming) {
  if (incoming.serial < pinned.serial) return Serial::kLower;
  if (incoming.serial == pinned.serial) return Serial::kEqual;
  return incoming.serial - pinned.serial == 1 ? Serial::kNext : Serial::kLater;
}

Root root_of(const Card& pinned, const Card& incoming) {
  if (incoming.root == pinned.root) return Root::kPinned;
  return next_root_hash(incoming.root) == pinned.next ? Root::kCommitted : Root::kOther;
}

OldRoot old_root_of(const Card& pinned, const Card& incoming) {
  const Result<crypto::Note> note = crypto::parse_note(incoming.note);
  FOCAL_CHECK(note.has_value());  // a Card comes out of parse_card
  const std::string name = root_name(pinned.party);
  if (crypto::check_note(*note, {{name, pinned.root}}).has_value()) return OldRoot::kSigned;
  const auto id = crypto::note_key_id(name, crypto::NoteKeyType::kEd25519, pinned.root);
  for (const crypto::NoteSignature& s : note->signatures)
    if (s.name == name && s.key_id == id) return OldRoot::kForged;
  return OldRoot::kSilent;
}

// The first row whose cells all match decides; an empty cell matches anything.
struct Row {
  std::optional<Serial> serial;
  std::optional<Root> root;
  std::optional<OldRoot> old_root;
  std::optional<bool> names_pinned;  // prev is the pinned card_id
  std::optional<bool> keeps_next;    // announces the next root the pinned card announces
  Succession verdict;
};
constexpr auto any = std::nullopt;
constexpr std::array<Row, 14> kTable = {{
    {Serial::kLower, any, any, any, any, Succession::kOlder},
    {Serial::kEqual, Root::kPinned, any, any, any, Succession::kFork},
    {Serial::kEqual, Root::kCommitted, any, any, any, Succession::kFork},
    {Serial::kEqual, Root::kOther, OldRoot::kSigned, any, any, Succession::kFork},
    {Serial::kEqual, Root::kOther, any, any, any, Succession::kUnknownRoot},
    {Serial::kLater, any, any, any, any, Succession::kGap},
    {Serial::kNext, Root::kOther, OldRoot::kSigned, any, any, Succession::kBadRotation},
    {Serial::kNext, Root::kOther, any, any, any, Succession::kUnknownRoot},
    {Serial::kNext, any, any, false, any, Succession::kPrevMismatch},
    {Serial::kNext, Root::kPinned, any, true, true, Succession::kUpdate},
    {Serial::kNext, Root::kPinned, any, true, false, Succession::kNewNext},
    {Serial::kNext, Root::kCommitted, OldRoot::kSigned, true, any, Succession::kRotate},
    {Serial::kNext, Root::kCommitted, OldRoot::kSilent, true, any, Succession::kRecover},
    {Serial::kNext, Root::kCommitted, OldRoot::kForged, true, any, Succession::kBadRotation},
}};

template <typename T>
bool fits(const std::optional<T>& cell, T value) {
  return !cell || *cell == value;
}

}  // namespace

Succession check_successor(const Card& pinned, const Card& incoming) {
  if (incoming.party != pinned.party) return Succession::kOtherParty;
  if (incoming.card_id == pinned.card_id) return Succession::kSame;
  const Serial serial = serial_of(pinned, incoming);
  const Root root = root_of(pinned, incoming);
  const OldRoot old_root = old_root_of(pinned, incoming);
  const bool names_pinned = incoming.prev == pinned.card_id;
  const bool keeps_next = incoming.next == pinned.next;
  for (const Row& row : kTable)
    if (fits(row.serial, serial) && fits(row.root, root) && fits(row.old_root, old_root) &&
        fits(row.names_pinned, names_pinned) && fits(row.keeps_next, keeps_next))
      return row.verdict;
  FOCAL_CHECK(false);  // the table covers every case
}

std::string_view describe(Succession verdict) {
  switch (verdict) {
    case Succession::kSame: return "this is the card already held";
    case Succession::kOlder: return "an older card than the one held";
    case Succession::kUpdate: return "the next card of this party, by the same root key";
    case Succession::kNewNext:
      return "the next card by the same root key, but it announces another next root key";
    case Succession::kRotate:
      return "the next card, by the announced next root key and the old one";
    case Succession::kRecover:
      return "a recovery: the next card, by the announced next root key alone";
    case Succession::kFork: return "a second card with the serial of the one held: proof of a fork";
    case Succession::kGap: return "a later card; the cards between are missing";
    case Succession::kPrevMismatch: return "the next serial, but it follows another card";
    case Succession::kBadRotation: return "a change to a root key that was never announced";
    case Succession::kUnknownRoot: return "a card by a root key that cannot speak for this party";
    case Succession::kOtherParty: return "a card of another party";
    case Succession::kRecoverEarlier:
      return "a recovery from an earlier card: what came after it may be somebody else's";
    case Succession::kUndecided:
      return "a card that builds on one that is not decided yet";
    case Succession::kRevokedRoot:
      return "a card by a root key that the party's next root key has revoked";
    case Succession::kCopiedKey: return "a card with a key of another party";
    case Succession::kCopiedTransport:
      return "a card whose transport key is that of another party";
  }
  FOCAL_CHECK(false);
}

void add_pinned(PinnedKeys& pinned, const Card& card) {
  add_superseded(pinned, card);
  pinned.transport.emplace(card.transport, card.party);
}

void add_superseded(PinnedKeys& pinned, const Card& card) {
  for (const Hash32& key : {card.root, card.sign, card.log, card.witness})
    pinned.proven.emplace(key, card.party);
}

Status check_keys_unpinned(const Card& card, const PinnedKeys& pinned) {
  const std::pair<const char*, const Hash32&> keys[] = {
      {"root", card.root}, {"sign", card.sign}, {"log", card.log}, {"witness", card.witness}};
  for (const auto& [name, key] : keys) {
    const auto it = pinned.proven.find(key);
    if (it == pinned.proven.end() || it->second == card.party) continue;
    return fail(ErrorCode::kCardKey,
                std::string("card: the ") + name + " key already belongs to " + it->second,
                "find out by voice which of the two parties made this key",
                std::string("card.") + name);
  }
  return {};
}

std::optional<std::string> transport_key_owner(const Card& card, const PinnedKeys& pinned) {
  const auto it = pinned.transport.find(card.transport);
  if (it == pinned.transport.end() || it->second == card.party) return std::nullopt;
  return it->second;
}

}  // namespace focal::exchange

// What a root signs besides cards: revocations of cards, and directories of an introducer.
#include <algorithm>
#include <sstream>

#include "crypto/hash.h"
#include "node/exchange/directory.h"
#include "node/exchange/lines.h"
#include "node/exchange/party.h"
#include "node/node/root_acts.h"

namespace focal::node {
namespace {

using exchange::Card;

constexpr std::string_view kDirectoryName = "public/directory";  // in the root's key file: the newest it signed

Result<Card> card_to_revoke(const RootBox& box, const RootRevoke& what) {
  if (!what.card.empty()) return exchange::parse_card(what.card);
  // No default: after a theft the newest card is the one with the new keys.
  if (what.serial == 0)
    return fail(ErrorCode::kUsage, "which card is to be revoked?",
                "Name it with --serial N, or with --card FILE. After a theft it is the card before "
                "the one with the new keys.", "serial");
  for (const RootKey& key : box.keys())
    if (auto card = known_card(key.store, what.serial)) return std::move(*card);
  return fail(ErrorCode::kNotFound, "the media do not remember card " + std::to_string(what.serial),
              "Name the card to revoke: --card FILE.");
}

// Peers take the note from the root of the card they have pinned, or from the next root
// that it announces.
Result<const RootKey*> signer_of(const RootBox& box, const Card& card, bool by_next_root) {
  const Card& in_force = box.newest() != nullptr ? *box.newest() : card;
  const RootKey* out =
      by_next_root ? box.find_announced(in_force.next) : box.find(in_force.root);
  if (out != nullptr) return out;
  const std::string bring = "Bring its medium and name its folder with --root-folder.";
  if (by_next_root)
    return fail(ErrorCode::kNotFound, "the next root is not in the root folders", bring);
  return fail(ErrorCode::kNotFound, "the root in force is not in the root folders",
              bring + " Only if it is stolen or lost: --by-next-root. After that the parties take no "
              "card of the root any more, only a recovery.");
}

Result<std::vector<exchange::DirectoryEntry>> read_entries(std::string_view text) {
  std::vector<exchange::DirectoryEntry> out;
  std::istringstream lines{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string party, root, serial, more;
    words >> party >> root >> serial;
    const auto key = exchange::read_hash(root);
    const auto card = exchange::read_number(serial);
    if (!exchange::is_party(party) || !key || !card || (words >> more))
      return fail(ErrorCode::kInvalid, "line " + std::to_string(number) + " of the list is not a party, "
                  "its root key and the serial of its card",
                  "Write one party a line, e.g. XB, then the root key as on its card, then 3.", "list");
    out.push_back({party, *key, *card});
    if (out.size() > exchange::kMaxDirectoryEntries)
      return fail(ErrorCode::kLimit, "a directory holds no more than 768 parties", "Leave some out.");
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.party < b.party; });
  return out;
}

std::string text_of(const crypto::Keystore& store, std::string_view name) {
  const crypto::Secret* value = store.find(name);
  return value == nullptr ? std::string() : to_string(value->view());
}

bool same_entries(const exchange::Directory& held,
                  const std::vector<exchange::DirectoryEntry>& entries) {
  return std::equal(held.entries.begin(), held.entries.end(), entries.begin(), entries.end(),
                    [](const auto& a, const auto& b) {
                      return a.party == b.party && a.root == b.root && a.card_serial == b.card_serial;
                    });
}

}  // namespace

Result<RootDone> root_revoke(const RootOptions& options, const RootRevoke& what,
                             const crypto::Secret& passphrase, const RootConfirm& confirm) {
  FOCAL_ASSIGN(const RootBox box, RootBox::open(options.folders, passphrase));
  FOCAL_ASSIGN(const Card card, card_to_revoke(box, what));
  if (!box.party().empty() && card.party != box.party())
    return fail(ErrorCode::kInvalid, "the card is of " + card.party + ", the root of " + box.party(),
                "A root revokes cards of its own party.", "card");
  FOCAL_ASSIGN(const RootKey* signer, signer_of(box, card, what.by_next_root));
  RootPreview preview;
  preview.act = RootAct::kRevoke;
  preview.party = card.party;
  preview.serial = card.serial;
  preview.card_id = card.card_id;
  preview.number = exchange::card_number(card.card_id);
  preview.scope = std::string(exchange::scope_name(what.scope));
  preview.since_ms = what.since_ms;
  preview.reason = what.reason;
  preview.signer = std::string(
      root_role_name(what.by_next_root ? RootRole::kNext : RootRole::kRoot));
  exchange::RevocationFields fields;
  fields.party = card.party;
  fields.card_id = card.card_id;
  fields.scope = what.scope;
  fields.since_ms = what.since_ms;
  fields.reason = what.reason;
  // Made before the question, kept after it: a wrong reason is refused at once.
  FOCAL_ASSIGN(std::string note, exchange::make_revocation(fields, signer->key));
  FOCAL_TRY(confirm(preview));
  return root_done(box, std::move(preview), std::move(note));
}

Result<RootDone> root_directory(const RootOptions& options, std::string_view list,
                                const crypto::Secret& passphrase, const RootConfirm& confirm,
                                crypto::Rng& rng) {
  FOCAL_ASSIGN(auto entries, read_entries(list));
  FOCAL_ASSIGN(RootBox box, RootBox::open(options.folders, passphrase));
  RootKey* root = nullptr;
  for (RootKey& key : box.keys())
    if (box.role(key) == RootRole::kRoot) root = &key;
  if (root == nullptr || box.party().empty())
    return fail(ErrorCode::kNotFound, "the root in force is not in the root folders",
                "Bring the medium that holds it and name its folder with --root-folder.");
  exchange::DirectoryFields fields;
  fields.introducer = box.party();
  RootPreview preview;
  preview.act = RootAct::kDirectory;
  preview.party = box.party();
  const std::string before = text_of(root->store, kDirectoryName);
  std::optional<exchange::Directory> held;
  if (!before.empty()) {
    FOCAL_ASSIGN(held, exchange::parse_directory(before, root->key.pk));
    fields.serial = held->serial + 1;
    fields.prev = held->directory_id;
  }
  const auto change = [&](const exchange::DirectoryEntry& entry, bool is_new) {
    const std::string text = base64(entry.root) + ", card " + std::to_string(entry.card_serial);
    preview.changes.push_back({entry.party, is_new ? "" : text, is_new ? text : "no longer listed"});
  };
  for (const auto& entry : entries) {
    const auto* old = held ? held->find(entry.party) : nullptr;
    if (old == nullptr || old->root != entry.root || old->card_serial != entry.card_serial)
      change(entry, true);
  }
  if (held)
    for (const auto& entry : held->entries)
      if (std::none_of(entries.begin(), entries.end(),
                       [&](const auto& each) { return each.party == entry.party; }))
        change(entry, false);
  if (held && same_entries(*held, entries)) {
    FOCAL_TRY(confirm(preview));
    return root_done(box, std::move(preview), before);
  }
  fields.entries = std::move(entries);
  FOCAL_ASSIGN(std::string note, exchange::make_directory(fields, root->key));
  FOCAL_TRY(confirm(preview));
  for (RootKey& key : box.keys()) {  // one serial, one directory, on every copy
    if (key.key.pk != root->key.pk) continue;
    key.store.put(std::string(kDirectoryName), crypto::Secret::copy_of(as_bytes(note)));
    FOCAL_TRY(key.store.save(rng));
  }
  return root_done(box, std::move(preview), std::move(note));
}

}  // namespace focal::node

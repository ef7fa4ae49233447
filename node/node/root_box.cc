#include "node/node/root_box.h"

#include <algorithm>

#include "base/log.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kExtension = ".focalkey";
constexpr std::string_view kPartyName = "public/party";
constexpr std::string_view kCardName = "public/card";      // the newest card known: its whole note; card/N: card N
constexpr std::string_view kSignedName = "public/signed";  // the newest card signed by this key
constexpr std::string_view kPlannedName = "public/planned";

std::string text_of(const crypto::Keystore& store, std::string_view name) {
  const crypto::Secret* value = store.find(name);
  return value == nullptr ? std::string() : to_string(value->view());
}

void put_text(crypto::Keystore& store, std::string_view name, std::string_view text) {
  store.put(std::string(name), crypto::Secret::copy_of(as_bytes(text)));
}

std::string card_name(std::uint64_t serial) {
  return std::string(kCardName).append("/").append(std::to_string(serial));
}

Result<std::optional<exchange::Card>> card_of(const crypto::Keystore& store, std::string_view name,
                                              const fs::path& file) {
  const std::string note = text_of(store, name);
  if (note.empty()) return std::optional<exchange::Card>();
  auto card = exchange::parse_card(note);
  if (!card)
    return fail(ErrorCode::kKeystore, "the card that the root key remembers is damaged: " +
                card.error().message, "Use another copy of the medium.", file.string());
  return std::optional(std::move(*card));
}

Result<RootKey> open_key(const fs::path& file, const crypto::Secret& passphrase) {
  auto store = crypto::Keystore::open(file, passphrase);
  if (!store) {
    Error error = store.error();
    error.message.append(" (").append(file.filename().string()).append(")");
    return error;
  }
  const crypto::Secret* seed = store->find(kRootKeyName);
  if (seed == nullptr || seed->size() != 32)
    return fail(ErrorCode::kKeystore, file.filename().string() + " holds no root key",
                "Name the folder of the root keys, not that of a node.", file.string());
  crypto::SigningKey key = crypto::signing_key_from_seed(seed->clone());
  std::string party = text_of(*store, kPartyName);
  FOCAL_ASSIGN(auto card, card_of(*store, kCardName, file));
  FOCAL_ASSIGN(auto signed_card, card_of(*store, kSignedName, file));
  return RootKey{file,          std::move(*store), std::move(key), std::move(party),
                 std::move(card), std::move(signed_card)};
}

Result<std::vector<fs::path>> key_files(const std::vector<fs::path>& folders) {
  std::vector<fs::path> out;
  if (folders.size() > kMaxRootFolders)
    return fail(ErrorCode::kLimit, "more than 8 root folders", "Name the media that are needed.");
  for (const fs::path& folder : folders) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
      return fail(ErrorCode::kNotFound, "there is no folder " + folder.string(),
                  "Is the medium in the machine?", folder.string());
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (entry.path().extension() == kExtension) out.push_back(entry.path());
    if (error)
      return fail(ErrorCode::kIo, "cannot read the folder " + folder.string() + ": " +
                  error.message(), "", folder.string());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.size() > kMaxRootFiles)
    return fail(ErrorCode::kLimit, "more than 32 key files in the root folders",
                "Name the folder of the root keys alone.");
  if (out.empty())
    return fail(ErrorCode::kNotFound, "there is no root key in " +
                (folders.empty() ? std::string("no folder") : folders.front().string()),
                "Name the folder with --root-folder; 'focal root make' makes new roots.");
  return out;
}

}  // namespace

std::string_view root_role_name(RootRole role) {
  switch (role) {
    case RootRole::kRoot: return "ROOT";
    case RootRole::kNext: return "NEXT_ROOT";
    case RootRole::kPlanned: return "PLANNED";
    case RootRole::kRetired: return "RETIRED";
  }
  return "";
}

Result<RootBox> RootBox::open(const std::vector<fs::path>& folders,
                              const crypto::Secret& passphrase) {
  FOCAL_ASSIGN(const auto files, key_files(folders));
  RootBox box;
  box.keys_.reserve(files.size());
  for (const fs::path& file : files) {
    FOCAL_ASSIGN(RootKey key, open_key(file, passphrase));
    std::string party = key.card ? key.card->party : key.party;
    if (!party.empty() && !box.party_.empty() && party != box.party_)
      return fail(ErrorCode::kInvalid, "the folders hold root keys of " + box.party_ + " and of " +
                  party, "Name the folders of one party.", file.string());
    if (!party.empty()) box.party_ = std::move(party);
    box.keys_.push_back(std::move(key));
  }
  return box;
}

const exchange::Card* RootBox::newest() const {
  const exchange::Card* out = nullptr;
  for (const RootKey& key : keys_)
    for (const auto* card : {&key.card, &key.signed_card})
      if (*card && (out == nullptr || (*card)->serial > out->serial)) out = &**card;
  return out;
}

RootRole RootBox::role(const RootKey& key) const {
  const exchange::Card* card = newest();
  if (card != nullptr) {
    if (key.key.pk == card->root) return RootRole::kRoot;
    if (exchange::next_root_hash(key.key.pk) == card->next) return RootRole::kNext;
    return key.store.find(kPlannedName) != nullptr ? RootRole::kPlanned : RootRole::kRetired;
  }
  if (key.store.find(kPlannedName) != nullptr) return RootRole::kPlanned;
  return key.file.filename() == kNextRootFile ? RootRole::kNext : RootRole::kRoot;
}

const RootKey* RootBox::find(const crypto::PublicKey& root) const {
  for (const RootKey& key : keys_)
    if (key.key.pk == root) return &key;
  return nullptr;
}

const RootKey* RootBox::find_announced(const Hash32& next_hash) const {
  for (const RootKey& key : keys_)
    if (exchange::next_root_hash(key.key.pk) == next_hash) return &key;
  return nullptr;
}

std::optional<exchange::Card> known_card(const crypto::Keystore& store, std::uint64_t serial) {
  auto card = exchange::parse_card(text_of(store, card_name(serial)));
  if (!card) return std::nullopt;
  return std::move(*card);
}

void put_known_card(crypto::Keystore& store, const exchange::Card& card, bool signed_by_it) {
  put_text(store, kPartyName, card.party);
  put_text(store, kCardName, card.note);
  put_text(store, card_name(card.serial), card.note);
  if (card.serial > kCardsRemembered) store.erase(card_name(card.serial - kCardsRemembered));
  if (signed_by_it) put_text(store, kSignedName, card.note);
}

Status RootBox::remember(const exchange::Card& card, const std::vector<crypto::PublicKey>& signers,
                         crypto::Rng& rng) {
  for (RootKey& key : keys_) {
    const bool signs = std::find(signers.begin(), signers.end(), key.key.pk) != signers.end();
    put_known_card(key.store, card, signs);
    if (key.key.pk == card.root || exchange::next_root_hash(key.key.pk) == card.next)
      key.store.erase(kPlannedName);
    FOCAL_TRY(key.store.save(rng));
    key.card = card;
    if (signs) key.signed_card = card;
  }
  return {};
}

void RootBox::rename_by_role() {
  const exchange::Card* card = newest();
  if (card == nullptr) return;
  // Retired ones first: they make room for the names.
  for (const RootRole wanted : {RootRole::kRetired, RootRole::kRoot, RootRole::kNext}) {
    for (RootKey& key : keys_) {
      if (role(key) != wanted) continue;
      const std::string name = key.file.filename().string();
      if (wanted == RootRole::kRetired && name != kRootFile) continue;
      const std::string to =
          wanted == RootRole::kRoot   ? std::string(kRootFile)
          : wanted == RootRole::kNext ? std::string(kNextRootFile)
                                      : "retired-root-" + std::to_string(card->serial) + ".focalkey";
      if (name == to) continue;
      std::error_code error;
      const fs::path target = key.file.parent_path() / to;
      if (fs::exists(target, error)) continue;
      fs::rename(key.file, target, error);
      if (!error) key.file = target;
    }
  }
}

Result<crypto::SigningKey> make_root_key(const fs::path& file, const std::string& party,
                                         bool planned, const crypto::Secret& passphrase,
                                         crypto::KdfCost kdf, crypto::Rng& rng) {
  // Whole from the first moment: a file without its key would stop every act of the medium.
  FOCAL_ASSIGN(auto store, crypto::Keystore::begin(file, passphrase, kdf, rng));
  crypto::SigningKey key = crypto::make_signing_key(rng);
  store.put(std::string(kRootKeyName), key.seed.clone());
  put_text(store, kPartyName, party);
  if (planned) put_text(store, kPlannedName, "1");
  FOCAL_TRY(store.save(rng));
  return key;
}

}  // namespace focal::node

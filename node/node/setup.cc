#include "node/node/setup.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/check.h"
#include "crypto/private_file.h"
#include "node/exchange/schedule.h"
#include "node/exchange/party.h"
#include "node/ledger/folder_lock.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger.h"
#include "node/node/anchor.h"
#include "node/node/keys.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

// Removes what was made unless the whole succeeded.
class Undo {
 public:
  void made(const fs::path& file) { files_.push_back(file); }
  void keep() { files_.clear(); }
  const std::vector<fs::path>& files() const { return files_; }
  ~Undo() {
    std::error_code ignored;
    for (auto it = files_.rbegin(); it != files_.rend(); ++it) fs::remove_all(*it, ignored);
  }

 private:
  std::vector<fs::path> files_;
};

Status make_folder(const fs::path& folder, Undo& undo) {
  std::error_code error;
  if (fs::exists(folder, error)) return {};
  fs::create_directories(folder, error);
  if (error)
    return fail(ErrorCode::kIo, "cannot make the folder " + folder.string() + ": " + error.message(),
                "Choose a folder that you may write to.", folder.string());
  undo.made(folder);
  fs::permissions(folder, fs::perms::owner_all, error);
  return {};
}

// While it stands, what is in the folder is no node: an init was cut short.
Status start_marker(const SetupOptions& o, Undo& undo) {
  std::string text = "focal init was begun here and has not ended. Its root folder:\n";
  text += o.root_folder.empty() ? std::string("none, the roots are elsewhere")
                                : fs::absolute(o.root_folder).string();
  text += "\n";
  FOCAL_TRY(crypto::write_private_file(o.folder / kUnfinishedFile, as_bytes(text),
                                       crypto::IfPresent::kRefuse));
  undo.made(o.folder / kUnfinishedFile);
  return {};
}

// The names of new files and folders survive a loss of power.
Status sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool ok = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!ok) return fail(ErrorCode::kIo, "cannot sync " + folder.string(), "", folder.string());
  return {};
}

Status finish_marker(const SetupOptions& o) {
  for (const fs::path& folder : {o.folder, o.root_folder}) {
    if (folder.empty()) continue;
    FOCAL_TRY(sync_folder(folder));
    FOCAL_TRY(sync_folder(fs::absolute(folder).parent_path()));
  }
  std::error_code error;
  if (!fs::remove(o.folder / kUnfinishedFile, error))
    return fail(ErrorCode::kIo, "cannot remove " + (o.folder / kUnfinishedFile).string());
  return sync_folder(o.folder);
}

Status refuse_existing(const fs::path& file, const std::string& what) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(file, error))) return {};
  return fail(ErrorCode::kExists, what + " is already there: " + file.string(),
              "Nothing was changed. Choose another folder.", file.string());
}

struct NewRoot {
  crypto::Keystore store;
  crypto::SigningKey key;
};
Result<NewRoot> new_root(const fs::path& file, const crypto::Secret& passphrase,
                         crypto::KdfCost kdf, crypto::Rng& rng, Undo& undo) {
  FOCAL_ASSIGN(auto store, crypto::Keystore::create(file, passphrase, kdf, rng));
  undo.made(file);
  crypto::SigningKey key = crypto::make_signing_key(rng);
  store.put(std::string(kRootKeyName), key.seed.clone());
  FOCAL_TRY(store.save(rng));
  return NewRoot{std::move(store), std::move(key)};
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string config_text(const SetupOptions& options) {
  std::string endpoints;
  for (const auto& endpoint : options.endpoints)
    endpoints += (endpoints.empty() ? "" : ", ") + quoted(endpoint);
  return "# Focal node of " + options.party + ". Every key is explained in docs/operations.md.\n" +
         "party = " + quoted(options.party) + "\n" + "listen = " + quoted(options.listen) + "\n" +
         "reach = " + quoted(options.endpoints.empty() ? "dialout" : "direct") + "\n" +
         "endpoints = [" + endpoints + "]\n";
}

Status check_options(const SetupOptions& o) {
  if (!exchange::is_party(o.party))
    return fail(ErrorCode::kInvalid, "'" + o.party + "' is not a party code",
                "Use the ISO 3166-1 alpha-2 code of the State in capitals, e.g. FR, or a registered "
                "word such as UNODA.", "party");
  if (o.authority.empty())
    return fail(ErrorCode::kInvalid, "the card needs the name of the authority",
                "Give it with --authority \"Federal Office of Police\".", "authority");
  FOCAL_TRY(check_finished(o.folder));
  FOCAL_TRY(refuse_existing(o.folder / kKeystoreFile, "a node"));
  FOCAL_TRY(refuse_existing(o.folder / kCardFile, "a card"));
  FOCAL_TRY(refuse_existing(o.folder / ledger::kLedgerFile, "a ledger"));
  FOCAL_TRY(refuse_existing(o.folder / config::kAnchorFile, "the anchor of a ledger"));
  return refuse_existing(o.folder / kConfigFile, "a configuration");
}

Status check_root_folder(const SetupOptions& o) {
  FOCAL_TRY(refuse_existing(o.root_folder / kRootFile, "a root key"));
  return refuse_existing(o.root_folder / kNextRootFile, "a next root key");
}

// Before any key: a wrong address is found before one exists.
Result<config::NodeConfig> write_config(const SetupOptions& o, Undo& undo) {
  const fs::path file = o.folder / kConfigFile;
  FOCAL_TRY(crypto::write_private_file(file, as_bytes(config_text(o)), crypto::IfPresent::kRefuse));
  undo.made(file);
  return config::load_config(file);
}

// The roots know the card from now on.
Status tell_roots(NewRoot& root, NewRoot& next, const exchange::Card& card, crypto::Rng& rng) {
  put_known_card(root.store, card, true);
  put_known_card(next.store, card, false);
  FOCAL_TRY(root.store.save(rng));
  return next.store.save(rng);
}

}  // namespace

Status check_finished(const fs::path& folder) {
  const fs::path marker = folder / kUnfinishedFile;
  std::error_code error;
  if (!fs::exists(marker, error)) return {};
  std::string made;
  for (const char* name : {kConfigFile, kKeystoreFile, kCardFile, ledger::kLedgerFile})
    if (fs::exists(folder / name, error)) made += std::string(" ") + name;
  return fail(ErrorCode::kState, "an earlier 'focal init' in " + folder.string() +
              " was cut short; nothing it made is in use",
              "Remove" + made + " here, " + kRootFile + " and " + kNextRootFile +
              " in the root folder that " + marker.string() + " names, then that file, and run "
              "'focal init' again.", marker.string());
}

Result<SetupResult> set_up(const SetupOptions& o, const crypto::Secret& passphrase,
                           const crypto::Secret& root_passphrase, const Now& now,
                           crypto::Rng& rng) {
  FOCAL_TRY(check_options(o));
  FOCAL_TRY(check_root_folder(o));
  Undo undo;
  FOCAL_TRY(make_folder(o.folder, undo));
  FOCAL_TRY(make_folder(o.root_folder, undo));
  FOCAL_TRY(start_marker(o, undo));
  FOCAL_ASSIGN(const auto config, write_config(o, undo));

  FOCAL_ASSIGN(auto root, new_root(o.root_folder / kRootFile, root_passphrase, o.kdf, rng, undo));
  FOCAL_ASSIGN(auto next, new_root(o.root_folder / kNextRootFile, root_passphrase, o.kdf, rng, undo));
  FOCAL_ASSIGN(auto keystore, crypto::Keystore::create(o.folder / kKeystoreFile, passphrase, o.kdf, rng));
  undo.made(o.folder / kKeystoreFile);
  const OnlineKeys keys = make_online_keys(rng);
  store_online_keys(keys, keystore);
  FOCAL_TRY(keystore.save(rng));

  exchange::CardFields fields;
  fields.party = o.party;
  fields.next = exchange::next_root_hash(next.key.pk);
  fields.issued_ms = now.wall_ms / kSecondMs * kSecondMs;
  fields.expires_ms =
      o.expires_ms != 0 ? o.expires_ms : (now.wall_ms + kCardLifeMs) / kDayMs * kDayMs;
  fields.transport = keys.transport.pk;
  fields.authority = o.authority;
  FOCAL_ASSIGN(const std::string card_note,
               exchange::make_card(fields, {root.key, keys.sign, keys.log, keys.witness}));
  FOCAL_TRY(crypto::write_private_file(o.folder / kCardFile, as_bytes(card_note),
                                       crypto::IfPresent::kRefuse));
  undo.made(o.folder / kCardFile);

  FOCAL_ASSIGN(auto self, load_identity(card_note, keys, keystore, ""));
  FOCAL_TRY(tell_roots(root, next, self.card, rng));
  FOCAL_ASSIGN(auto schedule, next_schedule(self, keystore, config, now, rng));
  FOCAL_CHECK(schedule.has_value());  // a new node has no weeks yet
  adopt(self, std::move(*schedule));
  ledger::KeystoreKek keks(keystore, rng);
  undo.made(o.folder / ledger::kLedgerFile);
  std::error_code error;
  if (!fs::exists(o.folder / ledger::kLockFile, error)) undo.made(o.folder / ledger::kLockFile);
  FOCAL_ASSIGN(auto ledger, ledger::Ledger::create(o.folder, o.party, self.card.log_name, keks, rng));
  store::Txn txn;
  txn.now_ms = now.wall_ms;
  txn.ops.push_back(store::PutOwnCard{self.card.note, self.card.card_id, self.card.log_name,
                                      "first card, by focal init"});
  txn.ops.push_back(store::PutSchedule{o.party, self.schedule_note});
  FOCAL_ASSIGN([[maybe_unused]] const auto ids, ledger->commit(txn));
  undo.made(config.anchor);
  FOCAL_TRY(Anchor(config.anchor).write(empty_checkpoint(self.card.log_name, keys.log)));

  SetupResult result;
  result.card = self.card;
  result.schedule_note = self.schedule_note;
  result.written = {o.root_folder / kRootFile, o.root_folder / kNextRootFile,
                    o.folder / kKeystoreFile,  o.folder / kCardFile,
                    o.folder / ledger::kLedgerFile, o.folder / kConfigFile, config.anchor};
  ledger.reset();  // closed in order, before the folder counts as a node
  FOCAL_TRY(finish_marker(o));
  undo.keep();
  return result;
}

namespace {

// An earlier call made the keys of this very node, and its request was lost on the way.
Result<std::optional<PreparedNode>> prepared_before(const SetupOptions& o, CardWish wish,
                                                    const crypto::Secret& passphrase) {
  std::error_code error;
  for (const char* later : {kUnfinishedFile, kCardFile, ledger::kLedgerFile})
    if (fs::exists(o.folder / later, error)) return std::optional<PreparedNode>();
  const auto config = crypto::read_private_file(o.folder / kConfigFile, config_text(o).size());
  if (!config || as_text(*config) != config_text(o) || !fs::exists(o.folder / kKeystoreFile, error))
    return std::optional<PreparedNode>();
  FOCAL_ASSIGN(const auto keystore, crypto::Keystore::open(o.folder / kKeystoreFile, passphrase));
  FOCAL_ASSIGN(auto pending, pending_card(keystore));
  wish.act = wish.after ? CardAct::kReplaceKeys : CardAct::kFirst;
  if (!pending || !is_same_wish(wish, *pending)) return std::optional<PreparedNode>();
  return std::optional(PreparedNode{std::move(*pending), {}});
}

}  // namespace

Result<PreparedNode> prepare_node(const SetupOptions& o, const CardWish& wish,
                                  const crypto::Secret& passphrase, const Now& now,
                                  crypto::Rng& rng) {
  const std::string& party = wish.plan ? wish.plan->party : wish.after->party;
  if (party != o.party)
    return fail(ErrorCode::kInvalid, "the file of the root is of " + party + ", not of " + o.party,
                "Take the plan or card of this party.", "party");
  SetupOptions options = o;
  options.root_folder.clear();
  if (options.authority.empty() && wish.after) options.authority = wish.after->authority;
  FOCAL_ASSIGN(auto before, prepared_before(options, wish, passphrase));
  if (before) return std::move(*before);
  FOCAL_TRY(check_options(options));
  Undo undo;
  FOCAL_TRY(make_folder(options.folder, undo));
  FOCAL_TRY(start_marker(options, undo));
  FOCAL_TRY(write_config(options, undo));
  const fs::path keys = options.folder / kKeystoreFile;
  FOCAL_ASSIGN(auto keystore, crypto::Keystore::create(keys, passphrase, options.kdf, rng));
  undo.made(keys);
  CardWish with_authority = wish;
  with_authority.authority = options.authority;
  FOCAL_ASSIGN(PendingCard pending, prepare_first_card(with_authority, keystore, now, rng));
  FOCAL_TRY(finish_marker(options));
  undo.keep();
  return PreparedNode{std::move(pending), {keys, options.folder / kConfigFile}};
}

namespace {

// As the configuration says; where it cannot be read, the start will say so.
Anchor anchor_of(const fs::path& folder) {
  const auto config = config::load_config(folder / kConfigFile);
  return Anchor(config ? config->anchor : folder / config::kAnchorFile);
}

// The ledger of the node, made with its first card here; a log that is continued begins with
// the name of the card before. A log that exists somewhere is never begun a second time.
Result<std::unique_ptr<ledger::Ledger>> ledger_for(const fs::path& folder,
                                                   const PendingCard& pending,
                                                   ledger::KekRing& keks, crypto::Rng& rng) {
  auto opened = ledger::Ledger::open(folder, keks, rng);
  if (opened || opened.error().code != ErrorCode::kNotFound) return opened;
  if (!begins_log(pending)) return ledger_is_missing(folder);
  const auto& next = pending.request.next;
  const std::string origin = pending.request.current
                                 ? pending.request.current->log_name
                                 : exchange::log_name(next.party, next.log_generation);
  return ledger::Ledger::create(folder, next.party, origin, keks, rng);
}

}  // namespace

Result<exchange::Card> apply_card_offline(const fs::path& folder, std::string_view note,
                                          const std::string& detail,
                                          const crypto::Secret& passphrase, const Now& now,
                                          crypto::Rng& rng, const SettleHook& hook) {
  FOCAL_TRY(check_finished(folder));
  FOCAL_ASSIGN(auto keystore, crypto::Keystore::open(folder / kKeystoreFile, passphrase));
  FOCAL_ASSIGN(const auto pending, pending_card(keystore));
  if (!pending)
    return fail(ErrorCode::kNotFound, "no card is under way at this node",
                "Begin with 'focal card renew' (or rotate, replace-keys, recover).");
  FOCAL_ASSIGN(exchange::Card card, check_applied(note, *pending));
  ledger::KeystoreKek keks(keystore, rng);
  FOCAL_TRY(put_next_anchor(anchor_of(folder), keystore, *pending));
  FOCAL_ASSIGN(auto ledger, ledger_for(folder, *pending, keks, rng));
  store::Txn txn;
  txn.now_ms = now.wall_ms;
  txn.ops = card_writes(card, *pending, detail);
  if (hook) hook(SettleStep::kLedger);
  FOCAL_ASSIGN([[maybe_unused]] const auto ids, ledger->commit(txn));
  FOCAL_TRY(settle_card(folder, keystore, *ledger, rng, hook));
  if (hook) hook(SettleStep::kDone);
  return card;
}

}  // namespace focal::node

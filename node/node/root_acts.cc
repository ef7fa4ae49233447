#include "node/node/root_acts.h"

#include <algorithm>

#include "base/check.h"
#include "node/exchange/party.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

using exchange::Card;
using exchange::CardFields;
using exchange::CardRequest;

std::vector<RootChange> changes_of(const CardFields& next, const Card* current) {
  std::vector<RootChange> out;
  const auto line = [&](const char* what, const auto& text_of) {
    std::string before = current == nullptr ? std::string() : text_of(*current);
    std::string after = text_of(next);
    if (before != after) out.push_back({what, std::move(before), std::move(after)});
  };
  line("serial", [](const CardFields& c) { return std::to_string(c.serial); });
  line("root", [](const CardFields& c) { return base64(c.root); });
  line("next root (hash)", [](const CardFields& c) { return base64(c.next); });
  line("issued", [](const CardFields& c) { return format_utc(c.issued_ms); });
  line("expires", [](const CardFields& c) { return format_utc(c.expires_ms); });
  line("sign", [](const CardFields& c) { return base64(c.sign); });
  line("log", [](const CardFields& c) {
    return exchange::log_name(c.party, c.log_generation) + " " + base64(c.log);
  });
  line("witness", [](const CardFields& c) { return base64(c.witness); });
  line("transport", [](const CardFields& c) { return base64(c.transport); });
  line("suites", [](const CardFields& c) {
    std::string text;
    for (const unsigned suite : c.suites)
      text.append(text.empty() ? "" : " ").append(std::to_string(suite));
    return text;
  });
  line("authority", [](const CardFields& c) {
    std::string text;
    for (const std::string& each : c.authority) text.append(text.empty() ? "" : "; ").append(each);
    return text;
  });
  return out;
}

RootPreview preview_of(RootAct act, const CardRequest& request, bool remembered) {
  const Card* current = request.current ? &*request.current : nullptr;
  RootPreview out;
  out.act = act;
  out.party = request.next.party;
  out.serial = request.next.serial;
  out.card_id = request.next.card_id;
  out.number = exchange::card_number(request.next.card_id);
  out.new_keys = request.has_new_keys();
  out.remembered = remembered;
  out.changes = changes_of(request.next, current);
  return out;
}

std::vector<RootKeyInfo> infos(const RootBox& box) {
  std::vector<RootKeyInfo> out;
  out.reserve(box.keys().size());
  for (const RootKey& key : box.keys()) {
    RootKeyInfo info;
    info.file = key.file;
    info.role = box.role(key);
    info.party = key.party;
    info.pk = key.key.pk;
    if (key.signed_card) info.signed_serial = key.signed_card->serial;
    out.push_back(std::move(info));
  }
  return out;
}

Error missing(const std::string& which) {
  return fail(ErrorCode::kNotFound, which + " is not in the root folders",
              "Bring the medium that holds it and name its folder with --root-folder.");
}

// Every copy of the key on these media: none may have signed something else.
Status check_not_signed(const RootBox& box, const crypto::PublicKey& root,
                        const CardRequest& request) {
  for (const RootKey& key : box.keys()) {
    if (key.key.pk != root || !key.signed_card) continue;
    const Card& before = *key.signed_card;
    if (before.card_id == request.next.card_id) continue;
    if (before.serial >= request.next.serial)
      return fail(ErrorCode::kExists, "this root has already signed card " +
                  std::to_string(before.serial) + " of " + before.party + ", issued " +
                  format_utc(before.issued_ms) + ", number " +
                  exchange::card_number(before.card_id),
                  "One root never signs two cards with one serial. Apply that card at the node "
                  "('focal root show --card FILE' writes it again). If its keys are lost, give up "
                  "this one ('focal card cancel') and ask for the card after that one: 'focal card "
                  "replace-keys --after FILE'.", key.file.string());
    if (request.current && before.serial == request.current->serial &&
        before.card_id != request.current->card_id)
      return fail(ErrorCode::kCardChain, "the card in force at the node is not card " +
                  std::to_string(before.serial) + " that this root signed",
                  "Sign nothing. Somebody else has made a card in your name, or the request is of "
                  "another node: find out which.", key.file.string());
  }
  return {};
}

// A first card fixes the party's name and its next root for good: nobody can put right
// what it says of them.
Status check_first(const RootBox& box, const CardRequest& request) {
  if (request.next.party != box.party())
    return fail(ErrorCode::kCardChain, "the first card is of " + request.next.party +
                ", the root of " + (box.party().empty() ? std::string("nobody yet") : box.party()),
                "Sign nothing: the request is of another node, or was changed on its way.",
                "card_request");
  if (box.find_announced(request.next.next) == nullptr)
    return fail(ErrorCode::kCardChain,
                "the first card announces a next root that is not in the root folders",
                "Bring both media, and name both folders with --root-folder. If both are here, sign "
                "nothing: the plan was changed on its way.", "card_request");
  return {};
}

bool remembers(const RootBox& box, const CardRequest& request) {
  if (!request.current) return true;
  return std::any_of(box.keys().begin(), box.keys().end(), [&](const RootKey& key) {
    return key.card && key.card->card_id == request.current->card_id;
  });
}

Result<RootDone> sign_and_remember(RootBox& box, const CardRequest& request, RootPreview preview,
                                   const RootKey& root, const RootKey* old_root,
                                   const RootConfirm& confirm, crypto::Rng& rng) {
  FOCAL_TRY(confirm(preview));
  FOCAL_ASSIGN(const std::string note,
               exchange::add_root_signatures(request.next, root.key,
                                             old_root == nullptr ? nullptr : &old_root->key));
  FOCAL_ASSIGN(const Card card, exchange::parse_card(note));
  std::vector<crypto::PublicKey> signers{root.key.pk};
  if (old_root != nullptr) signers.push_back(old_root->key.pk);
  FOCAL_TRY(box.remember(card, signers, rng));  // before the signature leaves this function
  box.rename_by_role();
  return root_done(box, std::move(preview), note);
}

}  // namespace

namespace {

// Of roots that no card names yet, if both are here.
Result<std::string> first_plan(const RootBox& box) {
  const RootKey* root = nullptr;
  const RootKey* next = nullptr;
  for (const RootKey& key : box.keys()) {
    if (box.role(key) == RootRole::kRoot) root = &key;
    if (box.role(key) == RootRole::kNext) next = &key;
  }
  if (root == nullptr || next == nullptr || box.party().empty()) return std::string();
  return exchange::make_root_plan(
      {box.party(), root->key.pk, exchange::next_root_hash(next->key.pk)}, root->key);
}

}  // namespace

RootDone root_done(const RootBox& box, RootPreview preview, std::string note) {
  RootDone out;
  out.preview = std::move(preview);
  out.note = std::move(note);
  if (const Card* card = box.newest()) out.last_card = card->note;
  out.keys = infos(box);
  return out;
}

std::string_view root_act_name(RootAct act) {
  switch (act) {
    case RootAct::kMake: return "MAKE";
    case RootAct::kSign: return "SIGN";
    case RootAct::kPlanRotate: return "PLAN_ROTATE";
    case RootAct::kPlanRecover: return "PLAN_RECOVER";
    case RootAct::kRotate: return "ROTATE";
    case RootAct::kRecover: return "RECOVER";
    case RootAct::kRevoke: return "REVOKE";
    case RootAct::kDirectory: return "DIRECTORY";
  }
  return "";
}

Result<RootDone> root_show(const RootOptions& options, const crypto::Secret& passphrase) {
  FOCAL_ASSIGN(const RootBox box, RootBox::open(options.folders, passphrase));
  RootPreview preview;
  preview.party = box.party();
  if (const Card* card = box.newest()) {
    preview.serial = card->serial;
    preview.card_id = card->card_id;
    preview.number = exchange::card_number(card->card_id);
    return root_done(box, std::move(preview), {});
  }
  FOCAL_ASSIGN(std::string plan, first_plan(box));
  return root_done(box, std::move(preview), std::move(plan));
}

Result<RootDone> root_make(const RootOptions& options, const std::string& party,
                           const crypto::Secret& passphrase, const RootConfirm& confirm,
                           crypto::Rng& rng) {
  if (!exchange::is_party(party))
    return fail(ErrorCode::kInvalid, "'" + party + "' is not a party code",
                "Use the ISO 3166-1 alpha-2 code of the State in capitals, e.g. FR, or a registered "
                "word such as UNODA.", "party");
  if (options.folders.empty() || options.folders.size() > 2)
    return fail(ErrorCode::kUsage, "the roots go into one folder, or into two",
                "Give --root-folder once, or twice: first the root's, then the next root's.");
  const fs::path root_file = options.folders.front() / kRootFile;
  const fs::path next_file = options.folders.back() / kNextRootFile;
  std::error_code error;
  for (const fs::path& file : {root_file, next_file})
    if (fs::exists(fs::symlink_status(file, error)))
      return fail(ErrorCode::kExists, "there is a root key already: " + file.string(),
                  "Nothing was changed. 'focal root show' tells what it is, and writes a plan that was "
                  "lost again (--plan FILE).", file.string());
  RootPreview preview;
  preview.act = RootAct::kMake;
  preview.party = party;
  FOCAL_TRY(confirm(preview));
  for (const fs::path& folder : options.folders) {
    fs::create_directories(folder, error);
    if (error)
      return fail(ErrorCode::kIo, "cannot make the folder " + folder.string() + ": " +
                  error.message(), "Choose a folder that you may write to.", folder.string());
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  FOCAL_TRY(make_root_key(root_file, party, false, passphrase, options.kdf, rng));
  if (auto next = make_root_key(next_file, party, false, passphrase, options.kdf, rng); !next) {
    fs::remove(root_file, error);
    return next.error();
  }
  FOCAL_ASSIGN(const RootBox box, RootBox::open(options.folders, passphrase));
  FOCAL_ASSIGN(std::string plan, first_plan(box));
  RootDone out = root_done(box, std::move(preview), std::move(plan));
  out.written = {root_file, next_file};
  return out;
}

Result<RootDone> root_sign(const RootOptions& options, std::string_view file,
                           const crypto::Secret& passphrase, const RootConfirm& confirm,
                           crypto::Rng& rng) {
  FOCAL_ASSIGN(const CardRequest request, exchange::parse_card_request(file));
  if (request.has_new_root())
    return fail(ErrorCode::kCardChain, "the request changes the root",
                "Use 'focal root rotate' with both roots, or 'focal root recover' with the next root "
                "alone.", "card_request");
  FOCAL_ASSIGN(RootBox box, RootBox::open(options.folders, passphrase));
  const RootKey* root = box.find(request.next.root);
  if (root == nullptr) return missing("the root that the card names");
  if (const Card* newest = box.newest(); newest != nullptr && newest->root != root->key.pk)
    return fail(ErrorCode::kState, "this root was replaced by card " +
                std::to_string(newest->serial) + "; it signs no more",
                "Ask the node for a request that names the root in force.", root->file.string());
  if (!request.current) FOCAL_TRY(check_first(box, request));
  FOCAL_TRY(check_not_signed(box, root->key.pk, request));
  RootPreview preview = preview_of(RootAct::kSign, request, remembers(box, request));
  return sign_and_remember(box, request, std::move(preview), *root, nullptr, confirm, rng);
}

Result<RootDone> root_plan(const RootOptions& options, RootAct act, const crypto::Secret& passphrase,
                           const RootConfirm& confirm, crypto::Rng& rng) {
  FOCAL_CHECK(act == RootAct::kPlanRotate || act == RootAct::kPlanRecover);
  FOCAL_ASSIGN(RootBox box, RootBox::open(options.folders, passphrase));
  const RootKey* next = nullptr;
  const RootKey* planned = nullptr;
  for (const RootKey& key : box.keys()) {
    if (box.role(key) == RootRole::kNext) next = &key;
    if (box.role(key) == RootRole::kPlanned) planned = &key;
  }
  if (next == nullptr) return missing("the announced next root");
  if (box.party().empty())
    return fail(ErrorCode::kState, "the medium does not know whose root it is",
                "Let it sign a card first: 'focal root sign'.", next->file.string());
  RootPreview preview;
  preview.act = act;
  preview.party = box.party();
  FOCAL_TRY(confirm(preview));
  crypto::PublicKey after{};
  std::vector<fs::path> written;
  if (planned != nullptr) {
    after = planned->key.pk;
  } else {
    const fs::path file = options.folders.front() / kNewNextFile;
    FOCAL_ASSIGN(const auto made,
                 make_root_key(file, box.party(), true, passphrase, options.kdf, rng));
    after = made.pk;
    written.push_back(file);
  }
  FOCAL_ASSIGN(const std::string plan,
               exchange::make_root_plan({box.party(), next->key.pk, exchange::next_root_hash(after)},
                                        next->key));
  FOCAL_ASSIGN(const RootBox now, RootBox::open(options.folders, passphrase));
  RootDone out = root_done(now, std::move(preview), plan);
  out.written = std::move(written);
  return out;
}

Result<RootDone> root_change(const RootOptions& options, RootAct act, std::string_view file,
                             const crypto::Secret& passphrase, const RootConfirm& confirm,
                             crypto::Rng& rng) {
  FOCAL_CHECK(act == RootAct::kRotate || act == RootAct::kRecover);
  FOCAL_ASSIGN(const CardRequest request, exchange::parse_card_request(file));
  if (!request.has_new_root())
    return fail(ErrorCode::kCardChain, "the request keeps the root",
                "Use 'focal root sign' for it. A rotation begins with 'focal root rotate --plan'.",
                "card_request");
  FOCAL_ASSIGN(RootBox box, RootBox::open(options.folders, passphrase));
  const RootKey* root = box.find(request.next.root);
  if (root == nullptr) return missing("the announced next root, which the card makes the root,");
  if (box.find_announced(request.next.next) == nullptr)
    return fail(ErrorCode::kCardChain,
                "the card announces a next root that is not in the root folders",
                "Sign nothing: the plan was changed on its way, or it is another medium's. Bring the "
                "medium on which the plan was made, or make a new plan.", "card_request");
  const RootKey* old_root = nullptr;
  if (act == RootAct::kRotate) {
    old_root = box.find(request.current->root);
    if (old_root == nullptr) return missing("the root in force");
    FOCAL_TRY(check_not_signed(box, old_root->key.pk, request));
  }
  FOCAL_TRY(check_not_signed(box, root->key.pk, request));
  RootPreview preview = preview_of(act, request, remembers(box, request));
  return sign_and_remember(box, request, std::move(preview), *root, old_root, confirm, rng);
}

}  // namespace focal::node

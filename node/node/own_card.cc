#include "node/node/own_card.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/log.h"
#include "crypto/private_file.h"
#include "node/exchange/card_rules.h"
#include "node/exchange/succession.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

using exchange::Card;
using exchange::CardFields;

constexpr std::array<std::string_view, 4> kKeyNames = {kSignName, kLogName, kWitnessName,
                                                       kTransportName};

constexpr std::array<std::pair<CardAct, std::string_view>, 5> kActs = {{
    {CardAct::kFirst, "FIRST"},
    {CardAct::kRenew, "RENEW"},
    {CardAct::kReplaceKeys, "REPLACE_KEYS"},
    {CardAct::kRotate, "ROTATE"},
    {CardAct::kRecover, "RECOVER"},
}};

std::string next_name(std::string_view name) { return std::string(kNextPrefix).append(name); }

std::string text_of(const crypto::Keystore& keystore, std::string_view name) {
  const crypto::Secret* value = keystore.find(name);
  return value == nullptr ? std::string() : to_string(value->view());
}

void put_text(crypto::Keystore& keystore, std::string_view name, std::string_view text) {
  keystore.put(std::string(name), crypto::Secret::copy_of(as_bytes(text)));
}

Error damaged_pending(const std::string& why) {
  return fail(ErrorCode::kKeystore, "the card under way in the keystore is damaged: " + why,
              "Restore the keystore from its backup.");
}

void store_next_keys(const OnlineKeys& keys, crypto::Keystore& keystore) {
  keystore.put(next_name(kSignName), keys.sign.seed.clone());
  keystore.put(next_name(kLogName), keys.log.seed.clone());
  keystore.put(next_name(kWitnessName), keys.witness.seed.clone());
  keystore.put(next_name(kTransportName), keys.transport.sk.clone());
}

void erase_next(crypto::Keystore& keystore) {
  for (const std::string& name : keystore.names())
    if (name.starts_with(kNextPrefix)) keystore.erase(name);
  keystore.erase(kNextCard);
  keystore.erase(kNextAct);
}

Result<PendingCard> keep(CardAct act, const std::string& unsigned_card,
                         const std::string& current_note, const OnlineKeys* new_keys,
                         crypto::Keystore& keystore, crypto::Rng& rng) {
  FOCAL_ASSIGN(const std::string file, exchange::make_card_request(unsigned_card, current_note));
  put_text(keystore, kNextCard, file);
  put_text(keystore, kNextAct, card_act_name(act));
  if (new_keys != nullptr) store_next_keys(*new_keys, keystore);
  if (const Status saved = keystore.save(rng); !saved) {
    erase_next(keystore);
    return saved.error();
  }
  FOCAL_ASSIGN(auto request, exchange::parse_card_request(file));
  return PendingCard{act, std::move(request), file};
}

// A new log key names the next generation of the log.
Result<PendingCard> keep_with_new_keys(CardAct act, CardFields fields, const Card* before,
                                       crypto::Keystore& keystore, crypto::Rng& rng) {
  const OnlineKeys fresh = make_online_keys(rng);
  fields.transport = fresh.transport.pk;
  fields.log_generation = before == nullptr ? 1 : before->log_generation + 1;
  FOCAL_ASSIGN(const std::string card,
               exchange::make_unsigned_card(fields, {fresh.sign, fresh.log, fresh.witness}));
  return keep(act, card, before == nullptr ? std::string() : before->note, &fresh, keystore, rng);
}

Error no_plan(const std::string& what) {
  return fail(ErrorCode::kCardChain, "this plan of a root cannot be used: " + what,
              "Make one with 'focal root rotate --plan' or 'focal root recover --plan' on the root "
              "machine that holds the announced next root.", "plan");
}

Status check_plan(const exchange::RootPlan& plan, const Card& current) {
  if (plan.party != current.party) return no_plan("it is of " + plan.party);
  if (plan.root == current.root) return no_plan("its root is the one in force");
  if (exchange::next_root_hash(plan.root) != current.next)
    return no_plan("its root was never announced by our card");
  if (plan.next == current.next) return no_plan("it announces no new next root");
  return {};
}

Status check_life(const CardFields& fields) {
  if (fields.expires_ms > fields.issued_ms) return {};
  return fail(ErrorCode::kInvalid, "the card would have expired already",
              "Give a last day that is still to come.", "expires");
}

// prev is the caller's.
CardFields fields_after(const CardWish& wish, const CardFields& before, const Now& now) {
  CardFields fields = before;  // the same but for what follows
  fields.serial = before.serial + 1;
  // Later than the card before it, whatever the clock says.
  fields.issued_ms = std::max(now.wall_ms / kSecondMs * kSecondMs, before.issued_ms + kSecondMs);
  fields.expires_ms = wish.expires_ms != 0 ? wish.expires_ms
                                           : (fields.issued_ms + kCardLifeMs) / kDayMs * kDayMs;
  if (!wish.authority.empty()) fields.authority = wish.authority;
  if (wish.plan) {
    fields.root = wish.plan->root;
    fields.next = wish.plan->next;
  }
  return fields;
}

bool keys_are_of(const OnlineKeys& keys, const CardFields& card) {
  return keys.sign.pk == card.sign && keys.log.pk == card.log && keys.witness.pk == card.witness &&
         keys.transport.pk == card.transport;
}

// The keystore follows the card: new keys take the place of the old ones, which are gone
// with the save.
void promote(crypto::Keystore& keystore) {
  const bool new_sign = keystore.find(next_name(kSignName)) != nullptr;
  if (new_sign) {
    for (const std::string& name : keystore.names())
      if (name.starts_with(kSealPrefix)) {
        std::string used(kUsedPrefix);
        used.append(std::string_view(name).substr(kSealPrefix.size()));
        keystore.put(std::move(used), keystore.find(name)->clone());
        keystore.erase(name);
      }
    if (const crypto::Secret* old = keystore.find(kTransportName))
      keystore.put(std::string(kOldTransportName), old->clone());
  }
  for (const std::string_view name : kKeyNames)
    if (const crypto::Secret* key = keystore.find(next_name(name)))
      keystore.put(std::string(name), key->clone());
  erase_next(keystore);
}

Error not_together() {
  return fail(ErrorCode::kCardKey, "the ledger's newest card and the keystore do not belong together",
              "Put back the newest copy of the keystore. If there is none, the keys of that card are "
              "lost: see 'The server was stolen or is lost' in docs/operations.md.");
}

}  // namespace

std::string_view card_act_name(CardAct act) {
  for (const auto& [each, name] : kActs)
    if (each == act) return name;
  FOCAL_CHECK(false);
}

std::optional<CardAct> card_act_of(std::string_view name) {
  for (const auto& [act, each] : kActs)
    if (each == name) return act;
  return std::nullopt;
}

bool is_same_wish(const CardWish& wish, const PendingCard& pending) {
  const CardFields& next = pending.request.next;
  const auto& before = pending.request.current;
  return wish.act == pending.act &&
         (wish.expires_ms == 0 || wish.expires_ms == next.expires_ms) &&
         (wish.authority.empty() || wish.authority == next.authority) &&
         (!wish.plan || (wish.plan->root == next.root && wish.plan->next == next.next)) &&
         (!wish.after || (before && before->card_id == wish.after->card_id));
}

bool begins_log(const PendingCard& pending) {
  return pending.act == CardAct::kFirst || pending.act == CardAct::kReplaceKeys;
}

Error ledger_is_missing(const fs::path& folder) {
  return fail(ErrorCode::kNotFound, "the ledger of this node is not in " + folder.string(),
              "Put it back. If it is lost, a node with new keys begins in another folder: see 'The "
              "server was stolen or is lost' in docs/operations.md.", folder.string());
}

Result<std::optional<PendingCard>> pending_card(const crypto::Keystore& keystore) {
  const std::string file = text_of(keystore, kNextCard);
  if (file.empty()) return std::optional<PendingCard>();
  const auto act = card_act_of(text_of(keystore, kNextAct));
  auto request = exchange::parse_card_request(file);
  if (!request) return damaged_pending(request.error().message);
  if (!act) return damaged_pending("nothing says what it is for");
  return std::optional(PendingCard{*act, std::move(*request), file});
}

Result<PendingCard> prepare_card(const CardWish& wish, const Card& current, const OnlineKeys& keys,
                                 crypto::Keystore& keystore, const Now& now, crypto::Rng& rng) {
  FOCAL_CHECK(wish.act != CardAct::kFirst);
  FOCAL_ASSIGN(const auto under_way, pending_card(keystore));
  if (under_way && is_same_wish(wish, *under_way)) return *under_way;
  if (under_way)
    return fail(ErrorCode::kState, "card " + std::to_string(under_way->request.next.serial) +
                " is under way already (" + std::string(card_act_name(under_way->act)) + ")",
                "Let the root sign it and apply it, or give it up: 'focal card cancel'.");
  const bool needs_plan = wish.act == CardAct::kRotate || wish.act == CardAct::kRecover;
  if (needs_plan != wish.plan.has_value())
    return fail(ErrorCode::kUsage, needs_plan ? "this needs the plan of the root machine"
                                              : "this takes no plan of a root machine",
                "Give --plan FILE with 'focal card rotate' or 'focal card recover', and only there.");
  if (wish.plan) FOCAL_TRY(check_plan(*wish.plan, current));
  if (wish.after) {
    const auto verdict = exchange::check_successor(current, *wish.after);
    if (wish.act != CardAct::kReplaceKeys || !exchange::is_successor(verdict))
      return fail(ErrorCode::kCardChain, "the card of --after cannot stand between: " +
                  std::string(exchange::describe(verdict)),
                  "Give the card that the root signed last and that no node holds the keys of.");
  }
  const Card& before = wish.after ? *wish.after : current;
  CardFields fields = fields_after(wish, before, now);
  fields.prev = before.card_id;
  FOCAL_TRY(check_life(fields));
  if (wish.act == CardAct::kReplaceKeys) return keep_with_new_keys(wish.act, fields, &before, keystore, rng);
  FOCAL_ASSIGN(const std::string card,
               exchange::make_unsigned_card(fields, {keys.sign, keys.log, keys.witness}));
  return keep(wish.act, card, before.note, nullptr, keystore, rng);
}

Result<PendingCard> prepare_first_card(const CardWish& wish, crypto::Keystore& keystore,
                                       const Now& now, crypto::Rng& rng) {
  FOCAL_CHECK(wish.plan.has_value() != wish.after.has_value());
  CardFields nothing;  // what stands before a first card: serial 0, issued never
  nothing.serial = 0;
  if (wish.plan) nothing.party = wish.plan->party;
  const CardFields& before = wish.after ? static_cast<const CardFields&>(*wish.after) : nothing;
  CardFields fields = fields_after(wish, before, now);
  if (!wish.after) fields.prev.reset();
  if (wish.after) fields.prev = wish.after->card_id;
  FOCAL_TRY(check_life(fields));
  return keep_with_new_keys(wish.after ? CardAct::kReplaceKeys : CardAct::kFirst, fields,
                            wish.after ? &*wish.after : nullptr, keystore, rng);
}

Status cancel_card(crypto::Keystore& keystore, crypto::Rng& rng) {
  if (keystore.find(kNextCard) == nullptr)
    return fail(ErrorCode::kNotFound, "no card is under way", "Nothing was changed.");
  erase_next(keystore);
  return keystore.save(rng);
}

Result<Card> check_applied(std::string_view note, const PendingCard& pending) {
  FOCAL_ASSIGN(Card card, exchange::parse_card(note));
  const auto wrong = [](const std::string& what) {
    return fail(ErrorCode::kCardChain, "this is not the card that was prepared here: " + what,
                "Give the file that the root machine wrote for the request of this node.", "card");
  };
  if (card.card_id != pending.request.next.card_id)
    return wrong("its number is " + exchange::card_number(card.card_id) + ", prepared is " +
                 exchange::card_number(pending.request.next.card_id));
  if (!pending.request.current) return card;
  const auto verdict = exchange::check_successor(*pending.request.current, card);
  using exchange::Succession;
  const bool right = pending.act == CardAct::kRotate ? verdict == Succession::kRotate
                     : pending.act == CardAct::kRecover
                         ? verdict == Succession::kRecover || verdict == Succession::kRotate
                         : verdict == Succession::kUpdate;
  if (!right)
    return wrong("it is signed for " + std::string(exchange::describe(verdict)));
  return card;
}

std::vector<store::Op> card_writes(const Card& card, const PendingCard& pending,
                                   const std::string& detail, const std::string& higher) {
  std::vector<store::Op> out;
  if (pending.request.current) {
    // Written where it is not there: of a new folder, or a card that stands between.
    const Card& before = *pending.request.current;
    out.emplace_back(store::PutOwnCard{before.note, before.card_id, before.log_name, detail});
  }
  out.emplace_back(store::PutOwnCard{card.note, card.card_id, card.log_name, detail, higher});
  return out;
}

Result<std::string> settle_card(const fs::path& folder, crypto::Keystore& keystore,
                                store::View& ledger, crypto::Rng& rng, const SettleHook& hook) {
  const fs::path file = folder / kCardFile;
  FOCAL_ASSIGN(const auto pending, pending_card(keystore));
  auto held = crypto::read_private_file(file, exchange::kMaxCardSize);
  if (!held && held.error().code != ErrorCode::kNotFound) return held.error();
  const std::string in_file = held ? to_string(*held) : std::string();
  const auto cards = ledger.own_cards();
  if (cards.empty()) {
    if (!in_file.empty()) return in_file;
    if (!pending) return held.error();
    return fail(ErrorCode::kState, "this node waits for its first card",
                "Let the root sign the request ('focal root sign'), then 'focal card apply FILE'.");
  }
  FOCAL_ASSIGN(const Card newest, exchange::parse_card(cards.back().note));
  const bool was_pending = pending && pending->request.next.card_id == newest.card_id;
  if (!was_pending) {
    const auto keys = load_online_keys(keystore);
    if (!keys || !keys_are_of(*keys, newest)) return not_together();
  }
  if (in_file != newest.note) {
    if (hook) hook(SettleStep::kNote);
    FOCAL_TRY(crypto::write_private_file(file, as_bytes(newest.note), crypto::IfPresent::kReplace));
  }
  if (was_pending) {
    if (hook) hook(SettleStep::kKeys);
    promote(keystore);
    FOCAL_TRY(keystore.save(rng));
    log::info("node", "the card of this node has changed",
              {{"serial", std::to_string(newest.serial)}, {"log", newest.log_name}});
  }
  return newest.note;
}

}  // namespace focal::node

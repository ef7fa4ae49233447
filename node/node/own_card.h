// Changing the card of this node. Two steps with the root machine between them:
//   prepare  makes the next card and, where it names new keys, the keys, under names of
//            their own in the keystore; what it returns goes to the root
//   apply    checks that what came back is that card, and puts it into the ledger
// The ledger decides which card the node has. settle() brings card file and keystore to
// what it says, at every start; so a kill at any moment ends in the old card or the new
// one, each with its keys.
//
// Names in the keystore while a card is under way:
//   public/next/card                          what was sent to the root, the whole file
//   public/next/act                           RENEW, ROTATE, …
//   next/sign, /log, /witness, /transport     its keys, where they are new
// After a change of keys: old/transport, until every peer knows the new one; used/…, the
// sealing keys published under the old sign key, which still open what is on its way.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "crypto/keystore.h"
#include "node/exchange/card_request.h"
#include "node/exchange/root_plan.h"
#include "node/node/keys.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::node {

inline constexpr std::string_view kNextPrefix = "next/";
inline constexpr std::string_view kNextCard = "public/next/card";
inline constexpr std::string_view kNextAct = "public/next/act";
inline constexpr std::string_view kOldTransportName = "old/transport";
inline constexpr std::uint64_t kOldTransportKeptMs = 90 * kDayMs;
inline constexpr std::uint64_t kHandOverMs = 20 * kMinuteMs;  // twice the longest wait between dials
inline constexpr std::uint64_t kCardLifeMs = 396 * kDayMs;  // thirteen months, where nothing is said

enum class CardAct { kFirst, kRenew, kReplaceKeys, kRotate, kRecover };
std::string_view card_act_name(CardAct act);  // FIRST, RENEW, REPLACE_KEYS, ROTATE, RECOVER
std::optional<CardAct> card_act_of(std::string_view name);

struct CardWish {
  CardAct act = CardAct::kRenew;
  std::uint64_t expires_ms = 0;                 // 0 = in thirteen months
  std::vector<std::string> authority;           // empty = as on the card in force
  std::optional<exchange::RootPlan> plan;       // of the root machine: kFirst, kRotate, kRecover
  std::optional<exchange::Card> after;          // a signed card whose keys are lost: it stands between
};

struct PendingCard {
  CardAct act = CardAct::kRenew;
  exchange::CardRequest request;
  std::string file;                             // what goes to the root machine
};

// Does a folder without a ledger begin one with this card: the first, or the first under a new
// log key. Any other card goes on in the ledger that has the cards before it.
bool begins_log(const PendingCard& pending);
// kNotFound: the ledger of a node that has had one is not in the folder.
Error ledger_is_missing(const std::filesystem::path& folder);

// The card under way, if there is one. kKeystore: what the keystore holds of it is damaged.
Result<std::optional<PendingCard>> pending_card(const crypto::Keystore& keystore);

// Would the wish give this card; what it leaves open agrees with everything.
bool is_same_wish(const CardWish& wish, const PendingCard& pending);
// Saved into the keystore when it returns. The same wish again returns what is under way.
// kState: another card is under way; kInvalid (date, authority); kCardChain (the plan's root
// was never announced, is of another party or changes nothing; `after` is no successor of the card in
// force); and the errors of Keystore::save.
Result<PendingCard> prepare_card(const CardWish& wish, const exchange::Card& current,
                                 const OnlineKeys& keys, crypto::Keystore& keystore, const Now& now,
                                 crypto::Rng& rng);
// Of a folder that has no card: with wish.plan the party's first (kFirst), with wish.after
// the one after a card whose node is lost (kReplaceKeys); one of the two is there. The
// authority must be given for a first card. Errors as above.
Result<PendingCard> prepare_first_card(const CardWish& wish, crypto::Keystore& keystore,
                                       const Now& now, crypto::Rng& rng);
// Forgets the card under way and its keys. kNotFound: there is none.
Status cancel_card(crypto::Keystore& keystore, crypto::Rng& rng);

// The note is the card under way, signed as its act asks. kNotFound: nothing is under way;
// kCardChain: another card, or by the wrong roots; errors of parse_card.
Result<exchange::Card> check_applied(std::string_view note, const PendingCard& pending);
// What the ledger has to write, in one transaction. higher: checkpoints of the log that this card
// closes, which others hold and the ledger does not (RollbackGuard::higher), one after the other.
std::vector<store::Op> card_writes(const exchange::Card& card, const PendingCard& pending,
                                   const std::string& detail, const std::string& higher = {});

// Told before each step that changes something: the ledger's transaction, then those of
// settle(); and when all is done. For tests: a step that it does not return from has not
// happened.
enum class SettleStep { kLedger, kNote, kKeys, kDone };
using SettleHook = std::function<void(SettleStep)>;

// Makes card file and keystore follow the newest own card of the ledger, and returns that
// card's note. A ledger without own cards: what the file says. kCardKey: ledger, keystore
// and file do not belong together; kState: the node waits for its first card; kNotFound.
Result<std::string> settle_card(const std::filesystem::path& folder, crypto::Keystore& keystore,
                                store::View& ledger, crypto::Rng& rng,
                                const SettleHook& hook = {});

}  // namespace focal::node

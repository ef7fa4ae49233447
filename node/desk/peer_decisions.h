// What an officer decides about another party. Each joins the group under way and is refused
// with a reason and a hint; who, how and why is kept in the ledger. Called on the node's loop
// thread, inside Node::perform().
#pragma once

#include <optional>
#include <string>

#include "node/desk/acting.h"
#include "node/exchange/intro.h"
#include "node/exchange/trust_book.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class PeerConfirmRequest;
class PeerRejectRequest;
class PeerSeenRequest;
class PeerResumeRequest;
class PeerSuspendRequest;
class PeerVerifyRequest;
}  // namespace focal::api::v1

namespace focal::desk {

namespace v1 = focal::api::v1;

exchange::TrustBook& book_of(node::Node& node);
exchange::BookTime book_time(node::Node& node, const Now& now);

// What the book writes down of what this person decides; by outlives it.
exchange::LeafText leaf_text_of(const By& by);

// The rule that asks for a second officer when a person here puts another card in the place of a
// known party's.
inline constexpr std::string_view kKeyChangeRule = "peer.key_change";
By::Change key_change(const exchange::Card& old, const exchange::Card& card);
// The change that adding this card by hand makes, where a link would bring it in force only after
// a waiting period. Nothing: of a stranger, the same card, one that its chain proves, or one that
// the book refuses or holds.
std::optional<By::Change> change_by_hand(node::Node& node, const exchange::Card& card);

// kInvalid: `how` is not PHONE, IN_PERSON or NOTE_VERBALE.
Status check_how(const std::string& how);

// Raises to VERIFIED if the digits (or the code of the other side's QR) are right. kNotFound;
// kInvalid: they are not; the errors of parse_ceremony_code.
Status verify_peer(node::Node& node, const v1::PeerVerifyRequest& request, const By& by,
                   const Now& now);
// kNotFound; kInvalid: no reason; kState: it is suspended or revoked already.
Status suspend_peer(node::Node& node, const v1::PeerSuspendRequest& request, const By& by,
                    const Now& now);
// kNotFound; kState: it is not suspended, or a recovery has to be decided instead; kInvalid: two
// cards, and no reason.
Status resume_peer(node::Node& node, const v1::PeerResumeRequest& request, const By& by,
                   const Now& now);
// Takes a card on hold. With another root key the digits of the new safety number are needed, and
// the party counts as verified by them. kNotFound, kUsage (which card?), kInvalid (digits, how),
// kCardChain, kCardKey: it no longer fits.
// kAwaitsRelease: a second officer has to release it.
Status confirm_card(node::Node& node, const v1::PeerConfirmRequest& request, By& by,
                    const Now& now);
// kNotFound, kUsage, kInvalid: no reason.
Status reject_card(node::Node& node, const v1::PeerRejectRequest& request, const By& by,
                   const Now& now);
// Somebody looked at the cards that took effect up to that leaf. kState: there is none.
Status seen_peer(node::Node& node, const v1::PeerSeenRequest& request, const By& by,
                 const Now& now);

}  // namespace focal::desk

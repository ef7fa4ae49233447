// What an officer decides about another party. Each joins the group under way and is refused
// with a reason and a hint; who, how and why is kept in the ledger. Called on the node's loop
// thread, inside Node::perform().
#pragma once

#include <string>

#include "base/caller.h"
#include "node/exchange/intro.h"
#include "node/exchange/trust_book.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class PeerConfirmRequest;
class PeerRejectRequest;
class PeerResumeRequest;
class PeerSuspendRequest;
class PeerVerifyRequest;
}  // namespace focal::api::v1

namespace focal::desk {

namespace v1 = focal::api::v1;

exchange::TrustBook& book_of(node::Node& node);
exchange::BookTime book_time(node::Node& node, const Now& now);

// kInvalid: `how` is not PHONE, IN_PERSON or NOTE_VERBALE.
Status check_how(const std::string& how);

// Raises to VERIFIED if the digits (or the code of the other side's QR) are right. kNotFound;
// kInvalid: they are not; the errors of parse_ceremony_code.
Status verify_peer(node::Node& node, const v1::PeerVerifyRequest& request, const Caller& caller,
                   const Now& now);
// kNotFound; kInvalid: no reason; kState: it is suspended or revoked already.
Status suspend_peer(node::Node& node, const v1::PeerSuspendRequest& request, const Caller& caller,
                    const Now& now);
// kNotFound; kState: it is not suspended, or a recovery has to be decided instead; kInvalid: two
// cards, and no reason.
Status resume_peer(node::Node& node, const v1::PeerResumeRequest& request, const Caller& caller,
                   const Now& now);
// Takes a card on hold. With another root key the digits of the new safety number are needed, and
// the party counts as verified by them. kNotFound, kUsage (which card?), kInvalid (digits, how),
// kCardChain, kCardKey: it no longer fits.
Status confirm_card(node::Node& node, const v1::PeerConfirmRequest& request, const Caller& caller,
                    const Now& now);
// kNotFound, kUsage, kInvalid: no reason.
Status reject_card(node::Node& node, const v1::PeerRejectRequest& request, const Caller& caller,
                   const Now& now);

}  // namespace focal::desk

// What the root does, on an offline machine with nothing but its medium: make, sign a
// card, plan, rotate, recover. Each act is laid open first (RootPreview) and done only if
// the custodian agrees. Before a signature leaves, the medium remembers the card: one root
// never signs two cards with one serial (docs/protocol.md, "Rotation, revocation, recovery").
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "node/exchange/card_request.h"
#include "node/exchange/revocation.h"
#include "node/exchange/root_plan.h"
#include "node/node/root_box.h"

namespace focal::node {

enum class RootAct { kMake, kSign, kPlanRotate, kPlanRecover, kRotate, kRecover, kRevoke, kDirectory };
std::string_view root_act_name(RootAct act);  // MAKE, SIGN, PLAN_ROTATE, …

struct RootChange {            // a line of the card that becomes another
  std::string what;            // "expires", "sign", …
  std::string before, after;   // before is empty on a first card
};

struct RootPreview {
  RootAct act = RootAct::kSign;
  std::string party;
  std::uint64_t serial = 0;            // of the card; 0: the act makes none
  Hash32 card_id{};
  std::string number;                  // card_number: to be compared with what the node shows
  bool new_keys = false;               // the node's keys are others than before
  bool remembered = true;              // the medium knows the card in force
  std::vector<RootChange> changes;
  std::string scope, reason;           // of a revocation
  std::string signer;                  // … ROOT or NEXT_ROOT, as root_role_name
  std::uint64_t since_ms = 0;
};
using RootConfirm = std::function<Status(const RootPreview&)>;

struct RootKeyInfo {
  std::filesystem::path file;
  RootRole role = RootRole::kRoot;
  std::string party;
  crypto::PublicKey pk{};
  std::uint64_t signed_serial = 0;  // of the newest card it signed; 0 = none that it remembers
};

struct RootDone {
  RootPreview preview;
  std::string note;                        // what goes out: card, plan; a signed note
  std::string last_card;                   // the newest card known, whole note; may be empty
  std::vector<RootKeyInfo> keys;           // as they stand now
  std::vector<std::filesystem::path> written;  // key files made
};

struct RootOptions {
  std::vector<std::filesystem::path> folders;
  crypto::KdfCost kdf = crypto::kKdfDefault;  // of new key files
};

// What is on the media. Changes nothing. The note is the plan of root_make again, while no
// card is known and both roots are here; else empty.
Result<RootDone> root_show(const RootOptions& options, const crypto::Secret& passphrase);
// Root and next root, the latter in the last folder; the note is the plan that `focal init
// --root-plan` takes. kExists: there is one already.
Result<RootDone> root_make(const RootOptions& options, const std::string& party,
                           const crypto::Secret& passphrase, const RootConfirm& confirm,
                           crypto::Rng& rng);
// A first card or an update. kCardChain: it follows another card than the newest this root
// signed, or is a rotation, or is a first card of another party or with a next root that is
// not in the folders; kExists: this root signed another card with that serial;
// kNotFound: the root of the request is not in the folders; and the errors of
// parse_card_request. The same request again gives the same card again.
Result<RootDone> root_sign(const RootOptions& options, std::string_view request,
                           const crypto::Secret& passphrase, const RootConfirm& confirm,
                           crypto::Rng& rng);
// A plan (act kPlanRotate or kPlanRecover) for the node; makes the root after the next in
// the first folder. Again: the same plan. kState: no card is known to the media.
Result<RootDone> root_plan(const RootOptions& options, RootAct act, const crypto::Secret& passphrase,
                           const RootConfirm& confirm, crypto::Rng& rng);
// Signs a card with the announced root: by both roots (kRotate) or by it alone (kRecover).
// Errors as root_sign; kCardChain also where the announced next is not the planned one.
Result<RootDone> root_change(const RootOptions& options, RootAct act, std::string_view request,
                             const crypto::Secret& passphrase, const RootConfirm& confirm,
                             crypto::Rng& rng);

// root_notes.cc
struct RootRevoke {
  std::string card;                    // the note; empty: by serial
  std::uint64_t serial = 0;            // of a card that the media remember
  exchange::RevocationScope scope = exchange::RevocationScope::kAll;
  std::uint64_t since_ms = 0;          // whole seconds
  std::string reason;                  // one line
  bool by_next_root = false;           // else by the root: after the next root's word only a
                                       // recovery restores the party
};
// A revocation note. kUsage: it names no card; kNotFound: no such card, or the signer is not
// there; kInvalid: another party's; kCard: the reason.
Result<RootDone> root_revoke(const RootOptions& options, const RootRevoke& what,
                             const crypto::Secret& passphrase, const RootConfirm& confirm);
// A directory of this party as an introducer: one line for each party, "XB <root> <serial of its
// card>". The serial follows the newest one that this root signed; the same list again gives
// the same note. kInvalid (which line), kLimit, kNotFound (the root is not there).
Result<RootDone> root_directory(const RootOptions& options, std::string_view list,
                                const crypto::Secret& passphrase, const RootConfirm& confirm,
                                crypto::Rng& rng);

// For the acts: the media as they stand, with what goes out.
RootDone root_done(const RootBox& box, RootPreview preview, std::string note);

}  // namespace focal::node

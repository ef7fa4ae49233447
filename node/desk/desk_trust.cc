// What officers decide about other parties, and notes that came as a file.
#include "node/desk/desk.h"
#include "node/desk/notes_file.h"
#include "node/desk/peer_decisions.h"
#include "node/desk/peer_trust.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

// Decides in the group under way, and shows the party once that is committed.
template <typename Request, typename Decide>
Result<v1::PeerTrustResponse> decided(node::Node& node, const Request& request,
                                      const Caller& caller, Decide decide) {
  v1::PeerTrustResponse out;
  if (auto done = node.perform(
      [&](const Now& now) -> Status { return decide(node, request, caller, now); },
      [&](const Now& now) {
        fill_trust(node, *node.core().peers().find(request.party()), now, out.mutable_trust());
      }); !done)
    return done.error();
  return out;
}

}  // namespace

Result<v1::PeerTrustResponse> Desk::peer_suspend(const v1::PeerSuspendRequest& request,
                                                 const Caller& caller) {
  return decided(node_, request, caller, suspend_peer);
}

Result<v1::PeerTrustResponse> Desk::peer_resume(const v1::PeerResumeRequest& request,
                                                const Caller& caller) {
  return decided(node_, request, caller, resume_peer);
}

Result<v1::PeerTrustResponse> Desk::peer_confirm(const v1::PeerConfirmRequest& request,
                                                 const Caller& caller) {
  return decided(node_, request, caller, confirm_card);
}

Result<v1::PeerTrustResponse> Desk::peer_reject(const v1::PeerRejectRequest& request,
                                                const Caller& caller) {
  return decided(node_, request, caller, reject_card);
}

Result<v1::NotesAddResponse> Desk::notes_add(const v1::NotesAddRequest& request,
                                             const Caller& caller) {
  v1::NotesAddResponse out;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status { return add_notes(node_, request, caller, now, &out); }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

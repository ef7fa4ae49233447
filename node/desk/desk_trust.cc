// What officers decide about other parties, and notes that came as a file.
#include "node/desk/desk.h"
#include "node/desk/notes_file.h"
#include "node/desk/peer_decisions.h"
#include "node/desk/peer_trust.h"
#include "node/desk/release.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

// Decides in the group under way, and shows the party once that is committed.
template <typename Request, typename Decide>
Result<v1::PeerTrustResponse> decided(node::Node& node, const Request& request,
                                      const By& by, Decide decide) {
  v1::PeerTrustResponse out;
  if (auto done = node.perform(
      [&](const Now& now) -> Status { return decide(node, request, by, now); },
      [&](const Now& now) {
        fill_trust(node, *node.core().peers().find(request.party()), now, out.mutable_trust());
      }); !done)
    return done.error();
  return out;
}

}  // namespace

Result<v1::PeerTrustResponse> Desk::peer_suspend(const v1::PeerSuspendRequest& request,
                                                 const Caller& caller) {
  return decided(node_, request, acting(caller, "peer_suspend"), suspend_peer);
}

Result<v1::PeerTrustResponse> Desk::peer_resume(const v1::PeerResumeRequest& request,
                                                const Caller& caller) {
  return decided(node_, request, acting(caller, "peer_resume"), resume_peer);
}

Result<v1::PeerTrustResponse> Desk::peer_confirm(const v1::PeerConfirmRequest& request,
                                                 const Caller& caller) {
  By by = acting(caller, "peer_confirm");
  return confirm_peer(request, by);
}

Result<v1::PeerTrustResponse> Desk::confirm_peer(const v1::PeerConfirmRequest& request, By& by) {
  v1::PeerTrustResponse out;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        return conclude(node_, by, request, confirm_card(node_, request, by, now), {}, now);
      },
      [&](const Now& now) {
        if (by.held != 0) return;
        fill_trust(node_, *node_.core().peers().find(request.party()), now, out.mutable_trust());
      }); !done)
    return done.error();
  FOCAL_TRY(told_if_held(by));
  return out;
}

Result<v1::PeerTrustResponse> Desk::peer_reject(const v1::PeerRejectRequest& request,
                                                const Caller& caller) {
  return decided(node_, request, acting(caller, "peer_reject"), reject_card);
}

Result<v1::PeerTrustResponse> Desk::peer_seen(const v1::PeerSeenRequest& request,
                                              const Caller& caller) {
  return decided(node_, request, acting(caller, "peer_seen"), seen_peer);
}

Result<v1::NotesAddResponse> Desk::notes_add(const v1::NotesAddRequest& request,
                                             const Caller& caller) {
  By by = acting(caller, "notes_add");
  return take_notes(request, by, permit("directory_import", caller).has_value());
}

Result<v1::NotesAddResponse> Desk::directory_import(const v1::NotesAddRequest& request,
                                                    const Caller& caller) {
  v1::NotesAddRequest directories = request;
  directories.set_only("DIRECTORY");
  By by = acting(caller, "directory_import");
  return take_notes(directories, by, true);
}

// What has to be released stands in the answer among what was taken: the rest of the file is not
// kept waiting for it.
Result<v1::NotesAddResponse> Desk::take_notes(const v1::NotesAddRequest& request, By& by,
                                              bool directories) {
  v1::NotesAddResponse out;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        return add_notes(node_, request, by, now, directories, &out);
      }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

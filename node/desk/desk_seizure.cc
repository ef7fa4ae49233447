// Seizure lists, handed to the loop in turns.
#include "node/desk/desk.h"
#include "node/desk/seizure.h"
#include "proto/seizure.pb.h"

namespace focal::desk {

Result<v1::TraceImportResponse> Desk::trace_import(const v1::TraceImportRequest& request,
                                                   const Caller& caller) {
  By by = acting(caller, "trace_import");
  return import_traces(request, by);
}

Result<v1::TraceImportResponse> Desk::import_traces(const v1::TraceImportRequest& request,
                                                    By& by) {
  // Two officers may send one list at once: the second must see what the first has sent. Never
  // held while the loop waits for it.
  std::unique_lock sending(sending_list_, std::defer_lock);
  if (request.mode() == "SEND" && !sending.try_lock())
    return fail(ErrorCode::kBusy, "another list is being sent", "Try again in a moment.");
  return import_list(
      node_,
      [this](std::function<Status(const Now&)> act, std::function<void(const Now&)> after) {
        return node_.perform(std::move(act), std::move(after));
      },
      request, by);
}

}  // namespace focal::desk

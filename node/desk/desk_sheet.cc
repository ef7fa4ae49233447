// The case sheet, handed to the loop.
#include "node/desk/desk.h"
#include "node/desk/sheet.h"

namespace focal::desk {

Result<v1::TraceSheetResponse> Desk::trace_sheet(const v1::TraceSheetRequest& request,
                                                 const Caller& caller) {
  if (request.with_personal_data()) FOCAL_TRY(may_see_persons(caller));
  v1::TraceSheetResponse out;
  if (auto done =
          node_.perform([&](const Now& now) { return show_sheet(node_, request, now, &out); });
      !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

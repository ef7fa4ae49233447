// Looking for weapons, handed to the loop.
#include "node/desk/desk.h"
#include "node/desk/find.h"
#include "proto/api.pb.h"

namespace focal::desk {

Result<v1::FindResponse> Desk::find(const v1::FindRequest& request) {
  v1::FindResponse out;
  if (auto done = node_.perform(
          [&](const Now& now) -> Status { return find_weapons(node_, request, now, &out); });
      !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

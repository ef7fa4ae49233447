// Who vouches for the log.
#include "node/desk/desk.h"
#include "node/desk/witness.h"
#include "proto/witness.pb.h"

namespace focal::desk {

Result<v1::WitnessShowResponse> Desk::witness_show(const v1::WitnessShowRequest&) {
  v1::WitnessShowResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    show_witness(node_, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::WitnessSetResponse> Desk::witness_set(const v1::WitnessSetRequest& request,
                                                 const Caller& caller) {
  v1::WitnessSetResponse out;
  if (auto done = node_.perform(
          [&](const Now& now) -> Status {
            return set_witness(node_, request, acting(caller, "witness_set"), now);
          },
          [&](const Now&) {
            node_.core().machine().own_notes_changed();  // the others get the new list
            show_witness(node_, out.mutable_witness());
          });
      !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

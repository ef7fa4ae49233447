// Time and sealing keys: what the node goes by, and what an operator decides about them.
#include "node/desk/clock.h"
#include "node/desk/desk.h"
#include "proto/clock.pb.h"

namespace focal::desk {

Result<v1::ClockShowResponse> Desk::clock_show(const v1::ClockShowRequest&) {
  v1::ClockShowResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    show_clock(node_, now, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::ClockConfirmResponse> Desk::clock_confirm(const v1::ClockConfirmRequest& request,
                                                     const Caller& caller) {
  v1::ClockConfirmResponse out;
  if (auto done = node_.perform(
          [&](const Now& now) -> Status { return confirm_clock(node_, request, caller, now); },
          [&](const Now& now) {
            node_.core().machine().confirm_clock(now);
            show_clock(node_, now, out.mutable_clock());
          });
      !done)
    return done.error();
  return out;
}

Result<v1::KeysShowResponse> Desk::keys_show(const v1::KeysShowRequest&) {
  v1::KeysShowResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    show_keys(node_, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::KeysReplaceResponse> Desk::keys_replace(const v1::KeysReplaceRequest& request,
                                                   const Caller& caller) {
  v1::KeysReplaceResponse out;
  if (auto done = node_.perform(
          [&](const Now& now) -> Status {
            out.set_destroyed(static_cast<std::uint32_t>(node_.core().self().sealing.size()));
            return replace_keys(node_, request, caller, now);
          },
          [&](const Now&) { out.set_seal_serial(node_.core().self().schedule_serial); });
      !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

// Meetings in person, codes, pair secrets.
#include "node/desk/desk.h"
#include "node/desk/pair.h"

namespace focal::desk {

Result<v1::PairShowResponse> Desk::pair_show(const v1::PairShowRequest& request) {
  v1::PairShowResponse out;
  if (auto done = node_.perform([&](const Now& now) {
    return show_pair(node_, request.party(), now, out.mutable_pair());
  }); !done)
    return done.error();
  return out;
}

Result<v1::PairBeginResponse> Desk::pair_begin(const v1::PairBeginRequest& request) {
  v1::PairBeginResponse out;
  if (auto done = node_.perform(
          [&](const Now& now) { return begin_meeting(node_, request, now, &out); }); !done)
    return done.error();
  return out;
}

Result<v1::PairStopResponse> Desk::pair_stop(const v1::PairStopRequest& request) {
  v1::PairStopResponse out;
  if (auto done = node_.perform([&](const Now&) { return stop_meeting(node_, request, &out); });
      !done)
    return done.error();
  return out;
}

Result<v1::PairFinishResponse> Desk::pair_finish(const v1::PairFinishRequest& request,
                                                 const Caller& caller) {
  v1::PairFinishResponse out;
  store::RecordRef sent;
  if (auto done = node_.perform(
          [&](const Now& now) { return finish_meeting(node_, request, caller, now, &sent); },
          [&](const Now& now) { meeting_finished(node_, request, sent, now, &out); });
      !done)
    return done.error();
  return out;
}

Result<v1::PairDropResponse> Desk::pair_drop(const v1::PairDropRequest& request,
                                             const Caller& caller) {
  v1::PairDropResponse out;
  if (auto done = node_.perform(
          [&](const Now&) { return drop_pair(node_, request, caller); },
          [&](const Now& now) {
            static_cast<void>(show_pair(node_, request.party(), now, out.mutable_pair()));
          });
      !done)
    return done.error();
  return out;
}

Result<v1::CardCodeResponse> Desk::card_code(const v1::CardCodeRequest&) {
  v1::CardCodeResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    out = desk::card_code(node_);
    return {};
  }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

// Tracing cases: acts and views, each handed to the loop.
#include "node/desk/acts.h"
#include "node/desk/case_views.h"
#include "node/desk/desk.h"
#include "node/desk/evidence.h"
#include "node/desk/follow_up.h"
#include "node/desk/links.h"
#include "node/desk/release.h"
#include "node/record/parties.h"

namespace focal::desk {
namespace {

template <typename Answer, typename Request, typename Release>
Result<Answer> released(node::Node& node, const Request& request, By& by, Release release) {
  Answer out;
  Released made;
  if (auto done = node.perform(
          [&](const Now& now) -> Status {
            auto result = release(node, request, now, by);
            if (result) made = std::move(*result);
            return conclude(node, by, request, result ? Status{} : Status(result.error()),
                            {&made.ref, 1}, now);
          },
          [&](const Now& now) {
            if (by.held != 0) return;
            show_released(node, made, now, out.mutable_trace(), out.mutable_outbox_id());
          });
      !done)
    return done.error();
  FOCAL_TRY(told_if_held(by));
  out.set_rid(hex(made.ref.rid));
  if constexpr (std::is_same_v<Answer, v1::TraceActResponse>) out.set_kind(made.kind);
  if constexpr (std::is_same_v<Answer, v1::TraceOpenResponse>) {
    out.set_ack_basis(made.due.acknowledge);
    out.set_answer_basis(made.due.answer);
  }
  return out;
}

// Not the owner of a node on which nobody is named: that is no officer who took notice.
bool is_officer(const Actor& actor) { return actor.role == role_name(Role::kOfficer); }

template <typename Answer, typename Request>
Result<Answer> viewed(node::Node& node, const Request& request,
                      Status (*view)(node::Node&, const Request&, const Now&, Answer*)) {
  Answer out;
  if (auto done =
          node.perform([&](const Now& now) -> Status { return view(node, request, now, &out); });
      !done)
    return done.error();
  return out;
}

}  // namespace

Result<v1::TraceOpenResponse> Desk::trace_open(const v1::TraceOpenRequest& request,
                                               const Caller& caller) {
  By by = acting(caller, "trace_open");
  return open_trace(request, by);
}

Result<v1::TraceOpenResponse> Desk::open_trace(const v1::TraceOpenRequest& request, By& by) {
  auto out = request.preview()
                 ? viewed(node_, request, preview_request)
                 : released<v1::TraceOpenResponse>(
                       node_, request, by,
                       [](node::Node& node, const v1::TraceOpenRequest& asked, const Now& now,
                          By& who) { return release_request(node, asked, now, who); });
  if (out) out->set_will_reach(record::party_with_name(request.to(0), "en"));
  return out;
}

Result<v1::TraceFollowResponse> Desk::trace_follow(const v1::TraceFollowRequest& request,
                                                   const Caller& caller) {
  if (request.with_persons()) FOCAL_TRY(may_see_persons(caller));
  return viewed(node_, request, prepare_follow_up);
}

Result<v1::TraceActResponse> Desk::act_in_case(const google::protobuf::Message& request, By& by) {
  return released<v1::TraceActResponse>(
      node_, request, by,
      [](node::Node& node, const google::protobuf::Message& asked, const Now& now, By& who) {
        return release_act(node, asked, now, who);
      });
}

#define FOCAL_ACT(name, request)                                                 \
  Result<v1::TraceActResponse> Desk::name(const v1::request& request_of_act,     \
                                          const Caller& caller) {                \
    By by = acting(caller, #name);                                               \
    return act_in_case(request_of_act, by);                                      \
  }
FOCAL_ACT(trace_ack, TraceAckRequest)
FOCAL_ACT(trace_ask, TraceAskRequest)
FOCAL_ACT(trace_supply, TraceSupplyRequest)
FOCAL_ACT(trace_delay, TraceDelayRequest)
FOCAL_ACT(trace_interim, TraceInterimRequest)
FOCAL_ACT(trace_answer, TraceAnswerRequest)
FOCAL_ACT(trace_refuse, TraceRefuseRequest)
FOCAL_ACT(trace_clarify, TraceClarifyRequest)
FOCAL_ACT(trace_reply, TraceReplyRequest)
FOCAL_ACT(trace_correct, TraceCorrectRequest)
FOCAL_ACT(trace_withdraw, TraceWithdrawRequest)
FOCAL_ACT(trace_close, TraceCloseRequest)
FOCAL_ACT(trace_reopen, TraceReopenRequest)
#undef FOCAL_ACT

Result<v1::TraceLinkResponse> Desk::trace_link(const v1::TraceLinkRequest& request,
                                               const Caller& caller) {
  v1::TraceLinkResponse out;
  if (auto done = node_.perform(
          [&](const Now&) -> Status {
            return decide_link(node_, request, acting(caller, "trace_link"));
          },
          [&](const Now& now) { show_decision(node_, request, now, &out); });
      !done)
    return done.error();
  return out;
}

Result<v1::TraceListResponse> Desk::trace_list(const v1::TraceListRequest& request) {
  v1::TraceListResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    return list_cases(telling_.board(), node_, request, now, &out);
  }); !done)
    return done.error();
  return out;
}

Result<v1::TraceShowResponse> Desk::trace_show(const v1::TraceShowRequest& request,
                                               const Caller& caller) {
  v1::TraceShowResponse out;
  const By by = acting(caller, "trace_show");
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_TRY(show_case(node_, request, now, &out));
    if (is_officer(by.actor)) note_opened(node_, request.case_number(), now);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::InboxResponse> Desk::inbox(const v1::InboxRequest& request) {
  v1::InboxResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    return list_inbox(telling_.board(), request, now, &out);
  }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

#include "node/casework/tracing.h"

#include <array>

namespace focal::casework {
namespace {

enum : Phase {
  kSent,
  kAcknowledged,
  kInProgress,
  kInfoRequested,
  kDelayed,
  kInterim,
  kAnswered,
  kRestricted,
  kRefused,
  kNoRecord,
  kClarificationSought,
  kClosed,
  kWithdrawn,
  kPhaseCount,
};

constexpr auto kAsker = Side::kRequester;
constexpr auto kAsked = Side::kResponder;

// What each side calls it, and who has to act. A final answer waits for the requester: to
// read it, to close the case or to ask back.
constexpr std::array<PhaseNames, kPhaseCount> kNames = {{
    {"SENT", "RECEIVED", kAsked},
    {"ACKNOWLEDGED", "ACKNOWLEDGED", kAsked},
    {"IN_PROGRESS", "IN_PROGRESS", kAsked},
    {"INFO_REQUESTED", "AWAITING_INFO", kAsker},
    {"DELAYED", "DELAYED", kAsked},
    {"INTERIM", "INTERIM", kAsked},
    {"ANSWERED", "ANSWERED", kAsker},
    {"RESTRICTED", "RESTRICTED", kAsker},
    {"REFUSED", "REFUSED", kAsker},
    {"NO_RECORD", "NO_RECORD", kAsker},
    {"CLARIFICATION_SOUGHT", "CLARIFYING", kAsked},
    {"CLOSED", "CLOSED", {}},
    {"WITHDRAWN", "WITHDRAWN", {}},
}};

// A clarification sought about a delay leaves the request open too; the engine
// sees to that.
constexpr Phases kOpen = in(kSent) | in(kAcknowledged) | in(kInProgress) | in(kInfoRequested) |
                         in(kDelayed) | in(kInterim);
constexpr Phases kFinal = in(kAnswered) | in(kRestricted) | in(kRefused) | in(kNoRecord);
constexpr Phases kWorking = in(kAcknowledged) | in(kInProgress) | in(kDelayed) | in(kInterim);
constexpr Phases kUnclear = in(kDelayed) | in(kRestricted) | in(kRefused);
constexpr Phases kCorrectable = in(kAnswered) | in(kRestricted) | in(kNoRecord) | in(kClosed);

constexpr By kR = By::kRequester;
constexpr By kQ = By::kResponder;
constexpr By kRQ = By::kEither;

// clang-format off
constexpr std::array<Step, 13> kSteps = {{
    // kind                by   from                      to                    also
    {"trace.ack",           kQ,  in(kSent),                kAcknowledged,        kExpects},
    {"trace.info_request",  kQ,  kWorking,                 kInfoRequested,       kAsks | kPausesClock},
    {"trace.info_supply",   kR,  in(kInfoRequested),       kBack,                kNothingElse},
    {"trace.delay",         kQ,  kOpen,                    kDelayed,             kMovesDue | kExpects},
    {"trace.interim",       kQ,  kOpen,                    kInterim,             kAnswersItems | kExpects},
    {"trace.response",      kQ,  kOpen,                    kByItems,             kAnswersItems | kFinalAnswer},
    {"trace.refusal",       kQ,  kOpen,                    kRefused,             kFinalAnswer},
    {"trace.clarify",       kR,  kUnclear,                 kClarificationSought, kAsks},
    {"trace.clarify_reply", kQ,  in(kClarificationSought), kByItems,             kAnswersItems},
    {"trace.withdraw",      kR,  kOpen,                    kWithdrawn,           kWithdraws},
    {"trace.close",         kR,  kFinal,                   kClosed,              kNothingElse},
    {"trace.reopen",        kRQ, in(kClosed),              kInProgress,          kReopens},
    {"trace.correction",    kQ,  kCorrectable,             kByItems,             kAnswersItems | kCorrects},
}};
// clang-format on

// RESTRICTED if any item is; NO_RECORD if every answered item is; else ANSWERED.
Phase phase_by_items(const std::vector<ItemOutcome>& items) {
  bool any = false;
  bool only_no_record = true;
  for (const ItemOutcome& item : items) {
    if (item.completeness == "RESTRICTED") return kRestricted;
    if (item.result.empty()) continue;
    any = true;
    only_no_record = only_no_record && item.result == "NO_RECORD";
  }
  if (!any) return kBack;
  return only_no_record ? kNoRecord : kAnswered;
}

constexpr Life kLife = {"tracing",
                        "trace.request",
                        kSent,
                        kWithdrawn,
                        kOpen,
                        "trace_requester_state",
                        "trace_responder_state",
                        kNames,
                        kSteps,
                        &phase_by_items};

}  // namespace

const Life& tracing_life() { return kLife; }

}  // namespace focal::casework

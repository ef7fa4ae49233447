// A case as a pure function of its signed records: the same set of events gives
// the same case at both ends, whatever order they arrived in. One engine; what
// may follow what stands in a table per life (node/casework/life.h).
//
// The walk: from the root along reply_to; of the events whose parent has been
// walked the one with the smallest (created_ms, rid) is next. An event whose
// parent (or, for a correction, whose superseded answer) is missing waits. An event the table does
// not allow is kept and has no effect, with a code; that may change when a missing record arrives.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::record {
class CheckedRecord;
}

namespace focal::casework {

struct ItemOutcome {
  std::uint32_t item_no = 0;
  std::string result;        // code of result_per_item; empty = not answered
  std::string completeness;  // FULL, INTERIM, RESTRICTED; empty = not answered
  bool operator==(const ItemOutcome&) const = default;
};

// What casework needs of a record: codes, ids and times, no free text.
struct Event {
  Hash32 rid{};
  std::optional<Hash32> reply_to;
  std::optional<Hash32> supersedes;  // header.supersedes
  std::string kind;
  std::string from;  // party
  std::string to;    // the one addressee
  std::uint64_t created_ms = 0;
  // For lists: the code of the field whose case_use is CASE_OUTCOME (a ground, a reason); of an
  // answer what its items say together (of this event alone; empty: nothing new).
  std::string outcome;
  std::uint64_t ack_due_ms = 0;    // root only; 0 = none
  std::uint64_t due_ms = 0;        // root: answer due; others: expected by (CASE_DUE)
  std::vector<ItemOutcome> items;  // root: the item numbers; answers: their outcomes
  bool operator==(const Event&) const = default;
};

// reply_to as in the record's manifest. Which fields count says the schema (case_use in
// proto/record_options.proto).
Event event_of(const record::CheckedRecord& record, const Hash32& rid,
               const std::optional<Hash32>& reply_to, std::uint64_t created_ms);

enum class Effect : std::uint8_t { kTaken, kWaitingForParent, kNoEffect };
std::string_view effect_name(Effect effect);  // "TAKEN", "WAITING_FOR_PARENT", "NO_EFFECT"

// Codes of kNoEffect.
inline constexpr std::string_view kNotAllowedInState = "NOT_ALLOWED_IN_STATE";
inline constexpr std::string_view kWrongParty = "WRONG_PARTY";
inline constexpr std::string_view kDuplicateAnswer = "DUPLICATE_ANSWER";
inline constexpr std::string_view kCrossedWithAnswer = "CROSSED_WITH_ANSWER";
inline constexpr std::string_view kNoSuchItem = "NO_SUCH_ITEM";
inline constexpr std::string_view kSupersedesNoAnswer = "SUPERSEDES_NO_ANSWER";
inline constexpr std::string_view kNotACaseKind = "NOT_A_CASE_KIND";
inline constexpr std::string_view kNoReplyTo =
    "NO_REPLY_TO";  // in the thread, but no answer to anything

struct EventEffect {
  Hash32 rid{};
  Effect effect = Effect::kTaken;
  std::string code;  // empty unless kNoEffect
  bool operator==(const EventEffect&) const = default;
};

enum class Side : std::uint8_t { kRequester, kResponder };

struct Case {
  bool started = false;  // the root is here
  Hash32 root{};
  std::string requester;  // parties
  std::string responder;
  std::string requester_state;  // codes of the life's lists (state_list)
  std::string responder_state;
  std::optional<Side> turn;     // whose act the case waits for; nothing: nobody's, it has ended
  bool open = false;            // an answer is still due
  bool crossed_with_withdrawal = false;
  bool reopened = false;
  bool clock_paused = false;         // waiting for information from the requester
  std::uint64_t ack_due_ms = 0;      // 0 = not due
  std::uint64_t answer_due_ms = 0;   // 0 = not due, or paused
  std::uint64_t answer_since_ms = 0;  // since when its time counts; every pause moves it on
  std::uint64_t paused_since_ms = 0;  // while the clock is paused; otherwise 0
  std::uint64_t paused_due_ms = 0;    // when the answer was due as the pause began
  std::uint64_t paused_ms = 0;        // all pauses that have ended, since the last reopening
  std::uint64_t expected_by_ms = 0;  // what the responder said last; 0 = nothing
  std::vector<ItemOutcome> items;    // of the request, by item_no
  Hash32 head{};                     // last event taken: what our next event replies to
  std::uint64_t head_created_ms = 0;
  std::vector<EventEffect> effects;         // walked events in order, then waiting ones
  std::vector<std::string> requester_next;  // kinds each side may send now, sorted
  std::vector<std::string> responder_next;
  std::uint8_t phase = 0;  // internal to the life's table
  std::uint8_t phase_before = 0;
  bool operator==(const Case&) const = default;
};

// root: the rid of the thread's first record. Events of other threads must not
// be in the span; copies of one rid count once.
Case fold(std::span<const Event> events, const Hash32& root);

// Refuses to build an event the case does not allow now (kCase; the hint says
// what is possible). A case not started allows only a root kind.
Status check_next(const Case& the_case, std::string_view party, std::string_view kind);

// As check_next, for an event about to be built in full (its rid may be any that
// is not in events): folds it in and refuses it unless it would be TAKEN.
Status check_adding(std::span<const Event> events, const Hash32& root, const Event& next);

// The code list that a side's states stand in; empty: such a kind begins no case.
std::string_view state_list(std::string_view root_kind, Side side);

// What only this node knows, for display.
struct LocalMarks {
  bool delivered = false;  // requester: the receipt that accepts the request is here
  bool assigned = false;   // responder: given to an agency
  bool lapsed = false;     // requester: no acknowledgement after all reminders
};
// Whether an answer can still be due in a state of the responder, in any life.
bool may_owe_answer(std::string_view responder_state);

std::string shown_state(const Case& the_case, Side side, const LocalMarks& marks);
// The same for a state code that was read from the ledger.
std::string shown_state(std::string_view state, Side side, const LocalMarks& marks);

}  // namespace focal::casework

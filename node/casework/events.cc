#include "base/check.h"
#include "base/clock.h"
#include "base/defect.h"
#include "node/casework/tracing.h"
#include "node/record/record.h"
#include "proto/record.pb.h"

namespace focal::casework {
namespace {

// A date means the whole day, UTC: due when it is over.
std::uint64_t end_of(const std::string& date) {
  const auto midnight = parse_date(date);
  return midnight ? *midnight + kDayMs : 0;
}

template <typename Results>
std::vector<ItemOutcome> outcomes(const Results& results) {
  std::vector<ItemOutcome> out;
  for (const v1::ItemResult& each : results)
    out.push_back({each.item_no(), each.result(), each.completeness()});
  return out;
}

void read_kind(const v1::Record& m, Event& event) {
  switch (m.kind_case()) {
    case v1::Record::kTraceRequest:
      for (const v1::WeaponItem& item : m.trace_request().items())
        event.items.push_back({item.item_no(), {}, {}});
      event.ack_due_ms = m.header().ack_by_ms();
      event.due_ms = m.header().answer_by_ms();
      return;
    case v1::Record::kTraceAck: event.due_ms = end_of(m.trace_ack().expected_by()); return;
    case v1::Record::kTraceDelay:
      event.outcome = m.trace_delay().ground();
      event.due_ms = end_of(m.trace_delay().expected_by());
      return;
    case v1::Record::kTraceInterim:
      event.items = outcomes(m.trace_interim().results());
      event.due_ms = end_of(m.trace_interim().expected_by());
      return;
    case v1::Record::kTraceResponse: event.items = outcomes(m.trace_response().results()); return;
    case v1::Record::kTraceClarifyReply:
      event.items = outcomes(m.trace_clarify_reply().results());
      return;
    case v1::Record::kTraceCorrection:
      event.items = outcomes(m.trace_correction().results());
      return;
    case v1::Record::kTraceRefusal:
      if (!planted(Defect::kGroundLost)) event.outcome = m.trace_refusal().ground();
      return;
    case v1::Record::kTraceWithdraw: event.outcome = m.trace_withdraw().reason(); return;
    default: return;
  }
}

}  // namespace

Event event_of(const record::CheckedRecord& record, const Hash32& rid,
               const std::optional<Hash32>& reply_to, std::uint64_t created_ms) {
  Event event;
  event.rid = rid;
  event.reply_to = reply_to;
  event.kind = record.kind();
  event.from = record.from();
  event.to = record.audience().empty() ? std::string() : record.audience().front();
  event.created_ms = created_ms;
  if (const auto& supersedes = record.header().supersedes)
    event.supersedes = fixed<32>(supersedes->rid);
  read_kind(record.message(), event);
  if (event.outcome.empty()) event.outcome = tracing_outcome(event.items);
  return event;
}

}  // namespace focal::casework

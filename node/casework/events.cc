#include "base/clock.h"
#include "base/defect.h"
#include "node/casework/life.h"
#include "node/record/record.h"
#include "node/record/schema.h"
#include "proto/record.pb.h"

namespace focal::casework {
namespace {

namespace pb = google::protobuf;

// A date means the whole day, UTC: due when it is over.
std::uint64_t end_of(const std::string& date) {
  const auto midnight = parse_date(date);
  return midnight ? *midnight + kDayMs : 0;
}

ItemOutcome item_of(const pb::Message& m, const record::MessagePlan& plan) {
  const pb::Reflection& r = *m.GetReflection();
  ItemOutcome out;
  for (const record::FieldPlan& each : plan.fields) {
    const v1::CaseUse use = each.rule->case_use();
    if (use == v1::CASE_ITEM_NO) out.item_no = r.GetUInt32(m, each.field);
    if (use == v1::CASE_RESULT) out.result = r.GetString(m, each.field);
    if (use == v1::CASE_COMPLETENESS) out.completeness = r.GetString(m, each.field);
  }
  return out;
}

std::vector<ItemOutcome> items_of(const pb::Message& m, const pb::FieldDescriptor* list) {
  const record::MessagePlan& plan = record::plan_of(list->message_type());
  const pb::Reflection& r = *m.GetReflection();
  const int size = r.FieldSize(m, list);
  std::vector<ItemOutcome> out;
  out.reserve(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i)
    out.push_back(item_of(r.GetRepeatedMessage(m, list, i), plan));
  return out;
}

void read_kind(const pb::Message& m, Event& event) {
  const pb::Reflection& r = *m.GetReflection();
  for (const record::FieldPlan& each : record::plan_of(m.GetDescriptor()).fields) {
    const v1::CaseUse use = each.rule->case_use();
    if (use == v1::CASE_ITEMS || use == v1::CASE_RESULTS) event.items = items_of(m, each.field);
    if (use == v1::CASE_DUE) event.due_ms = end_of(r.GetString(m, each.field));
    if (use == v1::CASE_OUTCOME && !planted(Defect::kGroundLost))
      event.outcome = r.GetString(m, each.field);
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
  const record::HeaderView& header = record.header();
  if (header.supersedes) event.supersedes = fixed<32>(header.supersedes->rid);
  if (record.kind_info().is_case_root) {
    event.ack_due_ms = header.ack_by_ms;
    event.due_ms = header.answer_by_ms;
  }
  read_kind(*record::kind_message(record.message()), event);
  const Life* life = find_life(record.kind_info().life);
  if (event.outcome.empty() && life != nullptr) event.outcome = outcome_of(*life, event.items);
  return event;
}

}  // namespace focal::casework

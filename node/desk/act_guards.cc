#include "node/desk/act_guards.h"

#include <algorithm>
#include <map>

#include "node/desk/field_paths.h"
#include "node/desk/record_parts.h"
#include "node/record/schema.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

Error misfit(std::string path, std::string message, std::string hint) {
  return fail(ErrorCode::kInvalid, std::move(message), std::move(hint), std::move(path));
}

std::string at(const char* list, int i) { return list + ("[" + std::to_string(i) + "]"); }

// Every kind of a case begins with the requester's reference.
Status check_reference(const Scene& scene, const pb::Record& record) {
  const std::string said = kind_text_of(record, "case_ref_requester");
  const std::string& asked = scene.request.message().trace_request().case_ref_requester();
  if (said.empty() || said == asked) return {};
  return misfit(record::kind_field(record)->name() + ".case_ref_requester",
                "the record speaks of " + said + ", but this is case " +
                    case_number(scene.opened.row.id) + " about " + asked,
                "Is it the right file, and the right case? 'focal trace list' shows the cases.");
}

template <typename List>
Status check_paths(const Scene& scene, const List& list, const char* name) {
  for (int i = 0; i < list.size(); ++i) {
    Status fits = check_path(list[i].path(), scene.request.message().trace_request());
    if (fits) continue;
    Error error = fits.error();
    error.path = at(name, i) + ".path";
    return error;
  }
  return {};
}

Status check_amended(const Scene& scene, const pb::TraceInfoSupply& supply) {
  const auto versions =
      item_versions(*scene.view, scene.opened, scene.request.message().trace_request());
  for (int i = 0; i < supply.amended_size(); ++i) {
    const pb::AmendedItem& amended = supply.amended(i);
    const std::string path = at("trace_info_supply.amended", i);
    const std::string number = std::to_string(amended.item().item_no());
    const auto known = versions.find(amended.item().item_no());
    if (known == versions.end())
      return misfit(path + ".item.item_no", "the request has no item " + number,
                    "Amend a weapon that was asked about; open another request for a new one.");
    if (amended.version() != known->second + 1)
      return misfit(path + ".version",
                    "item " + number + " stands at version " + std::to_string(known->second),
                    "The next version is " + std::to_string(known->second + 1) + ".");
  }
  return {};
}

Status check_all_answered(const Scene& scene, const pb::TraceResponse& response) {
  for (const casework::ItemOutcome& item : scene.opened.fold.items) {
    const bool before = !item.result.empty() && item.completeness != "INTERIM";
    const bool now =
        std::any_of(response.results().begin(), response.results().end(),
                    [&](const pb::ItemResult& result) { return result.item_no() == item.item_no; });
    if (!before && !now)
      return misfit("trace_response.results",
                    "item " + std::to_string(item.item_no) + " has no result",
                    "A final answer has one for each weapon; 'focal trace interim' sends a part.");
  }
  return {};
}

Status check_day(const std::string& day, const char* path, const Now& now) {
  const auto begins = parse_date(day);
  if (!begins || *begins + kDayMs > now.wall_ms) return {};
  return misfit(path, day + " has passed", "Name the day on which more can be expected.");
}

}  // namespace

std::map<std::uint32_t, std::uint32_t> item_versions(store::View& view,
                                                     const node::OpenedCase& opened,
                                                     const pb::TraceRequest& request) {
  std::map<std::uint32_t, std::uint32_t> out;
  for (const auto& item : request.items()) out[item.item_no()] = 1;
  for (const ShownRecord& supply : taken_records(view, opened, "trace.info_supply"))
    for (const auto& amended : supply.record->message().trace_info_supply().amended())
      if (const auto known = out.find(amended.item().item_no()); known != out.end())
        known->second = std::max(known->second, amended.version());
  return out;
}

Status check_fits(const Scene& scene, const record::CheckedRecord& record) {
  const pb::Record& m = record.message();
  FOCAL_TRY(check_reference(scene, m));
  switch (m.kind_case()) {
    case pb::Record::kTraceInfoRequest:
      return check_paths(scene, m.trace_info_request().missing(), "trace_info_request.missing");
    case pb::Record::kTraceInfoSupply:
      FOCAL_TRY(check_paths(scene, m.trace_info_supply().answers(), "trace_info_supply.answers"));
      return check_amended(scene, m.trace_info_supply());
    case pb::Record::kTraceResponse: return check_all_answered(scene, m.trace_response());
    default: return {};
  }
}

Status check_days(const record::CheckedRecord& record, const Now& now) {
  const pb::Record& m = record.message();
  switch (m.kind_case()) {
    case pb::Record::kTraceAck:
      return check_day(m.trace_ack().expected_by(), "trace_ack.expected_by", now);
    case pb::Record::kTraceDelay:
      return check_day(m.trace_delay().expected_by(), "trace_delay.expected_by", now);
    case pb::Record::kTraceInterim:
      return check_day(m.trace_interim().expected_by(), "trace_interim.expected_by", now);
    default: return {};
  }
}

}  // namespace focal::desk

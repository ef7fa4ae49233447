// The case sheet: everything about one case, as an officer puts it into the paper file, in the
// reader's language. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/desk/case_views.h"
#include "node/desk/sheet_fields.h"

namespace focal::desk {

// A record of the case, oldest first.
struct SheetRecord {
  v1::TimelineEntry entry;
  std::optional<ShownRecord> stored;  // nothing: its content can no longer be read
  std::string label;  // "acknowledgement of receipt · XB · 2026-03-02 09:14 UTC · 1a2b3c4d"

  // Nothing: unreadable, or of a kind that is not known here.
  const focal::v1::Record* message() const {
    return stored && stored->record ? &stored->record->message() : nullptr;
  }
};

struct SheetCase {
  v1::TraceShowResponse shown;
  std::string_view state_list;  // the code list its state stands in
  std::vector<SheetRecord> records;
  const SheetRecord* request = nullptr;  // of records; nullptr: it has not arrived
};

// An item's answer that stands: the last one of the records that took effect.
struct StandingResult {
  std::string rid;  // of its record, as TimelineEntry.rid
  int place = 0;    // in its list of results
};
std::map<std::uint32_t, StandingResult> standing_results(
    const std::vector<SheetRecord>& records, const std::vector<std::string>& taken_rids);

// sheet_parts.cc: the sections, each added to the sheet.
void add_case_part(const SheetCase& the_case, const std::string& own_party, const Now& now,
                   const Reader& reader, Tally& tally, v1::TraceSheetResponse* out);
void add_timeline_part(const SheetCase& the_case, const Reader& reader, Tally& tally,
                       v1::TraceSheetResponse* out);
void add_ids_part(const SheetCase& the_case, const Reader& reader, v1::TraceSheetResponse* out);
std::string short_id(const std::string& rid);

// The whole sheet. format html: as a page, without the sections.
// kNotFound, kUsage: no such case. kInvalid (lang, format): not one of those there are.
Status show_sheet(node::Node& node, const v1::TraceSheetRequest& request, const Now& now,
                  v1::TraceSheetResponse* out);

// One HTML page with print style: no script, nothing fetched, the label on every page. Pure.
std::string sheet_html(const v1::TraceSheetResponse& sheet);

}  // namespace focal::desk

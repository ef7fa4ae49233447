#include "node/desk/sheet.h"

#include <algorithm>

#include "node/desk/case_views.h"
#include "node/desk/disputed_words.h"
#include "node/desk/record_parts.h"
#include "node/desk/sheet_label.h"
#include "node/record/codes.h"
#include "node/record/schema.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = google::protobuf;

// Parts of a tracing request with a section of their own; what else it holds, now or later,
// stands in the legal part.
constexpr const char* kOwnSections[][2] = {{"circumstances", "circumstances"},
                                           {"items", "items"},
                                           {"prior_searches", "searches"},
                                           {"questions", "questions"}};

// Builds the sections that come out of the records.
class Builder {
 public:
  Builder(const SheetCase& the_case, const std::vector<std::string>& taken, const Reader& reader,
          Tally& tally, v1::TraceSheetResponse* out)
      : case_(the_case),
        taken_(taken),
        standing_(standing_results(the_case.records, taken)),
        reader_(reader),
        tally_(tally),
        out_(out) {}

  void handling() {
    std::vector<record::Label> labels;
    std::map<std::string, std::vector<const SheetRecord*>> different;  // by content
    for (const SheetRecord& record : case_.records) {
      if (record.message() == nullptr || !record.message()->header().has_label()) continue;
      labels.push_back(*record.stored->record->header().label);
      different[record.message()->header().label().SerializeAsString()].push_back(&record);
    }
    auto* section = add("handling");
    const auto all = strictest(labels);
    if (!all) return section->add_notes(reader_.word("notice.none"));
    label_line(*all, reader_, tally_, out_->mutable_label());
    auto* line = section->add_fields();
    line->set_label(reader_.word("strictest"));
    *line->mutable_values() = out_->label();
    for (const SheetRecord& record : case_.records) {
      if (record.message() == nullptr || !record.message()->header().has_label()) continue;
      const auto& same = different.at(record.message()->header().label().SerializeAsString());
      if (same.front() != &record) continue;
      auto* part = section->add_sections();
      part->set_title(reader_.word("of_record") + ": " + record.label);
      for (std::size_t i = 1; i < same.size(); ++i) part->add_notes("= " + same[i]->label);
      fields(record).message(record.message()->header().label(), "header.label", part);
    }
  }

  void request() {
    if (case_.request == nullptr || case_.request->message() == nullptr) {
      add("legal")->add_notes(reader_.word("notice.no_request"));
      return;
    }
    const auto& record = *case_.request->message();
    RecordFields fields = this->fields(*case_.request);
    if (!record.has_trace_request()) return request_of_another_kind(record, fields);
    const auto& kind = record.trace_request();
    auto* legal = add("legal");
    newer(*case_.request, legal);
    fields.message(record.header(), "header", legal, {"label"});
    fields.message(kind, "trace_request", legal,
                   {"circumstances", "items", "prior_searches", "questions"});
    for (const auto& [name, key] : kOwnSections) {
      auto* section = add(key);
      if (std::string_view(name) == "items")
        items(kind, fields, section);
      else
        fields.field(kind, name, "trace_request", section);
      open_single(section);
    }
    fields.unknown_rest(legal);
  }

  void results() {
    auto* section = add("results");
    for (const auto& item : case_.shown.items()) {
      auto* part = section->add_sections();
      part->set_title(reader_.word("item") + " " + std::to_string(item.item_no()));
      const auto standing = standing_.find(item.item_no());
      if (standing == standing_.end()) {
        part->add_notes(reader_.word("notice.no_answer"));
        continue;
      }
      const SheetRecord& record = record_of(standing->second.rid);
      const auto* result =
          results_of(*record.message())[static_cast<std::size_t>(standing->second.place)];
      part->add_notes(record.label);
      RecordFields fields = this->fields(record);
      fields.message(*result, result_path(record, standing->second.place), part, {"item_no"});
    }
    if (section->sections().empty()) section->add_notes(reader_.word("notice.none"));
  }

  void restrictions() {
    auto* section = add("restrictions");
    v1::SheetTable table;
    table.add_columns(reader_.word("timeline.record"));
    table.add_columns(reader_.word("item"));
    for (const char* name : {"*.ground", "*.reason_text", "ItemResult.withheld"})
      table.add_columns(std::string(*record::field_labels().text(name, reader_.lang)));
    for (const SheetRecord& record : case_.records) {
      if (record.message() == nullptr || !took_effect(record)) continue;
      add_restriction(record, *record::kind_message(*record.message()), nullptr, &table);
      for (const auto* result : results_of(*record.message()))
        add_restriction(record, *result, result, &table);
    }
    if (table.rows().empty())
      section->add_notes(reader_.word("notice.none"));
    else
      *section->add_tables() = std::move(table);
  }

  void exchanged() {
    auto* section = add("exchanged");
    for (const SheetRecord& record : case_.records) {
      if (&record == case_.request) continue;
      auto* part = section->add_sections();
      part->set_title(record.label);
      if (record.message() == nullptr)
        part->add_notes(reader_.word(record.stored ? "notice.newer_kind" : "notice.unreadable"));
      else
        one_record(record, part);
    }
    if (section->sections().empty()) section->add_notes(reader_.word("notice.none"));
  }

 private:
  void request_of_another_kind(const focal::v1::Record& record, RecordFields& fields) {
    auto* section = out_->add_sections();
    section->set_key("request");
    section->set_title(reader_.kind(case_.request->entry.kind()));
    newer(*case_.request, section);
    fields.message(record.header(), "header", section, {"label"});
    fields.message(*record::kind_message(record), record::kind_field(record)->name(), section);
    fields.unknown_rest(section);
  }

  v1::SheetSection* add(const char* key) {
    auto* section = out_->add_sections();
    section->set_key(key);
    section->set_title(reader_.word("section." + std::string(key)));
    return section;
  }

  RecordFields fields(const SheetRecord& record) {
    return RecordFields(*record.message(), reader_, tally_);
  }

  bool took_effect(const SheetRecord& record) const {
    return std::find(taken_.begin(), taken_.end(), record.entry.rid()) != taken_.end();
  }

  const SheetRecord& record_of(const std::string& rid) const {
    return *std::find_if(case_.records.begin(), case_.records.end(),
                         [&](const SheetRecord& each) { return each.entry.rid() == rid; });
  }

  void newer(const SheetRecord& record, v1::SheetSection* out) {
    const std::uint32_t count = record.entry.newer_fields();
    if (count == 0) return;
    out_->set_newer_fields(out_->newer_fields() + count);
    out->add_notes(reader_.word("notice.newer") + " " + std::to_string(count));
  }

  static std::string result_path(const SheetRecord& record, int place) {
    const auto& message = *record.message();
    return record::kind_field(message)->name() + "." + results_field(message)->name() + "[" +
           std::to_string(place) + "]";
  }

  // Titled by the number that the answers name, not by the place in the list.
  void items(const focal::v1::TraceRequest& request, RecordFields& fields,
             v1::SheetSection* section) {
    for (int i = 0; i < request.items_size(); ++i) {
      auto* part = section->add_sections();
      part->set_title(reader_.word("item") + " " + std::to_string(request.items(i).item_no()));
      fields.message(request.items(i), "trace_request.items[" + std::to_string(i) + "]", part);
    }
  }

  // A section that holds one part only is that part.
  static void open_single(v1::SheetSection* section) {
    if (!section->fields().empty() || !section->tables().empty() || section->sections_size() != 1 ||
        section->key() == "items")
      return;
    v1::SheetSection part = std::move(*section->mutable_sections(0));
    *section->mutable_fields() = std::move(*part.mutable_fields());
    *section->mutable_tables() = std::move(*part.mutable_tables());
    *section->mutable_sections() = std::move(*part.mutable_sections());
  }

  void one_record(const SheetRecord& record, v1::SheetSection* part) {
    const auto& message = *record.message();
    const std::string path = record::kind_field(message)->name();
    const auto* own_part = results_field(message);
    newer(record, part);
    if (!took_effect(record)) part->add_notes(reader_.word("notice.replaced"));
    RecordFields fields = this->fields(record);
    fields.message(message.header(), "header", part, {"label"});
    fields.message(*record::kind_message(message), path, part,
                   {own_part == nullptr ? std::string_view() : own_part->name()});
    const auto results = results_of(message);
    for (std::size_t i = 0; i < results.size(); ++i) {
      auto* item = part->add_sections();
      item->set_title(reader_.word("item") + " " + std::to_string(results[i]->item_no()));
      const auto standing = standing_.find(results[i]->item_no());
      if (standing != standing_.end() && standing->second.rid == record.entry.rid() &&
          standing->second.place == static_cast<int>(i)) {
        item->add_notes(reader_.word("notice.shown_above"));
        continue;
      }
      if (took_effect(record)) item->add_notes(reader_.word("notice.replaced"));
      fields.message(*results[i], result_path(record, static_cast<int>(i)), item, {"item_no"});
    }
    fields.unknown_rest(part);
  }

  // A row, if the message names a ground.
  void add_restriction(const SheetRecord& record, const pb::Message& message,
                       const focal::v1::ItemResult* result, v1::SheetTable* table) {
    const std::string ground = text_of(message, "ground");
    if (ground.empty()) return;
    auto* row = table->add_rows();
    *row->add_cells()->add_values() = plain_value(record.label);
    *row->add_cells()->add_values() =
        plain_value(result == nullptr ? "–" : std::to_string(result->item_no()));
    auto* words = row->add_cells()->add_values();
    *words = plain_value(reader_.code("ground", ground));
    words->set_code(ground);
    *row->add_cells()->add_values() = quoted_value(text_of(message, "reason_text"), tally_);
    auto* withheld = row->add_cells();
    if (result == nullptr) return;
    for (const std::string& each : result->withheld())
      *withheld->add_values() = quoted_value(each, tally_);
  }

  const SheetCase& case_;
  const std::vector<std::string>& taken_;
  const std::map<std::uint32_t, StandingResult> standing_;
  const Reader& reader_;
  Tally& tally_;
  v1::TraceSheetResponse* out_;
};

Status read_reader(const v1::TraceSheetRequest& request, Reader* out) {
  if (!request.lang().empty()) out->lang = request.lang();
  if (!record::is_un_language(out->lang))
    return fail(ErrorCode::kInvalid, "there is no sheet in that language",
                "One of en, fr, es, ru, zh, ar.", "lang");
  const std::string& format = request.format();
  if (!format.empty() && format != "sections" && format != "html")
    return fail(ErrorCode::kInvalid, "there is no such format of a sheet", "sections or html",
                "format");
  out->with_personal_data = request.with_personal_data();
  return {};
}

void add_notices(const Tally& tally, const Reader& reader, v1::TraceSheetResponse* out) {
  out->set_fields_left_out(tally.left_out);
  if (tally.left_out > 0)
    out->add_notices(reader.word("notice.left_out") + " " + std::to_string(tally.left_out));
  else if (tally.has_personal)
    out->add_notices(reader.word("notice.with_personal"));
  else
    out->add_notices(reader.word("notice.none_left_out"));
  if (out->newer_fields() > 0)
    out->add_notices(reader.word("notice.newer") + " " + std::to_string(out->newer_fields()));
  for (const std::string& warning : tally.warnings)
    out->add_notices("(!) " + reader.word("warning." + warning));
}

// Records under a card that was withdrawn since: those that may be somebody else's, and those that
// stand all the same.
void add_disputes(node::Node& node, const std::vector<SheetRecord>& records, const Reader& reader,
                  v1::TraceSheetResponse* out) {
  for (const SheetRecord& record : records) {
    const std::string words = record.stored ? disputed_words(node, record.stored->info) : "";
    if (words.empty()) continue;
    const bool disputed = words.starts_with(kDisputed);
    out->add_notices((disputed ? "(!) " : "") +
                     reader.word(disputed ? "notice.disputed" : "notice.stands") + ": " +
                     record.label);
  }
}

}  // namespace

std::map<std::uint32_t, StandingResult> standing_results(
    const std::vector<SheetRecord>& records, const std::vector<std::string>& taken_rids) {
  std::map<std::uint32_t, StandingResult> out;
  for (const std::string& rid : taken_rids) {
    const auto record = std::find_if(records.begin(), records.end(),
                                     [&](const auto& each) { return each.entry.rid() == rid; });
    if (record == records.end() || record->message() == nullptr) continue;
    const auto results = results_of(*record->message());
    for (std::size_t i = 0; i < results.size(); ++i)
      out[results[i]->item_no()] = {rid, static_cast<int>(i)};
  }
  return out;
}

Status show_sheet(node::Node& node, const v1::TraceSheetRequest& request, const Now& now,
                  v1::TraceSheetResponse* out) {
  Reader reader;
  FOCAL_TRY(read_reader(request, &reader));
  SheetCase the_case;
  v1::TraceShowRequest ask;
  ask.set_case_number(request.case_number());
  FOCAL_TRY(show_case(node, ask, now, &the_case.shown));
  FOCAL_ASSIGN(const auto row, find_case(node, request.case_number()));
  the_case.state_list = state_list_of(row);
  store::View& view = node.core().view();
  const auto opened = node::open_case(view, row);
  std::vector<std::string> taken;
  for (const auto& effect : opened.fold.effects)
    if (effect.effect == casework::Effect::kTaken) taken.push_back(hex(effect.rid));
  for (const v1::TimelineEntry& entry : the_case.shown.timeline())
    the_case.records.push_back(
        {entry, show_record(view, static_cast<store::LeafIndex>(entry.leaf_index())),
         reader.kind(entry.kind()) + " · " + entry.from() + " · " + sheet_time(entry.at()) + " · " +
             short_id(entry.rid())});
  for (const SheetRecord& record : the_case.records)
    if (record.entry.rid() == hex(row.root.rid)) the_case.request = &record;

  out->set_case_number(the_case.shown.trace().case_number());
  out->set_lang(reader.lang);
  out->set_right_to_left(reader.lang == "ar");
  out->set_title(reader.word("title") + " " + out->case_number());
  Tally tally;
  add_case_part(the_case, node.core().self().party(), now, reader, tally, out);
  Builder builder(the_case, taken, reader, tally, out);
  builder.handling();
  builder.request();
  builder.results();
  builder.restrictions();
  builder.exchanged();
  add_timeline_part(the_case, reader, tally, out);
  add_ids_part(the_case, reader, out);
  add_disputes(node, the_case.records, reader, out);
  add_notices(tally, reader, out);
  if (request.format() == "html") {
    out->set_page(sheet_html(*out));
    out->clear_sections();
  }
  return {};
}

}  // namespace focal::desk

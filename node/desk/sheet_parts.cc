// The parts of a sheet that are about the case and not inside its records: head, timeline, ids.
#include "node/desk/sheet.h"
#include "node/record/parties.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

constexpr std::size_t kShortId = 8;  // hex digits; a case has few records

v1::SheetSection* new_section(const char* key, const Reader& reader, v1::TraceSheetResponse* out) {
  auto* section = out->add_sections();
  section->set_key(key);
  section->set_title(reader.word("section." + std::string(key)));
  return section;
}

void add_cell(v1::SheetValue value, v1::SheetRow* row) {
  *row->add_cells()->add_values() = std::move(value);
}

v1::SheetValue coded(std::string text, const std::string& code) {
  v1::SheetValue out = plain_value(std::move(text));
  out.set_code(code);
  return out;
}

std::string effect_words(const std::string& code, const Reader& reader) {
  const std::string key = "effect." + code;
  const auto words = sheet_words().text(key, reader.lang);
  if (code == "TAKES_EFFECT" || code == "WAITING_FOR_PARENT") return reader.word(key);
  return reader.word("effect.NONE") + ": " + std::string(words.value_or(code));
}

v1::SheetValue delivery_value(const v1::Delivery& delivery, const Reader& reader) {
  const auto words = sheet_words().text("delivery." + delivery.state(), reader.lang);
  std::string text(words.value_or(delivery.state()));
  if (!delivery.code().empty()) text += " (" + delivery.code() + ")";
  v1::SheetValue out = coded(std::move(text), delivery.state());
  out.set_label(delivery.party());
  return out;
}

// Who else has been asked in this case, in one line.
void add_threads(const v1::TraceShowResponse& shown, const Reader& reader, Tally& tally,
                 v1::SheetSection* out) {
  if (shown.threads().empty()) return;
  auto* field = out->add_fields();
  field->set_label(reader.word("case.threads"));
  for (const v1::TraceCase& each : shown.threads()) {
    const bool ours = each.role() == "REQUESTER";
    const char* states = ours ? "trace_requester_state" : "trace_responder_state";
    *field->add_values() =
        quoted_value(each.case_number() + " · " + record::party_with_name(each.party(), reader.lang) +
                         " · " + (ours ? each.our_ref() : each.their_ref()) + " · " +
                         reader.code(states, each.state()),
                     tally);
  }
}

}  // namespace

std::string short_id(const std::string& rid) { return rid.substr(0, kShortId); }

void add_case_part(const SheetCase& the_case, const std::string& own_party, const Now& now,
                   const Reader& reader, Tally& tally, v1::TraceSheetResponse* out) {
  const v1::TraceCase& c = the_case.shown.trace();
  const bool ours = c.role() == "REQUESTER";
  auto* section = new_section("case", reader, out);
  const auto quoted = [&](std::string label, const std::string& text) {
    if (text.empty()) return;
    auto* field = section->add_fields();
    field->set_label(std::move(label));
    *field->add_values() = quoted_value(text, tally);
  };
  add_field(reader.word("case.number"), c.case_number(), section);
  add_field(reader.word("case.requester"), ours ? own_party : c.party(), section);
  add_field(reader.word("case.responder"), ours ? c.party() : own_party, section);
  const auto name = [&](const char* field) {
    return std::string(record::field_labels().text(field, reader.lang).value_or(field));
  };
  quoted(name("*.case_ref_requester"), ours ? c.our_ref() : c.their_ref());
  quoted(name("*.case_ref_requested"), ours ? c.their_ref() : c.our_ref());
  quoted(name("Header.subject"), c.subject());
  add_field(name("Header.priority"), reader.code("priority", c.priority()), section);
  add_field(reader.word("case.state"), reader.code(the_case.state_list, c.state()), section);
  for (const std::string& flag : c.flags()) {
    const auto words = sheet_words().text("flag." + flag, reader.lang);
    add_field(reader.word("case.flags"), std::string(words.value_or(flag)), section);
  }
  add_field(reader.word("case.opened"), sheet_time(c.opened_at()), section);
  add_field(reader.word("case.ack_due"), sheet_time(c.ack_due_at()), section);
  add_field(reader.word("case.answer_due"), sheet_time(c.answer_due_at()), section);
  add_field(name("*.expected_by"), c.expected_by(), section);
  add_field(reader.word("case.last"), sheet_time(c.last_at()), section);
  add_threads(the_case.shown, reader, tally, section);
  auto* made = section->add_fields();
  made->set_label(reader.word("case.printed"));
  *made->add_values() = plain_value(sheet_time(time_text(now.wall_ms)));
  *made->add_values() = plain_value(own_party, reader.word("by"));
  if (!c.ack_due_at().empty() || !c.answer_due_at().empty())
    section->add_notes(reader.word("notice.due"));
}

void add_timeline_part(const SheetCase& the_case, const Reader& reader, Tally& tally,
                       v1::TraceSheetResponse* out) {
  auto* section = new_section("timeline", reader, out);
  auto* table = section->add_tables();
  for (const char* column : {"time", "from", "kind", "summary", "effect", "receipt", "record"})
    table->add_columns(reader.word("timeline." + std::string(column)));
  for (const SheetRecord& record : the_case.records) {
    const v1::TimelineEntry& entry = record.entry;
    auto* row = table->add_rows();
    // The column says UTC.
    std::string time = sheet_time(entry.at());
    if (time.ends_with(" UTC")) time.resize(time.size() - 4);
    add_cell(plain_value(time), row);
    add_cell(plain_value(entry.from()), row);
    add_cell(coded(reader.kind(entry.kind()), entry.kind()), row);
    add_cell(
        record.message() == nullptr
            ? plain_value(reader.word(record.stored ? "notice.newer_kind" : "notice.unreadable"))
            : quoted_value(record.message()->header().subject(), tally),
        row);
    add_cell(coded(effect_words(entry.effect(), reader), entry.effect()), row);
    auto* receipts = row->add_cells();
    for (const v1::Delivery& delivery : entry.delivery())
      *receipts->add_values() = delivery_value(delivery, reader);
    if (!entry.received_at().empty())
      *receipts->add_values() =
          plain_value(sheet_time(entry.received_at()), reader.word("arrived"));
    add_cell(plain_value(short_id(entry.rid())), row);
  }
}

void add_ids_part(const SheetCase& the_case, const Reader& reader, v1::TraceSheetResponse* out) {
  auto* section = new_section("ids", reader, out);
  for (const SheetRecord& record : the_case.records) {
    const v1::TimelineEntry& entry = record.entry;
    auto* field = section->add_fields();
    field->set_label(short_id(entry.rid()));
    *field->add_values() = plain_value(entry.rid());
    *field->add_values() = coded(reader.kind(entry.kind()), entry.kind());
    *field->add_values() = plain_value(std::to_string(entry.leaf_index()), reader.word("ids.leaf"));
    if (!entry.reply_to().empty())
      *field->add_values() = plain_value(short_id(entry.reply_to()), reader.word("ids.reply_to"));
    if (entry.newer_fields() > 0)
      *field->add_values() =
          plain_value(std::to_string(entry.newer_fields()), reader.word("notice.newer"));
  }
}

}  // namespace focal::desk

#include "node/cli/import_text.h"

#include "node/cli/width.h"
#include "proto/seizure.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Answer = v1::TraceImportResponse;

std::string title_line(const std::string& text, Style style, const Look& look) {
  return "\n" + paint(clean(text), style, look) + "\n";
}

// The lines of a table that are beyond kRowsShown.
std::string more(int all, std::string_view where) {
  if (all <= kRowsShown) return {};
  return "  … and " + std::to_string(all - kRowsShown) + " more" + std::string(where) + "\n";
}

std::string rows_text(const v1::ListStay& stay) {
  std::string out = stay.rows_size() == 1 ? "row " : "rows ";
  for (int i = 0; i < stay.rows_size() && i < kRowsShown; ++i)
    out += (i == 0 ? "" : ", ") + std::to_string(stay.rows(i));
  return stay.rows_size() > kRowsShown ? out + ", …" : out;
}

std::string name_of(const std::string& name, const std::string& code) {
  return name.empty() ? code : name + " (" + code + ")";
}

std::string columns_text(const Answer& answer, const Look& look) {
  Table table({"COLUMN", "HOLDS", "<FILLED"});
  for (const auto& column : answer.columns())
    table.add({column.title().empty() ? "(no title)" : column.title(),
               column.field().empty() ? Cell("(not used)", Style::kDim) : Cell(column.field()),
               std::to_string(column.filled())});
  return table.text(look, 2);
}

std::string problems_text(const Answer& answer, const Look& look) {
  if (answer.problems_size() == 0) return {};
  std::string out =
      title_line(count(answer.bad_rows(), "row is wrong", "rows are wrong"), Style::kBad, look);
  Table table({"<ROW", "COLUMN", "VALUE", "~WHAT IS WRONG"});
  for (int i = 0; i < answer.problems_size() && i < kRowsShown; ++i) {
    const auto& p = answer.problems(i);
    table.add({std::to_string(p.row()), p.column().empty() ? p.field() : p.column(),
               fit(clean(p.value()), 24), p.text() + (p.hint().empty() ? "" : "; " + p.hint())});
  }
  return out + table.text(look, 2) + more(answer.problems_size(), ": --errors FILE writes all");
}

std::string repeats_text(const Answer& answer, const Look& look) {
  if (answer.repeats_size() == 0) return {};
  const bool kept = answer.repeats(0).kept();
  std::string out = title_line(
      count(static_cast<std::uint64_t>(answer.repeats_size()), "row repeats", "rows repeat") +
          " an earlier row of this list" +
          (kept ? " (kept)" : " (left out; --keep-duplicates sends them too)"),
      Style::kWarn, look);
  Table table({"<ROW", "SERIAL", "<REPEATS ROW", "SERIAL THERE", "TIER", "<SCORE"});
  for (int i = 0; i < answer.repeats_size() && i < kRowsShown; ++i) {
    const auto& r = answer.repeats(i);
    table.add({std::to_string(r.row()), r.serial(), std::to_string(r.first_row()), r.first_serial(),
               r.tier(), std::to_string(r.score())});
  }
  return out + table.text(look, 2) + more(answer.repeats_size(), "");
}

std::string asked_text(const Answer& answer, const Look& look) {
  if (answer.asked_size() == 0) return {};
  const bool kept = answer.asked(0).kept();
  std::string out = title_line(
      count(static_cast<std::uint64_t>(answer.asked_size()), "weapon was", "weapons were") +
          " asked about before" + (kept ? " (asked again)" : " (left out; --ask-again asks again)"),
      Style::kWarn, look);
  Table table({"<ROW", "SERIAL", "CASE", "PARTY", "DATE", "STATE", "OUTCOME", "SERIAL THERE"});
  for (int i = 0; i < answer.asked_size() && i < kRowsShown; ++i) {
    const auto& a = answer.asked(i);
    const auto& m = a.match();
    table.add({std::to_string(a.row()), a.serial(), m.case_number(), m.party(), m.date(), m.state(),
               m.outcome().empty() ? "none yet" : m.outcome(), m.serial()});
  }
  return out + table.text(look, 2) + more(answer.asked_size(), "") +
         "  Each is a lead: compare all the data before you rely on it.\n";
}

std::string reach_text(const Answer& answer, const Look& look) {
  std::string out;
  for (const auto& stay : answer.stays()) {
    const std::string who =
        stay.country().empty() ? "no country" : name_of(stay.name(), stay.country());
    out += title_line("stays here: " + count(stay.weapons(), "weapon", "weapons") + ", " + who,
                      Style::kWarn, look);
    out += labelled({{"why", stay.text()}, {"what to do", stay.hint()}, {"where", rows_text(stay)}},
                    look);
  }
  out += '\n';
  for (const auto& reach : answer.reach()) {
    out += paint("will reach: " + clean(name_of(reach.name(), reach.party())), Style::kBold, look) +
           ": " + count(reach.weapons(), "weapon", "weapons") + " in " +
           count(reach.requests(), "request", "requests") + "\n";
  }
  if (answer.reach_size() == 0) out += paint("will reach: nobody", Style::kBold, look) + "\n";
  return out;
}

}  // namespace

std::string amount_text(const Answer& answer) {
  std::uint64_t requests = 0;
  for (const auto& reach : answer.reach()) requests += reach.requests();
  return count(answer.sending(), "weapon", "weapons") + " in " +
         count(requests, "request", "requests");
}

std::string preview_text(const Answer& answer, const std::string& name, const Look& look) {
  const std::string separator = answer.separator() == "SEMICOLON" ? "semicolons"
                                : answer.separator() == "TAB"     ? "tabs"
                                                                  : "commas";
  std::string out = paint(clean(name), Style::kBold, look) + ": " +
                    count(answer.rows(), "row", "rows") + " between " + separator +
                    (answer.guessed() ? "; columns read from their titles" : "") + "\n";
  out += columns_text(answer, look);
  out += problems_text(answer, look);
  out += repeats_text(answer, look);
  out += asked_text(answer, look);
  if (answer.notes_size() > 0) out += title_line("How it was read", Style::kBold, look);
  for (const std::string& note : answer.notes())
    out += "  " + wrap(clean(note), look.width > 8 ? look.width - 2 : 96, "  ") + "\n";
  return out + reach_text(answer, look);
}

std::string sent_text(const Answer& answer, const Look& look) {
  Table table({"CASE", "PARTY", "REFERENCE", "<WEAPONS", "OUTBOX"});
  for (const auto& sent : answer.sent())
    table.add({sent.case_number(), sent.party(), sent.reference(), std::to_string(sent.weapons()),
               sent.outbox_id()});
  return "sent: " + amount_text(answer) + "\n" + table.text(look, 2);
}

}  // namespace focal::cli

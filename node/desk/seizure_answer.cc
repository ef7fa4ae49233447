// A plan in the words of the API.
#include <map>

#include "node/desk/seizure_plan.h"
#include "node/record/parties.h"

namespace focal::desk::seizure {
namespace {

namespace v1 = api::v1;

constexpr int kManyProblems = 10'000;  // listed; beyond it the first of each row only

std::string weapons_of(std::uint32_t n) {
  return std::to_string(n) + (n == 1 ? " weapon" : " weapons");
}

void fill_columns(const Plan& plan, v1::TraceImportResponse& out) {
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    v1::ListColumn& column = *out.add_columns();
    column.set_title(plan.columns[i].title);
    if (plan.columns[i].field != nullptr) column.set_field(plan.columns[i].field->name);
    std::uint32_t filled = 0;
    for (std::size_t row = 1; row < plan.table.rows.size(); ++row) {
      const auto& cells = plan.table.rows[row].cells;
      if (i < cells.size() && !csv::shown_cell(cells[i]).empty()) ++filled;
    }
    column.set_filled(filled);
  }
}

void fill_problems(const Plan& plan, v1::TraceImportResponse& out) {
  std::uint32_t bad = 0;
  for (const Weapon& weapon : plan.rows.weapons) {
    bad += weapon.is_good() ? 0 : 1;
    std::size_t more = weapon.more_problems;
    for (const Problem& problem : weapon.problems) {
      if (&problem != &weapon.problems.front() && out.problems_size() >= kManyProblems) {
        ++more;
        continue;
      }
      v1::RowProblem& said = *out.add_problems();
      said.set_row(problem.row);
      said.set_column(problem.column);
      said.set_field(problem.field);
      said.set_value(problem.value);
      said.set_text(problem.text);
      said.set_hint(problem.hint);
    }
    if (more == 0) continue;
    v1::RowProblem& rest = *out.add_problems();
    rest.set_row(weapon.row);
    rest.set_text("and " + std::to_string(more) + " more of this row");
  }
  out.set_bad_rows(bad);
}

void fill_repeats(const Plan& plan, bool kept, v1::TraceImportResponse& out) {
  for (const Repeat& repeat : plan.repeats) {
    const Weapon& weapon = plan.rows.weapons[repeat.weapon];
    const Weapon& first = plan.rows.weapons[repeat.first];
    v1::RowRepeat& said = *out.add_repeats();
    said.set_row(weapon.row);
    said.set_first_row(first.row);
    said.set_serial(weapon.item.serial_raw());
    said.set_first_serial(first.item.serial_raw());
    said.set_tier(std::string(record::code_of(repeat.tier)));
    said.set_score(static_cast<std::uint32_t>(repeat.score));
    said.set_kept(kept);
  }
}

void fill_asked(const Plan& plan, bool kept, v1::TraceImportResponse& out) {
  for (const Asked& asked : plan.asked) {
    const Weapon& weapon = plan.rows.weapons[asked.weapon];
    v1::RowAsked& said = *out.add_asked();
    said.set_row(weapon.row);
    said.set_serial(weapon.item.serial_raw());
    *said.mutable_match() = asked.match;
    said.set_kept(kept);
  }
}

void fill_reach(const Plan& plan, std::string_view lang, v1::TraceImportResponse& out) {
  v1::ListReach* reach = nullptr;
  std::uint32_t sending = 0;
  for (const Request& request : plan.requests) {
    if (reach == nullptr || reach->party() != request.party) {
      reach = out.add_reach();
      reach->set_party(request.party);
      if (const auto name = record::party_name(request.party, lang))
        reach->set_name(std::string(*name));
    }
    const auto weapons = static_cast<std::uint32_t>(request.weapons.size());
    reach->set_weapons(reach->weapons() + weapons);
    reach->set_requests(reach->requests() + 1);
    reach->add_references(request.reference);
    sending += weapons;
  }
  out.set_sending(sending);
}

void fill_stays(const Plan& plan, std::string_view lang, v1::TraceImportResponse& out) {
  std::map<std::string_view, v1::ListStay*> by_country;
  for (std::size_t i = 0; i < plan.rows.weapons.size(); ++i) {
    if (plan.fates[i] != Fate::kStays) continue;
    const std::string_view country = country_of(plan.rows.weapons[i].item);
    v1::ListStay*& stay = by_country[country];
    if (stay == nullptr) {
      stay = out.add_stays();
      stay->set_country(std::string(country));
      if (const auto name = record::party_name(country, lang)) stay->set_name(std::string(*name));
      const Road& road = plan.roads.find(country)->second;
      stay->set_text(road.text);
      stay->set_hint(road.hint);
    }
    stay->set_weapons(stay->weapons() + 1);
    stay->add_rows(plan.rows.weapons[i].row);
  }
}

void fill_notes(const Plan& plan, v1::TraceImportResponse& out) {
  const Taken& taken = plan.rows.taken;
  const auto note = [&out](std::uint32_t n, const std::string& text) {
    if (n > 0) out.add_notes(weapons_of(n) + " " + text);
  };
  note(taken.certain,
       "with a number whose certainty the list does not name: taken as CERTAIN. "
       "Map a column to serial_confidence if the reading is doubtful.");
  note(taken.without_number,
       "without a readable number: sent as such, and not compared with "
       "other weapons.");
  note(taken.patterns,
       "with unreadable characters in the number (? or *): PARTIAL, and not "
       "compared with other weapons here; 'focal find' does.");
  note(taken.assumed, "with a country of manufacture whose basis the list does not name: ASSUMED.");
  note(taken.no_type, "without a type: UNKNOWN.");
  note(taken.calibres, "whose calibre is known: its code is added, the text stays.");
  note(taken.makes, "whose maker is known: its code is added, the text stays.");
  if (plan.not_indexed > 0)
    out.add_notes("The ledger is still being indexed: " + std::to_string(plan.not_indexed) +
                  " of its entries were not compared. Look again later.");
  if (taken.without_number + taken.patterns < plan.rows.weapons.size())
    out.add_notes(
        "Compared with the list and the ledger are equal numbers, also through "
        "look-alike characters (O and 0); numbers with one character read otherwise are "
        "found by 'focal find', not here.");
}

}  // namespace

void fill_answer(const Plan& plan, const v1::TraceImportRequest& asked,
                 v1::TraceImportResponse& out) {
  out.set_separator(std::string(csv::separator_name(plan.table.separator)));
  out.set_guessed(plan.guessed);
  out.set_rows(static_cast<std::uint32_t>(plan.rows.weapons.size()));
  fill_columns(plan, out);
  fill_problems(plan, out);
  fill_repeats(plan, asked.keep_repeats(), out);
  fill_asked(plan, asked.ask_again(), out);
  fill_reach(plan, asked.lang(), out);
  fill_stays(plan, asked.lang(), out);
  fill_notes(plan, out);
  out.set_can_send(!plan.requests.empty() && (out.bad_rows() == 0 || asked.accept_valid()));
  out.set_plan(plan.name);
}

}  // namespace focal::desk::seizure

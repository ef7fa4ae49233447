#include "node/desk/seizure.h"

#include <algorithm>
#include <span>

#include "node/desk/clocks.h"
#include "node/desk/opened_records.h"
#include "node/desk/release.h"
#include "node/desk/seizure_asked.h"
#include "node/desk/seizure_plan.h"
#include "node/desk/writing.h"
#include "node/record/catalogue.h"
#include "node/record/codes.h"

namespace focal::desk::seizure {
namespace {

constexpr std::string_view kPreview = "PREVIEW";
constexpr std::string_view kSend = "SEND";

Status check_mode(const v1::TraceImportRequest& asked) {
  const std::string& mode = asked.mode();
  if (!mode.empty() && mode != kPreview && mode != kSend)
    return fail(ErrorCode::kUsage, "'" + mode + "' is no mode", "PREVIEW or SEND.", "mode");
  if (!asked.lang().empty() && !record::is_un_language(asked.lang()))
    return fail(ErrorCode::kUsage, "'" + asked.lang() + "' is none of the six languages",
                "en, fr, es, ru, zh or ar.", "lang");
  if (mode != kSend) return {};
  if (asked.columns().empty())
    return fail(ErrorCode::kUsage, "SEND needs the columns; they are not guessed",
                "Take those that PREVIEW has shown.", "columns");
  if (asked.plan().empty())
    return fail(ErrorCode::kUsage, "SEND needs the plan that was shown", "Ask for PREVIEW first.",
                "plan");
  return {};
}

Result<Routes> read_routes(const v1::TraceImportRequest& asked) {
  Routes out;
  for (int i = 0; i < asked.routes_size(); ++i) {
    const v1::ListRoute& route = asked.routes(i);
    const std::string path = "routes[" + std::to_string(i) + "]";
    if (!record::is_country(route.country()))
      return fail(ErrorCode::kInvalid, "'" + route.country() + "' is no country",
                  "A code of ISO 3166, e.g. SUHH for the former Soviet Union.", path);
    if (!record::is_state_party(route.party()))
      return fail(ErrorCode::kInvalid, "'" + route.party() + "' does not act for a State",
                  "A party such as XB or XB-ITI.", path);
    if (!out.emplace(route.country(), route.party()).second)
      return fail(ErrorCode::kInvalid, route.country() + " has two routes", "Give one.", path);
  }
  return out;
}

Status read_columns(const v1::TraceImportRequest& asked, Plan& plan) {
  std::vector<std::string> titles;
  for (const std::string& cell : plan.table.rows.front().cells)
    titles.emplace_back(csv::shown_cell(cell));
  plan.guessed = asked.columns().empty();
  if (plan.guessed) {
    plan.columns = guess_columns(titles);
  } else {
    std::vector<Said> said;
    for (const v1::ListColumn& column : asked.columns())
      if (!column.field().empty()) said.push_back({column.title(), column.field()});
    FOCAL_ASSIGN(plan.columns, map_columns(titles, said));
  }
  const bool any = std::any_of(plan.columns.begin(), plan.columns.end(),
                               [](const Column& column) { return column.field != nullptr; });
  if (any) return {};
  return fail(ErrorCode::kInvalid, "no column of the list describes a weapon",
              "The first row names the columns; say what they hold with --map 'TITLE=FIELD,…'.",
              "columns");
}

void check_rows(Plan& plan) {
  std::vector<Weapon*> good;
  for (Weapon& weapon : plan.rows.weapons)
    if (weapon.is_good()) good.push_back(&weapon);
  for (std::span<Weapon* const> left(good); !left.empty();) {
    const auto some = left.first(std::min(left.size(), kWeaponsOfARequest));
    plan.part->check(some, plan.columns);
    left = left.subspan(some.size());
  }
  plan.fates.assign(plan.rows.weapons.size(), Fate::kSent);
  for (std::size_t i = 0; i < plan.fates.size(); ++i)
    if (!plan.rows.weapons[i].is_good()) plan.fates[i] = Fate::kBad;
}

// What can be said without the ledger.
Status read_list(const v1::TraceImportRequest& asked, Plan& plan) {
  csv::Limits limits;
  limits.bytes = kListBytes;
  limits.rows = kListWeapons;
  FOCAL_ASSIGN(plan.table, csv::read(asked.csv(), limits));
  FOCAL_TRY(read_columns(asked, plan));
  plan.rows = read_rows(plan.table, plan.columns);
  if (plan.rows.weapons.empty())
    return fail(ErrorCode::kInvalid, "the list has titles and no weapon", {}, "csv");
  check_rows(plan);
  plan.repeats = find_repeats(plan.rows.weapons);
  if (!asked.keep_repeats())
    for (const Repeat& repeat : plan.repeats) plan.fates[repeat.weapon] = Fate::kRepeat;
  return {};
}

Status find_roads(node::Node& node, const OnLoop& on_loop, Plan& plan) {
  for (std::size_t i = 0; i < plan.fates.size(); ++i)
    if (plan.fates[i] == Fate::kSent)
      plan.roads.emplace(country_of(plan.rows.weapons[i].item), Road{});
  FOCAL_TRY(on_loop(
      [&](const Now& now) -> Status {
        for (auto& [country, road] : plan.roads) road = road_to(node, country, plan.routes, now);
        return {};
      },
      {}));
  for (std::size_t i = 0; i < plan.fates.size(); ++i)
    if (plan.fates[i] == Fate::kSent &&
        plan.roads.find(country_of(plan.rows.weapons[i].item))->second.party.empty())
      plan.fates[i] = Fate::kStays;
  return {};
}

Status look_up(node::Node& node, const OnLoop& on_loop, bool ask_again, Plan& plan) {
  for (std::size_t at = 0; at < plan.fates.size();) {
    FOCAL_TRY(on_loop(
        [&](const Now&) -> Status {
          OpenedRecords opened;
          for (std::size_t looked = 0; at < plan.fates.size() && looked < kWeaponsATurn; ++at) {
            if (plan.fates[at] != Fate::kSent) continue;
            ++looked;
            auto match = asked_before(node, plan.rows.weapons[at].item, opened);
            if (!match) continue;
            plan.asked.push_back({at, std::move(*match)});
            if (!ask_again) plan.fates[at] = Fate::kAsked;
          }
          return {};
        },
        {}));
  }
  return {};
}

Result<Plan> make_plan(node::Node& node, const OnLoop& on_loop,
                       const v1::TraceImportRequest& asked) {
  Plan plan;
  FOCAL_ASSIGN(plan.routes, read_routes(asked));
  FOCAL_TRY(on_loop(
      [&](const Now& now) -> Status {
        plan.own_party = node.core().self().party();
        plan.config = node.config();
        plan.wall_ms = now.wall_ms;
        return {};
      },
      {}));
  FOCAL_ASSIGN(plan.part, Template::read(asked.record(), plan.own_party));
  FOCAL_TRY(read_list(asked, plan));
  FOCAL_TRY(find_roads(node, on_loop, plan));
  FOCAL_TRY(look_up(node, on_loop, asked.ask_again(), plan));
  std::uint32_t number = 1;
  FOCAL_TRY(on_loop(
      [&](const Now&) -> Status {
        number = next_number(node, plan.part->base());
        const auto progress = node.core().view().index_progress();
        plan.not_indexed = progress.complete() ? 0 : progress.target - progress.done;
        return {};
      },
      {}));
  FOCAL_TRY(make_requests(plan, number));
  return plan;
}

// The records as they would leave now. A preview makes them too: what cannot be sent is said then.
Result<std::vector<record::CheckedRecord>> records_of(const Plan& plan) {
  std::vector<record::CheckedRecord> out;
  out.reserve(plan.requests.size());
  for (const Request& request : plan.requests) {
    auto record = plan.part->with(request.weapons, request.reference);
    fill_due_times(*record, plan.config, request.party, plan.wall_ms);
    auto checked = record::from_message(std::move(record), plan.own_party, {request.party});
    if (!checked) return checked.error().as_error();
    out.push_back(std::move(*checked));
  }
  return out;
}

Status may_send(const v1::TraceImportRequest& asked, const Plan& plan,
                const v1::TraceImportResponse& answer) {
  if (answer.bad_rows() > 0 && !asked.accept_valid())
    return fail(ErrorCode::kInvalid,
                std::to_string(answer.bad_rows()) + " rows of the list are wrong; nothing was sent",
                "Mend them, or send the good ones alone with --accept-valid.", "csv");
  if (plan.requests.empty())
    return fail(ErrorCode::kState, "no weapon of the list can be sent now",
                "The preview says of each why.", "csv");
  if (asked.plan() != plan.name)
    return fail(ErrorCode::kState, "what would be sent now is not what was shown; nothing was sent",
                "The list, the trust in a party, or the ledger has changed since. Look at the "
                "preview again.",
                "plan");
  return {};
}

// All of them in one group, or none.
Status release_all(node::Node& node, const OnLoop& on_loop, const Plan& plan,
                   const std::vector<record::CheckedRecord>& records,
                   const v1::TraceImportRequest& asked, By& by, v1::TraceImportResponse& out) {
  std::vector<store::RecordRef> released;
  const Status done = on_loop(
      [&](const Now& now) -> Status {
        for (const Request& request : plan.requests)
          FOCAL_TRY(may_write_to(node, request.party, now));
        const Status may = by.may_leave(records, now);
        released.reserve(records.size());
        for (const auto& record : records)
          if (may)
            released.push_back(submit(node, record, std::nullopt, std::nullopt, now, by));
        return conclude(node, by, asked, may, released, now);
      },
      [&](const Now&) {
        if (by.held != 0) return;
        store::View& view = node.core().view();
        for (std::size_t i = 0; i < released.size(); ++i) {
          v1::ListSent& sent = *out.add_sent();
          sent.set_party(plan.requests[i].party);
          sent.set_reference(plan.requests[i].reference);
          sent.set_weapons(static_cast<std::uint32_t>(plan.requests[i].weapons.size()));
          sent.set_rid(hex(released[i].rid));
          if (const auto row = view.case_by_root(released[i]))
            sent.set_case_number(case_number(row->id));
          if (const auto info = view.find(released[i]))
            sent.set_outbox_id(outbox_id(info->batch, plan.requests[i].party));
        }
      });
  return done ? told_if_held(by) : done;
}

Result<v1::TraceImportResponse> import_as(node::Node& node, const OnLoop& on_loop,
                                          const v1::TraceImportRequest& asked, By& by) {
  FOCAL_TRY(check_mode(asked));
  FOCAL_ASSIGN(const Plan plan, make_plan(node, on_loop, asked));
  FOCAL_ASSIGN(const auto records, records_of(plan));
  v1::TraceImportResponse out;
  out.set_mode(std::string(asked.mode() == kSend ? kSend : kPreview));
  fill_answer(plan, asked, out);
  if (asked.mode() != kSend) return out;
  FOCAL_TRY(may_send(asked, plan, out));
  FOCAL_TRY(release_all(node, on_loop, plan, records, asked, by, out));
  return out;
}

}  // namespace
}  // namespace focal::desk::seizure

namespace focal::desk {

Result<v1::TraceImportResponse> import_list(node::Node& node, const OnLoop& on_loop,
                                            const v1::TraceImportRequest& asked, By& by) {
  return seizure::import_as(node, on_loop, asked, by);
}

}  // namespace focal::desk

#include "node/desk/seizure_template.h"

#include <algorithm>
#include <charconv>

#include "node/record/validate.h"
#include "proto/json.h"

namespace focal::desk::seizure {
namespace {

namespace pb = focal::v1;

constexpr std::string_view kItems = "trace_request.items";
constexpr std::string_view kPlainHint =
    "Give the value, or leave out what belongs to it in the other columns.";
constexpr std::size_t kPathBytes = 32;  // "trace_request.items[199]." and what encodes it
constexpr std::size_t kMoreNamed = 5;   // paths of further problems in one error

Error as_error(const std::vector<record::Problem>& problems) {
  const record::Problem& first = problems.front();
  std::string message = first.path + " " + first.message;
  for (std::size_t i = 1; i < problems.size() && i <= kMoreNamed; ++i)
    message += (i == 1 ? "; also wrong: " : ", ") + problems[i].path;
  if (problems.size() > kMoreNamed + 1)
    message += " and " + std::to_string(problems.size() - kMoreNamed - 1) + " more";
  return fail(ErrorCode::kRecord, std::move(message), first.hint, first.path);
}

// Nothing is known of it, so that every problem is one of the part around it.
Weapon plain_weapon() {
  csv::Table table;
  table.rows = {{1, {"-"}}, {2, {""}}};
  return std::move(read_rows(table, {{"-", nullptr}}).weapons.front());
}

record::Report judge(const pb::Record& record, const std::string& own_party) {
  const std::vector<std::string> to = {own_party};  // any State: who is asked is settled later
  record::Facts facts;
  facts.from = own_party;
  facts.audience = to;
  facts.own = true;
  return record::validate(record, facts);
}

Status check_weapons_absent(const pb::Record& record) {
  const bool named = std::any_of(record.unknown_fields().begin(), record.unknown_fields().end(),
                                 [](const std::string& path) { return path.starts_with(kItems); });
  if (record.trace_request().items_size() == 0 && !named) return {};
  return fail(ErrorCode::kRecord, "the request holds weapons, but they come from the list",
              "Take trace_request.items and its unknown_fields out of the file.",
              std::string(kItems));
}

// "items[3].calibre_raw" after "trace_request.": the place, and the path within the weapon.
bool split_path(std::string_view path, std::size_t& place, std::string_view& rest) {
  if (!path.starts_with(kItems)) return false;
  path.remove_prefix(kItems.size());
  if (!path.starts_with('[')) return false;
  path.remove_prefix(1);
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), place);
  if (error != std::errc{}) return false;
  path.remove_prefix(static_cast<std::size_t>(end - path.data()));
  if (!path.starts_with(']')) return false;
  rest = path.substr(path.size() > 1 ? 2 : 1);
  return true;
}

Problem in_words(const record::Problem& problem, std::string_view path, const Weapon& weapon,
                 const std::vector<Column>& columns) {
  Problem out;
  out.row = weapon.row;
  out.field = path;
  out.text = problem.message;
  out.hint = problem.hint.empty() ? std::string(kPlainHint) : problem.hint;
  for (const Column& column : columns) {
    if (column.field == nullptr) continue;
    const std::string& own = column.field->path;
    if (path != own && !(path.starts_with(own) && path[own.size()] == '[')) continue;
    out.column = column.title;
    out.field = column.field->name;
  }
  return out;
}

}  // namespace

Result<Template> Template::read(const google::protobuf::Struct& json,
                                const std::string& own_party) {
  Template out;
  if (auto read = json::from_struct(json, out.record_); !read) {
    Error error = read.error();
    error.code = ErrorCode::kRecord;
    return error;
  }
  if (out.record_.kind_case() != pb::Record::KIND_NOT_SET && !out.record_.has_trace_request())
    return fail(ErrorCode::kUsage, "the record is no tracing request",
                "A seizure list becomes requests: give a trace.request without its weapons.",
                "record");
  FOCAL_TRY(check_weapons_absent(out.record_));
  out.own_party_ = own_party;
  const std::string reference = out.base();
  const Weapon weapon = plain_weapon();
  const Weapon* const one[] = {&weapon};
  const auto report = judge(*out.with(one, reference), own_party);
  if (!report.ok()) return as_error(report.problems);
  return out;
}

std::string Template::reference(std::uint32_t number) const {
  return number == 1 ? base() : base() + "/" + std::to_string(number);
}

std::unique_ptr<pb::Record> Template::with(std::span<const Weapon* const> weapons,
                                           const std::string& reference) const {
  auto out = std::make_unique<pb::Record>(record_);
  pb::TraceRequest& request = *out->mutable_trace_request();
  request.set_case_ref_requester(reference);
  for (const Weapon* weapon : weapons) {
    std::string prefix(kItems);
    prefix.append("[").append(std::to_string(request.items_size())).append("].");
    pb::WeaponItem& item = *request.add_items();
    item = weapon->item;
    item.set_item_no(static_cast<std::uint32_t>(request.items_size()));
    for (const std::string& path : weapon->unknown) out->add_unknown_fields(prefix + path);
  }
  return out;
}

void Template::check(std::span<Weapon* const> weapons, const std::vector<Column>& columns) const {
  const std::vector<const Weapon*> all(weapons.begin(), weapons.end());
  const auto report = judge(*with(all, base()), own_party_);
  if (report.ok()) return;
  if (report.problems.size() < report.found && weapons.size() > 1) {  // not all are listed
    const std::size_t half = weapons.size() / 2;
    check(weapons.first(half), columns);
    check(weapons.subspan(half), columns);
    return;
  }
  for (const record::Problem& problem : report.problems) {
    std::size_t place = 0;
    std::string_view path;
    if (split_path(problem.path, place, path) && place < weapons.size())
      add_problem(*weapons[place], in_words(problem, path, *weapons[place], columns));
    else  // the part around them was checked: of no row in particular, so of each
      for (Weapon* weapon : weapons)
        add_problem(*weapon, in_words(problem, problem.path, *weapon, columns));
  }
}

std::size_t size_in_request(const Weapon& weapon) {
  std::size_t out = weapon.item.ByteSizeLong() + 8;
  for (const std::string& path : weapon.unknown) out += path.size() + kPathBytes;
  return out;
}

}  // namespace focal::desk::seizure

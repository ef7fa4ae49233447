#include "node/desk/follow_up.h"

#include <algorithm>

#include "node/desk/follow_others.h"
#include "node/desk/follow_request.h"
#include "node/desk/follow_targets.h"
#include "node/desk/own_records.h"
#include "node/desk/writing.h"
#include "node/record/parties.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

constexpr std::size_t kMaxOffered = 5;     // as commands of one case
constexpr std::size_t kMaxReference = 64;  // proto/trace.proto
constexpr std::size_t kMaxNumbers = 6;     // weapons told one by one

std::string numbers_text(const std::vector<std::uint32_t>& items) {
  std::string out = items.size() == 1 ? "weapon " : "weapons ";
  for (std::size_t i = 0; i < std::min(items.size(), kMaxNumbers); ++i)
    out += (i == 0 ? "" : ", ") + std::to_string(items[i]);
  if (items.size() > kMaxNumbers)
    out += " and " + std::to_string(items.size() - kMaxNumbers) + " more";
  return out;
}

// A case whose request is ours and here.
struct Source {
  node::OpenedCase opened;
  record::CheckedRecord request;
  Answers answers;
};

Result<Source> find_source(node::Node& node, const std::string& number) {
  FOCAL_ASSIGN(const auto row, find_case(node, number));
  store::View& view = node.core().view();
  auto opened = node::open_case(view, row);
  auto root = root_record(view, row);
  if (!row.ours || !root || !root->record)
    return fail(ErrorCode::kCase, case_number(row.id) + " is not a request of ours",
                "A follow-up puts our own request to the next State; ask that State with "
                "'focal trace open'.",
                "case_number");
  Answers answers = answers_of(view, opened);
  return Source{std::move(opened), std::move(*root->record), std::move(answers)};
}

std::string listed(const std::vector<Target>& targets) {
  std::string out;
  for (const Target& each : targets)
    out += (out.empty() ? "" : ", ") + record::party_with_name(each.party, "en") + " for " +
           numbers_text(each.items);
  return out;
}

// Whom to ask: the officer's choice, or the one State that the answer points to.
Result<std::string> choose_party(const Source& source, const std::vector<Target>& targets,
                                 const std::string& own, const std::string& wanted) {
  const std::string& answered_by = source.opened.row.peer;
  if (wanted == own)
    return fail(ErrorCode::kInvalid, "a request cannot go to ourselves", "Name another State.",
                "to");
  if (wanted == answered_by)
    return fail(ErrorCode::kInvalid, "this case is with " + answered_by + " already",
                "'focal trace clarify' asks back, 'focal trace reopen' takes a closed case up "
                "again.",
                "to");
  if (!wanted.empty()) return wanted;
  if (targets.size() == 1) return targets.front().party;
  if (targets.empty())
    return fail(ErrorCode::kInvalid,
                source.answers.results.empty()
                    ? answered_by + " has not answered yet, so no next State is known"
                    : "the answer of " + answered_by + " points to no State that can be asked",
                "Name the State with --to and the weapons with --item.", "to");
  return fail(ErrorCode::kInvalid, "the answer points to more than one State",
              "Choose one with --to: " + listed(targets) + ".", "to");
}

Result<std::vector<std::uint32_t>> choose_items(const Source& source,
                                                const std::vector<Target>& targets,
                                                const v1::TraceFollowRequest& request,
                                                const std::string& to) {
  const auto& known = source.request.message().trace_request().items();
  std::vector<std::uint32_t> out;
  for (const std::uint32_t number : request.items()) {
    const bool there = std::any_of(known.begin(), known.end(),
                                   [&](const auto& item) { return item.item_no() == number; });
    if (!there)
      return fail(ErrorCode::kInvalid, "the case has no weapon " + std::to_string(number),
                  "'focal trace show " + case_number(source.opened.row.id) + "' lists them.",
                  "items");
    if (std::find(out.begin(), out.end(), number) == out.end()) out.push_back(number);
  }
  if (!out.empty()) return out;
  for (const Target& each : targets)
    if (each.party == state_of(to)) out = each.items;
  std::erase_if(out, [&](std::uint32_t number) {  // an answer may name what was not asked
    return std::none_of(known.begin(), known.end(),
                        [&](const auto& item) { return item.item_no() == number; });
  });
  if (out.empty())
    return fail(ErrorCode::kInvalid, "for no weapon of this case does the answer point to " + to,
                "Name the weapons with --item, once for each.", "items");
  return out;
}

Result<std::string> choose_reference(node::Node& node, const Threads& threads,
                                     const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  const std::uint32_t number =
      next_thread_number(node.core().view(), threads.base, node.core().machine().fresh());
  std::string out = thread_reference(threads.base, number);
  if (number == 0 || out.size() > kMaxReference)
    return fail(ErrorCode::kInvalid, "no reference can be made from " + threads.base,
                "Give one with --ref.", "ref");
  return out;
}

// A record that cannot go as it is can still be kept, completed and sent later.
void fill_obstacle(node::Node& node, const Error& error, const std::string& to,
                   v1::TraceFollowResponse* out) {
  out->set_why_not(error.message);
  std::string hint = error.hint;
  for (const auto& [party, peer] : node.core().peers().all())
    if (party != to && state_of(party) == state_of(to))
      hint.insert(0, "Another focal point of that State is known: --to " + party + ". ");
  if (!error.path.empty() && error.code == ErrorCode::kRecord) hint = error.path + ": " + hint;
  out->set_hint(hint);
}

}  // namespace

Status prepare_follow_up(node::Node& node, const v1::TraceFollowRequest& request, const Now& now,
                         v1::TraceFollowResponse* out) {
  FOCAL_ASSIGN(const Source source, find_source(node, request.case_number()));
  store::View& view = node.core().view();
  const std::string own = node.core().self().party();
  const auto targets = targets_of(source.answers, own, source.opened.row.peer);
  FOCAL_ASSIGN(const std::string to, choose_party(source, targets, own, request.to()));
  FOCAL_ASSIGN(const auto items, choose_items(source, targets, request, to));
  const Threads threads = threads_of(view, source.opened.row);
  FOCAL_ASSIGN(const std::string reference, choose_reference(node, threads, request.ref()));

  const auto taken = taken_records(view, source.opened, "trace.info_supply");
  std::vector<const pb::Record*> supplies;
  supplies.reserve(taken.size());
  for (const ShownRecord& each : taken) supplies.push_back(&each.record->message());
  OwnRequest made =
      own_request_now(source.request.message(), supplies, items, request.with_persons());
  made.record.mutable_trace_request()->set_case_ref_requester(reference);
  add_others_asked(node, threads, {source.opened.row.id, items, to}, now, &made.record,
                   &made.carried, &made.left_out);

  out->set_to(to);
  out->set_will_reach(record::party_with_name(to, "en"));
  out->set_ref(reference);
  FOCAL_TRY(json::to_struct(made.record, *out->mutable_record()));
  for (std::string& line : made.carried) out->add_carried_over(std::move(line));
  for (std::string& line : made.left_out) out->add_left_out(std::move(line));
  const Status met = may_write_to(node, to, now);
  const auto checked = checked_message(made.record, {own, {to}});
  if (!met)
    fill_obstacle(node, met.error(), to, out);
  else if (!checked)
    fill_obstacle(node, checked.error(), to, out);
  else
    out->set_can_send(true);
  return {};
}

void fill_follow_ups(node::Node& node, const node::OpenedCase& opened, v1::TraceShowResponse* out) {
  if (!opened.row.ours) return;
  const auto targets = targets_of(answers_of(node.core().view(), opened),
                                  node.core().self().party(), opened.row.peer);
  std::size_t offered = 0;
  for (const Target& each : targets) {
    const bool asked = std::any_of(
        out->threads().begin(), out->threads().end(),
        [&](const v1::TraceCase& thread) { return state_of(thread.party()) == each.party; });
    if (asked || offered == kMaxOffered) continue;
    ++offered;
    auto* next = out->add_next_acts();
    next->set_act("follow");
    next->set_kind("trace.request");
    next->set_text("ask " + record::party_with_name(each.party, "en") +
                   " next: " + opened.row.peer + " points there for " + numbers_text(each.items));
    next->set_command("focal trace follow " + case_number(opened.row.id) + " --to " + each.party);
  }
}

}  // namespace focal::desk

#include "node/desk/threads.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "node/desk/weapon_search.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

// Of the request that began the case; empty while it is missing.
std::string reference_of(store::View& view, const store::CaseRow& row) {
  const auto root = root_record(view, row);
  return root && root->record ? root->record->message().trace_request().case_ref_requester()
                              : std::string();
}

// The cases of one requester with this reference, or with a number behind it.
std::vector<Thread> with_base(store::View& view, const std::string& base, bool ours,
                              const std::string& peer) {
  // The index leaves out a number at the end, so a base that ends like a thread has two keys.
  std::set<store::CaseId> ids;
  for (const std::string& reference : {base, thread_reference(base, 2)})
    for (const store::CaseId id : cases_by_reference(view, reference, kMaxThreads)) ids.insert(id);
  std::vector<Thread> out;
  for (const store::CaseId id : ids) {
    auto row = view.case_by_id(id);
    if (!row || row->ours != ours || (!ours && row->peer != peer)) continue;
    std::string reference = reference_of(view, *row);
    std::uint32_t number = 1;
    if (reference != base) {
      const auto parts = parse_thread_reference(reference);
      if (!parts || parts->base != base) continue;
      number = parts->number;
    }
    out.push_back({std::move(*row), std::move(reference), number});
  }
  std::sort(out.begin(), out.end(), [](const Thread& a, const Thread& b) {
    return std::pair(a.number, a.row.id) < std::pair(b.number, b.row.id);
  });
  return out;
}

bool has_first(const std::vector<Thread>& threads) {
  return !threads.empty() && threads.front().number == 1;
}

Threads family_of(store::View& view, const std::string& reference, bool ours,
                  const std::string& peer) {
  if (reference.empty()) return {};
  if (const auto parts = parse_thread_reference(reference)) {
    std::string base(parts->base);
    auto family = with_base(view, base, ours, peer);
    if (has_first(family)) return {std::move(base), std::move(family)};
  }
  return {reference, with_base(view, reference, ours, peer)};
}

// References of our requests that are released in the group under way.
std::vector<std::string> released_references(const node::Group& group) {
  std::vector<std::string> out;
  for (const auto& fresh : group) {
    const exchange::Manifest& m = fresh.manifest;
    if (fresh.record != nullptr || m.kind != "trace.request") continue;  // taken in, or an act
    const auto own = record::parse_checked(fresh.body, m.kind, m.from, m.to);
    if (own) out.push_back(own->message().trace_request().case_ref_requester());
  }
  return out;
}

std::set<std::uint32_t> numbers_used(store::View& view, const std::string& base,
                                     const node::Group& group) {
  std::set<std::uint32_t> used{1};
  for (const Thread& each : with_base(view, base, true, {})) used.insert(each.number);
  for (const std::string& reference : released_references(group))
    if (const auto parts = parse_thread_reference(reference); parts && parts->base == base)
      used.insert(parts->number);
  return used;
}

// The least above all that are used: a number that was withdrawn is not given again.
std::uint32_t first_free(const std::set<std::uint32_t>& used) {
  const std::uint32_t next = *used.rbegin() + 1;
  return next > kMaxThreadNumber ? 0 : next;
}

}  // namespace

std::optional<ThreadReference> parse_thread_reference(std::string_view reference) {
  const std::size_t slash = reference.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  const std::string_view digits = reference.substr(slash + 1);
  if (digits.empty() || digits.size() > 2 || digits.front() == '0') return std::nullopt;
  std::uint32_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number < 2) return std::nullopt;
  return ThreadReference{reference.substr(0, slash), number};
}

std::string thread_reference(std::string_view base, std::uint32_t number) {
  return std::string(base) + "/" + std::to_string(number);
}

Threads threads_of(store::View& view, const store::CaseRow& row) {
  return family_of(view, reference_of(view, row), row.ours, row.peer);
}

Threads own_threads(store::View& view, const std::string& reference) {
  return family_of(view, reference, true, {});
}

std::uint32_t next_thread_number(store::View& view, const std::string& base,
                                 const node::Group& group) {
  return first_free(numbers_used(view, base, group));
}

Status check_thread_free(store::View& view, const std::string& reference,
                         const node::Group& group) {
  const auto parts = parse_thread_reference(reference);
  if (!parts) return {};
  const std::string base(parts->base);
  const auto known = with_base(view, base, true, {});
  const auto released = released_references(group);
  const bool is_thread =
      has_first(known) || std::find(released.begin(), released.end(), base) != released.end();
  if (!is_thread) return {};
  const auto used = numbers_used(view, base, group);
  if (used.count(parts->number) == 0) return {};
  std::string where = "by a request that is being sent";
  for (const Thread& each : known)
    if (each.number == parts->number) where = "by case " + case_number(each.row.id);
  const std::uint32_t free = first_free(used);
  return fail(ErrorCode::kExists, "the reference " + reference + " is used already, " + where,
              free == 0 ? "All numbers of this case are used: give another reference."
                        : "The next free one is " + thread_reference(base, free) + ".",
              "trace_request.case_ref_requester");
}

}  // namespace focal::desk

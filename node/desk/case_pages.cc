// What is asked of the board: pages, counts, parties.
#include <algorithm>

#include "node/desk/case_board.h"
#include "node/desk/views.h"
#include "node/record/catalogue.h"
#include "node/record/parties.h"
#include "node/record/text_fold.h"

namespace focal::desk {

// A query in the board's own numbers. no_such: a name that no case has.
struct CaseBoard::Wanted {
  const CaseQuery& query;
  std::optional<std::size_t> peer{}, state{}, priority{};
};

bool CaseBoard::has_words(store::CaseId id, const Content& content, const Entry& of,
                          const std::vector<std::string>& words) const {
  const std::string number = case_number(id);
  const auto party = party_texts_.find(of.peer);
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return content.text.find(word) != std::string::npos || number.find(word) != std::string::npos ||
           (party != party_texts_.end() && party->second.find(word) != std::string::npos);
  });
}

bool CaseBoard::fits(store::CaseId id, const Wanted& wanted, const Now& now) const {
  const Entry& of = entry(id);
  const CaseQuery& query = wanted.query;
  if (query.only_open && of.closed) return false;
  if (query.needs_action && of.needs_action != *query.needs_action) return false;
  if (query.ours && of.ours != *query.ours) return false;
  if (query.overdue && (of.due_ms == 0 || of.due_ms >= now.wall_ms)) return false;
  if (wanted.peer && of.peer != *wanted.peer) return false;
  if (wanted.state && of.state != *wanted.state) return false;
  if (!query.asks_content()) return true;
  if (of.content == 0) return false;
  const Content& content = store_[of.content - 1];
  if (wanted.priority && content.priority != *wanted.priority) return false;
  if (query.unread && !query.unread->is_unread(id, content.last_ms)) return false;
  return has_words(id, content, of, query.words);
}

Result<CasePage> CaseBoard::page(const CaseQuery& query, const Now& now) {
  if (query.after && (query.after->version < first_version_ || query.after->version > version_))
    return fail(ErrorCode::kInvalid, "this list was begun before the node started again",
                "Ask for its first page again.", "after");
  Wanted wanted{query};
  if (!query.party.empty()) wanted.peer = find_name(query.party);
  if (!query.state.empty()) wanted.state = find_name(query.state);
  if (!query.priority.empty()) wanted.priority = find_name(query.priority);
  if (!query.words.empty())
    for (const auto& [peer, open] : open_of_)
      if (!party_texts_.contains(peer)) {
        std::string& text = party_texts_[peer];
        text = record::fold_text(names_[peer]);
        for (const std::string_view lang : record::languages())
          text += "\n" + record::fold_text(record::party_name(names_[peer], lang).value_or(""));
      }
  CasePage out;
  CaseKey last = query.after ? query.after->key : CaseKey{};
  std::size_t skip = query.skip, moved = 0;
  bool more = false;
  for (const std::uint32_t number : order_) {
    const auto id = static_cast<store::CaseId>(number);
    const Entry& of = entry(id);
    if (query.only_open && of.closed) break;  // they stand behind all that are open
    if (!fits(id, wanted, now)) continue;
    ++out.total;
    const CaseKey key = key_of(id, of);
    const bool is_behind = !query.after || key > query.after->key;
    if (!is_behind && of.moved <= query.after->version) continue;  // was shown
    if (skip > 0) {
      --skip;
      continue;
    }
    if (out.cases.size() - moved == query.limit) {
      more = true;
      continue;
    }
    if (!is_behind && ++moved > kMostMoved)
      return fail(ErrorCode::kState, "more than 1000 cases have moved in the list meanwhile",
                  "Ask for its first page again.", "after");
    out.cases.push_back(id);
    if (is_behind) last = key;
  }
  if (more) out.next = cursor_text({version_, last});
  return out;
}

void CaseBoard::count(const Now& now, v1::InboxCounts* out) {
  const auto due = std::partition_point(order_.begin(), order_.end(), [&](std::uint32_t id) {
    return !cases_[id].closed && cases_[id].due_ms != 0 && cases_[id].due_ms < now.wall_ms;
  });
  out->set_cases(static_cast<std::uint32_t>(open_));
  out->set_needs_action(static_cast<std::uint32_t>(needs_action_));
  out->set_overdue(static_cast<std::uint32_t>(due - order_.begin()));
}

std::vector<std::string> CaseBoard::parties() const {
  std::vector<std::string> out;
  for (const auto& [peer, open] : open_of_)
    if (open != 0) out.push_back(names_[peer]);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace focal::desk

// What is asked of the board: pages, counts, parties.
#include <algorithm>

#include "node/desk/case_board.h"
#include "node/desk/views.h"
#include "node/record/catalogue.h"
#include "node/record/parties.h"
#include "node/record/text_fold.h"

namespace focal::desk {

namespace {

// Could stand in "T-12".
bool may_be_number(const std::string& word) {
  return word.find_first_not_of("T-0123456789") == std::string::npos;
}

}  // namespace

// A query in the board's own numbers: what a case is not asked one by one is found out before.
struct CaseBoard::Wanted {
  struct Word {
    std::string text;
    bool may_be_number = false;
  };
  const CaseQuery& query;
  std::optional<std::size_t> peer{}, state{}, priority{};
  std::unordered_map<std::uint16_t, std::vector<Word>> words{};  // those that the party's names lack

  static bool has_words(store::CaseId id, const Content& content, const std::vector<Word>& words);
};

bool CaseBoard::Wanted::has_words(store::CaseId id, const Content& content,
                                  const std::vector<Word>& words) {
  return std::all_of(words.begin(), words.end(), [&](const Word& word) {
    return content.text.find(word.text) != std::string::npos ||
           (word.may_be_number && case_number(id).find(word.text) != std::string::npos);
  });
}

bool CaseBoard::is_overdue(const Entry& of, const Now& now) {
  return !of.closed && of.due_ms != 0 && of.due_ms < now.wall_ms;
}

bool CaseBoard::fits(store::CaseId id, const Wanted& wanted) const {
  const Entry& of = entry(id);
  const CaseQuery& query = wanted.query;
  if (query.needs_action && of.needs_action != *query.needs_action) return false;
  if (query.ours && of.ours != *query.ours) return false;
  if (wanted.peer && of.peer != *wanted.peer) return false;
  if (wanted.state && of.state != *wanted.state) return false;
  if (!query.asks_content()) return true;
  if (of.content == 0) return false;
  const Content& content = store_[of.content - 1];
  if (wanted.priority && content.priority != *wanted.priority) return false;
  if (query.unread && !query.unread->is_unread(id, content.last_ms)) return false;
  return query.words.empty() || Wanted::has_words(id, content, wanted.words.at(of.peer));
}

void CaseBoard::find_in_parties(Wanted& wanted) {
  for (const auto& [peer, open] : open_of_) {
    std::string& text = party_texts_[peer];
    if (text.empty()) {
      text = record::fold_text(names_[peer]);
      for (const std::string_view lang : record::languages())
        text += "\n" + record::fold_text(record::party_name(names_[peer], lang).value_or(""));
    }
    auto& left = wanted.words[peer];
    for (const std::string& word : wanted.query.words)
      if (text.find(word) == std::string::npos) left.push_back({word, may_be_number(word)});
  }
}

// The cases that fit, in their order. Pages of one question that follow each other look through all
// cases once, unless one has changed. What is overdue changes with the time, is not kept, and takes
// no other question's place. Valid until the next call.
std::span<const std::uint32_t> CaseBoard::matching(const CaseQuery& query, const Now& now) {
  // They stand behind all that are open.
  const std::span<const std::uint32_t> all(order_.data(), query.only_open ? open_ : order_.size());
  if (query.is_plain()) return all;
  std::string signature = query.overdue ? std::string() : query.signature();
  for (const Matched& each : matched_)
    if (!query.overdue && each.signature == signature && each.changes == changes_) return each.cases;
  Wanted wanted{query};
  if (!query.party.empty()) wanted.peer = find_name(query.party);
  if (!query.state.empty()) wanted.state = find_name(query.state);
  if (!query.priority.empty()) wanted.priority = find_name(query.priority);
  if (!query.words.empty()) find_in_parties(wanted);
  Matched& out = query.overdue ? overdue_ : matched_[next_matched_++ % matched_.size()];
  out.cases.clear();
  for (const std::uint32_t id : all) {
    if (query.overdue && !is_overdue(cases_[id], now)) break;  // those stand first
    if (fits(static_cast<store::CaseId>(id), wanted)) out.cases.push_back(id);
  }
  out.signature = std::move(signature);
  out.changes = changes_;
  return out.cases;
}

Result<CasePage> CaseBoard::page(const CaseQuery& query, const Now& now) {
  if (query.after && (query.after->version < first_version_ || query.after->version > version_))
    return fail(ErrorCode::kInvalid, "this list was begun before the node started again",
                "Ask for its first page again.", "after");
  const std::span<const std::uint32_t> all = matching(query, now);
  CasePage out;
  out.total = static_cast<std::uint32_t>(all.size());
  std::size_t begin = std::min(query.skip, all.size());
  if (query.after) {
    const auto behind = std::partition_point(all.begin(), all.end(), [&](std::uint32_t id) {
      return key_of(id, cases_[id]) <= query.after->key;
    });
    begin = static_cast<std::size_t>(behind - all.begin());
    for (const std::uint32_t id : all.first(begin))  // what has come in front since
      if (cases_[id].moved > query.after->version) out.cases.push_back(id);
    if (out.cases.size() > kMostMoved)
      return fail(ErrorCode::kState, "more than 1000 cases have moved in the list meanwhile",
                  "Ask for its first page again.", "after");
  }
  const auto here = all.subspan(begin, std::min(query.limit, all.size() - begin));
  out.cases.insert(out.cases.end(), here.begin(), here.end());
  if (begin + here.size() < all.size())
    out.next = cursor_text({version_, key_of(here.back(), cases_[here.back()])});
  return out;
}

void CaseBoard::count(const Now& now, v1::InboxCounts* out) {
  const auto due = std::partition_point(order_.begin(), order_.end(), [&](std::uint32_t id) {
    return is_overdue(cases_[id], now);
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

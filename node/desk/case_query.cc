#include "node/desk/case_query.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "node/record/text_fold.h"

namespace focal::desk {
namespace {

constexpr std::uint64_t kMinute = 60'000;

Error refused(std::string what, std::string hint, std::string path) {
  return fail(ErrorCode::kInvalid, std::move(what), std::move(hint), std::move(path));
}

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

std::string_view take_part(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return out;
}

Status take_role(const std::string& role, CaseQuery& out) {
  if (role.empty()) return {};
  if (role != "REQUESTER" && role != "RESPONDER")
    return refused("there is no such role", "REQUESTER or RESPONDER.", "role");
  out.ours = role == "REQUESTER";
  return {};
}

Status take_page(const std::string& after, std::uint32_t limit, CaseQuery& out) {
  out.limit = limit == 0 ? kDefaultCases : std::min(limit, kMostCases);
  if (after.empty()) return {};
  FOCAL_ASSIGN(out.after, parse_cursor(after));
  return {};
}

}  // namespace

std::string cursor_text(const CaseCursor& cursor) {
  const CaseKey& key = cursor.key;
  std::string out = std::to_string(cursor.version);
  for (const std::uint64_t part : {std::uint64_t{key.closed}, ~key.due_ms, std::uint64_t{key.waits},
                                   ~key.age, ~key.number})
    out += "." + std::to_string(part);
  return out;
}

Result<CaseCursor> parse_cursor(std::string_view text) {
  std::array<std::uint64_t, 6> parts{};
  std::string_view rest = text;
  bool good = std::count(text.begin(), text.end(), '.') == 5;
  for (std::uint64_t& part : parts) good = good && read_number(take_part(rest, '.'), part);
  if (!good || parts[1] > 1 || parts[3] > 1)
    return refused("this is no place in a list of cases", "Give `next` of the page before, as it is.",
                   "after");
  return CaseCursor{parts[0], {parts[1] == 1, ~parts[2], parts[3] == 1, ~parts[4], ~parts[5]}};
}

Result<UnreadMarks> UnreadMarks::parse(std::string_view text) {
  const auto wrong = [] {
    return refused("this is no list of what was read", "UNTIL, then _NUMBER.MINUTES or _NUMBER.n.",
                   "unread");
  };
  if (text.size() > kMostUnreadText)
    return refused("the list of what was read is longer than 4000 bytes", "Name fewer cases.",
                   "unread");
  UnreadMarks out;
  if (text.ends_with('_')) return wrong();
  if (!read_number(take_part(text, '_'), out.until_)) return wrong();
  while (!text.empty()) {
    std::string_view mark = take_part(text, '_');
    std::uint64_t number = 0, minutes = 0;
    if (!read_number(take_part(mark, '.'), number) || number > kMostCaseNumber) return wrong();
    const bool unread = mark == "n";
    if (!unread && !read_number(mark, minutes)) return wrong();
    out.marks_[static_cast<store::CaseId>(number)] =
        unread ? std::nullopt : std::optional<std::uint64_t>(minutes);
  }
  return out;
}

bool UnreadMarks::is_unread(store::CaseId id, std::uint64_t last_ms) const {
  const std::uint64_t last = last_ms / kMinute;
  if (last == 0) return false;
  const auto found = marks_.find(id);
  if (found == marks_.end()) return last > until_;
  return !found->second || (last > until_ && last - until_ > *found->second);
}

bool CaseQuery::is_plain() const {
  return !needs_action && !overdue && party.empty() && state.empty() && !ours && !asks_content();
}

std::string CaseQuery::signature() const {
  const auto choice = [](const std::optional<bool>& asked) { return !asked ? "-" : *asked ? "1" : "0"; };
  std::string out = std::string(only_open ? "1" : "0") + choice(needs_action) + choice(ours);
  for (const std::string* part : {&party, &state, &priority, &unread_text}) out += "\n" + *part;
  for (const std::string& word : words) out += "\n" + word;
  return out;
}

Result<CaseQuery> query_of(const v1::InboxRequest& request) {
  CaseQuery out;
  if (request.needs_action() && request.waiting())
    return refused("a case cannot wait for us and for others at once",
                   "Ask for needs_action or for waiting.", "waiting");
  if (request.needs_action()) out.needs_action = true;
  if (request.waiting()) out.needs_action = false;
  out.overdue = request.overdue();
  out.party = request.party();
  out.state = request.state();
  out.priority = request.priority();
  FOCAL_TRY(take_role(request.role(), out));
  if (request.text().size() > kMostQueryText)
    return refused("the words to look for are longer than 200 bytes", "Give fewer words.", "text");
  out.words = record::fold_words(request.text(), kMostQueryWords);
  if (!request.unread().empty()) {
    FOCAL_ASSIGN(out.unread, UnreadMarks::parse(request.unread()));
    out.unread_text = request.unread();
  }
  FOCAL_TRY(take_page(request.after(), request.limit(), out));
  if (out.after && request.skip() != 0)
    return refused("a page begins behind another or at a number, not both", "Leave one away.",
                   "skip");
  out.skip = request.skip();
  return out;
}

Result<CaseQuery> query_of(const v1::TraceListRequest& request) {
  CaseQuery out;
  out.only_open = request.open_only();
  out.party = request.party();
  out.state = request.state();
  FOCAL_TRY(take_role(request.role(), out));
  FOCAL_TRY(take_page(request.after(), request.limit(), out));
  return out;
}

}  // namespace focal::desk

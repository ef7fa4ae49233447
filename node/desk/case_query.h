// What is asked of the list of cases: filters, and where a page begins.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "node/store/rows.h"
#include "proto/api.pb.h"

namespace focal::desk {

namespace v1 = focal::api::v1;

inline constexpr std::uint32_t kDefaultCases = 100;
inline constexpr std::uint32_t kMostCases = 1000;
inline constexpr std::size_t kMostQueryText = 200;   // bytes
inline constexpr std::size_t kMostQueryWords = 8;
inline constexpr std::size_t kMostUnreadText = 4000;
inline constexpr std::uint64_t kMostCaseNumber = 1'000'000'000;

// Where a case stands: open ones by the target that runs, none last, ours before others', then the
// newest activity; closed ones behind them. No two cases have one key.
struct CaseKey {
  bool closed = false;
  std::uint64_t due_ms = ~std::uint64_t{0};  // no target: the greatest number
  bool waits = false;                        // it is not our turn
  std::uint64_t age = 0;                     // ~updated_ms
  std::uint64_t number = 0;                  // ~id
  auto operator<=>(const CaseKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

// The place that a page ended with, and the state of the list then.
struct CaseCursor {
  std::uint64_t version = 0;
  CaseKey key;
};
std::string cursor_text(const CaseCursor& cursor);
// kInvalid (after): nothing that this program wrote.
Result<CaseCursor> parse_cursor(std::string_view text);

// api.proto, InboxRequest.unread.
class UnreadMarks {
 public:
  static Result<UnreadMarks> parse(std::string_view text);  // kInvalid (unread)
  bool is_unread(store::CaseId id, std::uint64_t last_ms) const;

 private:
  std::uint64_t until_ = 0;  // minutes since 1970
  std::unordered_map<store::CaseId, std::optional<std::uint64_t>> marks_;  // nothing: unread
};

struct CaseQuery {
  bool only_open = true;
  std::optional<bool> needs_action{};
  bool overdue = false;
  std::string party{};      // these three empty: any
  std::string state{};
  std::string priority{};
  std::optional<bool> ours{};
  std::vector<std::string> words{};  // folded; all have to be found
  std::optional<UnreadMarks> unread{};
  std::optional<CaseCursor> after{};
  std::size_t skip = 0;
  std::size_t limit = kDefaultCases;

  std::string unread_text{};         // what `unread` was read from

  // Equal for queries that the same cases fit, but for the time.
  std::string signature() const;
  bool is_plain() const;             // every case fits, or every open one
  // What the rows of the ledger do not say.
  bool asks_content() const { return !words.empty() || !priority.empty() || unread.has_value(); }
};
// kInvalid: a value that no case can have, with its field.
Result<CaseQuery> query_of(const v1::InboxRequest& request);
Result<CaseQuery> query_of(const v1::TraceListRequest& request);

}  // namespace focal::desk

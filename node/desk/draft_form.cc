#include "node/desk/draft_form.h"

#include <charconv>

#include "node/desk/personal_files.h"
#include "node/desk/views.h"
#include "node/record/formats.h"
#include "node/record/kinds.h"
#include "proto/json.h"

namespace focal::desk {
namespace {

constexpr std::string_view kPrefix = "D-";
constexpr std::size_t kMostDigits = 9;

}  // namespace

Result<std::uint32_t> parse_draft_id(std::string_view id) {
  const std::string_view digits = id.starts_with(kPrefix) ? id.substr(kPrefix.size()) : "";
  std::uint32_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, number);
  if (!digits.empty() && digits.size() <= kMostDigits && digits.front() != '0' &&
      error == std::errc{} && at == end)
    return number;
  return fail(ErrorCode::kUsage, "this is not the number of a draft", "A number such as D-7.", "id");
}

Result<v1::StoredDraft> stored_draft(const v1::Draft& draft, std::uint64_t now_ms) {
  v1::StoredDraft out;
  if (record::find_kind(draft.kind()) == nullptr)
    return fail(ErrorCode::kInvalid, "a draft is of a kind that is known here",
                "trace.request, trace.response, …: 'focal schema' lists them.", "draft.kind");
  if (!draft.case_number().empty()) {
    const auto id = parse_case_number(draft.case_number());
    if (!id)
      return fail(ErrorCode::kInvalid, "this is not the number of a case",
                  "A number such as T-12.", "draft.case_number");
    out.set_case_number(case_number(*id));
  }
  if (draft.title().size() > kMaxDraftTitle || !record::is_plain_text(draft.title()))
    return fail(ErrorCode::kInvalid, "the title is not a text of at most 200 bytes", {},
                "draft.title");
  out.set_kind(draft.kind());
  out.set_title(draft.title());
  out.set_saved_ms(now_ms);
  out.set_content(json::write(draft.content()));
  if (out.content().size() > kMaxDraftBytes)
    return fail(ErrorCode::kLimit, "a draft has at most 1 MiB", {}, "draft.content");
  return out;
}

v1::Draft shown_draft(std::uint32_t number, const v1::StoredDraft& stored) {
  v1::Draft out;
  out.set_id(std::string(kPrefix) + std::to_string(number));
  out.set_kind(stored.kind());
  out.set_case_number(stored.case_number());
  out.set_title(stored.title());
  out.set_saved_at(time_text(stored.saved_ms()));
  return out;
}

}  // namespace focal::desk

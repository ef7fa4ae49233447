#include "node/exchange/intro.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kSignatureStart = "\xe2\x80\x94 ";  // em dash, space
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

// After the signature lines that follow the first blank line: no text of ours has one.
std::size_t end_of_first_note(std::string_view file) {
  std::size_t at = file.find("\n\n");
  if (at == std::string_view::npos) return at;
  at += 2;
  while (file.substr(at, kSignatureStart.size()) == kSignatureStart) {
    at = file.find('\n', at);
    if (at == std::string_view::npos) return at;
    ++at;
  }
  return at;
}

Result<Introduction> parse_intro(std::string_view file) {
  const char* fresh = "copy the file again as it is, without opening it in an editor";
  if (file.empty()) return fail(ErrorCode::kNote, "the introduction file is empty", fresh);
  if (file.size() > kMaxIntroSize)
    return fail(ErrorCode::kLimit, "the introduction file is larger than 72 KiB",
                "this is probably another file");
  if (file.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    return fail(ErrorCode::kNote, "the file begins with a byte order mark", fresh);
  if (file.find('\r') != std::string_view::npos)
    return fail(ErrorCode::kNote, "the file has Windows line ends", fresh);
  const std::size_t end = end_of_first_note(file);
  if (end == std::string_view::npos)
    return fail(ErrorCode::kNote, "the file ends inside the card", fresh);
  FOCAL_ASSIGN(Card card, parse_card(file.substr(0, end)));
  Introduction out{std::move(card), std::nullopt};
  if (end == file.size()) return out;
  FOCAL_ASSIGN(out.schedule, parse_schedule(file.substr(end)));
  FOCAL_TRY(check_schedule_of(*out.schedule, out.card));
  return out;
}

Result<std::string> make_intro(std::string_view card_note, std::string_view schedule_note) {
  std::string file(card_note);
  file.append(schedule_note);
  FOCAL_TRY(parse_intro(file));
  return file;
}

}  // namespace focal::exchange

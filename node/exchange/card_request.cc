#include "node/exchange/card_request.h"

#include "node/exchange/intro.h"
#include "node/exchange/safety_number.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kNumberDigits = 30;

Error no_successor(const std::string& what) {
  return fail(ErrorCode::kCardChain, "the requested card does not follow the card in force: " + what,
              "Let the node make the request anew; sign nothing that differs from it.",
              "card_request");
}

Status check_follows(const UnsignedCard& next, const Card& current) {
  if (next.party != current.party)
    return no_successor("it is of " + next.party + ", not of " + current.party);
  if (next.serial != current.serial + 1 || next.prev != current.card_id)
    return no_successor("it is not the one after card " + std::to_string(current.serial));
  const bool new_root = next.root != current.root;
  if (new_root && next_root_hash(next.root) != current.next)
    return no_successor("its root was never announced");
  if (new_root == (next.next == current.next))
    return no_successor(new_root ? "it announces no new next root"
                                 : "it announces another next root under the same root");
  const bool new_log = next.log != current.log;
  if (next.log_generation != current.log_generation + (new_log ? 1 : 0))
    return no_successor(new_log ? "a new log key needs the next generation of the log"
                                : "the log has the same key and another generation");
  if (next.issued_ms <= current.issued_ms)
    return no_successor("it is issued before the one in force; is the node's clock right?");
  return {};
}

}  // namespace

Result<CardRequest> parse_card_request(std::string_view file) {
  const char* fresh = "Copy the file again as it is, without opening it in an editor.";
  if (file.empty()) return fail(ErrorCode::kNote, "the card request is empty", fresh);
  if (file.size() > kMaxRequestSize)
    return fail(ErrorCode::kLimit, "the card request is larger than 16 KiB",
                "This is probably another file.");
  if (file.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    return fail(ErrorCode::kNote, "the file begins with a byte order mark", fresh);
  if (file.find('\r') != std::string_view::npos)
    return fail(ErrorCode::kNote, "the file has Windows line ends", fresh);
  const std::size_t end = end_of_first_note(file);
  if (end == std::string_view::npos)
    return fail(ErrorCode::kNote, "the file ends inside the requested card", fresh);
  FOCAL_ASSIGN(UnsignedCard next, parse_unsigned_card(file.substr(0, end)));
  CardRequest out{std::move(next), std::nullopt};
  if (end == file.size()) {
    if (out.next.serial != 1)
      return no_successor("the card in force is missing in the file");
    return out;
  }
  FOCAL_ASSIGN(out.current, parse_card(file.substr(end)));
  FOCAL_TRY(check_follows(out.next, *out.current));
  return out;
}

Result<std::string> make_card_request(std::string_view unsigned_card,
                                      std::string_view current_note) {
  std::string file(unsigned_card);
  file.append(current_note);
  FOCAL_TRY(parse_card_request(file));
  return file;
}

std::string card_number(const Hash32& card_id) {
  return format_safety_number(safety_digits(card_id).substr(0, kNumberDigits));
}

}  // namespace focal::exchange

#include "node/exchange/party.h"

#include "base/names.h"
#include "proto/lint.h"

namespace focal::exchange {

Result<Address> parse_address(std::string_view text) {
  const std::size_t slash = text.find('/');
  Address out{std::string(text.substr(0, slash)), {}};
  if (slash != std::string_view::npos) out.desk = text.substr(slash + 1);
  if (!is_party(out.party) || (slash != std::string_view::npos && !is_desk(out.desk)))
    return fail(ErrorCode::kInvalid, "this is not the address of a party or desk",
                "write a party such as XA, or a party and a desk such as XA/TRACE");
  return out;
}

std::string format_address(const Address& address) {
  return address.desk.empty() ? address.party : address.party + "/" + address.desk;
}

Status check_audience(std::span<const std::string> to) {
  const std::string path = "Manifest.to";
  if (to.empty()) return fail(ErrorCode::kLint, "the audience is empty", "name a party", path);
  if (to.size() > proto::kMaxAudience)
    return fail(ErrorCode::kLimit, "the audience has more than 256 parties",
                "send two records with smaller audiences", path);
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (!is_party(to[i]))
      return fail(ErrorCode::kLint, "the audience holds a text that is no party code", {}, path);
    if (i > 0 && !(to[i - 1] < to[i]))
      return fail(ErrorCode::kLint, "the audience is not sorted, or names a party twice", {}, path);
  }
  return {};
}

}  // namespace focal::exchange

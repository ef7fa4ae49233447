#include "node/evidence/fingerprint.h"

#include "base/names.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/safety_number.h"

namespace focal::evidence {
namespace {

constexpr std::string_view kCodeBegin = "FOCAL:";

Error no_fingerprint() {
  return fail(
      ErrorCode::kInvalid, "this is not the fingerprint of a party's root",
      "write PARTY=64 hexadecimal digits, or the whole code that begins with FOCAL:1:", "root");
}

Status add(Fingerprints& to, std::string party, const Hash32& fingerprint) {
  if (to.contains(party))
    return fail(ErrorCode::kExists, "the fingerprint of " + party + " is given twice",
                "a party has one root: find out which of them it is", "root");
  to.emplace(std::move(party), fingerprint);
  return {};
}

}  // namespace

Status add_fingerprint(Fingerprints& to, std::string_view text) {
  if (text.starts_with(kCodeBegin)) {
    FOCAL_ASSIGN(const auto code, exchange::parse_ceremony_code(text));
    if (!code.c.empty())
      return fail(
          ErrorCode::kInvalid, "this code holds the secret of a meeting",
          "ask the party for its fingerprint; the code of a meeting is for that meeting only",
          "root");
    return add(to, code.party, exchange::root_fingerprint(code.party, code.root));
  }
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return no_fingerprint();
  const std::string_view party = text.substr(0, equals);
  const auto raw = unhex(text.substr(equals + 1));
  const auto fingerprint = raw ? fixed<32>(*raw) : std::nullopt;
  if (!is_party(party) || !fingerprint) return no_fingerprint();
  return add(to, std::string(party), *fingerprint);
}

}  // namespace focal::evidence

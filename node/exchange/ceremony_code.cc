#include "node/exchange/ceremony_code.h"

#include <algorithm>

#include "base/base45.h"
#include "base/check.h"
#include "base/names.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFamily = "FOCAL:";
constexpr std::string_view kPrefix = "FOCAL:1:";

// Length and bytes of what lp() put first; nothing if it is no party's name.
std::string_view take_party(ByteView& rest) {
  if (rest.empty() || rest.size() < 1u + rest[0]) return {};
  const std::string_view party = as_text(rest.subspan(1, rest[0]));
  if (!is_party(party)) return {};
  rest = rest.subspan(1 + party.size());
  return party;
}

Bytes payload(std::string_view party, const crypto::PublicKey& root, ByteView c) {
  FOCAL_CHECK(is_party(party));
  Bytes out;
  out.reserve(1 + party.size() + root.size() + c.size());  // no copy of c is left behind
  put_lp(out, party);
  append(out, root);
  append(out, c);
  return out;
}

Error wrong(std::string message, ErrorCode code = ErrorCode::kInvalid) {
  return fail(code, std::move(message), "scan or copy the other side's code again", "code");
}

}  // namespace

std::string fingerprint_code(std::string_view party, const crypto::PublicKey& root) {
  std::string out{kPrefix};
  out.append(base45(payload(party, root, {})));
  return out;
}

crypto::Secret ceremony_code(std::string_view party, const crypto::PublicKey& root,
                             const crypto::Secret& c) {
  FOCAL_CHECK(c.size() == kCeremonySecretSize);
  Bytes plain = payload(party, root, c.view());
  std::string text = base45(plain);
  crypto::wipe(plain);
  crypto::Secret out(kPrefix.size() + text.size());
  std::copy(kPrefix.begin(), kPrefix.end(), out.bytes().begin());
  std::copy(text.begin(), text.end(), out.bytes().begin() + kPrefix.size());
  crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return out;
}

Result<CeremonyCode> parse_ceremony_code(std::string_view text) {
  if (text.size() > kMaxCeremonyCode) return wrong("the code is too long", ErrorCode::kLimit);
  if (!text.starts_with(kFamily)) return wrong("the code does not begin with FOCAL:");
  if (!text.starts_with(kPrefix)) return wrong("the code is of another version than 1");
  auto bytes = unbase45(text.substr(kPrefix.size()));
  if (!bytes) return wrong("the code has a character or a length that no code has");
  CeremonyCode out;
  ByteView rest = *bytes;
  out.party = take_party(rest);
  const bool with_secret = rest.size() == out.root.size() + kCeremonySecretSize;
  const bool well_formed = !out.party.empty() && (with_secret || rest.size() == out.root.size());
  if (well_formed) std::copy_n(rest.begin(), out.root.size(), out.root.begin());
  if (well_formed && with_secret)
    out.c = crypto::Secret::copy_of(rest.subspan(out.root.size()));
  crypto::wipe(*bytes);
  if (!well_formed) return wrong("the code is damaged");
  if (!crypto::is_usable_public_key(out.root))
    return wrong("the code holds a root key that nobody can use", ErrorCode::kCardKey);
  return out;
}

Status check_code_names(const CeremonyCode& code, std::string_view party,
                        const crypto::PublicKey& root) {
  if (code.party != party)
    return fail(ErrorCode::kInvalid, "the code is of another party than " + std::string(party),
                "ask for the code of the party you name", "code");
  if (code.root != root)
    return fail(ErrorCode::kInvalid,
                "the code names another root key than the card held of " + std::string(party),
                "trust neither: hand over the introduction file again, side by side, and compare",
                "code");
  return {};
}

}  // namespace focal::exchange

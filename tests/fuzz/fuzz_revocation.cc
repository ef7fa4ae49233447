// Revocations. A text that is accepted has one encoding; a whole note that is accepted carries
// that text, and speaks for no card that does not know its key.
#include "base/check.h"
#include "crypto/secret.h"
#include "node/exchange/revocation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ex = focal::exchange;
  focal::crypto::init();
  const std::string_view bytes = focal::as_text({data, size});
  if (const auto fields = ex::parse_revocation_text_unverified(bytes); fields.has_value())
    FOCAL_CHECK(ex::revocation_text(*fields) == bytes);
  const auto revocation = ex::parse_revocation(bytes);
  if (!revocation.has_value()) return 0;
  FOCAL_CHECK(bytes.starts_with(ex::revocation_text(*revocation)));
  ex::Card stranger;
  stranger.party = revocation->party;
  FOCAL_CHECK(!ex::check_revocation_of(*revocation, stranger).has_value());
  return 0;
}

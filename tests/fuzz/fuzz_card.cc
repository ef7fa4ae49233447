// Cards and introduction files. A text that is accepted has one encoding; a whole card
// that is accepted carries that text.
#include "base/check.h"
#include "crypto/secret.h"
#include "node/exchange/intro.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ex = focal::exchange;
  focal::crypto::init();
  const std::string_view bytes = focal::as_text({data, size});
  if (const auto fields = ex::parse_card_text_unverified(bytes); fields.has_value())
    FOCAL_CHECK(ex::card_text(*fields) == bytes);
  const auto card = ex::parse_card(bytes);
  if (card.has_value()) FOCAL_CHECK(bytes.starts_with(ex::card_text(*card)));
  const auto intro = ex::parse_intro(bytes);
  if (intro.has_value())
    FOCAL_CHECK(intro->card.note + (intro->schedule ? intro->schedule->note : "") == bytes);
  // A card alone is an introduction, too.
  FOCAL_CHECK(!card.has_value() || intro.has_value());
  return 0;
}

// Ceremony codes as people scan and type them. What is read has one text: making the code
// again from what was read gives the same bytes.
#include "base/check.h"
#include "node/exchange/ceremony_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ex = focal::exchange;
  const std::string_view text = focal::as_text({data, size});
  const auto code = ex::parse_ceremony_code(text);
  if (!code.has_value()) {
    FOCAL_CHECK(code.error().path == "code" && !code.error().hint.empty());
    return 0;
  }
  if (code->c.empty())
    FOCAL_CHECK(ex::fingerprint_code(code->party, code->root) == text);
  else
    FOCAL_CHECK(focal::as_text(ex::ceremony_code(code->party, code->root, code->c).view()) == text);
  return 0;
}

// What parse_note accepts has one encoding: writing it again gives the same bytes.
#include "base/check.h"
#include "crypto/note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = focal::as_text({data, size});
  const auto note = focal::crypto::parse_note(bytes);
  if (!note.has_value()) return 0;
  FOCAL_CHECK(note->text.ends_with('\n') && !note->signatures.empty());
  FOCAL_CHECK(focal::crypto::format_note(*note) == bytes);
  // Nothing verifies under a key that signed nothing.
  FOCAL_CHECK(!focal::crypto::check_note(*note, {{note->signatures[0].name, {}}}).has_value());
  return 0;
}

// Directories. A text that is accepted has one encoding and its parties are in order; each is
// found by its name, and nobody else is.
#include "base/check.h"
#include "crypto/secret.h"
#include "node/exchange/directory.h"
#include "tests/support/party_fixture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ex = focal::exchange;
  focal::crypto::init();
  const std::string_view bytes = focal::as_text({data, size});
  if (const auto fields = ex::parse_directory_text_unverified(bytes); fields.has_value()) {
    FOCAL_CHECK(ex::directory_text(*fields) == bytes);
    ex::Directory directory{*fields, {}, {}};
    for (const ex::DirectoryEntry& entry : directory.entries)
      FOCAL_CHECK(directory.find(entry.party) != nullptr &&
                  directory.find(entry.party)->root == entry.root);
    FOCAL_CHECK(directory.find("Z") == nullptr);
  }
  static const focal::test::TestParty party;
  const auto directory = ex::parse_directory(bytes, party.root.pk);
  if (directory.has_value()) FOCAL_CHECK(bytes.starts_with(ex::directory_text(*directory)));
  return 0;
}

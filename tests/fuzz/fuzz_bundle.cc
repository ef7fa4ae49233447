// Evidence bundles. An archive that is read is written again as the same bytes; whatever the files
// say, each claim has words and a line for programs, and a bundle that is whole has no claim FORM.
// What begins with "R" (of README.txt) is an archive; anything else is a list of files (name, zero
// byte, u16be size, data) that is packed with a README.txt and an index that fit.
#include <algorithm>
#include <map>

#include "base/check.h"
#include "crypto/secret.h"
#include "node/evidence/bundle.h"
#include "node/evidence/words.h"
#include "tests/unit/evidence/sample_bundle.h"

namespace {

namespace ev = focal::evidence;
using focal::Bytes;
using focal::ByteView;

Bytes packed(std::string_view list) {
  std::map<std::string, Bytes> files;
  while (!list.empty() && files.size() < 256) {
    const std::size_t end = list.find('\0');
    if (end == std::string_view::npos || list.size() < end + 3) break;
    const std::string name(list.substr(0, end));
    const std::size_t size = focal::get_u16be(focal::as_bytes(list.substr(end + 1)));
    list.remove_prefix(end + 3);
    files[name] = focal::to_bytes(list.substr(0, size));
    list.remove_prefix(std::min(size, list.size()));
  }
  files.erase(std::string(ev::kIndexName));
  files.erase(std::string(ev::kReadmeName));
  std::vector<ev::FileView> views;
  for (const auto& [name, data] : files) views.push_back({name, data});
  std::vector<ev::Entry> entries;
  entries.push_back(
      {std::string(ev::kIndexName), focal::to_bytes(ev::index_text({"XA", 0, {}}, views))});
  entries.push_back({std::string(ev::kReadmeName), focal::to_bytes(ev::readme_text())});
  for (const auto& [name, data] : files) entries.push_back({name, data});
  auto archive = ev::write_tar(std::move(entries));
  return archive.has_value() ? std::move(*archive) : Bytes();
}

void check(ByteView archive, const ev::Fingerprints& roots) {
  if (const auto files = ev::read_tar(archive); files.has_value()) {
    std::vector<ev::Entry> entries;
    for (const ev::FileView& file : *files)
      entries.push_back({std::string(file.name), focal::to_bytes(file.data)});
    const auto again = ev::write_tar(std::move(entries));
    FOCAL_CHECK(again.has_value() && focal::equal(*again, archive));
  }
  const auto claims = ev::check_bundle(archive, roots);
  FOCAL_CHECK(!claims.empty());
  FOCAL_CHECK(ev::read_bundle(archive).bundle.has_value() ==
              (claims.front().kind != ev::ClaimKind::kForm));
  for (const char* language : {"en", "ar"})
    FOCAL_CHECK(!ev::verdict_json(claims, ev::words(claims, language)).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  focal::crypto::init();
  static const focal::test::SampleBundle sample;
  const ByteView bytes(data, size);
  check(size > 0 && data[0] == 'R' ? focal::to_bytes(bytes) : packed(focal::as_text(bytes)),
        sample.roots);
  return 0;
}

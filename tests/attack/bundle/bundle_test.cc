// Goal: nobody can change what an evidence bundle says, leave a part of it out unseen, or put in
// what belongs to another exchange.
// Method: of a bundle of which everything is proved, each file is changed at many places, removed,
// and swapped with that of another exchange between the same parties, with an index that fits and
// with the one that was there; each byte around the files is changed too.
#include <gtest/gtest.h>

#include "tests/unit/evidence/sample_bundle.h"

namespace focal::evidence {
namespace {

using test::SampleBundle;

constexpr std::size_t kPlaces = 12;  // of a file that are changed

std::string verdict_of(const std::vector<Claim>& claims) {
  for (const Claim& claim : claims)
    if (claim.judgement.verdict == Verdict::kBroken)
      return std::string(claim_name(claim.kind))
          .append(" ")
          .append(reason_name(claim.judgement.reason));
  return std::string(whole_name(whole_of(claims)));
}

// The archive of the good bundle with one file as it is in another one.
Bytes with_old_index(const SampleBundle& good, const std::string& name, const Bytes& data) {
  auto entries = good.entries();
  for (Entry& entry : entries)
    if (entry.name == name) entry.data = data;
  return *write_tar(entries);
}

// Another exchange between the same parties, under the same names of files.
std::map<std::string, Bytes> of_another_exchange(const SampleBundle& good) {
  SampleBundle other;
  other.body = to_bytes("what another record says");
  other.salt = SampleBundle::hash_of("another salt");
  other.make_manifest();
  other.manifest.msg_id.fill(8);
  other.manifest.created_ms += 1;
  exchange::encode_manifest(other.manifest);
  other.make_record();
  std::map<std::string, Bytes> out;
  for (const auto& [name, data] : other.files) {
    const std::string folder = other.rec("");
    out[name.starts_with(folder) ? good.rec(name.substr(folder.size())) : name] = data;
  }
  return out;
}

TEST(BundleAttack, N106_AChangedFileIsNoticed) {
  const SampleBundle good;
  ASSERT_EQ(verdict_of(good.check()), "PROVED");
  for (const auto& [name, data] : good.files) {
    SampleBundle bad;
    Bytes& bytes = bad.files[name];
    for (std::size_t i = 0; i < kPlaces; ++i) {
      bytes = data;
      bytes[i * (bytes.size() - 1) / (kPlaces - 1)] ^= static_cast<std::uint8_t>(1u << (i % 7));
      EXPECT_NE(verdict_of(bad.check()), "PROVED") << name << " " << i;
      EXPECT_EQ(verdict_of(check_bundle(with_old_index(good, name, bytes), good.roots)),
                "FORM DIGEST");
    }
  }
}

TEST(BundleAttack, N106_ARemovedFileIsNoticed) {
  const SampleBundle good;
  for (const auto& [name, data] : good.files) {
    SampleBundle bad;
    bad.files.erase(name);
    EXPECT_NE(verdict_of(bad.check()), "PROVED") << name;
    auto entries = good.entries();
    std::erase_if(entries, [&gone = name](const Entry& entry) { return entry.name == gone; });
    EXPECT_EQ(verdict_of(check_bundle(*write_tar(entries), good.roots)), "FORM FORM") << name;
  }
}

TEST(BundleAttack, N106_AFileOfAnotherExchangeIsNoticed) {
  const SampleBundle good;
  std::size_t swapped = 0;
  for (const auto& [name, data] : of_another_exchange(good)) {
    ASSERT_TRUE(good.files.contains(name)) << name;
    if (good.files.at(name) == data) continue;  // cards, policies, the certificate
    SampleBundle bad;
    bad.files[name] = data;
    EXPECT_NE(verdict_of(bad.check()), "PROVED") << name;
    ++swapped;
  }
  EXPECT_GE(swapped, 18u);
}

TEST(BundleAttack, N106_AByteAroundTheFilesIsNoticed) {
  const SampleBundle good;
  const Bytes archive = good.archive();
  const auto files = *read_tar(archive);
  std::vector<bool> inside(archive.size());
  for (const FileView& file : files)
    for (std::size_t i = 0; i < file.data.size(); ++i)
      inside[static_cast<std::size_t>(file.data.data() - archive.data()) + i] = true;
  for (std::size_t at = 0; at < archive.size(); ++at) {
    if (inside[at]) continue;
    Bytes bad = archive;
    bad[at] ^= 0x04;
    ASSERT_EQ(verdict_of(check_bundle(bad, good.roots)), "FORM FORM") << at;
  }
}

}  // namespace
}  // namespace focal::evidence

// Goal: what has not the form of a bundle gets the one claim FORM, and a changed file DIGEST.
// Method: each rule of docs/protocol.md, "Archive", "Index" and the rule FORM of "Claims", is
// broken once in a bundle whose index fits, where it can.
#include <gtest/gtest.h>

#include "tests/unit/evidence/sample_bundle.h"

namespace focal::evidence {
namespace {

using test::SampleBundle;

// The reason of the one claim FORM; kOk if there is none.
Reason form_of(const Bytes& archive) {
  const auto claims = check_bundle(archive, {});
  if (claims.front().kind != ClaimKind::kForm) return Reason::kOk;
  EXPECT_EQ(claims.size(), 1u);
  EXPECT_EQ(claims.front().judgement.verdict, Verdict::kBroken);
  EXPECT_EQ(claims.front().rid + claims.front().party + claims.front().by + claims.front().at, "");
  return claims.front().judgement.reason;
}
Reason form_of(const SampleBundle& bundle) { return form_of(bundle.archive()); }

// The archive with another text of one file, the index as it was.
Reason with_text(const std::string& name, const std::function<void(std::string&)>& edit) {
  auto entries = SampleBundle().entries();
  for (Entry& entry : entries)
    if (entry.name == name) {
      std::string text = to_string(entry.data);
      edit(text);
      entry.data = to_bytes(text);
    }
  return form_of(*write_tar(entries));
}

TEST(Form, AGoodBundleHasNone) { EXPECT_EQ(form_of(SampleBundle()), Reason::kOk); }

TEST(Form, ArchiveAndReadme) {
  EXPECT_EQ(form_of(Bytes{}), Reason::kForm);
  EXPECT_EQ(form_of(*write_tar({})), Reason::kForm);
  EXPECT_EQ(with_text("README.txt", [](auto& text) { text += "\n"; }), Reason::kForm);
  for (const char* name : {"README.txt", "index.txt"}) {
    auto entries = SampleBundle().entries();
    std::erase_if(entries, [&](const Entry& entry) { return entry.name == name; });
    EXPECT_EQ(form_of(*write_tar(entries)), Reason::kForm) << name;
  }
}

TEST(Form, Index) {
  const std::vector<std::pair<std::string, std::string>> kEdits = {
      {"focal-proof/v1", "focal-proof/v2"},
      {"exporter XA", "exporter xa"},
      {"made 2026", "made 1969"},
      {"made 2026-11", "made 2026-13"},
      {"root ", "root 0"},
      {"root ", "case "},
      {"card/XA/0000000001.note", "card/XA/0000000002.note"},
      {"file card/XA", "file  card/XA"},
      {"\nend\n", "\nend"},
      {"\nend\n", "\nend\nend\n"},
      {"\nend\n", "\n\nend\n"},
      {"\nfile card/XB", "\nfile card/XA"},
      {"\nexporter", "\xff\nexporter"}};
  for (const auto& each : kEdits) {
    const auto edit = [&](std::string& text) {
      ASSERT_NE(text.find(each.first), std::string::npos) << each.first;
      text.replace(text.find(each.first), each.first.size(), each.second);
    };
    EXPECT_EQ(with_text("index.txt", edit), Reason::kForm) << each.first << " -> " << each.second;
  }
  for (const char* size : {"16777217", "0", "18446744073709551616"}) {
    const auto edit = [size](std::string& text) {
      const auto at = text.find(' ', text.find("\nfile ") + 6) + 1;
      text.replace(at, text.find(' ', at) - at, size);
    };
    EXPECT_EQ(with_text("index.txt", edit), *size == '0' ? Reason::kDigest : Reason::kForm) << size;
  }
  const auto upper = [](std::string& text) {
    const auto at = text.rfind("\nend\n") - 64;
    for (std::size_t i = at; i < at + 64; ++i) text[i] = static_cast<char>(std::toupper(text[i]));
  };
  EXPECT_EQ(with_text("index.txt", upper), Reason::kForm);
}

TEST(Form, ADigestIsAnotherReason) {
  const std::string name = SampleBundle::card_name("XA", 1);
  EXPECT_EQ(with_text(name, [](auto& text) { text[20] ^= 1; }), Reason::kDigest);
  EXPECT_EQ(with_text(name, [](auto& text) { text += "\n"; }), Reason::kDigest);
  const auto digest = [](std::string& text) {
    const auto at = text.rfind("\nend\n") - 1;
    text[at] = text[at] == '0' ? '1' : '0';
  };
  EXPECT_EQ(with_text("index.txt", digest), Reason::kDigest);
}

TEST(Form, NamesThatNoFileHas) {
  const SampleBundle good;
  for (const char* name :
       {"x", "card/XA", "card/XA/1.note", "card/xa/0000000001.note", "card/XA/0000000001.txt",
        "card/XA/x000000001.note", "policy/XA/0000000001.note", "revoke/XA/0123456789ABCDEF.note",
        "revoke/XA/0123456789abcde.note", "rec/00/manifest.bin", "zzz/XA/0000000001.note",
        "card/XA/0000000001.note/x"}) {
    SampleBundle bundle;
    bundle.put(name, std::string("x"));
    EXPECT_EQ(form_of(bundle), Reason::kForm) << name;
  }
  for (const char* name : {"x.bin", "batch.txt", "approval-00.cert", "approval-0.txt",
                           "approval-A.cert", "receipt-XB.leaf", "receipt-xb.item", "leaf-XB",
                           "erased-XB.bin", "-XB.item", "sub/manifest.bin"}) {
    SampleBundle bundle;
    bundle.put(bundle.rec(name), std::string("x"));
    EXPECT_EQ(form_of(bundle), Reason::kForm) << name;
  }
}

TEST(Form, WhatStandsTogether) {
  for (const char* name :
       {"manifest.bin", "batch.stmt", "batch.sig", "batch.path", "body.bin", "salt.bin",
        "approval-0.cert", "approval-0.sig", "receipt-XB.item", "receipt-XB.stmt", "receipt-XB.sig",
        "receipt-XB.path", "leaf-XB.bin", "proof-XB.tlog-proof"}) {
    SampleBundle bundle;
    ASSERT_EQ(bundle.files.erase(bundle.rec(name)), 1u) << name;
    EXPECT_EQ(form_of(bundle), Reason::kForm) << name;
  }
  for (const char* name : {"erased-XB.leaf", "erased-XB.tlog-proof"}) {
    SampleBundle bundle;
    bundle.erase_at_xb();
    ASSERT_EQ(bundle.files.erase(bundle.rec(name)), 1u) << name;
    EXPECT_EQ(form_of(bundle), Reason::kForm) << name;
  }
  SampleBundle empty;
  std::erase_if(empty.files, [](const auto& file) { return file.first.starts_with("rec/"); });
  EXPECT_EQ(form_of(empty), Reason::kForm);
}

TEST(Form, Manifests) {
  const auto with = [](const std::function<void(exchange::Manifest&)>& edit) {
    SampleBundle bundle;
    edit(bundle.manifest);
    exchange::encode_manifest(bundle.manifest);
    bundle.make_record();
    return form_of(bundle);
  };
  EXPECT_EQ(with([](auto& m) { m.kind = "trace.other"; }), Reason::kOk);
  EXPECT_EQ(with([](auto& m) { m.v = 2; }), Reason::kForm);
  EXPECT_EQ(with([](auto& m) { m.kind = "Trace"; }), Reason::kForm);
  EXPECT_EQ(with([](auto& m) { m.to = {"XC", "XB"}; }), Reason::kForm);
  EXPECT_EQ(with([](auto& m) { m.to = {"XA", "XB", "XC"}; }), Reason::kForm);
  SampleBundle other;
  const Bytes bytes = other.manifest.bytes;
  other.manifest.msg_id[0] ^= 1;
  exchange::encode_manifest(other.manifest);
  other.make_record();
  other.put(other.rec("manifest.bin"), ByteView(bytes));
  EXPECT_EQ(form_of(other), Reason::kForm);
}

TEST(Form, PartiesAndApprovalsThatTheManifestDoesNotName) {
  const auto with = [](const std::vector<std::string>& names) {
    SampleBundle bundle;
    for (const std::string& name : names) bundle.put(bundle.rec(name), std::string("x"));
    return form_of(bundle);
  };
  EXPECT_EQ(with({"approval-1.cert", "approval-1.sig"}), Reason::kForm);
  EXPECT_EQ(with({"leaf-XD.bin", "proof-XD.tlog-proof"}), Reason::kForm);
  EXPECT_EQ(with({"erased-XD.leaf", "erased-XD.tlog-proof"}), Reason::kForm);
  for (const char* party : {"XA", "XD"}) {
    const std::string r = std::string("receipt-") + party;
    EXPECT_EQ(with({r + ".item", r + ".stmt", r + ".sig", r + ".path"}), Reason::kForm) << party;
  }
}

}  // namespace
}  // namespace focal::evidence

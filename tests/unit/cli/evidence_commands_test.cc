// Goal: the file of an export is whole or not there, whatever the pages of the answer are, and the
// words beside it say what is in it and how it is checked.
// Method: canned answers of a node, right and wrong; the file is read again.
#include <regex>

#include "crypto/hash.h"
#include "node/cli/new_file.h"
#include "proto/evidence.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

constexpr char kRoute[] = "POST /v1/evidence";

class EvidenceExport : public App {
 protected:
  void SetUp() override { serve(); }
  // Two pages of a bundle that says "first second".
  v1::EvidenceExportResponse first() {
    v1::EvidenceExportResponse out;
    out.set_bundle(3);
    out.set_size(12);
    out.set_sha256(hex(crypto::sha256(std::string_view("first second"))));
    out.set_data("first ");
    out.set_next(6);
    auto& summary = *out.mutable_summary();
    summary.set_case_number("T-12");
    for (const char* content : {"INCLUDED", "WITHHELD", "ERASED"})
      summary.add_records()->set_content(content);
    auto& party = *summary.add_parties();
    party.set_party("XB");
    party.set_fingerprint(std::string(64, 'b'));
    party.set_known("INTRODUCED");
    summary.set_verdict("INCOMPLETE");
    summary.set_claims(9);
    summary.set_proved(7);
    summary.add_missing("NOT SHOWN: somebody saw the ledger");
    summary.add_labels("TLP:AMBER");
    return out;
  }
  v1::EvidenceExportResponse second(const std::string& data = "second", std::uint64_t next = 0) {
    v1::EvidenceExportResponse out;
    out.set_bundle(3);
    out.set_size(12);
    out.set_data(data);
    out.set_next(next);
    return out;
  }
  std::string target(const char* name = "T-12.focalproof") const { return folder_ / name; }
  static std::string content(const std::string& name) {
    std::stringstream out;
    out << std::ifstream(name, std::ios::binary).rdbuf();
    return out.str();
  }
  std::size_t files() const {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(folder_)) ++n;
    return n;
  }
};

TEST_F(EvidenceExport, PagesMakeOneFileAndTheWordsSayWhatIsInIt) {
  answer(kRoute, first());
  answer(kRoute, second());
  const Done done = focal({"evidence", "export", "T-12", "--withhold", "trace.request",
                           "--withhold", "trace.ack", "--to", target()});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(content(target()), "first second");
  EXPECT_EQ(std::filesystem::status(target()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_FALSE(std::filesystem::exists(target() + ".part"));
  const std::string said = std::regex_replace(done.out, std::regex("\\s+"), " ");
  for (const char* words :
       {"1 record with content, 1 with its content withheld, 1 left out: the content was erased",
        "7 of 9 claims (INCOMPLETE)", "NOT SHOWN: somebody saw the ledger", "TLP:AMBER",
        "not compared with them yet", "focal-verify "})
    EXPECT_THAT(said, HasSubstr(words));
  EXPECT_THAT(said, HasSubstr("--root XB=" + std::string(64, 'b')));
  v1::EvidenceExportRequest asked;
  ASSERT_TRUE(json::read(body_, asked));
  EXPECT_EQ(asked.bundle(), 3u);
  EXPECT_EQ(asked.offset(), 6u);
  const Done again = focal({"evidence", "export", "T-12", "--to", target()});
  EXPECT_EQ(again.code, kExitFailed);
  EXPECT_THAT(again.err, HasSubstr("there already"));
  EXPECT_EQ(content(target()), "first second");
}

TEST_F(EvidenceExport, WhatDoesNotMakeTheWholeIsNotWritten) {
  const std::size_t before = files();
  for (const auto& wrong : {second("secund"), second("secon"), second("second and more"),
                            second("sec", 9), second("", 6)}) {
    answers_.clear();
    answer(kRoute, first());
    answer(kRoute, wrong);
    answer(kRoute, second("x"));
    const Done done = focal({"evidence", "export", "T-12", "--to", target("wrong.focalproof")});
    EXPECT_EQ(done.code, kExitFailed) << wrong.ShortDebugString();
    EXPECT_EQ(files(), before);
  }
  answers_.clear();
  refuse(kRoute, fail(ErrorCode::kErased, "nothing is left", "ask the other party"));
  EXPECT_EQ(focal({"evidence", "export", "T-12", "--to", target()}).code, kExitFailed);
  EXPECT_EQ(files(), before);
}

TEST_F(EvidenceExport, NothingIsAskedWhereTheFileCannotBeWritten) {
  const Done done = focal({"evidence", "export", "T-12", "--to", target("no folder/x.focalproof")});
  EXPECT_EQ(done.code, kExitFailed);
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(write_whole_file(target("no folder/x"), "text").error().code, ErrorCode::kIo);
  EXPECT_EQ(focal({"evidence", "export", "T-12"}).code, kExitUsage) << "where to?";
}

TEST_F(EvidenceExport, AsJsonItNamesFileDigestAndCommand) {
  answer(kRoute, first());
  answer(kRoute, second());
  const std::string odd = target("it's one.focalproof");
  const Done done = focal({"evidence", "export", "T-12", "--to", odd, "--json"});
  EXPECT_EQ(done.code, 0) << done.err;
  v1::EvidenceExportResult result;
  ASSERT_TRUE(json::read(done.out, result)) << done.out;
  EXPECT_EQ(result.file(), odd);
  EXPECT_EQ(result.size(), 12u);
  EXPECT_THAT(result.check(), HasSubstr("it'\\''s one.focalproof'"));
}

TEST_F(EvidenceExport, ADemandSaysWhatIsKnown) {
  v1::EvidenceDemandResponse answered;
  auto& proof = *answered.add_proofs();
  proof.set_party("XB");
  proof.set_state("BROKEN");
  proof.set_asked_at("2026-03-01T10:00:00Z");
  proof.set_text("call them");
  answer("POST /v1/evidence/demand", answered);
  const Done done = focal({"evidence", "demand", "4095"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("BROKEN"));
  EXPECT_THAT(done.out, HasSubstr("call them"));
  EXPECT_THAT(body_, HasSubstr("\"4095\""));
}

}  // namespace
}  // namespace focal::cli

// Goal: what stands under a leaf is read back as it was written, and nothing else passes for it.
// Method: every kind of detail there and back; then cut, reordered and foreign texts.
#include "node/desk/act_detail.h"

#include <gtest/gtest.h>

namespace focal::desk {
namespace {

ActDetail full() {
  ActDetail d;
  d.actor = {"jo", 1000, "OFFICER"};
  d.act = "trace.answer";
  d.release = "R-3";
  d.approver = {"mia", 1001, "SUPERVISOR"};
  d.certificate = "focal-officer/v1\nparty XA\n";
  d.statement = "focal-act/v1\n";
  d.signature = Bytes(64, 7);
  d.reason = "two\nlines, and act trace.open\n";
  return d;
}

void expect_same(const ActDetail& a, const ActDetail& b) {
  EXPECT_EQ(a.actor, b.actor);
  EXPECT_EQ(a.act, b.act);
  EXPECT_EQ(a.release, b.release);
  EXPECT_EQ(a.approver, b.approver);
  EXPECT_EQ(a.certificate, b.certificate);
  EXPECT_EQ(a.statement, b.statement);
  EXPECT_EQ(a.signature, b.signature);
  EXPECT_EQ(a.reason, b.reason);
}

TEST(ActDetail, ThereAndBack) {
  ActDetail plain;
  plain.actor = {"jo", 1000, "OFFICER"};
  plain.act = "peer.ping";
  ActDetail nobody;
  nobody.act = "release.expire";
  ActDetail record = full();
  record.certificate.clear();
  record.statement.clear();
  record.signature.clear();
  for (const ActDetail& each : {plain, nobody, record, full()}) {
    const auto back = parse_detail(detail_text(each));
    ASSERT_TRUE(back.has_value()) << detail_text(each);
    expect_same(*back, each);
  }
}

TEST(ActDetail, TextIsTheOneOfTheDocument) {
  ActDetail d;
  d.actor = {"jo", 1000, "OFFICER"};
  d.act = "trace.link";
  d.reason = "compared";
  EXPECT_EQ(detail_text(d),
            "focal-detail/v1\nperson jo\nuid 1000\nrole OFFICER\nact trace.link\nreason compared\n");
}

TEST(ActDetail, WordsForPeople) {
  EXPECT_EQ(actor_text({"jo", 1000, "OFFICER"}), "jo (uid 1000, OFFICER)");
  EXPECT_EQ(actor_text({"", 1000, ""}), "uid 1000");
  EXPECT_EQ(detail_words(detail_text(full())),
            "jo (uid 1000, OFFICER), released by mia (uid 1001, SUPERVISOR): two\nlines, and act "
            "trace.open\n");
  EXPECT_EQ(detail_words("by jo, in older words"), "by jo, in older words");
}

TEST(ActDetail, NothingElsePasses) {
  const std::string text = detail_text(full());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto cut = parse_detail(text.substr(0, i));
    EXPECT_TRUE(!cut || cut->reason != full().reason) << "cut at " << i;
  }
  EXPECT_FALSE(parse_detail("").has_value());
  EXPECT_FALSE(parse_detail("x" + text).has_value());
  EXPECT_FALSE(parse_detail("focal-detail/v2" + text.substr(15)).has_value());
  std::string other = text;
  other.replace(other.find("uid 1000"), 8, "uid 1x00");
  EXPECT_FALSE(parse_detail(other).has_value());
  other = text;
  other.replace(other.find("uid 1000"), 8, "uid 99999999999");
  EXPECT_FALSE(parse_detail(other).has_value());
  other = text;
  other.replace(other.find("signature "), 10, "signature !");
  EXPECT_FALSE(parse_detail(other).has_value());
  other = text;
  other.insert(other.find("act "), "king me\n");
  EXPECT_FALSE(parse_detail(other).has_value());
}

}  // namespace
}  // namespace focal::desk

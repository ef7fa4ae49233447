// Goal: the second officer sees every record that waits, field by field as it will leave: who is
// named in it, what weapon it is about; and what is shown is what the statement binds.
// Method: acts are held at a whole node, and what release.show answers is read back into records.
#include "crypto/hash.h"
#include "node/desk/release.h"
#include "proto/record.pb.h"
#include "proto/seizure.pb.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

class ReleaseShown : public ReleaseTest {
 protected:
  void SetUp() override {
    pin(xc_);
    verify(xc_, owner_);
    ReleaseTest::SetUp();
  }

  static focal::v1::Record record_of(const google::protobuf::Struct& shown) {
    focal::v1::Record out;
    EXPECT_TRUE(json::from_struct(shown, out).has_value());
    return out;
  }
  static focal::v1::Record read(const std::string& text) {
    focal::v1::Record out;
    EXPECT_TRUE(json::read(text, out).has_value());
    return out;
  }
  static std::string file(const std::string& name) {
    std::ifstream in(test::in_tree("tests/vectors/" + name), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  // "effect trace.request XB HASH", as the statement has it of this record.
  static std::string effect_line(focal::v1::Record record, const std::string& to) {
    record.mutable_header()->clear_ack_by_ms();
    record.mutable_header()->clear_answer_by_ms();
    return "effect trace.request " + to + " " +
           base64(ByteView(crypto::sha256(std::string_view(record.SerializeAsString())))) + "\n";
  }
  // A list of two weapons, one for each party, and a person in the part around them.
  Result<v1::TraceImportResponse> import_list() {
    v1::TraceImportRequest request;
    request.set_csv("Serial No,Maker,Type,Made in\nAB7000XB,Maker,pistol,XB\n"
                    "AB7000XC,Maker,pistol,XC\n");
    focal::v1::Record around = read(file("seizure/request.json"));
    around.mutable_header()->mutable_label()->set_personal_data(true);
    around.mutable_trace_request()->set_personal_data_included(true);
    around.mutable_trace_request()->mutable_circumstances()->mutable_persons(0)->set_name(
        "Ilse Varga");
    EXPECT_TRUE(json::to_struct(around, *request.mutable_record()).has_value());
    request.set_mode("PREVIEW");
    const auto shown = must(desk_->trace_import(request, as(kJo)));
    EXPECT_TRUE(shown.can_send());
    request.set_plan(shown.plan());
    *request.mutable_columns() = shown.columns();
    request.set_mode("SEND");
    return desk_->trace_import(request, as(kJo));
  }

  test::TestParty xc_{"XC", 91};
};

TEST_F(ReleaseShown, EveryRequestOfASeizureListIsShown) {
  ASSERT_EQ(code(import_list()), ErrorCode::kAwaitsRelease);
  const auto shown = show("R-1");
  ASSERT_EQ(shown.records_size(), 2);
  const std::vector<std::string> parties = {"XB", "XC"};
  for (int i = 0; i < 2; ++i) {
    const auto record = record_of(shown.records(i));
    const std::string& to = parties.at(static_cast<std::size_t>(i));
    ASSERT_EQ(record.trace_request().items_size(), 1);
    EXPECT_EQ(record.trace_request().items(0).serial_raw(), "AB7000" + to);
    EXPECT_EQ(record.trace_request().circumstances().persons(0).name(), "Ilse Varga");
    EXPECT_NE(shown.statement().find(effect_line(record, to)), std::string::npos)
        << "what is shown is what is released";
  }
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(sent().size(), 2u);
  EXPECT_EQ(show("R-1").records_size(), 0) << "they are in the ledger now";
}

TEST_F(ReleaseShown, ARequestIsShownAsItWasMade) {
  ASSERT_EQ(code(open(kJo)), ErrorCode::kAwaitsRelease);
  const auto shown = show("R-1");
  ASSERT_EQ(shown.records_size(), 1);
  const auto record = record_of(shown.records(0));
  EXPECT_EQ(record.header().label().provider(), "XA");
  EXPECT_NE(shown.statement().find(effect_line(record, "XB")), std::string::npos);
  must(reject("R-1", kMia));
  EXPECT_EQ(show("R-1").records_size(), 0) << "the content goes with the decision";
}

TEST_F(ReleaseShown, OnlyTargetsThatTheOfficerSetAreShown) {
  auto record = read(example(true));
  const auto held = [&] {
    v1::TraceOpenRequest request;
    request.add_to("XB");
    request.set_again(true);
    EXPECT_TRUE(json::to_struct(record, *request.mutable_record()).has_value());
    const auto said = desk_->trace_open(request, as(kJo));
    EXPECT_EQ(code(said), ErrorCode::kAwaitsRelease);
    return said ? std::string() : said.error().path;
  };
  record.mutable_header()->clear_ack_by_ms();
  record.mutable_header()->set_answer_by_ms(1'900'000'000'000);
  const auto one = record_of(show(held()).records(0));
  EXPECT_EQ(one.header().answer_by_ms(), 1'900'000'000'000u);
  EXPECT_EQ(one.header().ack_by_ms(), 0u) << "it counts from the release";
}

TEST_F(ReleaseShown, AListThatIsTooLongToBeShownDoesNotWait) {
  By by;
  by.operation = "trace_import";
  by.rule = "all";
  by.withheld.resize(11);
  by.withheld_bodies.assign(11, Bytes(200u << 10, std::uint8_t{1}));
  const Status said = node_->perform([&](const Now& now) {
    return conclude(*node_, by, v1::TraceImportRequest(),
                    Status(fail(ErrorCode::kAwaitsRelease, "waits")), {}, now);
  });
  ASSERT_FALSE(said.has_value());
  EXPECT_EQ(said.error().code, ErrorCode::kLimit);
  EXPECT_EQ(waiting(), 0);
  by.withheld.resize(10);
  by.withheld_bodies.resize(10);
  EXPECT_TRUE(node_->perform([&](const Now& now) {
    return conclude(*node_, by, v1::TraceImportRequest(),
                    Status(fail(ErrorCode::kAwaitsRelease, "waits")), {}, now);
  }).has_value());
  EXPECT_EQ(waiting(), 1);
}

}  // namespace
}  // namespace focal::desk

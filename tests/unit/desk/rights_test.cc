// Goal: what a person may not do any more does not happen, also when it had begun before the
// change; and what needs a second officer by now waits for one.
// Method: a seizure list takes several turns of the loop; between two of them the roster changes.
#include <filesystem>

#include "node/desk/seizure.h"
#include "proto/seizure.pb.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

class Rights : public ReleaseTest {
 protected:
  static v1::TraceImportRequest list(bool personal = false) {
    v1::TraceImportRequest out;
    out.set_csv("Serial;Maker;Type;Made in\nWY 554954;State Factory 66;rifle;XB\n");
    std::ifstream in(test::in_tree("tests/vectors/seizure/request.json"));
    std::stringstream text;
    text << in.rdbuf();
    std::string record = text.str();
    const auto at = record.find("\"personal_data\": false");
    if (personal) record.replace(at, 22, "\"personal_data\": true");
    EXPECT_TRUE(json::read(record, *out.mutable_record()).has_value());
    return out;
  }
  // The list is sent by jo; `between` runs before the last turn, on the caller's thread.
  Result<v1::TraceImportResponse> send(v1::TraceImportRequest request,
                                       const std::function<void()>& between) {
    request.set_mode("PREVIEW");
    By by = desk_->acting(as(kJo), "trace_import");
    std::size_t turns = 0, all = 0;
    const OnLoop on_loop = [&](std::function<Status(const Now&)> act,
                               std::function<void(const Now&)> after) {
      ++turns;
      if (all != 0 && turns == all) between();
      return node_->perform(std::move(act), std::move(after));
    };
    const auto shown = must(import_list(*node_, on_loop, request, by));
    request.set_plan(shown.plan());
    *request.mutable_columns() = shown.columns();
    request.set_mode("SEND");
    all = turns + 1;  // a preview ends before the turn that sends
    turns = 0;
    return import_list(*node_, on_loop, request, by);
  }
  void roles(const std::string& name, const std::string& role) {
    v1::PeopleRoleRequest request;
    request.set_name(name);
    request.add_roles(role);
    request.set_reason("moved");
    must(desk_->people_role(request, as(kAda)));
  }
};

TEST_F(Rights, WhoIsRemovedWhileAListIsUnderWaySendsNothing) {
  EXPECT_TRUE(send(list(), [] {}).has_value());
  const std::size_t before = sent().size();
  ASSERT_GT(before, 0u) << "otherwise it is sent";
  EXPECT_EQ(sent().back().who(), "jo (uid 40001, OFFICER)");
  EXPECT_EQ(sent().back().act(), "trace.import");
  auto again = list();
  again.set_ask_again(true);
  const auto refused = send(again, [&] {
    v1::PeopleRemoveRequest gone;
    gone.set_name("jo");
    gone.set_reason("left");
    must(desk_->people_remove(gone, as(kAda)));
  });
  EXPECT_EQ(code(refused), ErrorCode::kPermission);
  EXPECT_EQ(sent().size(), before);
}

TEST_F(Rights, WhoGetsAnotherRoleWhileAListIsUnderWaySendsNothing) {
  const auto refused = send(list(), [&] { roles("jo", "AUDITOR"); });
  EXPECT_EQ(code(refused), ErrorCode::kPermission);
  EXPECT_TRUE(sent().empty());
}

TEST_F(Rights, TheNumberOfTheUserGivenToAnotherSendsNothing) {
  const auto refused = send(list(), [&] {
    v1::PeopleRemoveRequest gone;
    gone.set_name("jo");
    gone.set_reason("left");
    must(desk_->people_remove(gone, as(kAda)));
    must(add("joan", kJo, {"OFFICER"}, kAda));
  });
  EXPECT_EQ(code(refused), ErrorCode::kPermission);
  EXPECT_TRUE(sent().empty());
}

// The owner has begun while nobody was named; by the last turn there are persons.
class RightsOfTheOwner : public Rights {
 protected:
  void SetUp() override {
    pin(xb_);
    verify(xb_, owner_);
  }
};

TEST_F(RightsOfTheOwner, EndWhenSomebodyElseIsNamed) {
  By by = desk_->acting(as(owner_), "trace_import");
  EXPECT_TRUE(by.ask_rights().has_value());
  must(add("jo", kJo, {"OFFICER"}, owner_));
  const Status asked = by.ask_rights();
  ASSERT_FALSE(asked.has_value()) << "the owner administrates from now on";
  EXPECT_EQ(asked.error().code, ErrorCode::kPermission);
}

TEST_F(RightsOfTheOwner, ComeUnderThePolicyOnceThereAreTwo) {
  By by = desk_->acting(as(owner_), "trace_import");
  EXPECT_EQ(by.policy, nullptr);
  must(add(people().people(0).name(), owner_, {"OFFICER", "ADMINISTRATOR"}, owner_));
  ASSERT_TRUE(by.ask_rights().has_value());
  EXPECT_NE(by.policy, nullptr);
  EXPECT_EQ(by.actor.role, "OFFICER");
}

}  // namespace
}  // namespace focal::desk

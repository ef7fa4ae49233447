// Goal: a record under a card that its party withdrew since is shown as what it is wherever an
// officer meets it: case, sheet, ledger, and the lists; what was here before the theft is said to
// stand. Method: two requests of XA at XB, one before the theft and one after; then the revocation.
#include <gmock/gmock.h>

#include "node/desk/disputed_words.h"
#include "node/desk/find.h"
#include "node/desk/ledger_view.h"
#include "node/desk/peer_decisions.h"
#include "node/desk/sheet.h"
#include "proto/sheet.pb.h"
#include "proto/trust.pb.h"
#include "tests/support/notes_fixture.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kStands[] =
    "stands: it was here before 2026-11-23, from when XA withdrew the card it is signed under";
constexpr char kDoubtful[] =
    "DISPUTED: XA withdrew the card it is signed under with effect from 2026-11-23, and nothing here "
    "proves that it is older; ask them whether it is theirs";

class DisputedDesk : public DeskWorld {
 protected:
  void SetUp() override {
    DeskWorld::SetUp();
    w.connect("XA", "XB");
    opened();  // T-1
    w.advance(kHourMs);
    theft_ = w.now().wall_ms;
    w.advance(kHourMs);
    opened();  // T-2
  }
  void revoke() {
    node::Node& xb = w.node("XB");
    const std::string note =
        test::revocation_of(w.core("XA").self().card, w.root_key("XA"),
                            exchange::RevocationScope::kAll, theft_);
    ASSERT_TRUE(book_of(xb).take(note, {{}, "jo"}, book_time(xb, w.now())).has_value());
    w.run();
  }
  v1::TraceShowResponse shown(const std::string& number) {
    v1::TraceShowRequest request;
    request.set_case_number(number);
    v1::TraceShowResponse out;
    EXPECT_TRUE(show_case(w.node("XB"), request, w.now(), &out).has_value());
    return out;
  }
  std::string notices(const std::string& number, const std::string& lang = "en") {
    v1::TraceSheetRequest request;
    request.set_case_number(number);
    request.set_lang(lang);
    v1::TraceSheetResponse sheet;
    EXPECT_TRUE(show_sheet(w.node("XB"), request, w.now(), &sheet).has_value());
    std::string out;
    for (const std::string& each : sheet.notices()) out.append(each).append("\n");
    return out;
  }
  std::vector<std::string> remarks() {
    v1::LedgerTailRequest all;
    all.set_limit(1000);
    v1::LedgerViewResponse tail;
    show_tail(w.node("XB"), all, &tail);
    std::vector<std::string> out;
    for (const auto& leaf : tail.leaves())
      if (!leaf.remark().empty()) out.push_back(leaf.remark());
    return out;
  }
  // Of every list: which cases carry the mark.
  std::vector<std::string> marked() {
    std::vector<std::string> out;
    v1::TraceListResponse list;
    EXPECT_TRUE(list_cases(w.node("XB"), {}, w.now(), &list).has_value());
    for (const auto& each : list.traces())
      for (const auto& flag : each.flags())
        if (flag == kDisputed) out.push_back("list " + each.case_number());
    const v1::InboxResponse entries = inbox("XB");
    for (const auto& each : entries.entries())
      for (const auto& flag : each.flags())
        if (flag == kDisputed) out.push_back("inbox " + each.case_number());
    v1::FindRequest request;
    request.set_serial("DA 0I7 342");
    v1::FindResponse found;
    EXPECT_TRUE(find_weapons(w.node("XB"), request, w.now(), &found).has_value());
    EXPECT_EQ(found.matches_size(), 2);
    for (const auto& match : found.matches())
      for (const auto& reason : match.reasons())
        if (reason.agreement() == kDisputed) {
          out.push_back("find " + match.case_number());
          EXPECT_EQ(reason.text(), kDoubtful);
        }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::uint64_t theft_ = 0;
};

TEST_F(DisputedDesk, NothingIsSaidOfACardThatStands) {
  EXPECT_THAT(shown("T-2").timeline(0).summary(), Not(HasSubstr("DISPUTED")));
  EXPECT_EQ(shown("T-2").timeline(0).remark(), "");
  EXPECT_THAT(notices("T-2"), Not(HasSubstr("isputed")));
  EXPECT_THAT(remarks(), IsEmpty());
  EXPECT_THAT(marked(), IsEmpty());
}

TEST_F(DisputedDesk, CaseSheetAndLedgerSayBothSentences) {
  revoke();
  EXPECT_THAT(shown("T-1").timeline(0).summary(), HasSubstr(std::string("(") + kStands + ")"));
  EXPECT_THAT(shown("T-2").timeline(0).summary(), HasSubstr(std::string("(") + kDoubtful + ")"));
  EXPECT_EQ(shown("T-1").timeline(0).remark(), kStands);
  EXPECT_EQ(shown("T-2").timeline(0).remark(), kDoubtful);
  EXPECT_THAT(notices("T-1"), HasSubstr("Stands: it was here before its sender withdrew the card"));
  EXPECT_THAT(notices("T-2"), HasSubstr("(!) Disputed: its sender withdrew the card it is signed"));
  EXPECT_THAT(notices("T-2", "fr"), HasSubstr("(!) Contest"));
  EXPECT_EQ(remarks(), (std::vector<std::string>{kStands, kDoubtful}));
}

TEST_F(DisputedDesk, ListsCarryTheMarkOfTheDoubtfulCaseOnly) {
  revoke();
  EXPECT_EQ(marked(), (std::vector<std::string>{"find T-2", "inbox T-2", "list T-2"}));
  EXPECT_THAT(shown("T-2").trace().flags(), Contains("DISPUTED"));
  EXPECT_THAT(shown("T-1").trace().flags(), Not(Contains("DISPUTED")));
}

}  // namespace
}  // namespace focal::desk

// Goal: an officer puts a case to the next State by one command, knows before whom it reaches and
// what goes along, and sees the threads of the case together.
// Method: three real nodes; the story of the example files, with a State that is not met at first.
#include <fstream>
#include <iterator>

#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

class FollowStory : public Friends {
 protected:
  FollowStory() : xc_(temp_.path(), "XC", free_port()) {}
  void meet() {
    ASSERT_EQ(xc_.init().code, 0);
    xc_.start();
    introduce(xc_, xa_);
    introduce(xa_, xc_);
    verify_each_other(xa_, xc_);
    ASSERT_TRUE(eventually([&] { return xa_.is_linked_to("XC") && xc_.is_linked_to("XA"); }));
  }
  static bool holds(const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
  }
  Party xc_;
};

TEST_F(FollowStory, TheNextStateIsAskedByOneCommand) {
  start_both();
  const Ran opened = xa_.focal({"trace", "open", "--from", example("01"), "--to", "XB"});
  EXPECT_TRUE(holds(opened.out, "will reach: Fictional State B (XB)\n")) << opened.out;
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  xb_.ask({"trace", "answer", "T-1", "--from", example("05")});
  ASSERT_TRUE(eventually([&] {
    return xa_.ask({"trace", "show", "T-1"}).is("trace.state", "RESTRICTED");
  }));
  const std::string offered = xa_.focal({"trace", "show", "T-1"}).out;
  EXPECT_TRUE(holds(offered, "focal trace follow T-1 --to XC")) << offered;
  EXPECT_TRUE(holds(offered, "ask Fictional State C (XC) next"));

  // Not met yet: said, and the request can be kept.
  const Ran early = xa_.focal({"trace", "follow", "T-1", "--to", "XC", "--yes"});
  EXPECT_EQ(early.code, 1);
  EXPECT_TRUE(holds(early.err, "--save FILE")) << early.err;
  const std::string kept = xa_.file("kept.json");
  const Ran saved = xa_.focal({"trace", "follow", "T-1", "--to", "XC", "--save", kept});
  EXPECT_EQ(saved.code, 0) << saved.err;
  EXPECT_TRUE(holds(saved.out, "focal trace open --from " + kept + " --to XC")) << saved.out;

  meet();
  EXPECT_EQ(xa_.focal({"trace", "follow", "T-1", "--to", "XC"}).code, 2) << "nobody to ask";
  const Ran looked = xa_.focal({"trace", "follow", "T-1", "--to", "XC", "--preview"});
  EXPECT_EQ(looked.code, 0) << looked.err;
  EXPECT_TRUE(holds(looked.out, "will reach: Fictional State C (XC)\n")) << looked.out;
  EXPECT_TRUE(holds(looked.out, "XA-NPC-2026-0117/2")) << looked.out;
  EXPECT_EQ(xc_.ask({"trace", "list"})["total"], "0") << "looking sends nothing";
  const Ran sent = xa_.focal({"trace", "follow", "T-1", "--to", "XC", "--yes"});
  EXPECT_EQ(sent.code, 0) << sent.err;
  EXPECT_TRUE(holds(sent.out, "carried over")) << sent.out;
  EXPECT_TRUE(holds(sent.out, "left out")) << sent.out;
  ASSERT_TRUE(eventually([&] { return xc_.ask({"trace", "list"}).is("total", "1"); }));

  const Json at_xc = xc_.ask({"trace", "show", "T-1", "--records"});
  EXPECT_EQ(at_xc["trace.their_ref"], "XA-NPC-2026-0117/2");
  EXPECT_EQ(at_xc.size("items"), 1u);
  const std::string record = "timeline[0].record.";
  EXPECT_EQ(at_xc[record + "trace_request.prior_searches.other_requests[0].party"], "XB");
  EXPECT_EQ(at_xc[record + "header.label.use"], "INVESTIGATION") << "XB's rule, stricter than ours";
  EXPECT_EQ(at_xc[record + "header.label.retain_until"], "2031-03-20");

  const Json threads = xa_.ask({"trace", "show", "T-1"});
  EXPECT_EQ(threads["threads[0].case_number"], "T-2");
  EXPECT_EQ(threads["trace.case_base"], "XA-NPC-2026-0117");
  EXPECT_TRUE(holds(xa_.focal({"trace", "list"}).out, "\n  T-"))
      << "the other thread stands under the first";
  EXPECT_TRUE(holds(xa_.focal({"trace", "sheet", "T-1"}).out, "T-2 · Fictional State C (XC)"));
  // Once more by accident, by the kept file, or on purpose.
  xa_.refused({"trace", "follow", "T-1", "--to", "XC", "--yes"}, "EXISTS");
  xa_.refused({"trace", "open", "--from", kept, "--to", "XC"}, "EXISTS");
  xa_.ask({"trace", "follow", "T-1", "--to", "XC", "--again", "--yes"});
  EXPECT_EQ(xa_.ask({"trace", "show", "T-3"})["trace.our_ref"], "XA-NPC-2026-0117/3");
  xa_.stop();
  xa_.expect_ledger_verifies();
}

}  // namespace
}  // namespace focal::e2e

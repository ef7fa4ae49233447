// Test help: officers of three States. XA asks XB and XC; all know and verified each other.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/desk/views.h"
#include "tests/scenario/officers.h"

namespace focal::test {

// One request and what followed it: who was asked, and the number of the case at either end.
struct Thread {
  std::string asked = "XB";
  std::string at_xa = "T-1";
  std::string at_asked = "T-1";
};

class Stories : public Officers {
 protected:
  void SetUp() override {
    Officers::SetUp();
    w.add("XC");
    for (const char* other : {"XA", "XB"}) {
      w.verify_both(other, "XC");
      w.connect(other, "XC");
    }
  }

  // Of one weapon: the rifle with the import mark of XC.
  static pb::Record rifle_request() {
    pb::Record out = request();
    out.clear_unknown_fields();
    auto* items = out.mutable_trace_request()->mutable_items();
    items->DeleteSubrange(0, 1);
    items->Mutable(0)->set_item_no(1);
    return out;
  }
  static api::TraceAnswerRequest answer_with(const pb::ItemResult& result) {
    pb::Record record;
    record.mutable_trace_response()->set_case_ref_requested(result.country() + "/9");
    *record.mutable_trace_response()->add_results() = result;
    return whole<api::TraceAnswerRequest>(record);
  }
  static api::TraceCorrectRequest correct_with(const pb::ItemResult& result) {
    pb::Record record;
    record.mutable_trace_correction()->set_reason_text("The consignment book was misread.");
    *record.mutable_trace_correction()->add_results() = result;
    return whole<api::TraceCorrectRequest>(record);
  }

  // Both ends hold the same case, each in its state, waiting for that party (or nobody), and the
  // list of each says so too.
  void expect(const Thread& t, const std::string& xa_state, const std::string& asked_state,
              const std::string& turn) {
    SCOPED_TRACE(t.asked + ", expected " + xa_state);
    const auto here = opened("XA", t.at_xa);
    const auto there = opened(t.asked, t.at_asked);
    EXPECT_EQ(here.fold, there.fold);
    EXPECT_EQ(here.fold.requester_state, xa_state);
    EXPECT_EQ(here.fold.responder_state, asked_state);
    EXPECT_EQ(here.events.size(), there.events.size());
    const std::map<std::string, std::pair<std::string, std::string>> ends = {
        {"XA", {t.at_xa, xa_state}}, {t.asked, {t.at_asked, asked_state}}};
    for (const auto& [party, end] : ends) {
      const auto trace = show(party, end.first).trace();
      EXPECT_EQ(trace.state() == "DELIVERED" ? "SENT" : trace.state(), end.second) << party;
      EXPECT_EQ(trace.turn(), turn.empty() ? "" : turn == party ? "OURS" : "THEIRS") << party;
      EXPECT_EQ(trace.needs_action(), turn == party) << party;
    }
  }

  // A party's ledger holds that many records it sent, each with its receipt, and that many that
  // it received, and has refused nothing.
  void expect_ledger(const std::string& party, std::size_t sent, std::size_t received) {
    EXPECT_EQ(w.leaves(party, store::LeafType::kSent), sent) << party;
    EXPECT_EQ(w.leaves(party, store::LeafType::kReceiptIn), sent) << party;
    EXPECT_EQ(w.leaves(party, store::LeafType::kReceived), received) << party;
    EXPECT_EQ(w.leaves(party, store::LeafType::kRejected), 0u) << party;
  }
  std::size_t cases(const std::string& party) { return w.view(party).cases({}).size(); }

  // What the timeline of that end says each record did, in order.
  std::vector<std::string> effects(const std::string& party, const std::string& number = "T-1") {
    std::vector<std::string> out;
    const auto shown = show(party, number);
    for (const auto& entry : shown.timeline()) out.push_back(entry.effect());
    return out;
  }
  // The steps from owner to owner that the answers standing in a case tell.
  std::vector<pb::SupplyStep> chain(const std::string& party, const std::string& number) {
    std::vector<pb::SupplyStep> out;
    const auto taken = desk::taken_records(w.view(party), opened(party, number), "trace.response");
    for (const auto& shown : taken)
      for (const auto& result : shown.record->message().trace_response().results())
        out.insert(out.end(), result.supply_chain().begin(), result.supply_chain().end());
    return out;
  }
};

}  // namespace focal::test

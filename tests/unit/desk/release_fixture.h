// A node with named persons, two of whom have a key to release with, and a verified party.
#pragma once

#include <fstream>
#include <sstream>

#include "tests/unit/desk/desk_node.h"

namespace focal::desk {

inline constexpr std::string_view kMiaSays = "mia's own passphrase";
inline constexpr std::string_view kSamSays = "sam's own passphrase";

class ReleaseTest : public DeskNode {
 protected:
  void SetUp() override {
    pin(xb_);
    verify(xb_, owner_);
    name_everybody();
    must(make_key(kMia, kMiaSays));
    must(make_key(kSam, kSamSays));
  }
  void require(std::vector<std::string> rules) {
    stop();
    policy_.require = std::move(rules);
    start();
  }

  static std::string example(bool personal) {
    std::ifstream in(test::in_tree("tests/vectors/examples/01_trace_request_XA_XB.json"));
    std::stringstream text;
    text << in.rdbuf();
    std::string out = text.str();
    const auto at = out.find("\"personal_data\": false");
    EXPECT_NE(at, std::string::npos);
    if (personal) out.replace(at, 22, "\"personal_data\": true");
    return out;
  }
  Result<v1::TraceOpenResponse> open(uid_t by, bool personal = true) {
    v1::TraceOpenRequest request;
    request.add_to("XB");
    request.set_again(true);
    EXPECT_TRUE(json::read(example(personal), *request.mutable_record()).has_value());
    return desk_->trace_open(request, as(by));
  }
  Result<v1::TraceActResponse> withdraw(uid_t by) {
    v1::TraceWithdrawRequest request;
    request.set_case_number("T-1");
    request.set_reason("SOLVED");
    return desk_->trace_withdraw(request, as(by));
  }
  v1::ReleaseShowResponse show(const std::string& id, uid_t by = kMia) {
    v1::ReleaseShowRequest request;
    request.set_id(id);
    return must(desk_->release_show(request, as(by)));
  }
  Result<v1::ReleaseDecisionResponse> approve(const std::string& id, uid_t by,
                                              std::string_view passphrase) {
    v1::ReleaseApproveRequest request;
    request.set_id(id);
    request.set_seen(show(id).seen());
    return desk_->release_approve(request, as(by), secret(passphrase));
  }
  Result<v1::ReleaseDecisionResponse> reject(const std::string& id, uid_t by,
                                             const std::string& reason = "wrong addressee") {
    v1::ReleaseRejectRequest request;
    request.set_id(id);
    request.set_reason(reason);
    return desk_->release_reject(request, as(by));
  }
  // 64 acts wait: sixteen of jo, of sam, and of each of two more officers.
  void fill_the_table() {
    must(add("kim", 40'021, {"OFFICER"}, kAda));
    must(add("lea", 40'022, {"OFFICER"}, kAda));
    for (const uid_t by : {kJo, kSam, uid_t{40'021}, uid_t{40'022}})
      for (int i = 0; i < 16; ++i) ASSERT_EQ(code(open(by)), ErrorCode::kAwaitsRelease) << i;
  }
  int waiting() {
    return must(desk_->release_list({}, as(kMia))).entries_size();
  }
  // SENT leaves of the log.
  std::vector<v1::LedgerView> sent() {
    v1::LedgerTailRequest request;
    request.set_limit(1000);
    std::vector<v1::LedgerView> out;
    const auto tail = must(desk_->ledger_tail(request));
    for (const auto& leaf : tail.leaves())
      if (leaf.type() == "SENT") out.push_back(leaf);
    return out;
  }
  // The stored Item of a SENT leaf.
  Bytes item(std::uint64_t leaf) {
    Bytes out;
    EXPECT_TRUE(node_->perform([&](const Now&) -> Status {
      FOCAL_ASSIGN(out, node_->ledger().item(static_cast<store::LeafIndex>(leaf)));
      return {};
    }).has_value());
    return out;
  }

  test::TestParty xb_{"XB", 51};
};

}  // namespace focal::desk

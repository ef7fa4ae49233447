// Goal: of a group that cannot be stored the one input at fault is found, wherever it
// stands. Method: groups of a thousand, a probe that refuses chosen operations.
#include "node/node/culprit.h"

#include <gtest/gtest.h>

namespace focal::node {
namespace {

Bytes name(std::size_t n) { return to_bytes(std::to_string(n)); }

store::Txn group(std::size_t batches) {
  store::Txn txn;
  for (std::size_t n = 0; n < batches; ++n) {
    store::PutReceivedBatch put;
    put.stmt = name(n);
    put.rids = {Hash32{static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8)}};
    txn.ops.push_back(put);
  }
  return txn;
}

Probe refuses(const Bytes& stmt, std::size_t* asked = nullptr) {
  return [=](const store::Txn& txn) -> Status {
    if (asked != nullptr) ++*asked;
    for (const auto& op : txn.ops)
      if (std::get<store::PutReceivedBatch>(op).stmt == stmt)
        return fail(ErrorCode::kState, "a constraint");
    return {};
  };
}

TEST(Culprit, IsFoundWhereverItStandsInFewTries) {
  const store::Txn txn = group(1000);
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{499}, std::size_t{999}}) {
    std::size_t asked = 0;
    EXPECT_EQ(find_culprit(txn, refuses(name(at), &asked)), name(at)) << at;
    EXPECT_LE(asked, 12u);
  }
}

TEST(Culprit, IsNobodyWhenNothingIsRefused) {
  EXPECT_EQ(find_culprit(group(10), [](const store::Txn&) { return Status{}; }), std::nullopt);
  EXPECT_EQ(find_culprit({}, refuses(name(0))), std::nullopt);
}

TEST(Culprit, OfACaseEventIsTheBatchThatBroughtTheRecord) {
  store::Txn txn = group(5);
  store::PutCaseEvent event;
  event.row.ref.rid = std::get<store::PutReceivedBatch>(txn.ops[3]).rids[0];
  txn.ops.push_back(event);
  const Probe probe = [](const store::Txn& tried) -> Status {
    if (std::holds_alternative<store::PutCaseEvent>(tried.ops.back()))
      return fail(ErrorCode::kState, "a constraint");
    return {};
  };
  EXPECT_EQ(find_culprit(txn, probe), name(3));
}

TEST(Culprit, IsNobodyWhenTheOperationIsOurOwn) {
  store::Txn txn;
  txn.ops.push_back(store::PutAdmin{});
  EXPECT_EQ(find_culprit(txn, [](const store::Txn&) -> Status {
              return fail(ErrorCode::kState, "a constraint");
            }),
            std::nullopt);
}

}  // namespace
}  // namespace focal::node

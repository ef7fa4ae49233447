// Inside verify: the two halves and what they share.
#pragma once

#include <string>

#include "node/ledger/driver.h"
#include "node/ledger/verify.h"

namespace focal::ledger {

class Findings {
 public:
  explicit Findings(VerifyReport& report) : report_(report) {}
  void add(std::string problem) {
    if (report_.problem_count++ < kMaxProblemsListed)
      report_.problems.push_back(std::move(problem));
  }
  void check(bool fine, const std::string& subject, const char* problem) {
    if (!fine) add(subject + " " + problem);
  }
  VerifyReport& report() { return report_; }

 private:
  VerifyReport& report_;
};

// Batches, receipts and statements against the first `size` leaves.
Status verify_batches(Driver& db, std::int64_t size, Findings& findings);

// Record ids of a stored receipt_in.items column, in order. Nothing if it does not parse.
std::optional<std::vector<Hash32>> receipt_rids(ByteView items);

}  // namespace focal::ledger

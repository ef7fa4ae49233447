// The one validator: walks any Record over its descriptors and applies the
// rules that stand in the schema, then the few rules that cannot stand there
// (named_rules.cc). Pure; the result depends on the record and Facts only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/record/record.h"

namespace focal::record {

struct Facts {
  const KindInfo* kind = nullptr;  // of the manifest; null: as the record says
  std::string_view from;           // party of the sender
  std::span<const std::string> audience;
  // A record we are about to send: fields and marks newer than this schema are
  // refused too. In a record that arrived they are kept and counted.
  bool own = false;
};

struct Report {
  std::vector<Problem> problems;                           // at most kMaxProblems
  std::size_t found = 0;                                   // all of them
  RecordStatus status = RecordStatus::kAttachmentsNotYet;  // smallest; only if found > 0
  std::uint32_t newer_fields = 0;

  bool ok() const { return found == 0; }
  void add(RecordStatus kind_of_problem, std::string_view rule, std::string path,
           std::string message, std::string hint = {});
};

// Of the message that stands in the record; nullptr: none does.
const KindInfo* kind_of(const v1::Record& record);

Report validate(const v1::Record& record, const Facts& facts);

// Every value Problem::rule can have, sorted.
std::vector<std::string_view> rule_names();

}  // namespace focal::record

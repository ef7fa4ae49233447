// The handling rules of a whole case: its records may bear different labels, the sheet that
// holds them all bears the strictest of each rule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/desk/sheet_fields.h"
#include "node/record/record.h"

namespace focal::desk {

struct SheetLabel {
  std::string tlp;                     // the narrowest circle
  std::vector<std::string> h_codes;    // all that occur, sorted
  std::vector<std::string> h3_texts;   // all that occur
  std::vector<std::string> purposes;   // allowed by every label; may be empty
  std::string onward;                  // the least that may be passed on
  std::string use;                     // the least use
  std::string retain_until;            // the earliest date
  std::vector<std::string> providers;  // all, sorted
  bool personal_data = false;          // in any of them
};
// Nothing: no record with a label.
std::optional<SheetLabel> strictest(const std::vector<record::Label>& labels);

// One line for the head of every page: short enough for it, whatever the labels hold.
void label_line(const SheetLabel& label, const Reader& reader, Tally& tally,
                google::protobuf::RepeatedPtrField<v1::SheetValue>* out);

}  // namespace focal::desk

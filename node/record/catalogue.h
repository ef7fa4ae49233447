// Words in the six languages of the United Nations, read from a data file that is part of the
// program: a key, six texts, and a note (`check`: a native reader has to confirm the row).
// One of them names every field of the record schema.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace google::protobuf {
class FieldDescriptor;
}

namespace focal::record {

std::span<const std::string_view> languages();  // en, fr, es, ru, zh, ar
bool is_un_language(std::string_view lang);

// Keys and texts are views into the text it was made from, which must stay.
class Catalogue {
 public:
  // Lines "key en fr es ru zh ar note" between tabs, after a line of titles. A line of another
  // shape, an empty text or a key given twice ends the program: the file is ours.
  explicit Catalogue(std::string_view tsv);

  // lang is one of languages(); anything else gives English. Nothing: no such key.
  std::optional<std::string_view> text(std::string_view key, std::string_view lang) const;
  std::vector<std::string_view> keys() const;  // sorted

 private:
  std::map<std::string_view, std::vector<std::string_view>> rows_;
};

// Names of fields (data/field_labels.tsv): "WeaponItem.serial_raw", or "*.note" where a field
// means the same in every message that has it. "Record.trace_ack" names the kind trace.ack.
const Catalogue& field_labels();
// Nothing: the field has no name there. A test refuses such a field.
std::optional<std::string_view> field_label(const google::protobuf::FieldDescriptor& field,
                                            std::string_view lang);

}  // namespace focal::record

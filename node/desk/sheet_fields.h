// The fields of one record on a case sheet, read from the schema: labels in the reader's
// language, coded values in words, what is declared unknown, what is left out. Nothing here
// knows a message by heart; a field added to the schema shows by itself.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "node/record/catalogue.h"
#include "proto/sheet.pb.h"

namespace google::protobuf {
class Message;
class FieldDescriptor;
}  // namespace google::protobuf

namespace focal::v1 {
class Record;
}

namespace focal::desk {

namespace v1 = focal::api::v1;

// Who reads the sheet.
struct Reader {
  std::string lang = "en";
  bool with_personal_data = false;

  std::string word(std::string_view key) const;  // of data/sheet_words.tsv; the key if not there
  // A code in words; for codes that people know by their letter: "H1 – …". The code if the
  // list has no such code (a newer one).
  std::string code(std::string_view list, std::string_view code) const;
  std::string country(std::string_view code) const;  // "France (FR)"
  std::string kind(std::string_view kind) const;     // "tracing request"
};

const record::Catalogue& sheet_words();

// What the sheet has to say about itself.
struct Tally {
  std::uint32_t left_out = 0;      // fields of personal data
  bool has_personal = false;       // such a field is shown
  std::set<std::string> warnings;  // codes of SheetValue.warnings
};

// Somebody's words as a value: made visible, with their warnings.
v1::SheetValue quoted_value(std::string_view text, Tally& tally);
std::string sheet_time(std::string_view at);  // 2026-03-02 09:14 UTC; as it is if no time
// Our own words.
v1::SheetValue plain_value(std::string text, std::string label = {});
void add_field(std::string label, std::string text, v1::SheetSection* out);  // not if empty

class RecordFields {
 public:
  RecordFields(const focal::v1::Record& record, const Reader& reader, Tally& tally);

  using Names = std::initializer_list<std::string_view>;
  // The fields of a message of the record that stands at path.
  void message(const google::protobuf::Message& message, const std::string& path,
               v1::SheetSection* out, Names except = {});
  // One of them; nothing if it is empty and not declared unknown.
  void field(const google::protobuf::Message& message, const std::string& name,
             const std::string& path, v1::SheetSection* out);
  // Paths that are declared unknown and were met nowhere.
  void unknown_rest(v1::SheetSection* out);

 private:
  using Message = google::protobuf::Message;
  using Field = google::protobuf::FieldDescriptor;

  void one(const Message& message, const Field& field, const std::string& path,
           v1::SheetSection* out);
  void table(const Message& message, const Field& field, const std::string& path,
             v1::SheetSection* out);
  void row(const Message& message, const std::string& path,
           const std::vector<const Field*>& columns, std::size_t own, v1::SheetRow* out);
  // Values of a field that needs no part of its own; label_each: they stand among others.
  template <typename Out>
  void values(const Message& message, const Field& field, const std::string& path, bool label_each,
              Out* out);
  template <typename Out>
  void small(const Message& message, const std::string& path, const std::string& label, Out* out);
  v1::SheetValue scalar(const Message& message, const Field& field, int index);
  v1::SheetValue text(const Field& field, const std::string& text);
  std::string label(const Field& field) const;
  std::string path_words(const std::string& path) const;
  bool shows(const Message& message, const Field& field, const std::string& path) const;
  bool leaves_out(const Message& message, const Field& field) const;

  const Reader& reader_;
  Tally& tally_;
  std::map<std::string, bool> unknown_;  // path, met
};

}  // namespace focal::desk

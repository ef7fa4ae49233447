// Goal: what a form is made from is the schema itself: every kind, message, field and rule, each
// with a name in each language; and a record that was filled in by it breaks no rule of it.
// Method: the answer is compared with the descriptors, walked independently; some fields by hand;
// records filled by the rules are checked whole and with each field taken out.
#include "node/desk/form_schema.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "node/desk/form_help.h"
#include "node/record/catalogue.h"
#include "node/record/codes.h"
#include "node/record/kinds.h"
#include "proto/console.pb.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "tests/unit/record/filler.h"

namespace focal::desk {
namespace {

namespace pb = google::protobuf;
namespace v1 = api::v1;

v1::SchemaResponse schema(const std::string& lang = {}) {
  v1::SchemaRequest request;
  request.set_lang(lang);
  v1::SchemaResponse out;
  EXPECT_TRUE(show_schema(request, &out).has_value());
  return out;
}

// "Message.field"
std::map<std::string, v1::SchemaField> fields_of(const v1::SchemaResponse& schema) {
  std::map<std::string, v1::SchemaField> out;
  for (const auto& message : schema.messages())
    for (const auto& field : message.fields())
      EXPECT_TRUE(out.emplace(message.name() + "." + field.name(), field).second);
  return out;
}

std::set<const pb::Descriptor*> messages_of_record() {
  std::set<const pb::Descriptor*> out;
  const std::function<void(const pb::Descriptor*)> walk = [&](const pb::Descriptor* type) {
    if (!out.insert(type).second) return;
    for (int i = 0; i < type->field_count(); ++i)
      if (type->field(i)->message_type() != nullptr) walk(type->field(i)->message_type());
  };
  walk(focal::v1::Record::descriptor());
  return out;
}

TEST(FormSchema, HasEveryKindMessageAndFieldInEveryLanguage) {
  const auto english = fields_of(schema());
  for (const std::string_view lang : record::languages()) {
    const v1::SchemaResponse all = schema(std::string(lang));
    EXPECT_EQ(all.lang(), lang);
    EXPECT_EQ(all.messages(0).name(), "Record");
    ASSERT_EQ(static_cast<std::size_t>(all.kinds_size()), record::kinds().size());
    for (int i = 0; i < all.kinds_size(); ++i) {
      const record::KindInfo& kind = record::kinds()[static_cast<std::size_t>(i)];
      EXPECT_EQ(all.kinds(i).name(), kind.name);
      EXPECT_EQ(all.kinds(i).field(), kind.field_name);
      EXPECT_EQ(all.kinds(i).life(), kind.life);
      EXPECT_EQ(all.kinds(i).case_root(), kind.is_case_root);
      EXPECT_FALSE(all.kinds(i).label().empty());
    }
    const auto fields = fields_of(all);
    std::size_t expected = 0, differs = 0;
    for (const pb::Descriptor* type : messages_of_record()) {
      for (int i = 0; i < type->field_count(); ++i, ++expected) {
        const auto found = fields.find(type->name() + "." + type->field(i)->name());
        ASSERT_NE(found, fields.end()) << type->field(i)->full_name();
        EXPECT_FALSE(found->second.label().empty());
        differs += found->second.label() == english.at(found->first).label() ? 0 : 1;
      }
    }
    EXPECT_EQ(fields.size(), expected) << "and nothing else";
    EXPECT_EQ(differs > expected / 2, lang != "en") << lang;
    EXPECT_EQ(static_cast<std::size_t>(all.messages_size()), messages_of_record().size());
  }
}

TEST(FormSchema, SaysTheRulesOfTheFields) {
  const auto fields = fields_of(schema());
  const auto at = [&](const char* name) { return fields.at(name); };
  const v1::SchemaField serial = at("WeaponItem.serial_raw");
  EXPECT_EQ(serial.type(), "TEXT");
  EXPECT_EQ(serial.max_bytes(), 64u);
  EXPECT_TRUE(serial.prompted());
  EXPECT_FALSE(serial.required() || serial.list() || serial.personal() || serial.optional());
  EXPECT_EQ(at("WeaponItem.category").type(), "CODE");
  EXPECT_EQ(at("WeaponItem.category").code_list(), "weapon_category");
  EXPECT_TRUE(at("WeaponItem.category").required());
  EXPECT_EQ(at("WeaponItem.serial_alternatives").max_items(), 20u);
  EXPECT_TRUE(at("WeaponItem.serial_alternatives").list());
  EXPECT_EQ(at("WeaponItem.accessories").max_items(), 64u) << "where no rule says another";
  const v1::SchemaField mass = at("WeaponItem.mass_g");
  EXPECT_EQ(mass.type() + mass.min() + "-" + mass.max(), "NUMBER1-5000000");
  EXPECT_TRUE(mass.optional());
  EXPECT_EQ(at("Circumstances.found_lat_tenths").min(), "-900");
  EXPECT_EQ(at("WeaponItem.mismatched_parts").type(), "BOOL");
  EXPECT_EQ(at("WeaponItem.country_of_import").message(), "CountryOfImport");
  EXPECT_EQ(at("WeaponItem.country_of_import").type(), "MESSAGE");
  EXPECT_EQ(at("CountryOfImport.code").type(), "COUNTRY");
  EXPECT_EQ(at("PartialDate.value").type(), "PARTIAL_DATE");
  EXPECT_EQ(at("Label.retain_until").type(), "DATE");
  EXPECT_EQ(at("Label.provider").type(), "PARTY");
  EXPECT_EQ(at("Header.from_desk").type(), "DESK");
  EXPECT_EQ(at("Header.language").type(), "LANGUAGE");
  EXPECT_EQ(at("ItemResult.missing_fields").type(), "FIELD_PATH");
  EXPECT_EQ(at("ItemResult.reason_text").min_chars(), 20u);
  EXPECT_EQ(at("FileNote.sha256").type(), "SHA256");
  EXPECT_EQ(at("PskConfirm.tag").type(), "BYTES");
  EXPECT_TRUE(at("WeaponItem.photos").attachment());
  EXPECT_TRUE(at("Person.name").personal());
  EXPECT_EQ(at("Marking.kind").max_bytes(), 0u) << "a code has no size";
  EXPECT_EQ(at("WeaponItem.make").suggest(), "MAKE");
  EXPECT_EQ(at("WeaponItem.model").suggest(), "MODEL");
  EXPECT_EQ(at("WeaponItem.calibre_raw").suggest(), "CALIBRE");
  EXPECT_EQ(at("WeaponItem.calibre_code").suggest(), "CALIBRE");
  EXPECT_EQ(at("WeaponItem.type").suggest(), "WEAPON_TYPE");
  EXPECT_EQ(at("AssociatedItem.type").suggest(), "WEAPON_TYPE");
  EXPECT_EQ(at("Marking.text_raw").suggest(), "");
  for (const auto& [name, field] : fields)
    EXPECT_EQ(field.type() == "CODE", !record::codes(field.code_list()).empty()) << name;
}

TEST(FormSchema, SaysWhatIsNeededWhen) {
  std::map<std::string, v1::SchemaMessage> messages;
  const v1::SchemaResponse all = schema();
  for (const auto& message : all.messages()) messages[message.name()] = message;
  const auto& label = messages.at("Label").needs(0);
  EXPECT_EQ(label.ShortDebugString(),
            "field: \"h_codes\" codes: \"H3\" fields: \"h3_text\" only: true");
  const auto& results = messages.at("ItemResult").needs();
  EXPECT_GE(results.size(), 8);
  bool unless = false, unknown = false;
  for (const auto& need : results) {
    unless = unless || (need.unless_field() == "completeness" && need.unless_code() == "RESTRICTED");
    unknown = unknown || need.may_be_unknown();
  }
  EXPECT_TRUE(unless && unknown);
  EXPECT_EQ(messages.at("TraceWithdraw").needs(0).fields(0), "text");
  std::size_t needs = 0, declared = 0;
  for (const auto& message : all.messages()) needs += static_cast<std::size_t>(message.needs_size());
  for (const pb::Descriptor* type : messages_of_record())
    declared += static_cast<std::size_t>(type->options().ExtensionSize(focal::v1::need));
  EXPECT_EQ(needs, declared);
}

TEST(FormSchema, AnUnknownLanguageIsRefused) {
  for (const char* lang : {"de", "EN", "en-GB", "e", "../fr"}) {
    v1::SchemaRequest request;
    request.set_lang(lang);
    v1::SchemaResponse out;
    const Status done = show_schema(request, &out);
    ASSERT_FALSE(done.has_value()) << lang;
    EXPECT_EQ(done.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(done.error().path, "lang");
  }
}

// ---- the rules asked before anything is sent

v1::RecordCheckResponse check(const focal::v1::Record& record, const std::string& lang = "en") {
  v1::RecordCheckRequest request;
  EXPECT_TRUE(json::to_struct(record, *request.mutable_record()).has_value());
  request.add_to("XB");
  request.set_lang(lang);
  v1::RecordCheckResponse out;
  const Status done = check_record(request, "XA", &out);
  EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().message);
  return out;
}

TEST(RecordCheck, WhatIsFilledByTheSchemaBreaksNoRule) {
  for (const record::KindInfo& kind : record::kinds()) {
    const auto full = check(record::test::full_record(kind.name));
    EXPECT_EQ(full.found(), 0u) << kind.name << " " << full.ShortDebugString();
    EXPECT_EQ(check(record::test::least_record(kind.name)).found(), 0u) << kind.name;
  }
}

TEST(RecordCheck, EveryFieldThatIsMissingIsNamedByItsPathAndInTheLanguage) {
  for (const std::string_view lang : {"en", "zh", "ar"}) {
    const auto fields = fields_of(schema(std::string(lang)));
    focal::v1::Record record = record::test::least_record("trace.request");
    std::size_t seen = 0;
    record::test::for_each_field(
        record, "", [&](pb::Message& message, const pb::FieldDescriptor* field,
                        const std::string& path) {
          const auto& plan = fields.at(field->containing_type()->name() + "." + field->name());
          const auto* reflection = message.GetReflection();
          const bool there = field->is_repeated() ? reflection->FieldSize(message, field) > 0
                                                  : reflection->HasField(message, field);
          if (!plan.required() || !there) return;
          const std::unique_ptr<pb::Message> kept(message.New());
          kept->CopyFrom(message);
          reflection->ClearField(&message, field);
          const auto problems = check(record, std::string(lang));
          bool named = false;
          for (const auto& each : problems.problems())
            named = named || (each.path() == path && each.rule() == "REQUIRED" &&
                              each.label() == plan.label() && !each.text().empty());
          EXPECT_TRUE(named) << path << " " << problems.ShortDebugString();
          message.CopyFrom(*kept);
          ++seen;
        });
    EXPECT_GE(seen, 15u);
    EXPECT_EQ(check(record).found(), 0u) << "all of it was put back";
  }
}

TEST(RecordCheck, WhatIsNoRecordHasOneProblem) {
  v1::RecordCheckRequest request;
  request.add_to("XB");
  v1::RecordCheckResponse out;
  auto& fields = *request.mutable_record()->mutable_fields();
  (*fields["trace_request"].mutable_struct_value()->mutable_fields())["nonsense"].set_bool_value(true);
  ASSERT_TRUE(check_record(request, "XA", &out).has_value());
  ASSERT_EQ(out.problems_size(), 1);
  EXPECT_EQ(out.found(), 1u);
  EXPECT_EQ(out.problems(0).rule(), "JSON");
  EXPECT_EQ(out.problems(0).path(), "trace_request.nonsense");
  out.Clear();
  request.clear_record();
  ASSERT_TRUE(check_record(request, "XA", &out).has_value());
  EXPECT_EQ(out.problems(0).rule(), "KIND") << "an empty form";
}

TEST(RecordCheck, ManyProblemsAreCountedAndTheFirstAreShown) {
  focal::v1::Record record = record::test::least_record("trace.request");
  auto* request = record.mutable_trace_request();
  for (int i = 0; i < 40; ++i) request->add_items();
  const auto out = check(record);
  EXPECT_EQ(out.problems_size(), 50);
  EXPECT_GT(out.found(), 100u);
}

TEST(RecordCheck, AVeryLargeRecordIsTooBig) {
  focal::v1::Record record = record::test::least_record("trace.request");
  for (int i = 0; i < 150; ++i)
    record.mutable_trace_request()->add_items()->set_finish(std::string(2000, 'x'));
  const auto out = check(record);
  ASSERT_EQ(out.problems_size(), 1);
  EXPECT_EQ(out.problems(0).rule(), "TOO_BIG");
}

TEST(RecordCheck, PartiesAndLanguageAreChecked) {
  v1::RecordCheckRequest request;
  v1::RecordCheckResponse out;
  request.add_to("XB");
  request.add_to("no party");
  EXPECT_EQ(check_record(request, "XA", &out).error().path, "to[1]");
  request.clear_to();
  for (int i = 0; i < 257; ++i) request.add_to("XB");
  EXPECT_EQ(check_record(request, "XA", &out).error().path, "to");
  request.clear_to();
  request.set_lang("de");
  EXPECT_EQ(check_record(request, "XA", &out).error().path, "lang");
}

}  // namespace
}  // namespace focal::desk

// Goal: the rules that stand in the schema work for every field of every kind,
// whatever fields are added later.
// Method: records filled from the rules themselves; one field at a time is taken
// away, spoiled or marked, and the answer must name exactly that field's path.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "node/record/codes.h"
#include "node/record/schema.h"
#include "node/record/validate.h"
#include "tests/unit/record/filler.h"

namespace focal::record::test {
namespace {

namespace pb = google::protobuf;
using pb::FieldDescriptor;

bool names(const Checked& checked, std::string_view rule, const std::string& path) {
  const auto all = problems_of(checked);
  return std::find(all.begin(), all.end(), std::string(rule) + " " + path) != all.end();
}

// Runs act on a fresh full record of each kind for each field; act spoils the
// field and returns false where it does not apply.
using Act = std::function<bool(pb::Message&, const FieldDescriptor*, const v1::FieldRule&)>;
const v1::FieldRule& rule_of(const pb::Message& m, const FieldDescriptor* f) {
  return *plan_of(m.GetDescriptor()).fields[static_cast<std::size_t>(f->index())].rule;
}

using Expect = std::function<void(v1::Record&, const std::string& path)>;

std::size_t for_every_field(const Act& act, const Expect& expect) {
  std::size_t applied = 0;
  for (const KindInfo& kind : kinds()) {
    v1::Record base = full_record(kind.name);
    std::size_t fields = 0;
    for_each_field(base, "",
                   [&](pb::Message&, const FieldDescriptor*, const std::string&) { ++fields; });
    for (std::size_t target = 0; target < fields; ++target) {
      v1::Record record = base;
      std::size_t at = 0;
      std::string path;
      for_each_field(record, "",
                     [&](pb::Message& m, const FieldDescriptor* f, const std::string& here) {
                       if (at++ != target || !path.empty()) return;
                       if (act(m, f, rule_of(m, f))) path = here;
                     });
      if (path.empty()) continue;
      ++applied;
      expect(record, path);
    }
  }
  return applied;
}

// Spoils one text: all values of a list are replaced by one.
void set_text(pb::Message& m, const FieldDescriptor* f, const std::string& value) {
  const pb::Reflection& r = *m.GetReflection();
  if (!f->is_repeated()) return r.SetString(&m, f, value);
  r.ClearField(&m, f);
  r.AddString(&m, f, value);
}

bool is_text(const FieldDescriptor* f) { return f->type() == FieldDescriptor::TYPE_STRING; }

TEST(SchemaRules, FullAndLeastRecordsOfEveryKindAreValid) {
  for (const KindInfo& kind : kinds()) {
    EXPECT_EQ(problems_of(check(full_record(kind.name))), std::vector<std::string>{}) << kind.name;
    EXPECT_EQ(problems_of(check(least_record(kind.name))), std::vector<std::string>{}) << kind.name;
  }
}

TEST(SchemaRules, EveryRequiredFieldTakenAwayIsNamed) {
  const std::size_t tried = for_every_field(
      [](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
        if (!rule.required()) return false;
        m.GetReflection()->ClearField(&m, f);
        return true;
      },
      [](v1::Record& record, const std::string& path) {
        const Checked checked = check(record);
        EXPECT_TRUE(names(checked, "REQUIRED", path)) << path;
        if (!checked.has_value() && path == "header") {
          EXPECT_EQ(checked.error().status, RecordStatus::kForm);
        }
      });
  EXPECT_GT(tried, 300u);
}

TEST(SchemaRules, EveryPromptedFieldHasAValueOrAMarkNeverBoth) {
  const std::size_t tried = for_every_field(
      [](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
        if (!rule.prompted() || f->name() == "serial_raw" || f->name() == "others_asked")
          return false;  // tied to a second field by a named rule: rules_test.cc
        m.GetReflection()->ClearField(&m, f);
        return true;
      },
      [](v1::Record& record, const std::string& path) {
        EXPECT_TRUE(names(check(record), "PROMPTED", path)) << path;
        record.add_unknown_fields(path);
        EXPECT_EQ(problems_of(check(record)), std::vector<std::string>{}) << path;
      });
  EXPECT_GT(tried, 25u);

  const std::size_t both =
      for_every_field([](pb::Message&, const FieldDescriptor*,
                         const v1::FieldRule& rule) { return rule.prompted(); },
                      [](v1::Record& record, const std::string& path) {
                        record.add_unknown_fields(path);
                        EXPECT_TRUE(names(check(record), "MARKED_AND_GIVEN", path)) << path;
                      });
  EXPECT_GE(both, tried);
}

TEST(SchemaRules, OnlyPromptedFieldsCanBeMarked) {
  for_every_field(
      [](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
        if (rule.prompted() || f->name() == "unknown_fields") return false;
        if (f->real_containing_oneof() != nullptr) return false;  // the kind itself
        m.GetReflection()->ClearField(&m, f);
        return true;
      },
      [](v1::Record& record, const std::string& path) {
        record.add_unknown_fields(path);
        const Checked checked = check(record);
        EXPECT_FALSE(checked.has_value()) << path;
      });
}

TEST(SchemaRules, EveryCodedFieldRefusesAnUnknownCode) {
  const std::size_t tried = for_every_field(
      [](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
        if (rule.code_list().empty()) return false;
        set_text(m, f, "no_such_code");
        return true;
      },
      [](v1::Record& record, const std::string& path) {
        const Checked checked = check(record);
        ASSERT_FALSE(checked.has_value()) << path;
        const auto& all = checked.error().problems;
        const auto found = std::find_if(all.begin(), all.end(), [&](const Problem& p) {
          return p.rule == "CODE" && (p.path == path || p.path == path + "[0]");
        });
        ASSERT_NE(found, all.end()) << path;
        EXPECT_FALSE(found->hint.empty());
      });
  EXPECT_GT(tried, 60u);
}

TEST(SchemaRules, EveryCodeOfALowerCaseWritingIsRefused) {
  for_every_field(
      [](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
        if (rule.code_list() != "priority" && rule.code_list() != "ground") return false;
        set_text(m, f, rule.code_list() == "priority" ? "routine" : "national_security");
        return true;
      },
      [](v1::Record& record, const std::string& path) {
        EXPECT_TRUE(names(check(record), "CODE", path)) << path;
      });
}

TEST(SchemaRules, EveryTextHasALimitAndNoControlCharacters) {
  const auto plain = [](const FieldDescriptor* f, const v1::FieldRule& rule) {
    return is_text(f) && rule.code_list().empty() && !rule.attachment() &&
           f->name() != "unknown_fields";
  };
  const auto spoil_with = [&](const std::string& value, std::string_view rule_name) {
    return for_every_field(
        [&](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
          if (!plain(f, rule)) return false;
          std::string text = value;
          if (text.empty())
            text = std::string((rule.max_bytes() != 0 ? rule.max_bytes() : kDefaultTextBytes) + 1,
                               'x');
          set_text(m, f, text);
          return true;
        },
        [&](v1::Record& record, const std::string& path) {
          const Checked checked = check(record);
          EXPECT_TRUE(names(checked, rule_name, path) || names(checked, rule_name, path + "[0]"))
              << rule_name << " " << path;
        });
  };
  EXPECT_GT(spoil_with("", "TOO_LONG"), 100u);
  spoil_with("a\x01z", "TEXT");
  spoil_with("  \n ", "BLANK");
}

TEST(SchemaRules, EveryListHasALimit) {
  for_every_field(
      [](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
        if (!f->is_repeated() || rule.attachment() || f->name() == "unknown_fields") return false;
        const pb::Reflection& r = *m.GetReflection();
        const std::uint32_t limit = rule.max_items() != 0 ? rule.max_items() : kDefaultListItems;
        while (static_cast<std::uint32_t>(r.FieldSize(m, f)) <= limit) {
          if (f->message_type() != nullptr)
            r.AddMessage(&m, f);
          else if (f->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
            r.AddString(&m, f, "x");
          else
            r.AddUInt32(&m, f, 1);
        }
        return true;
      },
      [](v1::Record& record, const std::string& path) {
        EXPECT_TRUE(names(check(record), "TOO_MANY", path)) << path;
      });
}

TEST(SchemaRules, EveryAttachmentFieldIsRefusedForNow) {
  const std::size_t tried = for_every_field(
      [](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
        if (!rule.attachment()) return false;
        if (f->message_type() != nullptr)
          m.GetReflection()->AddMessage(&m, f);
        else
          set_text(m, f, "P1.jpg");
        return true;
      },
      [](v1::Record& record, const std::string& path) {
        const Checked checked = check(record);
        EXPECT_TRUE(names(checked, "ATTACHMENT", path)) << path;
        EXPECT_EQ(checked.error().status, RecordStatus::kAttachmentsNotYet);
      });
  EXPECT_GT(tried, 5u);
}

TEST(SchemaRules, EveryPersonalFieldNeedsTheFlagInTheLabel) {
  const std::size_t tried = for_every_field(
      [](pb::Message&, const FieldDescriptor*, const v1::FieldRule& rule) {
        return rule.personal();
      },
      [](v1::Record& record, const std::string& path) {
        record.mutable_header()->mutable_label()->set_personal_data(false);
        const Checked checked = check(record);
        EXPECT_TRUE(names(checked, "PERSONAL_DATA", "header.label.personal_data")) << path;
        EXPECT_EQ(checked.error().status, RecordStatus::kLabel);
      });
  EXPECT_GT(tried, 5u);
}

TEST(SchemaRules, APathNamesPersonalDataWhereItsFieldIs) {
  const std::string person = "trace_request.circumstances.persons";
  for (const std::string& path :
       {person, person + "[0]", person + "[3].name", person + "[0].aliases[1]",
        person + "[0].born", person + "[0].born.value",
        std::string("trace_response.results[0].holder"),
        std::string("trace_response.results[0].holder.address")})
    EXPECT_TRUE(names_personal(path)) << path;
  for (const std::string& path :
       {person + "[0].role", person + "[0].pseudonym", person + "[0].no_such_field",
        std::string("trace_request.circumstances"), std::string("trace_request.items[0].make"),
        std::string("trace_response.results[0].holder.class"), std::string("x"), std::string("x."),
        std::string(".")})
    EXPECT_FALSE(names_personal(path)) << path;
}

TEST(SchemaRules, EveryNumberIsInItsRange) {
  const std::size_t tried = for_every_field(
      [](pb::Message& m, const FieldDescriptor* f, const v1::FieldRule& rule) {
        if (!rule.has_max() || f->is_repeated()) return false;
        const pb::Reflection& r = *m.GetReflection();
        if (f->cpp_type() == FieldDescriptor::CPPTYPE_UINT32)
          r.SetUInt32(&m, f, static_cast<std::uint32_t>(rule.max() + 1));
        else if (f->cpp_type() == FieldDescriptor::CPPTYPE_INT32)
          r.SetInt32(&m, f, static_cast<std::int32_t>(rule.max() + 1));
        else
          r.SetUInt64(&m, f, UINT64_MAX);
        return true;
      },
      [](v1::Record& record, const std::string& path) {
        EXPECT_TRUE(names(check(record), "RANGE", path)) << path;
      });
  EXPECT_GT(tried, 15u);
}

// The table "what each result needs", and every other need of the schema: for
// each code the needed field is asked for, and `only` fields are refused elsewhere.
TEST(SchemaRules, EveryNeedIsAskedForAndOnlyThere) {
  std::size_t asked = 0;
  for (const KindInfo& kind : kinds()) {
    v1::Record base = full_record(kind.name);
    for_each_field(
        base, "", [&](pb::Message& m, const FieldDescriptor* f, const std::string& path) {
          if (f->index() != 0) return;  // once a message
          const std::string prefix = path.substr(0, path.size() - f->name().size());
          const MessagePlan& plan = plan_of(m.GetDescriptor());
          const pb::Reflection& r = *m.GetReflection();
          const std::unique_ptr<pb::Message> saved(m.New());
          saved->CopyFrom(m);
          for (const NeedPlan& need : plan.needs)
            for (const std::string& code : need.need->codes())
              for (const std::size_t place : need.fields) {
                set_text(m, need.field, code);
                if (need.unless_field != nullptr) set_text(m, need.unless_field, "FULL");
                r.ClearField(&m, plan.fields[place].field);
                const std::string needed = prefix + plan.fields[place].field->name();
                EXPECT_TRUE(names(check(base), "NEEDED", needed)) << code << " " << needed;
                base.add_unknown_fields(needed);
                EXPECT_EQ(names(check(base), "NOT_PROMPTED", "unknown_fields[0]"),
                          !need.need->may_be_unknown())
                    << code << " " << needed;
                base.clear_unknown_fields();
                m.CopyFrom(*saved);
                ++asked;
              }
        });
  }
  EXPECT_GT(asked, 100u);
}

}  // namespace
}  // namespace focal::record::test

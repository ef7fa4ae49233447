#include "node/desk/form_schema.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>
#include <vector>

#include "node/record/catalogue.h"
#include "node/record/kinds.h"
#include "node/record/schema.h"
#include "proto/console.pb.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = google::protobuf;
namespace v1 = api::v1;
using focal::v1::FieldRule;
using Field = pb::FieldDescriptor;

std::string label_of(const Field& field, std::string_view lang) {
  return std::string(record::field_label(field, lang).value_or(field.name()));
}

std::string_view text_type(const FieldRule& rule) {
  if (!rule.code_list().empty()) return "CODE";
  switch (rule.format()) {
    case focal::v1::FORMAT_DATE: return "DATE";
    case focal::v1::FORMAT_PARTIAL_DATE: return "PARTIAL_DATE";
    case focal::v1::FORMAT_COUNTRY: return "COUNTRY";
    case focal::v1::FORMAT_PARTY: return "PARTY";
    case focal::v1::FORMAT_DESK: return "DESK";
    case focal::v1::FORMAT_LANGUAGE: return "LANGUAGE";
    case focal::v1::FORMAT_FIELD_PATH: return "FIELD_PATH";
    case focal::v1::FORMAT_SHA256: return "SHA256";
    default: return "TEXT";
  }
}

std::string_view type_of(const Field& field, const FieldRule& rule) {
  switch (field.cpp_type()) {
    case Field::CPPTYPE_MESSAGE: return "MESSAGE";
    case Field::CPPTYPE_BOOL: return "BOOL";
    case Field::CPPTYPE_STRING:
      return field.type() == Field::TYPE_BYTES ? "BYTES" : text_type(rule);
    default: return "NUMBER";
  }
}

// A message with a serial number of its own describes a weapon, whatever it is called: as for the
// search index (node/record/search_fields.h), its fields are known by their names.
bool describes_weapon(const record::MessagePlan& plan) {
  return std::any_of(plan.fields.begin(), plan.fields.end(), [](const record::FieldPlan& each) {
    return each.rule->blind_index() == "serial";
  });
}

std::string_view suggest_of(const record::FieldPlan& field, bool weapon) {
  if (field.rule->code_list() == "weapon_type") return "WEAPON_TYPE";
  if (field.rule->code_list() == "calibre") return "CALIBRE";
  if (!weapon) return {};
  const std::string& name = field.field->name();
  if (name == "make" || name == "make_code") return "MAKE";
  if (name == "model" || name == "model_code") return "MODEL";
  return name == "calibre_raw" ? "CALIBRE" : "";
}

void fill_sizes(const Field& field, const FieldRule& rule, v1::SchemaField* out) {
  const bool free_text = out->type() == "TEXT";
  if (free_text || out->type() == "BYTES")
    out->set_max_bytes(rule.max_bytes() == 0 && free_text ? record::kDefaultTextBytes
                                                          : rule.max_bytes());
  out->set_min_chars(rule.min_chars());
  if (field.is_repeated())
    out->set_max_items(rule.max_items() == 0 ? record::kDefaultListItems : rule.max_items());
  if (rule.has_min()) out->set_min(std::to_string(rule.min()));
  if (rule.has_max()) out->set_max(std::to_string(rule.max()));
}

void fill_field(const record::FieldPlan& plan, bool weapon, std::string_view lang,
                v1::SchemaField* out) {
  const Field& field = *plan.field;
  const FieldRule& rule = *plan.rule;
  out->set_name(field.name());
  out->set_label(label_of(field, lang));
  out->set_type(std::string(type_of(field, rule)));
  if (field.message_type() != nullptr) out->set_message(field.message_type()->name());
  out->set_list(field.is_repeated());
  out->set_required(rule.required());
  out->set_prompted(rule.prompted());
  out->set_code_list(rule.code_list());
  fill_sizes(field, rule, out);
  out->set_personal(rule.personal());
  out->set_attachment(rule.attachment());
  out->set_optional(field.has_optional_keyword());
  out->set_suggest(std::string(suggest_of(plan, weapon)));
}

void fill_need(const record::MessagePlan& message, const record::NeedPlan& plan,
               v1::SchemaNeed* out) {
  const focal::v1::Need& need = *plan.need;
  out->set_field(plan.field->name());
  *out->mutable_codes() = need.codes();
  for (const std::size_t place : plan.fields)
    out->add_fields(message.fields[place].field->name());
  out->set_only(need.only());
  out->set_may_be_unknown(need.may_be_unknown());
  out->set_unless_field(need.unless_field());
  out->set_unless_code(need.unless_code());
}

// A message, then those that it holds, each once.
void fill_messages(const pb::Descriptor* type, std::string_view lang,
                   std::set<const pb::Descriptor*>& seen, v1::SchemaResponse* out) {
  if (!seen.insert(type).second) return;
  const record::MessagePlan& plan = record::plan_of(type);
  v1::SchemaMessage* message = out->add_messages();
  message->set_name(type->name());
  const bool weapon = describes_weapon(plan);
  for (const record::FieldPlan& field : plan.fields)
    fill_field(field, weapon, lang, message->add_fields());
  for (const record::NeedPlan& need : plan.needs) fill_need(plan, need, message->add_needs());
  for (const record::FieldPlan& field : plan.fields)
    if (field.field->message_type() != nullptr)
      fill_messages(field.field->message_type(), lang, seen, out);
}

}  // namespace

Result<std::string> form_language(const std::string& lang) {
  if (lang.empty()) return std::string("en");
  if (record::is_un_language(lang)) return lang;
  return fail(ErrorCode::kInvalid, "there is no such language here", "en, fr, es, ru, zh or ar.",
              "lang");
}

Status show_schema(const v1::SchemaRequest& request, v1::SchemaResponse* out) {
  FOCAL_ASSIGN(const std::string lang, form_language(request.lang()));
  out->set_lang(lang);
  const pb::Descriptor* root = focal::v1::Record::descriptor();
  for (const record::KindInfo& kind : record::kinds()) {
    const Field* field = root->FindFieldByName(kind.field_name);
    v1::SchemaKind* shown = out->add_kinds();
    shown->set_name(kind.name);
    shown->set_label(label_of(*field, lang));
    shown->set_field(kind.field_name);
    shown->set_message(field->message_type()->name());
    shown->set_life(kind.life);
    shown->set_case_root(kind.is_case_root);
  }
  std::set<const pb::Descriptor*> seen;
  fill_messages(root, lang, seen, out);
  return {};
}

}  // namespace focal::desk

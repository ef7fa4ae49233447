#include "node/record/search_fields.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/check.h"
#include "node/record/schema.h"
#include "node/record/serial_keys.h"
#include "node/record/unicode_text.h"
#include "proto/record.pb.h"

namespace focal::record {
namespace {

namespace pb = google::protobuf;

// Raised when keys of the same fields are made differently.
constexpr std::uint64_t kKeyRules = 1;

constexpr std::uint32_t kMaxItemNo = 0xffff;  // what the index has room for

enum class Index : std::uint8_t { kNone, kSerial, kCase };

Index index_named(std::string_view name) {
  if (name.empty()) return Index::kNone;
  if (name == kSerialIndex) return Index::kSerial;
  FOCAL_CHECK(name == kCaseIndex);
  return Index::kCase;
}

struct IndexedField {
  const pb::FieldDescriptor* field = nullptr;
  Index index = Index::kNone;
};

// What the walk has to look at in a message of one type.
struct TypePlan {
  const pb::FieldDescriptor* item_no = nullptr;  // may be null
  std::vector<IndexedField> fields;
  std::vector<const pb::FieldDescriptor*> parts;  // messages with something to find in them
  // Both or neither: the message supplies a value for the field at that path.
  const pb::FieldDescriptor* path = nullptr;
  const pb::FieldDescriptor* value = nullptr;
  bool has_serial = false;
  bool empty() const { return fields.empty() && parts.empty() && path == nullptr; }
};

using Plans = std::unordered_map<const pb::Descriptor*, TypePlan>;

bool is_text(const pb::FieldDescriptor* field) {
  return field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING && !field->is_repeated();
}

void find_supplied(const pb::Descriptor* type, TypePlan& plan) {
  const auto* value = type->FindFieldByName("value");
  if (value == nullptr || !is_text(value)) return;
  for (const FieldPlan& each : plan_of(type).fields) {
    if (each.rule->format() != v1::FORMAT_FIELD_PATH || !is_text(each.field)) continue;
    plan.path = each.field;
    plan.value = value;
  }
}

// No message of the schema holds itself, at any depth.
const TypePlan& add_type(const pb::Descriptor* type, Plans& plans) {
  if (const auto found = plans.find(type); found != plans.end()) return found->second;
  TypePlan plan;
  for (const FieldPlan& each : plan_of(type).fields) {
    const Index index = index_named(each.rule->blind_index());
    if (index != Index::kNone) {
      FOCAL_CHECK(each.field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING);
      plan.fields.push_back({each.field, index});
      plan.has_serial = plan.has_serial || index == Index::kSerial;
    } else if (each.field->message_type() != nullptr) {
      if (!add_type(each.field->message_type(), plans).empty()) plan.parts.push_back(each.field);
    } else if (each.field->name() == "item_no" && !each.field->is_repeated() &&
               each.field->cpp_type() == pb::FieldDescriptor::CPPTYPE_UINT32) {
      plan.item_no = each.field;
    }
  }
  find_supplied(type, plan);
  return plans.emplace(type, std::move(plan)).first->second;
}

const Plans& plans() {
  static const auto* const all = [] {
    auto* made = new Plans();
    add_type(v1::Record::descriptor(), *made);
    return made;
  }();
  return *all;
}

template <typename Visit>
void each_text(const pb::Message& m, const pb::FieldDescriptor* field, Visit visit) {
  const pb::Reflection* r = m.GetReflection();
  std::string scratch;
  if (!field->is_repeated()) {
    visit(r->GetStringReference(m, field, &scratch));
    return;
  }
  for (int i = 0; i < r->FieldSize(m, field); ++i)
    visit(r->GetRepeatedStringReference(m, field, i, &scratch));
}

// Every message of a record with something to find in it: visit(message, its plan, item_no).
template <typename Visit>
void walk(const pb::Message& m, std::uint32_t item_no, Visit& visit) {
  const TypePlan& plan = plans().at(m.GetDescriptor());
  const pb::Reflection* r = m.GetReflection();
  if (plan.item_no != nullptr) item_no = r->GetUInt32(m, plan.item_no);
  if (item_no > kMaxItemNo) item_no = 0;
  if (!plan.fields.empty() || plan.path != nullptr) visit(m, plan, item_no);
  for (const pb::FieldDescriptor* part : plan.parts) {
    if (!part->is_repeated()) {
      if (r->HasField(m, part)) walk(r->GetMessage(m, part), item_no, visit);
      continue;
    }
    for (int i = 0; i < r->FieldSize(m, part); ++i)
      walk(r->GetRepeatedMessage(m, part, i), item_no, visit);
  }
}

// A value that is supplied for an indexed field of another record.
struct Supplied {
  Index index = Index::kNone;
  std::string value;
  std::optional<std::size_t> place;  // of the weapon it is about
};

// The last number in brackets that is not at the end: items[3].serial_raw,
// items[3].serial_alternatives[0].
std::optional<std::size_t> place_in(std::string_view path) {
  const std::size_t end = path.rfind("].");
  const std::size_t begin = end == std::string_view::npos ? end : path.rfind('[', end);
  if (begin == std::string_view::npos) return std::nullopt;
  std::size_t out = 0;  // at most four digits: read_path
  for (const char c : path.substr(begin + 1, end - begin - 1))
    out = 10 * out + static_cast<std::size_t>(c - '0');
  return out;
}

Supplied supplied_by(const pb::Message& m, const TypePlan& plan) {
  Supplied out;
  if (plan.path == nullptr) return out;
  const std::string path = m.GetReflection()->GetString(m, plan.path);
  const pb::FieldDescriptor* field = nullptr;
  if (read_path(path, &field) != PathKind::kField) return out;
  out.index = index_named(field->options().GetExtension(v1::rule).blind_index());
  out.value = m.GetReflection()->GetString(m, plan.value);
  out.place = place_in(path);
  return out;
}

void add_serial(const std::string& text, std::uint32_t item_no, SearchFields& out) {
  SerialKeys keys = derive_serial_keys(text);
  if (keys.state != SerialState::kUsable) return;
  if (!keys.pattern) out.keys.push_back({kSerialIndex, keys.fold, item_no});
  out.readings.push_back({item_no, std::move(keys.fold), std::move(keys.digits)});
}

template <typename T>
void sort_unique(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// FNV-1a: names rules, protects nothing.
void mix(std::uint64_t& hash, std::string_view text) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  hash = (hash ^ 0xff) * kPrime;  // between two texts
}

void mix_type(std::uint64_t& hash, const pb::Descriptor* type) {
  const TypePlan& plan = plans().at(type);
  for (const IndexedField& each : plan.fields) {
    mix(hash, each.field->full_name());
    mix(hash, each.index == Index::kSerial ? kSerialIndex : kCaseIndex);
  }
  if (plan.path != nullptr) mix(hash, plan.path->full_name());
  for (const pb::FieldDescriptor* part : plan.parts) {
    mix(hash, part->full_name());
    mix_type(hash, part->message_type());
  }
}

// "/2" … "/99": a number by which threads of one case are told apart.
std::size_t without_thread(std::u32string_view text) {
  const std::size_t slash = text.rfind(U'/');
  if (slash == std::u32string_view::npos || slash == 0) return text.size();
  const std::u32string_view number = text.substr(slash + 1);
  if (number.empty() || number.size() > 2 || number[0] == U'0') return text.size();
  for (const char32_t c : number)
    if (c < U'0' || c > U'9') return text.size();
  return number == U"1" ? text.size() : slash;
}

v1::WeaponItem as_weapon(const pb::Message& m, const TypePlan& plan, std::uint32_t item_no) {
  v1::WeaponItem out;
  if (m.GetDescriptor() == v1::WeaponItem::descriptor()) {
    out.CopyFrom(m);
    return out;
  }
  out.set_item_no(item_no);
  for (const IndexedField& each : plan.fields) {
    if (each.index != Index::kSerial) continue;
    each_text(m, each.field, [&out](const std::string& text) {
      if (out.serial_raw().empty())
        out.set_serial_raw(text);
      else
        out.add_serial_alternatives(text);
    });
  }
  for (const char* name : {"make", "make_code", "model", "calibre_raw", "calibre_code", "type"}) {
    const auto* from = m.GetDescriptor()->FindFieldByName(name);
    const auto* to = out.GetDescriptor()->FindFieldByName(name);
    if (from == nullptr || from->is_repeated() ||
        from->cpp_type() != pb::FieldDescriptor::CPPTYPE_STRING)
      continue;
    out.GetReflection()->SetString(&out, to, m.GetReflection()->GetString(m, from));
  }
  return out;
}

}  // namespace

std::string case_key(std::string_view reference) {
  std::u32string text;
  if (!text::decode(reference, text)) return {};
  text::normalise(text);
  const auto is_blank = [](char32_t c) { return c == U' '; };
  while (!text.empty() && is_blank(text.back())) text.pop_back();
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_blank));
  text.resize(without_thread(text));
  return text::encode(text);
}

SearchFields search_fields(const CheckedRecord& record) {
  SearchFields out;
  const auto add = [&out](Index index, const std::string& text, std::uint32_t item_no) {
    if (text.empty() || index == Index::kNone) return;
    if (index == Index::kSerial) return add_serial(text, item_no, out);
    if (std::string key = case_key(text); !key.empty())
      out.keys.push_back({kCaseIndex, std::move(key), 0});
  };
  auto visit = [&add](const pb::Message& m, const TypePlan& plan, std::uint32_t item_no) {
    for (const IndexedField& each : plan.fields)
      each_text(m, each.field,
                [&](const std::string& text) { add(each.index, text, item_no); });
    const Supplied supplied = supplied_by(m, plan);
    add(supplied.index, supplied.value, 0);
  };
  walk(record.message(), 0, visit);
  sort_unique(out.keys);
  sort_unique(out.readings);
  return out;
}

bool has_search_fields(const KindInfo& kind) {
  const auto* field = v1::Record::descriptor()->FindFieldByName(kind.field_name);
  FOCAL_CHECK(field != nullptr);
  return !plans().at(field->message_type()).empty();
}

std::uint64_t search_rules() {
  static const std::uint64_t rules = [] {
    std::uint64_t hash = 0xcbf29ce484222325;
    mix(hash, std::to_string(kKeyRules));
    mix(hash, std::to_string(serial_rules()));
    mix_type(hash, v1::Record::descriptor());
    return hash;
  }();
  return rules;
}

std::vector<DescribedWeapon> weapons_of(const CheckedRecord& record, const WantedItem& wanted) {
  std::vector<DescribedWeapon> out;
  auto visit = [&](const pb::Message& m, const TypePlan& plan, std::uint32_t item_no) {
    if (plan.has_serial && (!wanted || wanted(item_no)))
      out.push_back({as_weapon(m, plan, item_no), std::nullopt});
    const Supplied supplied = supplied_by(m, plan);
    if (supplied.index != Index::kSerial || (wanted && !wanted(0))) return;
    DescribedWeapon described;
    described.item.set_serial_raw(supplied.value);
    described.place = supplied.place;
    out.push_back(std::move(described));
  };
  walk(record.message(), 0, visit);
  return out;
}

}  // namespace focal::record

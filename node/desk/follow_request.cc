#include "node/desk/follow_request.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "node/desk/field_paths.h"
#include "node/record/codes.h"
#include "node/record/schema.h"
#include "proto/record_options.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kRoot = "trace_request.";
constexpr std::string_view kItems = "trace_request.items[";
constexpr std::string_view kAmended = "trace_info_supply.amended[";
constexpr std::string_view kAmendedItem = ".item.";

// "items[3].make" after the prefix: 3 and "make". Nothing: another form.
struct InList {
  int place = 0;
  std::string_view rest;
};
std::optional<InList> read_place(std::string_view path, std::string_view prefix,
                                 std::string_view then) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  InList out;
  const auto read = std::from_chars(path.data(), path.data() + path.size(), out.place);
  if (read.ec != std::errc() || out.place < 0) return std::nullopt;
  path.remove_prefix(static_cast<std::size_t>(read.ptr - path.data()));
  if (!path.starts_with(']')) return std::nullopt;
  path.remove_prefix(1);
  if (!path.starts_with(then)) return std::nullopt;
  out.rest = path.substr(then.size());
  return out;
}

const pb::FieldRule* rule_of(const FieldDescriptor& field) {
  for (const auto& plan : record::plan_of(field.containing_type()).fields)
    if (plan.field == &field) return plan.rule;
  return nullptr;
}

bool may_hold(const FieldDescriptor& field, const std::string& value) {
  const pb::FieldRule* rule = rule_of(field);
  if (rule == nullptr || rule->format() != pb::FORMAT_TEXT || rule->personal()) return false;
  const std::size_t most = rule->max_bytes() == 0 ? record::kDefaultTextBytes : rule->max_bytes();
  if (value.size() > most) return false;
  return rule->code_list().empty() || record::is_code(rule->code_list(), value);
}

// Puts a supplied value where a plain text stands; false: it goes nowhere by itself.
bool set_text(Message& message, std::string_view path, const std::string& value) {
  const std::size_t dot = path.find('.');
  const auto* field = message.GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
  if (field == nullptr || field->is_repeated()) return false;
  if (dot == std::string_view::npos) {
    if (field->type() != FieldDescriptor::TYPE_STRING || !may_hold(*field, value)) return false;
    message.GetReflection()->SetString(&message, field, value);
    return true;
  }
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
      !message.GetReflection()->HasField(message, field))
    return false;
  return set_text(*message.GetReflection()->MutableMessage(&message, field), path.substr(dot + 1),
                  value);
}

// How many fields were cleared.
int clear_personal(Message& message) {
  int cleared = 0;
  const auto* r = message.GetReflection();
  for (const auto& plan : record::plan_of(message.GetDescriptor()).fields) {
    const FieldDescriptor* field = plan.field;
    const bool set =
        field->is_repeated() ? r->FieldSize(message, field) > 0 : r->HasField(message, field);
    if (!set) continue;
    if (plan.rule->personal()) {
      r->ClearField(&message, field);
      ++cleared;
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field->is_repeated()) cleared += clear_personal(*r->MutableMessage(&message, field));
      for (int i = 0; field->is_repeated() && i < r->FieldSize(message, field); ++i)
        cleared += clear_personal(*r->MutableRepeatedMessage(&message, field, i));
    }
  }
  return cleared;
}

struct Weapon {
  pb::WeaponItem item;
  std::uint32_t version = 1;
  std::vector<std::string> unknown;  // paths within it that are declared not known
  bool supplied = false;
};

class Builder {
 public:
  explicit Builder(const pb::Record& request) : request_(request.trace_request()) {
    *out_.record.mutable_header() = request.header();
    *out_.record.mutable_trace_request() = request_;
    for (const auto& item : request_.items()) weapons_[item.item_no()].item = item;
    for (const std::string& path : request.unknown_fields()) {
      const auto in_item = read_place(path, kItems, ".");
      if (in_item && in_item->place < request_.items_size())
        weapon(in_item->place).unknown.emplace_back(in_item->rest);
      else
        unknown_.push_back(path);
    }
  }

  void supply(const pb::Record& record) {
    const pb::TraceInfoSupply& supply = record.trace_info_supply();
    for (const auto& answer : supply.answers()) take_answer(answer);
    for (int i = 0; i < supply.amended_size(); ++i) {
      const pb::AmendedItem& amended = supply.amended(i);
      const auto found = weapons_.find(amended.item().item_no());
      if (found == weapons_.end() || amended.version() <= found->second.version) continue;
      Weapon now{amended.item(), amended.version(), {}, true};
      for (const std::string& path : record.unknown_fields())
        if (const auto in_item = read_place(path, kAmended, kAmendedItem);
            in_item && in_item->place == i)
          now.unknown.emplace_back(in_item->rest);
      found->second = std::move(now);
    }
  }

  void choose(const std::vector<std::uint32_t>& items) {
    auto& list = *out_.record.mutable_trace_request()->mutable_items();
    list.Clear();
    for (const std::uint32_t number : items) {
      const Weapon& weapon = weapons_.at(number);
      const std::string path = std::string(kItems) + std::to_string(list.size()) + "].";
      *list.Add() = weapon.item;
      list[list.size() - 1].set_item_no(static_cast<std::uint32_t>(list.size()));
      for (const std::string& rest : weapon.unknown) unknown_.push_back(path + rest);
      std::string line = "weapon " + std::to_string(number);
      if (!weapon.item.serial_raw().empty()) line += " (" + weapon.item.serial_raw() + ")";
      line += " as weapon " + std::to_string(list.size());
      if (weapon.supplied) line += ", as described since";
      out_.carried.push_back(std::move(line));
    }
    for (const auto& [number, path] : by_hand_)
      if (number == 0 || std::find(items.begin(), items.end(), number) != items.end())
        out_.left_out.push_back("what was supplied on " + path + ": put it in by hand (--save)");
    const int left = request_.items_size() - list.size();
    if (left > 0)
      out_.left_out.push_back(std::to_string(left) + (left == 1 ? " weapon" : " weapons") +
                              " of the first request");
  }

  OwnRequest finish(bool with_persons) {
    pb::TraceRequest& request = *out_.record.mutable_trace_request();
    request.clear_case_ref_requested();
    auto& header = *out_.record.mutable_header();
    header.clear_to_desk();  // of the other party
    header.clear_supersedes();
    header.clear_ack_by_ms();
    header.clear_answer_by_ms();
    for (const std::string& path : unknown_) out_.record.add_unknown_fields(path);
    out_.carried.emplace_back("legal part, intended use, circumstances, questions, own searches");
    if (!with_persons) {
      const int cleared = clear_personal(request);
      if (cleared > 0)
        out_.left_out.push_back("personal data of persons (" + std::to_string(cleared) +
                                (cleared == 1 ? " field" : " fields") +
                                "); --with-persons puts them in");
    } else if (request.personal_data_included()) {
      out_.carried.emplace_back("personal data of persons");
    }
    return std::move(out_);
  }

 private:
  Weapon& weapon(int place) { return weapons_.at(request_.items(place).item_no()); }

  void take_answer(const pb::SuppliedAnswer& answer) {
    const auto in_item = read_place(answer.path(), kItems, ".");
    bool set = false;
    if (in_item && in_item->place < request_.items_size()) {
      Weapon& of = weapon(in_item->place);
      set = set_text(of.item, in_item->rest, answer.value());
      if (set) {
        std::erase(of.unknown, std::string(in_item->rest));
        of.supplied = true;
        if (in_item->rest == "serial_raw") settle_serial(answer, of.item);
      }
    } else if (answer.path().starts_with(kRoot) && answer.path().find('[') == std::string::npos) {
      set = set_text(*out_.record.mutable_trace_request(),
                     std::string_view(answer.path()).substr(kRoot.size()), answer.value());
      if (set) std::erase(unknown_, answer.path());
    }
    if (set) return;
    const bool in_weapon = in_item && in_item->place < request_.items_size();
    by_hand_.emplace_back(in_weapon ? request_.items(in_item->place).item_no() : 0,
                          short_path(answer.path(), request_));
  }

  static void settle_serial(const pb::SuppliedAnswer& answer, pb::WeaponItem& item) {
    if (!answer.confidence().empty() && answer.confidence() != "NONE")
      item.set_serial_confidence(answer.confidence());
    else if (item.serial_confidence() == "NONE")
      item.set_serial_confidence("DOUBTFUL");
    if (item.serial_confidence() == "CERTAIN") item.clear_serial_alternatives();
  }

  const pb::TraceRequest& request_;
  std::map<std::uint32_t, Weapon> weapons_;
  std::vector<std::string> unknown_;
  std::vector<std::pair<std::uint32_t, std::string>> by_hand_;  // weapon, or 0; path
  OwnRequest out_;
};

}  // namespace

OwnRequest own_request_now(const pb::Record& request,
                           const std::vector<const pb::Record*>& supplies,
                           const std::vector<std::uint32_t>& items, bool with_persons) {
  Builder builder(request);
  for (const pb::Record* each : supplies) builder.supply(*each);
  builder.choose(items);
  return builder.finish(with_persons);
}

}  // namespace focal::desk

// What a case has brought: which weapons were asked about, what was answered to each, and
// on which ground something is refused, withheld or late.
#include <algorithm>
#include <map>

#include "node/desk/case_views.h"
#include "node/desk/record_parts.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string item_line(const pb::WeaponItem& item) {
  std::vector<std::string> parts;
  for (const std::string& part : {item.make(), item.model(), item.calibre_raw(),
                                  code_text("weapon_type", item.type())})
    if (!part.empty()) parts.push_back(part);
  return join(parts);
}

struct Ground {
  std::string code;
  std::string reason;
};

// The words beside the outcomes that the fold keeps as codes: taken from the records that
// took effect, in that order, so that the last word stands.
struct Words {
  Ground of_case;                               // of a refusal or delay in force
  std::map<std::uint32_t, pb::ItemResult> items;  // by number: the latest result
  std::map<std::uint32_t, pb::AmendedItem> amended;  // the newest description, where not the first

  void read(const pb::Record& record) {
    if (auto ground = kind_text_of(record, "ground"); !ground.empty())
      of_case = {std::move(ground), kind_text_of(record, "reason_text")};
    for (const auto& each : record.trace_info_supply().amended())
      if (auto& newest = amended[each.item().item_no()]; newest.version() < each.version())
        newest = each;
    if (record.has_trace_withdraw() || record.has_trace_reopen()) of_case = {};
    const auto results = results_of(record);
    if (results.empty()) return;
    of_case = {};  // answered after all
    for (const pb::ItemResult* result : results) items[result->item_no()] = *result;
  }
};

}  // namespace

std::string label_line(const record::Label& label) {
  std::string out = "TLP:" + label.tlp;
  if (!label.h_codes.empty()) out += " · " + join(label.h_codes);
  out += " · onward " + label.onward + " · use " + label.use + " · keep until " +
         label.retain_until + " · from " + label.provider;
  return out;
}

void fill_results(node::Node& node, const node::OpenedCase& opened, v1::TraceShowResponse* out) {
  store::View& view = node.core().view();
  const auto root = root_record(view, opened.row);
  if (!root || !root->record) return;
  if (root->record->header().label) out->set_label(label_line(*root->record->header().label));
  Words words;
  for (const ShownRecord& taken : taken_records(view, opened)) words.read(taken.record->message());
  Ground ground = words.of_case;
  for (const auto& item : root->record->message().trace_request().items()) {
    auto* shown = out->add_items();
    shown->set_item_no(item.item_no());
    const auto newest = words.amended.find(item.item_no());
    const pb::WeaponItem& now = newest == words.amended.end() ? item : newest->second.item();
    shown->set_version(newest == words.amended.end() ? 1 : newest->second.version());
    shown->set_description(item_line(now));
    shown->set_serial(now.serial_raw());
    const auto outcome =
        std::find_if(opened.fold.items.begin(), opened.fold.items.end(),
                     [&](const auto& each) { return each.item_no == item.item_no(); });
    if (outcome == opened.fold.items.end() || outcome->result.empty()) continue;
    shown->set_result(outcome->result);
    shown->set_result_text(code_text("result_per_item", outcome->result));
    shown->set_completeness(outcome->completeness);
    const auto said = words.items.find(item.item_no());
    if (said == words.items.end()) continue;
    shown->set_note(said->second.note());
    if (ground.code.empty()) ground = {said->second.ground(), said->second.reason_text()};
  }
  out->set_ground(ground.code);
  out->set_ground_text(code_text("ground", ground.code));
  out->set_reason(ground.reason);
}

}  // namespace focal::desk

#include "node/desk/act_table.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "node/desk/field_paths.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

constexpr int kMaxPrefilled = 3;  // questions that a ready-made supply names

// clang-format off
constexpr std::array<Act, 13> kActs = {{
    {"trace.ack", "ack", "acknowledge the request", "Acknowledgement of",
     " --ref YOUR-REFERENCE --expected-by DATE"},
    {"trace.info_request", "ask", "ask for what is missing", "Further information needed on",
     ""},
    {"trace.info_supply", "supply", "give what was asked for", "Further information on",
     ""},
    {"trace.delay", "delay", "say that the answer is late, and why", "Delay of the answer to",
     " --ground GROUND --reason 'TEXT' --expected-by DATE"},
    {"trace.interim", "interim", "answer in part; more follows", "Interim answer to",
     " --from FILE"},
    {"trace.response", "answer", "answer it", "Answer to",
     " --from FILE"},
    {"trace.refusal", "refuse", "refuse it", "Refusal concerning",
     " --ground GROUND --reason 'TEXT'"},
    {"trace.clarify", "clarify", "ask back about the reasons", "Clarification sought on",
     " --text 'QUESTION'"},
    {"trace.clarify_reply", "reply", "reply to the question about the reasons", "Clarification of",
     " --text 'TEXT'"},
    {"trace.correction", "correct", "replace the answer", "Correction of the answer to",
     " --from FILE"},
    {"trace.withdraw", "withdraw", "withdraw the request", "Withdrawal of",
     " --reason REASON"},
    {"trace.close", "close", "close the case", "Closing of",
     " --outcome OUTCOME"},
    {"trace.reopen", "reopen", "reopen the case: something is new", "Reopening of",
     " --text 'WHAT IS NEW'"},
}};
// clang-format on

const std::vector<std::string>& kinds_now(const node::OpenedCase& opened) {
  return opened.row.ours ? opened.fold.requester_next : opened.fold.responder_next;
}

bool is_possible(const node::OpenedCase& opened, const Act& act) {
  const auto& kinds = kinds_now(opened);
  return std::find(kinds.begin(), kinds.end(), act.kind) != kinds.end();
}

std::string ask_options(const node::OpenedCase& opened) {
  const auto& items = opened.fold.items;
  const std::uint32_t first = items.empty() ? 1 : items.front().item_no;
  return " --missing item" + std::to_string(first) + ".serial --text 'QUESTION'";
}

// With the fields that were asked for last.
std::string supply_options(store::View& view, const node::OpenedCase& opened) {
  const auto root = root_record(view, opened.row);
  const auto asked = taken_records(view, opened, "trace.info_request");
  if (!root || !root->record || asked.empty()) return " --from FILE";
  const auto& missing = asked.back().record->message().trace_info_request().missing();
  if (missing.size() > kMaxPrefilled) return " --from FILE";
  std::string out;
  for (const auto& each : missing)
    out += " --field '" + short_path(each.path(), root->record->message().trace_request()) +
           "' --value 'TEXT'";
  return out;
}

}  // namespace

std::span<const Act> act_table() { return kActs; }

const Act& act_of(std::string_view kind) {
  const auto found =
      std::find_if(kActs.begin(), kActs.end(), [&](const Act& act) { return act.kind == kind; });
  FOCAL_CHECK(found != kActs.end());
  return *found;
}

void fill_next(store::View& view, const node::OpenedCase& opened, v1::TraceShowResponse* out) {
  for (const Act& act : kActs) {
    if (!is_possible(opened, act)) continue;
    std::string options(act.options);
    if (act.word == "ask") options = ask_options(opened);
    if (act.word == "supply") options = supply_options(view, opened);
    auto* next = out->add_next_acts();
    next->set_act(std::string(act.word));
    next->set_kind(std::string(act.kind));
    next->set_text(std::string(act.text));
    next->set_command("focal trace " + std::string(act.word) + " " + case_number(opened.row.id) +
                      options);
  }
}

std::string possible_now(const node::OpenedCase& opened) {
  std::string out;
  for (const Act& act : kActs)
    if (is_possible(opened, act)) out += (out.empty() ? "" : ", ") + std::string(act.word);
  const std::string number = case_number(opened.row.id);
  if (out.empty())
    return "Nothing can be sent in this state. 'focal trace show " + number + "' shows the case.";
  return "Possible now: " + out + ". 'focal trace show " + number + "' shows the commands.";
}

}  // namespace focal::desk

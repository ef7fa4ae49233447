// Records in one line, for the timeline of a case: what an officer wants to know of each kind.
#include <map>

#include "base/utf8.h"
#include "node/desk/case_views.h"
#include "node/desk/field_paths.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

constexpr std::size_t kMaxInLine = 60;  // bytes of a free text in a line
constexpr int kMaxListed = 4;           // results and fields told one by one

// Text cut to a line, at a character's end.
std::string shortened(const std::string& text) {
  if (text.size() <= kMaxInLine) return text;
  return std::string(begin_utf8(text, kMaxInLine)) + "…";
}

// Parts of a line; empty ones are left out.
std::string joined(std::initializer_list<std::string> parts, const char* separator) {
  std::string out;
  for (const std::string& part : parts)
    if (!part.empty()) out += (out.empty() ? "" : separator) + part;
  return out;
}

template <typename List>
std::string listed(const List& list) {
  std::string out;
  for (const auto& each : list) out += (out.empty() ? "" : ", ") + each;
  return out;
}

std::string result_words(const pb::ItemResult& result) {
  return result.result() +
         (result.completeness() == "FULL" ? "" : " (" + result.completeness() + ")");
}

// A few one by one; of many only how many of each.
std::string results_line(const google::protobuf::RepeatedPtrField<pb::ItemResult>& results) {
  std::string out;
  if (results.size() <= kMaxListed) {
    for (const auto& result : results)
      out += (out.empty() ? "item " : ", item ") + std::to_string(result.item_no()) + " " +
             result_words(result);
    return out;
  }
  std::map<std::string, int> counts;
  for (const auto& result : results) ++counts[result_words(result)];
  for (const auto& [words, count] : counts)
    out += (out.empty() ? ": " : ", ") + std::to_string(count) + " " + words;
  return std::to_string(results.size()) + " items" + out;
}

std::string path_words(const std::string& path, const pb::TraceRequest* request) {
  return request == nullptr ? path : short_path(path, *request);
}

std::string more_than_listed(int size) {
  return size <= kMaxListed ? std::string() : "and " + std::to_string(size - kMaxListed) + " more";
}

std::string line_of(const pb::TraceInfoRequest& asks, const pb::TraceRequest* request) {
  std::string out;
  for (int i = 0; i < asks.missing_size() && i < kMaxListed; ++i)
    out += (i == 0 ? "asks for " : "; ") + path_words(asks.missing(i).path(), request) + ": " +
           shortened(asks.missing(i).question());
  const std::string by =
      asks.reply_wanted_by().empty() ? "" : "wanted by " + asks.reply_wanted_by();
  return joined({out, more_than_listed(asks.missing_size()), by}, "; ");
}

std::string line_of(const pb::TraceInfoSupply& supply, const pb::TraceRequest* request) {
  std::string out;
  for (int i = 0; i < supply.answers_size() && i < kMaxListed; ++i) {
    const auto& answer = supply.answers(i);
    out += (i == 0 ? "" : "; ") + path_words(answer.path(), request) + ": " +
           shortened(answer.value());
    if (!answer.confidence().empty())
      out += " (" + code_text("serial_confidence", answer.confidence()) + ")";
  }
  std::string amended;
  for (int i = 0; i < supply.amended_size() && i < kMaxListed; ++i)
    amended += (i == 0 ? "describes anew item " : ", item ") +
               std::to_string(supply.amended(i).item().item_no()) + " (version " +
               std::to_string(supply.amended(i).version()) + ")";
  return joined({out, more_than_listed(supply.answers_size()), amended,
                 more_than_listed(supply.amended_size())},
                "; ");
}

std::string line_of(const pb::TraceDelay& delay) {
  std::string items;
  if (delay.item_nos_size() > kMaxListed)
    items = " for " + std::to_string(delay.item_nos_size()) + " items";
  else
    for (const auto number : delay.item_nos())
      items += (items.empty() ? " for item " : ", ") + std::to_string(number);
  return code_text("ground", delay.ground()) + items + ", until " + delay.expected_by() + ": " +
         shortened(delay.reason_text());
}

std::string line_of(const pb::TraceClose& close) {
  const std::string useful = !close.has_useful() ? "usefulness not known"
                             : close.useful()    ? "the answer was useful"
                                                 : "the answer was not useful";
  const std::string next =
      close.next_asked().empty() ? "" : "asks " + listed(close.next_asked()) + " next";
  return joined({useful, next, shortened(close.action_taken()), shortened(close.shared_back())},
                "; ");
}

}  // namespace

std::string summary_of(const pb::Record& record, const pb::TraceRequest* request) {
  switch (record.kind_case()) {
    case pb::Record::kTraceRequest:
      return "request " + record.trace_request().case_ref_requester() + " about " +
             std::to_string(record.trace_request().items_size()) + " weapon(s)";
    case pb::Record::kTraceAck:
      return joined({"reference " + record.trace_ack().case_ref_requested() +
                         ", answer expected by " + record.trace_ack().expected_by(),
                     shortened(record.trace_ack().note())},
                    "; ");
    case pb::Record::kTraceInfoRequest: return line_of(record.trace_info_request(), request);
    case pb::Record::kTraceInfoSupply: return line_of(record.trace_info_supply(), request);
    case pb::Record::kTraceDelay: return line_of(record.trace_delay());
    case pb::Record::kTraceInterim:
      return joined({results_line(record.trace_interim().results()),
                     "more expected by " + record.trace_interim().expected_by()},
                    "; ");
    case pb::Record::kTraceResponse: return results_line(record.trace_response().results());
    case pb::Record::kTraceRefusal:
      return code_text("ground", record.trace_refusal().ground()) + ": " +
             shortened(record.trace_refusal().reason_text());
    case pb::Record::kTraceClarify: return "asks: " + shortened(record.trace_clarify().text());
    case pb::Record::kTraceClarifyReply:
      return joined({shortened(record.trace_clarify_reply().text()),
                     results_line(record.trace_clarify_reply().results())},
                    "; ");
    case pb::Record::kTraceWithdraw:
      return joined({code_text("withdraw_reason", record.trace_withdraw().reason()),
                     shortened(record.trace_withdraw().text())},
                    ": ");
    case pb::Record::kTraceClose: return line_of(record.trace_close());
    case pb::Record::kTraceReopen:
      return "new: " + shortened(record.trace_reopen().new_information());
    case pb::Record::kTraceCorrection:
      return joined({results_line(record.trace_correction().results()),
                     shortened(record.trace_correction().reason_text())},
                    "; ");
    default: return record.header().subject();
  }
}

std::string effect_words(const std::string& code) {
  if (code == "TAKES_EFFECT") return "takes effect";
  if (code == "WAITING_FOR_PARENT") return "waits for the record it replies to";
  if (code == casework::kNotAllowedInState) return "no effect: the case did not allow it";
  if (code == casework::kWrongParty) return "no effect: not for this side to say";
  if (code == casework::kDuplicateAnswer) return "no effect: answered already";
  if (code == casework::kCrossedWithAnswer) return "no effect: it crossed with the answer";
  if (code == casework::kNoSuchItem) return "no effect: it is about a weapon not asked about";
  if (code == casework::kSupersedesNoAnswer) return "no effect: it corrects no answer of this case";
  if (code == casework::kNoReplyTo) return "no effect: it replies to no record";
  if (code == casework::kNotACaseKind) return "no effect: such a record has no part in a case";
  return "no effect: " + code;
}

}  // namespace focal::desk

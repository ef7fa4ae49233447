#include "node/record/named_rules.h"

#include <array>
#include <set>
#include <unordered_map>

#include "node/record/codes.h"
#include "node/record/formats.h"
#include "node/record/schema.h"
#include "proto/record.pb.h"

namespace focal::record {
namespace {

constexpr auto kInvalid = RecordStatus::kRecordInvalid;
constexpr auto kLabel = RecordStatus::kLabel;

// The names, and what each asks. A rule adds its problem at the field to change.
constexpr std::string_view kFreeWithLimits = "FREE_WITH_LIMITS";  // onward FREE, but limits stand
constexpr std::string_view kEvidenceWithH1 = "EVIDENCE_WITH_H1";  // use EVIDENCE contradicts H1
constexpr std::string_view kReviewAfterEnd = "REVIEW_AFTER_END";  // review_on after retain_until
constexpr std::string_view kRecipient = "RECIPIENT";              // neither agency role nor party
constexpr std::string_view kClearPersonal = "CLEAR_PERSONAL";     // personal data under TLP CLEAR
constexpr std::string_view kLabelMissing = "LABEL_MISSING";
constexpr std::string_view kPersonalData = "PERSONAL_DATA";  // personal fields, flag says no
constexpr std::string_view kSupersedes = "SUPERSEDES";       // no Ref, or missing where needed
constexpr std::string_view kDueOrder = "DUE_ORDER";          // acknowledgement due after answer
constexpr std::string_view kOneAddressee = "ONE_ADDRESSEE";  // a case has two sides
constexpr std::string_view kStatesOnly = "STATES_ONLY";      // ITI: requests and answers of States
constexpr std::string_view kPriorityReason = "PRIORITY_REASON";  // unless ROUTINE
constexpr std::string_view kFoundElsewhere = "FOUND_ELSEWHERE";  // a request is about one's own territory
constexpr std::string_view kItemNumbers = "ITEM_NUMBERS";        // one entry an item number
constexpr std::string_view kTypeOfCategory = "TYPE_OF_CATEGORY";
constexpr std::string_view kSerialGiven = "SERIAL_GIVEN";  // serial and its confidence agree
constexpr std::string_view kWhatItem = "WHAT_ITEM";        // type or description
constexpr std::string_view kOthersAsked = "OTHERS_ASKED";
constexpr std::string_view kSuppliesNothing = "SUPPLIES_NOTHING";
constexpr std::string_view kInterimInFinal = "INTERIM_IN_FINAL";  // completeness INTERIM at the end
constexpr std::string_view kChainOrder = "CHAIN_ORDER";           // seq 1, 2, 3, …
constexpr std::string_view kBothCoordinates = "BOTH_COORDINATES";
constexpr std::string_view kNamesRecord = "NAMES_RECORD";  // a Ref with both its parts
constexpr std::string_view kPageSize = "PAGE_SIZE";        // of what a restored node is given

constexpr std::array<std::string_view, 24> kNames = {
    kFreeWithLimits, kEvidenceWithH1, kReviewAfterEnd, kRecipient,       kClearPersonal,
    kLabelMissing,   kPersonalData,   kSupersedes,     kDueOrder,        kOneAddressee,
    kStatesOnly,     kPriorityReason, kFoundElsewhere, kItemNumbers,     kTypeOfCategory,
    kSerialGiven,    kWhatItem,       kOthersAsked,    kSuppliesNothing, kInterimInFinal,
    kChainOrder,     kBothCoordinates, kNamesRecord,   kPageSize};

constexpr std::size_t kMaxPageBytes = 200 * 1024;

std::string at(const std::string& list, int i) { return list + "[" + std::to_string(i) + "]"; }

template <typename Codes>
bool holds(const Codes& codes, std::string_view code) {
  for (const auto& each : codes)
    if (each == code) return true;
  return false;
}

// ------------------------------------------------------------------ label

void recipients(RuleContext& c, const google::protobuf::RepeatedPtrField<std::string>& list,
                const std::string& path) {
  for (int i = 0; i < list.size(); ++i)
    if (!is_code("agency_role", list.Get(i)) && !is_party(list.Get(i)))
      c.report.add(kLabel, kRecipient, at(path, i), "is neither an agency role nor a party",
                   code_hint("agency_role", list.Get(i)));
}

void check(RuleContext& c, const v1::Label& label, const std::string& path) {
  const bool named_few = label.tlp() == "RED" || label.tlp() == "AMBER+STRICT";
  if (label.onward() == "FREE" && (named_few || holds(label.h_codes(), "H2")))
    c.report.add(kLabel, kFreeWithLimits, path + "onward",
                 "FREE contradicts H2, AMBER+STRICT and RED", "ASK, NAMED or NONE");
  if (label.use() == "EVIDENCE" && holds(label.h_codes(), "H1"))
    c.report.add(kLabel, kEvidenceWithH1, path + "use", "EVIDENCE contradicts H1",
                 "EVIDENCE_WITH_CONSENT, or leave H1 out");
  if (!label.review_on().empty() && label.review_on() > label.retain_until())
    c.report.add(kLabel, kReviewAfterEnd, path + "review_on", "is after retain_until",
                 "a day before the record is deleted");
  if (label.tlp() == "CLEAR" && label.personal_data())
    c.report.add(kLabel, kClearPersonal, path + "tlp", "personal data cannot be CLEAR",
                 "AMBER+STRICT");
  recipients(c, label.named_recipients(), path + "named_recipients");
  recipients(c, label.onward_named(), path + "onward_named");
}

// ------------------------------------------------------------------ record and header

void parties(RuleContext& c) {
  const auto audience = c.facts.audience;
  if (c.kind.is_case_event && audience.size() != 1)
    c.report.add(kInvalid, kOneAddressee, "to", "a record of a case has one addressee",
                 "send one record to each party");
  if (!c.kind.states_only) return;
  if (!is_state_party(c.facts.from))
    c.report.add(RecordStatus::kAuthority, kStatesOnly, "from",
                 std::string(c.facts.from) + " does not act for a State");
  for (const std::string& to : audience)
    if (!is_state_party(to))
      c.report.add(RecordStatus::kAuthority, kStatesOnly, "to", to + " does not act for a State",
                   "tracing is between States; a State's second focal point is XA-NAME");
}

void check(RuleContext& c, const v1::Record& record, const std::string&) {
  parties(c);
  if (!record.has_header()) return;
  const v1::Header& header = record.header();
  if (!header.has_label()) {
    if (!c.kind.label_optional)
      c.report.add(kLabel, kLabelMissing, "header.label", "is missing",
                   "every record of this kind says how it may be handled");
  } else if (c.personal && !header.label().personal_data()) {
    c.report.add(kLabel, kPersonalData, "header.label.personal_data",
                 "must be true: the record holds personal data", "true, or leave those fields out");
  }
  if (record.has_trace_correction() && !header.has_supersedes())
    c.report.add(kInvalid, kSupersedes, "header.supersedes", "is missing",
                 "name the answer this correction replaces");
}

void check(RuleContext& c, const v1::Header& header, const std::string& path) {
  if (header.has_supersedes() &&
      (header.supersedes().rid().size() != 32 || header.supersedes().created_ms() == 0))
    c.report.add(kInvalid, kSupersedes, path + "supersedes", "names no record",
                 "32 bytes of record id, and created_ms");
  if (header.answer_by_ms() != 0 && header.ack_by_ms() > header.answer_by_ms())
    c.report.add(kInvalid, kDueOrder, path + "ack_by_ms", "is after answer_by_ms",
                 "the acknowledgement is due first");
}

// ------------------------------------------------------------------ items

template <typename List, typename Number>
void one_each(RuleContext& c, const List& list, const std::string& path, Number number_of) {
  std::set<std::uint32_t> seen;
  for (int i = 0; i < list.size(); ++i)
    if (!seen.insert(number_of(list.Get(i))).second)
      c.report.add(kInvalid, kItemNumbers, at(path, i), "has the number of an earlier entry",
                   "one entry for each item number");
}

void results(RuleContext& c, const google::protobuf::RepeatedPtrField<v1::ItemResult>& list,
             const std::string& path, bool final) {
  one_each(c, list, path, [](const v1::ItemResult& r) { return r.item_no(); });
  for (int i = 0; final && i < list.size(); ++i)
    if (list.Get(i).completeness() == "INTERIM")
      c.report.add(kInvalid, kInterimInFinal, at(path, i) + ".completeness",
                   "a final answer holds no INTERIM item", "FULL or RESTRICTED, or trace.interim");
}

void check(RuleContext& c, const v1::WeaponItem& item, const std::string& path) {
  static constexpr std::array<std::array<std::string_view, 2>, 4> kPrefixes = {
      {{"SA_", "SMALL_ARM"},
       {"LW_", "LIGHT_WEAPON"},
       {"PC_", "PART_COMPONENT"},
       {"AM_", "AMMUNITION"}}};
  for (const auto& [prefix, category] : kPrefixes)
    if (item.type().rfind(prefix, 0) == 0 && item.category() != category)
      c.report.add(kInvalid, kTypeOfCategory, path + "type", "does not belong to the category",
                   "the category of this type is " + std::string(category));
  const bool none = item.serial_confidence() == "NONE";
  if (none != item.serial_raw().empty() && !item.serial_confidence().empty())
    c.report.add(
        kInvalid, kSerialGiven, path + "serial_confidence",
        none ? "is NONE, but a serial is given" : "says how sure a serial is, but none is given",
        none ? "say how sure the reading is" : "NONE where no serial can be read");
}

void check(RuleContext& c, const v1::AssociatedItem& item, const std::string& path) {
  if (item.type().empty() && item.description().empty())
    c.report.add(kInvalid, kWhatItem, path + "description", "is needed without a type",
                 "say what it is");
}

void check(RuleContext& c, const v1::ItemResult& result, const std::string& path) {
  for (int i = 0; i < result.supply_chain_size(); ++i)
    if (result.supply_chain(i).seq() != static_cast<std::uint32_t>(i + 1))
      c.report.add(kInvalid, kChainOrder, at(path + "supply_chain", i) + ".seq", "is out of order",
                   "steps are numbered 1, 2, 3 from the maker on");
}

// ------------------------------------------------------------------ kinds

void check(RuleContext& c, const v1::TraceRequest& request, const std::string& path) {
  const std::string& priority = c.record.header().priority();
  if (priority != "ROUTINE" && !priority.empty() && request.priority_reason().empty())
    c.report.add(kInvalid, kPriorityReason, path + "priority_reason",
                 "is needed where the priority is " + priority, "say why it cannot wait");
  const v1::Circumstances& found = request.circumstances();
  const std::string_view own = c.facts.from.substr(0, c.facts.from.find('-'));
  if (!found.found_country().empty() && found.found_country() != own &&
      found.found_country_reason().empty())
    c.report.add(kInvalid, kFoundElsewhere, path + "circumstances.found_country_reason",
                 "is needed: the weapons were not found in the requesting State",
                 "say why this State asks");
  if (c.personal && request.has_personal_data_included() && !request.personal_data_included())
    c.report.add(kInvalid, kPersonalData, path + "personal_data_included",
                 "must be true: the request holds personal data");
  one_each(c, request.items(), path + "items",
           [](const v1::WeaponItem& item) { return item.item_no(); });
}

void check(RuleContext& c, const v1::Circumstances& found, const std::string& path) {
  if (found.has_found_lat_tenths() != found.has_found_lon_tenths())
    c.report.add(kInvalid, kBothCoordinates,
                 path + (found.has_found_lat_tenths() ? "found_lon_tenths" : "found_lat_tenths"),
                 "is missing", "give both coordinates or none");
}

void check(RuleContext& c, const v1::PriorSearches& prior, const std::string& path) {
  if (prior.has_others_asked() && prior.others_asked() != (prior.other_requests_size() > 0))
    c.report.add(kInvalid, kOthersAsked, path + "other_requests",
                 "does not agree with others_asked", "name them where others_asked is true");
  else if (!prior.has_others_asked() && prior.other_requests_size() > 0)
    c.report.add(kInvalid, kOthersAsked, path + "others_asked",
                 "must be true: other requests are named");
}

// What is supplied for a field is personal data where the field is.
void check(RuleContext& c, const v1::SuppliedAnswer& answer, const std::string&) {
  if (names_personal(answer.path())) c.personal = true;
}

void check(RuleContext& c, const v1::TraceInfoSupply& supply, const std::string& path) {
  if (supply.answers_size() == 0 && supply.amended_size() == 0)
    c.report.add(kInvalid, kSuppliesNothing, path + "answers", "nothing is supplied",
                 "at least one answer or amended item");
  one_each(c, supply.amended(), path + "amended",
           [](const v1::AmendedItem& amended) { return amended.item().item_no(); });
}

void check(RuleContext& c, const v1::TraceInterim& interim, const std::string& path) {
  results(c, interim.results(), path + "results", false);
}
void check(RuleContext& c, const v1::TraceResponse& response, const std::string& path) {
  results(c, response.results(), path + "results", true);
}
void check(RuleContext& c, const v1::TraceClarifyReply& reply, const std::string& path) {
  results(c, reply.results(), path + "results", true);
}
void check(RuleContext& c, const v1::TraceCorrection& correction, const std::string& path) {
  results(c, correction.results(), path + "results", true);
}

// ------------------------------------------------------------------ between nodes

void names_record(RuleContext& c, const v1::Ref& ref, const std::string& path) {
  if (ref.rid().size() == 32 && ref.created_ms() != 0) return;
  c.report.add(kInvalid, kNamesRecord, path, "names no record",
               "32 bytes of record id, and created_ms");
}

template <typename AboutOne>
void about_one(RuleContext& c, const AboutOne& message, const std::string& path) {
  if (message.has_record()) names_record(c, message.record(), path + "record");
}
void check(RuleContext& c, const v1::ProofRequest& request, const std::string& path) {
  about_one(c, request, path);
}
void check(RuleContext& c, const v1::Proof& proof, const std::string& path) {
  about_one(c, proof, path);
}
void check(RuleContext& c, const v1::Opened& opened, const std::string& path) {
  about_one(c, opened, path);
}
void check(RuleContext& c, const v1::RecoveryRequest& request, const std::string& path) {
  for (int i = 0; i < request.want_size(); ++i)
    names_record(c, request.want(i), at(path + "want", i));
}
void check(RuleContext& c, const v1::RecoveryData& data, const std::string& path) {
  if (data.ByteSizeLong() > kMaxPageBytes)
    c.report.add(kInvalid, kPageSize, path + "next", "the page is too large",
                 "at most " + std::to_string(kMaxPageBytes) + " bytes, and more on the next page");
}

// ------------------------------------------------------------------ dispatch

using Check = void (*)(RuleContext&, const google::protobuf::Message&, const std::string&);
using Checks = std::unordered_map<const google::protobuf::Descriptor*, Check>;

template <typename T>
void check_as(RuleContext& c, const google::protobuf::Message& message, const std::string& path) {
  check(c, static_cast<const T&>(message), path);
}

template <typename... T>
const Checks* checks_for() {
  return new Checks{{T::descriptor(), &check_as<T>}...};
}

const Checks& checks() {
  static const Checks* const all =
      checks_for<v1::Record, v1::Header, v1::Label, v1::WeaponItem, v1::AssociatedItem,
                 v1::ItemResult, v1::TraceRequest, v1::Circumstances, v1::PriorSearches,
                 v1::SuppliedAnswer, v1::TraceInfoSupply, v1::TraceInterim, v1::TraceResponse,
                 v1::TraceClarifyReply, v1::TraceCorrection, v1::ProofRequest, v1::Proof,
                 v1::Opened, v1::RecoveryRequest, v1::RecoveryData>();
  return *all;
}

}  // namespace

bool has_named_rules(const google::protobuf::Descriptor* type) { return checks().count(type) != 0; }

void check_named_rules(RuleContext& context, const google::protobuf::Message& message,
                       const std::string& path) {
  checks().at(message.GetDescriptor())(context, message, path);
}

std::span<const std::string_view> named_rule_names() { return kNames; }

}  // namespace focal::record

#include "node/desk/follow_others.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/desk/follow_label.h"
#include "node/desk/follow_targets.h"
#include "node/desk/sheet_fields.h"
#include "node/record/codes.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

constexpr std::size_t kMaxResultBytes = 500;  // proto/trace.proto, OtherRequest
constexpr int kMaxOthers = 50;
constexpr std::string_view kOthersAskedPath = "trace_request.prior_searches.others_asked";

// What may be said of an answer, in the words of the code lists: no free text of the other side.
class Facts {
 public:
  Facts(std::string to, std::string_view language) : to_(std::move(to)) {
    reader_.lang = language.substr(0, language.find('-'));
  }

  std::string asked() const { return reader_.word("asked"); }

  std::string of(const pb::ItemResult& result, std::uint32_t number) const {
    std::string out = reader_.word("item") + " " + std::to_string(number) + ": " +
                      reader_.code("result_per_item", result.result());
    if (record::is_country(result.country())) out += ", " + result.country();
    out += date_of(result.date());
    for (const pb::SupplyStep& step : result.supply_chain())
      if (step.from_country() == state_of(to_) || step.to_country() == state_of(to_))
        out += "; " + end_of(step.from_party_class(), step.from_country()) + " → " +
               end_of(step.to_party_class(), step.to_country()) + date_of(step.date());
    return out;
  }

  // Is there more in it than of() says?
  bool has_more(const pb::ItemResult& result) const {
    const bool steps = std::any_of(
        result.supply_chain().begin(), result.supply_chain().end(), [&](const auto& step) {
          return (step.from_country() != state_of(to_) && step.to_country() != state_of(to_)) ||
                 !step.doc_refs().empty();
        });
    return steps || result.has_holder() || !result.licence_ref().empty() ||
           !result.euc_ref().empty() || !result.register_ref().empty() ||
           !result.certificate_ref().empty() || !result.sibling_serials().empty() ||
           !result.note().empty() || !result.basis().empty() || !result.candidates().empty();
  }

 private:
  std::string end_of(const std::string& party_class, const std::string& country) const {
    return reader_.code("chain_party_class", party_class) + " (" + country + ")";
  }
  static std::string date_of(const pb::PartialDate& date) {
    return date.value().empty() ? "" : (date.circa() ? ", ~" : ", ") + date.value();
  }

  std::string to_;
  Reader reader_;
};

// The weapons of another thread that are carried: by the number on them, because each thread
// counts its own.
std::map<std::uint32_t, std::uint32_t> same_weapons(store::View& view, const store::CaseRow& row,
                                                    const pb::TraceRequest& made) {
  std::map<std::uint32_t, std::uint32_t> out;
  const auto root = root_record(view, row);
  if (!root || !root->record) return out;
  for (const auto& theirs : root->record->message().trace_request().items())
    for (const auto& ours : made.items())
      if (!ours.serial_raw().empty() && ours.serial_raw() == theirs.serial_raw())
        out.emplace(theirs.item_no(), ours.item_no());
  return out;
}

class Builder {
 public:
  Builder(node::Node& node, const Chosen& chosen, const Now& now, pb::Record* record,
          std::vector<std::string>* carried, std::vector<std::string>* left_out)
      : view_(node.core().view()),
        chosen_(chosen),
        today_(format_date(now.wall_ms)),
        facts_(chosen.to, record->header().language()),
        record_(record),
        carried_(carried),
        left_out_(left_out) {}

  void thread(const Thread& each) {
    const auto opened = node::open_case(view_, each.row);
    if (opened.request_failed() || each.row.peer == chosen_.to || list().size() >= kMaxOthers)
      return;
    parties_.insert(each.row.peer);
    auto* entry = list().Add();
    entry->set_party(each.row.peer);
    entry->set_date(format_date(each.row.opened_ms));
    entry->set_result(facts_.asked());
    const std::string said = what_it_answered(each.row, answers_of(view_, opened));
    if (!said.empty()) entry->set_result(said);
    carried_->push_back(each.row.peer + " was asked on " + entry->date() +
                        (said.empty() ? "" : ": " + said));
  }

  // Requests outside of these threads, as an officer wrote them down. Whose words their results
  // are, and what those allowed, cannot be told.
  void written(const google::protobuf::RepeatedPtrField<pb::OtherRequest>& before) {
    for (const pb::OtherRequest& each : before) {
      if (each.party() == chosen_.to || list().size() >= kMaxOthers) continue;
      if (!parties_.insert(each.party()).second) continue;
      auto* entry = list().Add();
      entry->set_party(each.party());
      entry->set_date(each.date());
      entry->set_result(facts_.asked());
      carried_->push_back(each.party() + " was asked on " + each.date());
      if (!each.result().empty())
        left_out_->push_back("the result noted for " + each.party() +
                             ", because its label is not known here");
    }
  }

 private:
  google::protobuf::RepeatedPtrField<pb::OtherRequest>& list() {
    return *record_->mutable_trace_request()->mutable_prior_searches()->mutable_other_requests();
  }

  // Weapons of that thread by their numbers in the new record.
  std::map<std::uint32_t, std::uint32_t> numbers(const store::CaseRow& row) const {
    if (row.id != chosen_.source) return same_weapons(view_, row, record_->trace_request());
    std::map<std::uint32_t, std::uint32_t> out;
    for (std::size_t i = 0; i < chosen_.items.size(); ++i)
      out[chosen_.items[i]] = static_cast<std::uint32_t>(i + 1);
    return out;
  }

  // Empty: nothing, or nothing that may be passed on; the officer is told which.
  std::string what_it_answered(const store::CaseRow& row, const Answers& answers) {
    const std::string& party = row.peer;
    if (answers.results.empty()) return {};
    auto why = why_not_passed_on(answers.labels, party, chosen_.to, today_);
    if (!why &&
        !make_strictest(answers.labels, chosen_.to, record_->mutable_header()->mutable_label()))
      why = "its label and ours have no purpose or recipient in common";
    if (why) {
      left_out_->push_back("what " + party + " answered, because " + *why);
      return {};
    }
    return told(party, answers, numbers(row));
  }

  std::string told(const std::string& party, const Answers& answers,
                   const std::map<std::uint32_t, std::uint32_t>& numbers) {
    std::string out;
    bool more = false;
    bool cut = false;
    for (const auto& [theirs, ours] : numbers) {
      const auto result = answers.results.find(theirs);
      if (result == answers.results.end()) continue;
      more = more || facts_.has_more(result->second);
      std::string fact = facts_.of(result->second, ours);
      if (!out.empty()) fact.insert(0, ". ");
      cut = cut || out.size() + fact.size() > kMaxResultBytes;
      if (!cut) out.append(fact);
    }
    if (cut) left_out_->push_back("a part of what " + party + " answered: there is no room for it");
    if (more)
      left_out_->push_back(
          "of " + party + "'s answer: holders, references, remarks, other numbers and other steps");
    return out;
  }

  store::View& view_;
  const Chosen& chosen_;
  std::string today_;
  Facts facts_;
  pb::Record* record_;
  std::vector<std::string>* carried_;
  std::vector<std::string>* left_out_;
  std::set<std::string> parties_;
};

}  // namespace

void add_others_asked(node::Node& node, const Threads& threads, const Chosen& chosen,
                      const Now& now, pb::Record* record, std::vector<std::string>* carried,
                      std::vector<std::string>* left_out) {
  auto* prior = record->mutable_trace_request()->mutable_prior_searches();
  const auto before = std::move(*prior->mutable_other_requests());
  prior->clear_other_requests();
  Builder builder(node, chosen, now, record, carried, left_out);
  for (const Thread& each : threads.all) builder.thread(each);
  builder.written(before);
  auto& unknown = *record->mutable_unknown_fields();
  if (prior->other_requests().empty()) {
    // Nothing to name: what the first request said of others does not hold for this one.
    prior->set_others_asked(false);
  } else {
    prior->set_others_asked(true);
  }
  for (int i = 0; i < unknown.size(); ++i)
    if (unknown[i] == kOthersAskedPath) unknown.DeleteSubrange(i--, 1);
}

}  // namespace focal::desk

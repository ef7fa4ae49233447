// Goal: every rule has a record that breaks it, alone, and is named for it.
// Method: a table of small edits to valid records; at the end the table must
// hold every name rule_names() knows.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "node/record/validate.h"
#include "tests/unit/record/filler.h"

namespace focal::record::test {
namespace {

struct Broken {
  std::string_view rule;
  std::string_view kind;
  std::string path;
  RecordStatus status;
  std::function<void(v1::Record&)> edit;
};

constexpr auto kInvalid = RecordStatus::kRecordInvalid;
constexpr auto kLabelStatus = RecordStatus::kLabel;

v1::Label& label(v1::Record& r) { return *r.mutable_header()->mutable_label(); }
v1::TraceRequest& request(v1::Record& r) { return *r.mutable_trace_request(); }
v1::WeaponItem& item(v1::Record& r) { return *request(r).mutable_items(0); }
v1::ItemResult& result(v1::Record& r) { return *r.mutable_trace_response()->mutable_results(0); }

std::vector<Broken> label_cases() {
  return {
      {"FREE_WITH_LIMITS", "trace.ack", "header.label.onward", kLabelStatus,
       [](v1::Record& r) { label(r).set_onward("FREE"); }},
      {"EVIDENCE_WITH_H1", "trace.ack", "header.label.use", kLabelStatus,
       [](v1::Record& r) { label(r).set_h_codes(0, "H1"), label(r).set_use("EVIDENCE"); }},
      {"REVIEW_AFTER_END", "trace.ack", "header.label.review_on", kLabelStatus,
       [](v1::Record& r) { label(r).set_review_on("2031-04-01"); }},
      {"RECIPIENT", "trace.ack", "header.label.named_recipients[0]", kLabelStatus,
       [](v1::Record& r) { label(r).set_named_recipients(0, "police"); }},
      {"CLEAR_PERSONAL", "trace.ack", "header.label.tlp", kLabelStatus,
       [](v1::Record& r) { label(r).set_tlp("CLEAR"); }},
      {"LABEL_MISSING", "trace.ack", "header.label", kLabelStatus,
       [](v1::Record& r) { r.mutable_header()->clear_label(); }},
      {"PERSONAL_DATA", "trace.response", "header.label.personal_data", kLabelStatus,
       [](v1::Record& r) { label(r).set_personal_data(false); }},
      {"PERSONAL_DATA", "trace.request", "trace_request.personal_data_included", kInvalid,
       [](v1::Record& r) { request(r).set_personal_data_included(false); }},
      {"PERSONAL_DATA", "trace.info_supply", "header.label.personal_data", kLabelStatus,
       [](v1::Record& r) {
         label(r).set_personal_data(false);
         auto* answer = r.mutable_trace_info_supply()->add_answers();
         answer->set_path("trace_request.circumstances.persons[0].name");
         answer->set_value("Ilse Varga");
       }},
      {"CODE", "trace.ack", "header.label.tlp", kLabelStatus,
       [](v1::Record& r) { label(r).set_tlp("AMBER_STRICT"); }},
      {"CODE_TWICE", "trace.ack", "header.label.h_codes[1]", kLabelStatus,
       [](v1::Record& r) { label(r).add_h_codes("H0"); }},
      {"NEEDED", "trace.ack", "header.label.h3_text", kLabelStatus,
       [](v1::Record& r) { label(r).add_h_codes("H3"); }},
      {"NEEDED", "trace.ack", "header.label.onward_named", kLabelStatus,
       [](v1::Record& r) { label(r).set_onward("NAMED"); }},
      {"ONLY_WITH", "trace.ack", "header.label.h3_text", kLabelStatus,
       [](v1::Record& r) { label(r).set_h3_text("not to be mentioned"); }},
  };
}

std::vector<Broken> header_cases() {
  return {
      {"REQUIRED", "trace.ack", "header", RecordStatus::kForm,
       [](v1::Record& r) { r.clear_header(); }},
      {"SUPERSEDES", "trace.correction", "header.supersedes", kInvalid,
       [](v1::Record& r) { r.mutable_header()->clear_supersedes(); }},
      {"SUPERSEDES", "trace.correction", "header.supersedes", kInvalid,
       [](v1::Record& r) { r.mutable_header()->mutable_supersedes()->set_rid("short"); }},
      {"DUE_ORDER", "trace.request", "header.ack_by_ms", kInvalid,
       [](v1::Record& r) { r.mutable_header()->set_ack_by_ms(r.header().answer_by_ms() + 1); }},
      {"FORMAT", "trace.ack", "header.from_desk", kInvalid,
       [](v1::Record& r) { r.mutable_header()->set_from_desk("trace desk"); }},
      {"FORMAT", "trace.ack", "header.language", kInvalid,
       [](v1::Record& r) { r.mutable_header()->set_language("English"); }},
      {"RANGE", "trace.ack", "header.answer_by_ms", kInvalid,
       [](v1::Record& r) { r.mutable_header()->set_answer_by_ms(std::uint64_t{1} << 63); }},
      {"MARKED_TWICE", "trace.ack", "unknown_fields[1]", kInvalid,
       [](v1::Record& r) { r.add_unknown_fields("x"), r.add_unknown_fields("x"); }},
      {"PATH", "trace.ack", "unknown_fields[0]", kInvalid,
       [](v1::Record& r) { r.add_unknown_fields("trace_ack..note"); }},
      {"PATH", "trace.request", "unknown_fields[0]", kInvalid,
       [](v1::Record& r) { r.add_unknown_fields("trace_request.items.make"); }},
      {"NOT_PROMPTED", "trace.request", "unknown_fields[0]", kInvalid,
       [](v1::Record& r) { r.add_unknown_fields("trace_request.items[7].make"); }},
  };
}

std::vector<Broken> request_cases() {
  return {
      {"REQUIRED", "trace.request", "trace_request.items", kInvalid,
       [](v1::Record& r) { request(r).clear_items(); }},
      {"PRIORITY_REASON", "trace.request", "trace_request.priority_reason", kInvalid,
       [](v1::Record& r) {
         r.mutable_header()->set_priority("FLASH"), request(r).clear_priority_reason();
       }},
      {"FOUND_ELSEWHERE", "trace.request", "trace_request.circumstances.found_country_reason",
       kInvalid,
       [](v1::Record& r) {
         request(r).mutable_circumstances()->set_found_country("XC");
         request(r).mutable_circumstances()->clear_found_country_reason();
       }},
      {"ITEM_NUMBERS", "trace.request", "trace_request.items[1]", kInvalid,
       [](v1::Record& r) { *request(r).add_items() = v1::WeaponItem(item(r)); }},
      {"TYPE_OF_CATEGORY", "trace.request", "trace_request.items[0].type", kInvalid,
       [](v1::Record& r) { item(r).set_category("LIGHT_WEAPON"); }},
      {"SERIAL_GIVEN", "trace.request", "trace_request.items[0].serial_confidence", kInvalid,
       [](v1::Record& r) { item(r).set_serial_confidence("NONE"); }},
      {"SERIAL_GIVEN", "trace.request", "trace_request.items[0].serial_confidence", kInvalid,
       [](v1::Record& r) {
         item(r).clear_serial_raw();
         r.add_unknown_fields("trace_request.items[0].serial_raw");
       }},
      {"WHAT_ITEM", "trace.request", "trace_request.circumstances.associated_items[0].description",
       kInvalid,
       [](v1::Record& r) {
         auto* found = request(r).mutable_circumstances()->mutable_associated_items(0);
         found->clear_type(), found->clear_description();
       }},
      {"OTHERS_ASKED", "trace.request", "trace_request.prior_searches.other_requests", kInvalid,
       [](v1::Record& r) { request(r).mutable_prior_searches()->set_others_asked(false); }},
      {"OTHERS_ASKED", "trace.request", "trace_request.prior_searches.others_asked", kInvalid,
       [](v1::Record& r) {
         request(r).mutable_prior_searches()->clear_others_asked();
         r.add_unknown_fields("trace_request.prior_searches.others_asked");
       }},
      {"BOTH_COORDINATES", "trace.request", "trace_request.circumstances.found_lon_tenths",
       kInvalid,
       [](v1::Record& r) { request(r).mutable_circumstances()->clear_found_lon_tenths(); }},
      {"NEEDED", "trace.request", "trace_request.confidentiality_guarantee.text", kInvalid,
       [](v1::Record& r) {
         request(r).mutable_confidentiality_guarantee()->set_level("NONE");
         request(r).mutable_confidentiality_guarantee()->clear_text();
       }},
      {"PROMPTED", "trace.request", "trace_request.items[0].make", kInvalid,
       [](v1::Record& r) { item(r).clear_make(); }},
      {"MARKED_AND_GIVEN", "trace.request", "trace_request.items[0].make", kInvalid,
       [](v1::Record& r) { r.add_unknown_fields("trace_request.items[0].make"); }},
      {"TOO_LONG", "trace.request", "trace_request.items[0].make", kInvalid,
       [](v1::Record& r) { item(r).set_make(std::string(81, 'm')); }},
      {"TOO_MANY", "trace.request", "trace_request.items", kInvalid,
       [](v1::Record& r) {
         const v1::WeaponItem first = item(r);
         for (std::uint32_t n = 2; n <= 201; ++n) {
           *request(r).add_items() = first;
           request(r).mutable_items(static_cast<int>(n) - 1)->set_item_no(n);
         }
       }},
      {"TEXT", "trace.request", "trace_request.items[0].make", kInvalid,
       [](v1::Record& r) { item(r).set_make("Arsenal\x1b[2J"); }},
      {"BLANK", "trace.request", "trace_request.items[0].make", kInvalid,
       [](v1::Record& r) { item(r).set_make("  "); }},
      {"ATTACHMENT", "trace.request", "trace_request.attachments", RecordStatus::kAttachmentsNotYet,
       [](v1::Record& r) { request(r).add_attachments()->set_name("P1.jpg"); }},
      {"ATTACHMENT", "trace.request", "trace_request.items[0].markings[0].photo_ref",
       RecordStatus::kAttachmentsNotYet,
       [](v1::Record& r) { item(r).mutable_markings(0)->set_photo_ref("P1.jpg"); }},
  };
}

std::vector<Broken> answer_cases() {
  return {
      {"INTERIM_IN_FINAL", "trace.response", "trace_response.results[0].completeness", kInvalid,
       [](v1::Record& r) { result(r).set_completeness("INTERIM"); }},
      {"CHAIN_ORDER", "trace.response", "trace_response.results[0].supply_chain[0].seq", kInvalid,
       [](v1::Record& r) { result(r).mutable_supply_chain(0)->set_seq(2); }},
      {"ITEM_NUMBERS", "trace.response", "trace_response.results[1]", kInvalid,
       [](v1::Record& r) {
         *r.mutable_trace_response()->add_results() = v1::ItemResult(result(r));
       }},
      {"ONLY_WITH", "trace.response", "trace_response.results[0].ground", kInvalid,
       [](v1::Record& r) { result(r).set_ground("NATIONAL_SECURITY"); }},
      {"NEEDED", "trace.response", "trace_response.results[0].holder", kInvalid,
       [](v1::Record& r) { result(r).clear_holder(); }},
      {"SUPPLIES_NOTHING", "trace.info_supply", "trace_info_supply.answers", kInvalid,
       [](v1::Record& r) {
         r.mutable_trace_info_supply()->clear_answers();
         r.mutable_trace_info_supply()->clear_amended();
       }},
      {"TOO_SHORT", "trace.refusal", "trace_refusal.reason_text", kInvalid,
       [](v1::Record& r) { r.mutable_trace_refusal()->set_reason_text("because."); }},
      {"TOO_SHORT", "trace.delay", "trace_delay.reason_text", kInvalid,
       [](v1::Record& r) { r.mutable_trace_delay()->set_reason_text(" nineteen characters "); }},
      {"REQUIRED", "trace.refusal", "trace_refusal.ground", kInvalid,
       [](v1::Record& r) { r.mutable_trace_refusal()->clear_ground(); }},
      {"REQUIRED", "trace.delay", "trace_delay.expected_by", kInvalid,
       [](v1::Record& r) { r.mutable_trace_delay()->clear_expected_by(); }},
      {"NEEDED", "trace.withdraw", "trace_withdraw.text", kInvalid,
       [](v1::Record& r) {
         r.mutable_trace_withdraw()->set_reason("OTHER");
         r.mutable_trace_withdraw()->clear_text();
       }},
  };
}

std::vector<Broken> node_cases() {
  return {
      {"NAMES_RECORD", "peer.proof_request", "peer_proof_request.record", kInvalid,
       [](v1::Record& r) { r.mutable_peer_proof_request()->mutable_record()->set_rid("short"); }},
      {"NAMES_RECORD", "peer.proof", "peer_proof.record", kInvalid,
       [](v1::Record& r) { r.mutable_peer_proof()->mutable_record()->clear_created_ms(); }},
      {"NAMES_RECORD", "peer.opened", "peer_opened.record", kInvalid,
       [](v1::Record& r) { r.mutable_peer_opened()->mutable_record()->clear_rid(); }},
      {"NAMES_RECORD", "recovery.request", "recovery_request.want[1]", kInvalid,
       [](v1::Record& r) { r.mutable_recovery_request()->add_want()->set_created_ms(1); }},
      {"REQUIRED", "peer.opened", "peer_opened.record", kInvalid,
       [](v1::Record& r) { r.mutable_peer_opened()->clear_record(); }},
      {"FORMAT", "peer.proof", "peer_proof.leaf", kInvalid,
       [](v1::Record& r) { r.mutable_peer_proof()->mutable_leaf()->pop_back(); }},
      {"FORMAT", "peer.proof", "peer_proof.tlog_proof", kInvalid,
       [](v1::Record& r) { r.mutable_peer_proof()->set_tlog_proof(std::string(98305, 'p')); }},
      {"FORMAT", "recovery.data", "recovery_data.your_stmts[1]", kInvalid,
       [](v1::Record& r) { r.mutable_recovery_data()->add_your_stmts(""); }},
      {"FORMAT", "recovery.data", "recovery_data.your_stmts[1]", kInvalid,
       [](v1::Record& r) { r.mutable_recovery_data()->add_your_stmts(std::string(513, 's')); }},
      {"PAGE_SIZE", "recovery.data", "recovery_data.next", kInvalid,
       [](v1::Record& r) {
         for (int i = 0; i < 4; ++i)
           r.mutable_recovery_data()->add_your_notes(std::string(52 * 1024, 'n'));
       }},
  };
}

// Rules that other calls than parse_checked with one State addressee show;
// tested below and in record_test.cc.
const std::set<std::string_view> kElsewhere = {"FORM",    "JSON",        "KIND",         "NEWER",
                                               "TOO_BIG", "STATES_ONLY", "ONE_ADDRESSEE"};

TEST(Rules, EachEditBreaksExactlyItsRule) {
  std::set<std::string_view> broken = kElsewhere;
  for (const auto& cases :
       {label_cases(), header_cases(), request_cases(), answer_cases(), node_cases()})
    for (const Broken& each : cases) {
      v1::Record record = full_record(each.kind);
      ASSERT_TRUE(check(record).has_value());
      each.edit(record);
      const Checked checked = check(record);
      ASSERT_FALSE(checked.has_value()) << each.rule << " " << each.path;
      EXPECT_EQ(problems_of(checked),
                std::vector<std::string>{std::string(each.rule) + " " + each.path});
      EXPECT_EQ(checked.error().status, each.status) << each.rule << " " << each.path;
      EXPECT_FALSE(checked.error().problems[0].message.empty());
      broken.insert(each.rule);
    }
  const auto all = rule_names();
  EXPECT_EQ(std::set<std::string_view>(all.begin(), all.end()), broken);
}

TEST(Rules, TracingIsBetweenStates) {
  const std::string body = bytes_of(full_record("trace.ack"));
  const auto status = [&](const std::string& from, const std::vector<std::string>& audience,
                          std::string_view rule) {
    const Checked checked = parse_checked(as_bytes(body), "trace.ack", from, audience);
    if (checked.has_value()) return std::string("accepted");
    EXPECT_EQ(checked.error().problems.front().rule, rule);
    return std::string(status_name(checked.error().status));
  };
  EXPECT_EQ(status("UNODA", {"XB"}, "STATES_ONLY"), "AUTHORITY");
  EXPECT_EQ(status("XA", {"INTERPOL"}, "STATES_ONLY"), "AUTHORITY");
  EXPECT_EQ(status("XA-ITI", {"XB-NPC"}, ""), "accepted");
  EXPECT_EQ(status("XA", {"XB", "XC"}, "ONE_ADDRESSEE"), "RECORD_INVALID");
  EXPECT_EQ(status("XA", {}, "ONE_ADDRESSEE"), "RECORD_INVALID");
  // A test record may go to anybody, and to many.
  const std::string ping = bytes_of(least_record("peer.ping"));
  EXPECT_TRUE(parse_checked(as_bytes(ping), "peer.ping", "UNODA", {"XA", "XB"}).has_value());
}

TEST(Rules, APingNeedsNoLabelButABadOneIsRefused) {
  v1::Record record = least_record("peer.ping");
  record.mutable_header()->clear_label();
  EXPECT_TRUE(check(record).has_value());
  record.mutable_header()->mutable_label()->set_tlp("CLEAR");
  const Checked checked = check(record);
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().status, RecordStatus::kLabel);
}

TEST(Rules, WeaponsFoundElsewhereNeedAReason) {
  v1::Record record = full_record("trace.request");
  record.mutable_trace_request()->mutable_circumstances()->set_found_country("SUHH");
  EXPECT_TRUE(check(record).has_value()) << "a reason stands in the full record";
  // The State counts, not its focal point.
  record.mutable_trace_request()->mutable_circumstances()->set_found_country("XA");
  record.mutable_trace_request()->mutable_circumstances()->clear_found_country_reason();
  const std::string body = bytes_of(record);
  EXPECT_TRUE(parse_checked(as_bytes(body), "trace.request", "XA-ITI", {"XB"}).has_value());
}

TEST(Rules, OwnRecordsHoldNothingNewer) {
  v1::Record record = full_record("trace.ack");
  record.GetReflection()->MutableUnknownFields(&record)->AddVarint(900, 1);
  Facts facts;
  const std::vector<std::string> to = {"XB"};
  facts.from = "XA";
  facts.audience = to;
  EXPECT_TRUE(validate(record, facts).ok());
  facts.own = true;
  const Report report = validate(record, facts);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.problems[0].rule, "NEWER");
}

TEST(Rules, TheSmallestStatusStands) {
  v1::Record record = full_record("trace.request");
  item(record).mutable_markings(0)->set_photo_ref("P1.jpg");
  EXPECT_EQ(check(record).error().status, RecordStatus::kAttachmentsNotYet);
  label(record).set_tlp("PINK");
  EXPECT_EQ(check(record).error().status, RecordStatus::kLabel);
  item(record).clear_item_no();
  EXPECT_EQ(check(record).error().status, RecordStatus::kRecordInvalid);
  record.mutable_header()->Clear();
  EXPECT_EQ(check(record).error().status, RecordStatus::kRecordInvalid);
  record.clear_header();
  EXPECT_EQ(check(record).error().status, RecordStatus::kForm);
}

}  // namespace
}  // namespace focal::record::test

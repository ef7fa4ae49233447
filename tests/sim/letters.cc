#include "tests/sim/letters.h"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <utility>

#include "node/casework/fold.h"

#include "proto/record.pb.h"
#include "tests/unit/record/filler.h"

namespace focal::sim {

namespace {

std::size_t lines_seen = 0;
constexpr std::string_view kCanary = "canary 5f1c09d2e7b84a63";
constexpr std::array<std::string_view, 7> kFreeTexts = {
    "text", "reason_text", "intended_use_text", "new_information", "shared_back", "action_taken",
    "note"};

// Into every free text that is there.
void plant_canary(v1::Record& record) {
  record::test::for_each_field(record, "", [](auto& message, const auto* field, const auto&) {
    const bool free = std::find(kFreeTexts.begin(), kFreeTexts.end(), field->name()) !=
                      kFreeTexts.end();
    if (!free || field->is_repeated() ||
        field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING)
      return;
    const auto& reflection = *message.GetReflection();
    if (!reflection.GetString(message, field).empty())
      reflection.SetString(&message, field, std::string(kCanary));
  });
}

// What the result needs beside it, by the table of trace.proto.
void set_result(const Move& move, v1::ItemResult* out) {
  out->Clear();
  out->set_item_no(1);
  out->set_result(std::string(move.result));
  out->set_completeness(move.ground.empty() ? "FULL" : "RESTRICTED");
  if (!move.ground.empty()) {
    out->set_ground(std::string(move.ground));
    out->set_reason_text("More than this may not be said.");
    out->add_withheld("holder");
    return;
  }
  if (move.result == "MADE_HERE_DOMESTIC") {
    out->mutable_holder()->set_class_("PRIVATE");
    return;
  }
  out->mutable_date()->set_value("2009");
  if (move.result == "EXPORTED") {
    out->set_country("XC");
    out->set_consignee_class("ARMED_FORCES");
  } else {
    out->set_register_ref("LOSS/24/17");
  }
}

void count_line(google::protobuf::LogLevel, const char*, int, const std::string&) { ++lines_seen; }

}  // namespace

ByteView canary() { return as_bytes(kCanary); }

bool contains(ByteView all, ByteView part) {
  return ::memmem(all.data(), all.size(), part.data(), part.size()) != nullptr;
}

Bytes filling(crypto::Rng& rng, std::size_t size) {
  Bytes out(size);
  rng.fill(out);
  if (size >= kCanary.size()) std::copy(kCanary.begin(), kCanary.end(), out.begin());
  return out;
}

std::size_t protobuf_lines() {
  static const auto before = google::protobuf::SetLogHandler(&count_line);
  static_cast<void>(before);
  return std::exchange(lines_seen, 0);
}

Bytes valid_body(const std::string& kind, const std::string& from,
                 const std::optional<store::RecordRef>& supersedes) {
  static std::map<std::string, v1::Record> made;
  auto it = made.find(kind);
  if (it == made.end()) {
    it = made.emplace(kind, record::test::least_record(kind)).first;
    if (kind == "peer.ping") it->second.mutable_peer_ping()->set_text(std::string(kCanary));
    plant_canary(it->second);
  }
  v1::Record record = it->second;
  record.mutable_header()->mutable_label()->set_provider(from);
  if (kind == "trace.request")
    record.mutable_trace_request()->mutable_circumstances()->set_found_country(from.substr(0, 2));
  if (supersedes) {
    record.mutable_header()->mutable_supersedes()->set_rid(to_string(supersedes->rid));
    record.mutable_header()->mutable_supersedes()->set_created_ms(supersedes->created_ms);
  }
  return to_bytes(record.SerializeAsString());
}

Bytes body_of(const Move& move, const std::string& from,
              const std::optional<store::RecordRef>& supersedes) {
  const std::string kind(move.kind);
  v1::Record record;
  const Bytes plain = valid_body(
      kind, from, kind == "trace.correction" ? supersedes : std::optional<store::RecordRef>());
  record.ParseFromArray(plain.data(), static_cast<int>(plain.size()));
  if (record.has_trace_request() && !move.ground.empty()) {
    auto* guarantee = record.mutable_trace_request()->mutable_confidentiality_guarantee();
    guarantee->set_level("NONE");
    guarantee->set_text("The court file is public.");
  }
  if (record.has_trace_refusal()) record.mutable_trace_refusal()->set_ground(std::string(move.ground));
  if (record.has_trace_delay()) record.mutable_trace_delay()->set_ground(std::string(move.ground));
  if (!move.result.empty()) {
    if (record.has_trace_response())
      set_result(move, record.mutable_trace_response()->mutable_results(0));
    if (record.has_trace_correction())
      set_result(move, record.mutable_trace_correction()->mutable_results(0));
    if (record.has_trace_clarify_reply())
      set_result(move, record.mutable_trace_clarify_reply()->add_results());
  }
  return to_bytes(record.SerializeAsString());
}

std::optional<store::RecordRef> last_answer(const node::OpenedCase& opened) {
  std::optional<store::RecordRef> out;
  for (const auto& effect : opened.fold.effects)
    for (const auto& event : opened.events)
      if (event.rid == effect.rid && effect.effect == casework::Effect::kTaken &&
          (event.kind == "trace.response" || event.kind == "trace.interim"))
        out = store::RecordRef{event.rid, event.created_ms};
  return out;
}

}  // namespace focal::sim

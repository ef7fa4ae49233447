#include "node/desk/own_records.h"

#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

constexpr char kDefaultDesk[] = "NPC";

Result<record::CheckedRecord> checked(std::unique_ptr<pb::Record> record, const Route& route) {
  auto done = record::from_message(std::move(record), route.from, route.to);
  if (!done) return done.error().as_error();
  return std::move(*done);
}

}  // namespace

Result<record::CheckedRecord> checked_json(const google::protobuf::Struct& json, const Route& route,
                                           const Complete& complete) {
  auto record = std::make_unique<pb::Record>();
  if (auto read = json::from_struct(json, *record); !read) {
    Error error = read.error();
    error.code = ErrorCode::kRecord;
    return error;
  }
  if (complete) complete(*record);
  return checked(std::move(record), route);
}

Result<record::CheckedRecord> checked_message(const pb::Record& record, const Route& route) {
  return checked(std::make_unique<pb::Record>(record), route);
}

void reply_header(const record::CheckedRecord& request, const std::string& own_party,
                  const std::string& subject, pb::Header* out) {
  const auto& from = request.message().header();
  out->set_from_desk(from.to_desk().empty() ? kDefaultDesk : from.to_desk());
  out->set_to_desk(from.from_desk());
  out->set_subject(subject + " " + request.message().trace_request().case_ref_requester());
  out->set_language("en");
  out->set_priority(from.priority());
  *out->mutable_label() = from.label();
  out->mutable_label()->set_provider(own_party);
  out->mutable_label()->clear_provider_ref();
}

}  // namespace focal::desk

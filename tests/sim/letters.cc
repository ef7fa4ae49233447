#include "tests/sim/letters.h"

#include <google/protobuf/stubs/logging.h>

#include <map>
#include <utility>

#include "proto/record.pb.h"
#include "tests/unit/record/filler.h"

namespace focal::sim {

namespace {

std::size_t lines_seen = 0;
void count_line(google::protobuf::LogLevel, const char*, int, const std::string&) { ++lines_seen; }

}  // namespace

std::size_t protobuf_lines() {
  static const auto before = google::protobuf::SetLogHandler(&count_line);
  static_cast<void>(before);
  return std::exchange(lines_seen, 0);
}

Bytes valid_body(const std::string& kind, const std::string& from,
                 const std::optional<store::RecordRef>& supersedes) {
  static std::map<std::string, v1::Record> made;
  auto it = made.find(kind);
  if (it == made.end()) it = made.emplace(kind, record::test::least_record(kind)).first;
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

}  // namespace focal::sim

// The kinds of record and what each needs, read from the schema: the fields of
// oneof Record.kind and their (focal.v1.kind) option (proto/record.proto).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace focal::record {

enum class TrustLevel : std::uint8_t { kNone = 0, kIntroduced = 1, kVerified = 2 };

std::string_view trust_name(TrustLevel level);  // "NONE", "INTRODUCED", "VERIFIED"

struct KindInfo {
  std::string name;        // "trace.request"
  std::string field_name;  // "trace_request", its field in Record
  std::string life;        // "tracing", or empty for a record that is no case event
  TrustLevel min_level = TrustLevel::kVerified;
  std::uint8_t lane = 1;  // 0 = peer.* only
  bool is_case_root = false;
  bool is_case_event = false;  // life is not empty (roots included); one addressee only
  bool states_only = false;    // both ends must act for a State, else AUTHORITY
  bool label_optional = false;
};

inline constexpr std::size_t kMaxKindBytes = 64;

// [a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*, 1..64 bytes.
bool is_kind_name(std::string_view text);

std::span<const KindInfo> kinds();                 // in the order of their numbers
const KindInfo* find_kind(std::string_view name);  // nullptr: a kind newer than this program
inline bool is_known_kind(std::string_view name) { return find_kind(name) != nullptr; }

}  // namespace focal::record

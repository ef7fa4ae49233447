// Before a request goes: were its weapons asked about before, by whom, with what outcome. Called
// on the node's loop thread, inside Node::perform().
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/desk/views.h"

namespace focal::v1 {
class TraceRequest;
}

namespace focal::desk {

// Up to so many weapons all tiers are looked for, beyond it equal numbers only.
inline constexpr int kMaxThoroughWeapons = 20;
// Records of one request's matches that are opened; what is left then is said.
inline constexpr std::size_t kMaxMatchRecords = 2000;
inline constexpr std::size_t kMaxShownMatches = 5;  // of each weapon

void fill_asked_before(store::View& view, const focal::v1::TraceRequest& request,
                       v1::TraceOpenResponse* out);

// A request of ours to that party, not answered yet, about a weapon with an equal number that
// nothing else contradicts, or in the same case with the number in the same writing; also one that is released and not yet committed (case_number empty).
struct OpenTwin {
  std::uint32_t item_no = 0;  // of the new request
  std::string case_number;
};
std::optional<OpenTwin> find_open_twin(store::View& view, const focal::v1::TraceRequest& request,
                                       const std::string& to, const node::Group& group);

}  // namespace focal::desk

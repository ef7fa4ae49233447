// Witnesses: how far others vouch for the log, and who is asked to (docs/operations.md,
// "Witnesses").
#pragma once

#include "base/result.h"
#include "node/desk/acting.h"
#include "node/exchange/witness_book.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class Coverage;
class WitnessShowResponse;
class WitnessSetRequest;
}  // namespace focal::api::v1

namespace focal::desk {

inline constexpr std::size_t kAutomaticWitnesses = 5;

void fill_coverage(const exchange::Coverage& coverage, api::v1::Coverage* out);
void show_witness(node::Node& node, api::v1::WitnessShowResponse* out);
// Joins the group under way. kInvalid; kTrust (not VERIFIED); kState: automatic, and nobody can.
Status set_witness(node::Node& node, const api::v1::WitnessSetRequest& request, const By& by,
                   const Now& now);

}  // namespace focal::desk

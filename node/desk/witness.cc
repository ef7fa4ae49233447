#include "node/desk/witness.h"

#include <algorithm>

#include "node/desk/views.h"
#include "proto/witness.pb.h"

namespace focal::desk {

namespace v1 = api::v1;

namespace {

constexpr std::size_t kMaxReason = 1000;

// Verified parties that know witnessing; those that are linked now come first.
std::vector<std::string> able(node::Node& node) {
  std::vector<std::string> linked, others;
  for (const auto& [party, peer] : node.core().peers().all()) {
    const exchange::Standing& standing = peer.standing;
    if (standing.level != exchange::TrustLevel::kVerified || standing.suspended ||
        standing.revoked || !node.core().machine().knows_witnessing(party))
      continue;
    (node.core().machine().link_state(party).up ? linked : others).push_back(party);
  }
  linked.insert(linked.end(), others.begin(), others.end());
  if (linked.size() > kAutomaticWitnesses) linked.resize(kAutomaticWitnesses);
  return linked;
}

}  // namespace

void fill_coverage(const exchange::Coverage& coverage, v1::Coverage* out) {
  out->set_size(coverage.size);
  out->set_witnessed_size(coverage.witnessed);
  out->set_unwitnessed_leaves(coverage.unwitnessed_leaves);
  out->set_witnesses(coverage.n);
  out->set_quorum(coverage.q);
  for (const std::string& party : coverage.by) out->add_witnessed_by(party);
  out->set_text(coverage.words);
}

void show_witness(node::Node& node, v1::WitnessShowResponse* out) {
  const exchange::Machine& machine = node.core().machine();
  const exchange::OwnLog& own = machine.witness().own();
  fill_coverage(own.coverage(), out->mutable_coverage());
  if (const auto* policy = own.newest_policy()) {
    out->set_quorum(policy->quorum);
    const auto last = node.core().view().last_checkpoint();
    const auto list = own.list_for(last ? last->size : 0);
    out->set_in_force(list.witnesses == policy->witnesses && list.quorum == policy->quorum);
    for (const std::string& party : policy->witnesses) {
      auto* row = out->add_witnesses();
      row->set_party(party);
      row->set_up(machine.link_state(party).up);
      row->set_speaks(machine.knows_witnessing(party));
      row->set_cosigned_size(own.cosigned_by(party));
    }
  }
  for (const store::WitnessStateRow& held : node.core().view().witness_states()) {
    auto* row = out->add_logs();
    row->set_party(held.party);
    row->set_log(held.origin);
    row->set_size(held.size);
    row->set_at(time_text(held.at_s * kSecondMs));
  }
}

Status set_witness(node::Node& node, const v1::WitnessSetRequest& request, const By& by,
                   const Now& now) {
  if (request.reason().size() > kMaxReason)
    return fail(ErrorCode::kInvalid, "the reason has more than 1000 bytes", {}, "reason");
  std::vector<std::string> parties(request.witnesses().begin(), request.witnesses().end());
  if (request.automatic()) {
    if (!parties.empty() || request.quorum() != 0)
      return fail(ErrorCode::kInvalid, "witnesses and a quorum are named, or chosen by the node",
                  "Leave out one of both.", "automatic");
    parties = able(node);
    if (parties.empty())
      return fail(ErrorCode::kState, "no verified party knows witnessing yet",
                  "It shows with the first link; 'focal peer list' says who is linked.");
  }
  const std::uint32_t quorum = request.quorum() != 0 || parties.empty()
                                   ? request.quorum()
                                   : static_cast<std::uint32_t>(parties.size() / 2 + 1);
  const std::string words = parties.empty() ? "WITNESSES none"
                                            : "WITNESSES " + std::to_string(quorum) + " of " +
                                                  exchange::joined(parties);
  FOCAL_ASSIGN(store::PutWitnessPolicy put,
               node.core().machine().witness().own().set_policy(
                   std::move(parties), quorum, node.core().machine().book_time(now)));
  put.detail = by.detail(request.reason().empty() ? words : words + ": " + request.reason());
  node.core().write(std::move(put));
  return {};
}

}  // namespace focal::desk

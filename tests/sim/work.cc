// What officers do in a world.
#include <algorithm>

#include "node/casework/fold.h"
#include "node/node/cases.h"
#include "tests/sim/letters.h"
#include "tests/sim/world.h"

namespace focal::sim {
namespace {

exchange::Draft draft_of(std::vector<std::string> to, std::string kind, Bytes body,
                         std::uint32_t lane = 1) {
  std::sort(to.begin(), to.end());
  exchange::Draft draft;
  draft.to = std::move(to);
  draft.kind = std::move(kind);
  draft.body = std::move(body);
  draft.lane = lane;
  return draft;
}

constexpr const char* kAnyKind[] = {"trace.ack", "trace.delay", "trace.response", "trace.close",
                                    "trace.withdraw", "trace.refusal"};

}  // namespace

void World::act(const Action& action) {
  if (is_fault(action.what)) return fault(action);
  if (action.what == What::kVerify) return verify(action.a, action.b);
  if (node(action.a) == nullptr) return;  // the hostile party does no work
  switch (action.what) {
    case What::kAct: return act_in_a_case(*node(action.a), action);
    case What::kCancel:
    case What::kRetry: return cancel(action);
    case What::kPublish: return publish(action);
    case What::kWitnesses: return name_witnesses(action);
    case What::kLook:
      if (telling_) telling_->look(action.a, action.seed);
      return;
    default: return release(*node(action.a), action);
  }
}

void World::release(Node& officer, const Action& action) {
  const std::string to = sim::party(action.b).name;
  if (to == officer.name()) return;
  officer.perform([this, action, to](Node& at, const Now& now) {
    crypto::SeededRng rng(action.seed);
    exchange::Machine& machine = at.core().machine();
    const std::string& from = at.name();
    if (at.core().peers().find(to) == nullptr) return;  // nobody to write to
    switch (action.what) {
      case What::kPing:
        machine.submit(now, draft_of({to}, "peer.ping", valid_body("peer.ping", from), 0));
        return;
      case What::kTrace:
        machine.submit(now, draft_of({to}, "trace.request", valid_body("trace.request", from)));
        return;
      case What::kUnknownKind:
        machine.submit(now, draft_of({to}, "future.kind", filling(rng, rng.below(3000))));
        return;
      case What::kBulk:
        // Often more than the credit that is there.
        for (std::uint64_t n = 1 + rng.below(16); n > 0; --n)
          machine.submit(now, draft_of({to}, "future.bulk", filling(rng, 90'000), 2));
        return;
      case What::kBurst:
        for (std::uint64_t n = 5 + rng.below(20); n > 0; --n)
          machine.submit(now, draft_of({to}, "future.burst", filling(rng, rng.below(600)),
                                       1 + static_cast<std::uint32_t>(rng.below(2))));
        return;
      case What::kManyRecipients: {
        std::vector<std::string> all;
        for (std::size_t n = 0; n < plan_.nodes; ++n)
          if (n != action.a && at.core().peers().find(sim::party(n).name) != nullptr && (n == action.b || rng.below(3) != 0))
            all.push_back(sim::party(n).name);
        machine.submit(now, draft_of(all, "future.notice", filling(rng, rng.below(2000))));
        return;
      }
      case What::kExpiring: {
        auto draft = draft_of({to}, "future.kind", filling(rng, 200));
        draft.expires_ms = now.wall_ms + kMinuteMs + rng.below(20 * kMinuteMs);
        machine.submit(now, std::move(draft));
        return;
      }
      default: return;
    }
  });
}

// An officer does what the case allows, mostly.
void World::act_in_a_case(Node& officer, const Action& action) {
  officer.perform([action](Node& at, const Now& now) {
    crypto::SeededRng rng(action.seed);
    const auto rows = at.store().cases({});
    if (rows.empty()) return;
    const auto& row = rows[rng.below(rows.size())];
    const auto opened = node::open_case(at.store(), row);
    if (!opened.fold.started) return;
    const auto& allowed = row.ours ? opened.fold.requester_next : opened.fold.responder_next;
    std::string kind = kAnyKind[rng.below(std::size(kAnyKind))];
    if (!allowed.empty() && rng.below(8) != 0) kind = allowed[rng.below(allowed.size())];
    std::optional<store::RecordRef> supersedes;
    if (kind == "trace.correction") supersedes = last_answer(opened);
    auto draft = draft_of({row.peer}, kind, valid_body(kind, at.name(), supersedes));
    draft.thread = row.root;
    draft.reply_to = store::RecordRef{opened.fold.head, opened.fold.head_created_ms};
    at.core().machine().submit(now, std::move(draft));
  });
}

// Cancels a row that is still open, or tries a held one again.
void World::cancel(const Action& action) {
  node(action.a)->perform([this, action](Node& at, const Now&) {
    crypto::SeededRng rng(action.seed);
    const auto rows = at.store().open_outbox();
    if (rows.empty()) return;
    const auto& row = rows[rng.below(rows.size())];
    if (action.what == What::kRetry) return at.core().machine().retry(row.batch, row.peer);
    const auto batch = at.store().batch(row.batch);
    for (const auto& record : batch->records) watch_.cancelled(record.ref, row.peer);
    at.core().machine().cancel(row.batch, row.peer, "no longer needed");
  });
}

void World::verify(std::size_t a, std::size_t b) {
  if (node(a) == nullptr) return;
  node(a)->perform([this, b](Node& at, const Now& now) {
    const Party& other = sim::party(b);
    const exchange::Peer* peer = at.core().peers().find(other.name);
    if (peer == nullptr || peer->row.level == store::PeerLevel::kVerified) return;
    if (peer->card.root != other.card.root) return;  // the numbers that they read differ
    exchange::Machine& machine = at.core().machine();
    watch_.verified(at.name(), other.name);
    static_cast<void>(machine.book().set_standing(
        other.name, {store::PeerLevel::kVerified, peer->row.suspended}, "PHONE", "simulated call",
        machine.book_time(now)));
  });
}

// A newer schedule, as a node publishes every week.
void World::publish(const Action& action) {
  publish(action.a, action.seed % 2);
}

// Without the running week, others must wait for the next schedule.
void World::publish(std::size_t number, std::uint64_t first_week) {
  node(number)->perform([first_week](Node& at, const Now& now) { at.publish(now, first_week); });
}

}  // namespace focal::sim

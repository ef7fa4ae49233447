#include "node/desk/writing.h"

#include <utility>

#include "node/desk/peer_trust.h"

namespace focal::desk {

Status may_pass(node::Node& node, std::string_view kind, const std::string& party,
                const Now& now) {
  FOCAL_ASSIGN(const auto* peer, find_peer(node, party));
  const auto permission = node.core().peers().check_kind(kind, peer->standing);
  if (permission == exchange::Permission::kAllowed) return {};
  const TrustFacts facts = facts_of(node, *peer, now);
  const NextStep next = next_step(facts);
  return fail(ErrorCode::kTrust, party + " may not be written to. " + trust_words(facts),
              next.text() + (next.command.empty() ? "" : " '" + next.command + "'"), "to");
}

Status may_write_to(node::Node& node, const std::string& party, const Now& now) {
  if (node.disk_is_low())
    return fail(ErrorCode::kNoSpace, "the disk of this node is nearly full; nothing is released",
                "Free space on it. Reading goes on, and so does what is already on its way.");
  FOCAL_TRY(may_pass(node, "trace.request", party, now));
  FOCAL_ASSIGN(const auto* peer, find_peer(node, party));
  if (peer->card.expires_ms <= now.wall_ms)
    return fail(ErrorCode::kTrust,
                "the card of " + party + " expired on " + format_date(peer->card.expires_ms),
                "Ask them for their new card and add it with 'focal peer add FILE'.", "to");
  return {};
}

Result<store::RecordRef> release(node::Node& node, const record::CheckedRecord& record,
                                 std::optional<store::RecordRef> thread,
                                 std::optional<store::RecordRef> reply_to, const Now& now,
                                 By& by) {
  FOCAL_TRY(by.may_leave({&record, 1}, now));
  return submit(node, record, thread, reply_to, now, by);
}

store::RecordRef submit(node::Node& node, const record::CheckedRecord& record,
                        std::optional<store::RecordRef> thread,
                        std::optional<store::RecordRef> reply_to, const Now& now, const By& by) {
  exchange::Draft draft;
  draft.to = record.audience();
  draft.kind = std::string(record.kind());
  draft.body = record.body();
  draft.thread = thread;
  draft.reply_to = reply_to;
  draft.lane = record.kind_info().lane;
  draft.detail = by.detail();
  return node.core().machine().submit(now, std::move(draft), by.approvers());
}

}  // namespace focal::desk

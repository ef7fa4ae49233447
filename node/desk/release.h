// Acts that wait for a second officer (docs/operations.md, "Release by a second officer"). An act
// that a rule asks about is checked whole, then stored as it is, with the record it would send;
// when another person releases it, it is checked again against what is true then and done in the
// same transaction that ends its waiting. Called on the node's loop thread, inside
// Node::perform().
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/desk/acting.h"
#include "node/desk/people.h"
#include "node/node/node.h"
#include "proto/release.pb.h"

namespace focal::desk {

namespace v1 = focal::api::v1;

inline constexpr std::uint64_t kReleaseMs = ledger::kHeldActMs;  // then it has expired
inline constexpr std::size_t kMaxWaitingActs = 64;
inline constexpr std::size_t kMaxWaitingOfOne = 16;           // of one person
inline constexpr std::uint64_t kEndExpiredEveryMs = kHourMs;
inline constexpr std::size_t kMaxWaitingBytes = 1u << 20;     // of the request of one of them
inline constexpr std::size_t kMaxWaitingBodies = 2u << 20;    // of the records it would send

struct ReleaseRow {
  std::int64_t id = 0;
  v1::StoredRelease stored;
  bool waits(std::uint64_t now_ms) const {
    return stored.state() == "AWAITING" && now_ms < stored.expires_ms();
  }
};

std::string release_id(std::int64_t id);                         // "R-3"
Result<std::int64_t> parse_release_id(std::string_view text);    // kUsage
Result<ReleaseRow> find_release(node::Node& node, std::string_view id);  // kNotFound, kCorrupt
// Those that have not ended; oldest first. kCorrupt.
Result<std::vector<ReleaseRow>> open_releases(node::Node& node);
// Those before that id (0 = all there are), ended ones too: the newest `limit`, oldest first.
// kCorrupt.
Result<std::vector<ReleaseRow>> newest_releases(node::Node& node, std::int64_t before,
                                                std::size_t limit);

// What exactly is released, line by line: what the second officer's decision is about, and what
// the key signs where no record leaves.
std::string statement_of(node::Node& node, const ReleaseRow& row);
std::string statement_name(const std::string& statement);        // H in hex

// The end of an act inside perform(). outcome: what the act's checks said.
//  - well, and nobody had to release it: nothing
//  - well, with a Second: the release has ended as RELEASED, in this group. rids: what left
//  - kAwaitsRelease: stored, by.held is its id, and the result is well. kLimit: too many wait, in
//    all or of this person, and nothing is stored
//  - another error: that error
Status conclude(node::Node& node, By& by, const google::protobuf::Message& request,
                const Status& outcome, std::span<const store::RecordRef> refs, const Now& now);

// After perform(): the error that tells the caller where the act waits; well if it does not.
Status told_if_held(const By& by);

// kState: it does not wait any more; kBusy: the group under way ends it.
Status still_waits(node::Node& node, const ReleaseRow& row, const Now& now);

// Writes the end of a release: REJECTED, WITHDRAWN, EXPIRED.
void end_release(node::Node& node, ReleaseRow row, std::string_view state, const By& by,
                 const std::string& reason, const Now& now);
// Those whose time is over are ended, so that nothing of what they held stays behind. The desk
// asks for it every hour.
void end_expired(node::Node& node, const Now& now);

void fill_release(const ReleaseRow& row, const Now& now, const Caller& caller,
                  v1::ReleaseEntry* out);

}  // namespace focal::desk

// Who acts, and on whose release: handed to every act of the desk that leaves a trace. An act
// that needs a second officer is checked whole, then withheld instead of done; with a Second it
// is done, if it still is what that officer looked at (node/desk/release.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "node/desk/act_detail.h"
#include "node/exchange/machine.h"
#include "node/record/record.h"

namespace focal::desk {

// What an act does: a record that leaves, or a change here.
struct Effect {
  std::string what;     // kind of the record, or the act
  std::string to;       // party it reaches, or is about
  Hash32 hash{};        // H(body without its targets, which count from the release); of a change
                        // H(summary)
  std::string summary;  // one sentence for the second officer
  bool same(const Effect& other) const {
    return what == other.what && to == other.to && hash == other.hash;
  }
};

// The second officer of an act that was withheld.
struct Second {
  std::int64_t id = 0;                    // of the release
  Actor approver;
  std::string certificate;
  const crypto::SigningKey* key = nullptr;  // outlives the act
  std::string statement;                  // what the officer looked at
  std::vector<Effect> effects;            // … one by one
  // Asked on the loop's thread right before anything is done: does the act still wait, and are
  // both persons still who they were?
  std::function<Status(const Now&)> check;
};

struct By {
  Actor actor;                            // no person: a test, or the program itself
  std::string operation;                  // "trace_answer"; empty: nobody's, details name nobody
  const config::ReleasePolicy* policy = nullptr;  // none: nothing needs a second officer
  std::optional<Second> second;
  // What the person may do by now, asked on the loop's thread right before anything leaves or
  // changes: a request may have waited long for its last turn. Empty: what stands above.
  struct Rights {
    Actor actor;
    const config::ReleasePolicy* policy = nullptr;
  };
  std::function<Result<Rights>()> rights;

  // Filled by the checks below: what would have been done, and the rule that asks.
  std::vector<Effect> withheld;
  std::vector<Bytes> withheld_bodies;     // of records, in the same order
  std::string rule;
  std::int64_t held = 0;                  // id under which it was stored

  // May these leave, all together? kPermission: not by this person any more. kAwaitsRelease: a second
  // officer has to release them, nothing may be done now. kState: they are not what that officer saw.
  Status may_leave(std::span<const record::CheckedRecord> records, const Now& now);
  // The same for changes here, e.g. "peer.key_change" of party XB. No change needs nobody; with a
  // Second it is not what that officer saw.
  struct Change {
    std::string party;
    std::string summary;
  };
  Status may_change(std::string_view rule_name, std::vector<Change> changes, const Now& now);
  // Takes over what `rights` says; both checks above begin with it.
  Status ask_rights();
  // Would a change under that rule have to wait?
  bool asks(std::string_view rule_name) const;

  // The detail of a leaf; with a Second who signed. local: of a change here. Without an operation
  // the reason alone.
  std::string detail(std::string_view reason = {}, bool local = false) const;
  // For Machine::submit(); valid while this is.
  std::vector<exchange::Approver> approvers() const;
};

// The rule of the policy that asks for a second officer, or nothing. Names:
// config::kReleaseRules, a kind, or a family of kinds.
std::optional<std::string> rule_for(const config::ReleasePolicy& policy,
                                    const record::CheckedRecord& record);

}  // namespace focal::desk

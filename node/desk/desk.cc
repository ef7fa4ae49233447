// Who may ask, and who acts.
#include "node/desk/desk.h"

#include "node/desk/doctor_probe.h"
#include "node/desk/permissions.h"
#include "node/desk/release.h"
#include "node/desk/run_state.h"
#include "node/node/backup_keeper.h"

namespace focal::desk {
namespace {

constexpr std::size_t kDroppedAtOnce = 8;  // drafts whose time is over: each is overwritten

}  // namespace

Desk::Desk(node::Node& node, crypto::KdfCost officer_kdf)
    : node_(node),
      people_(node.config().folder),
      personal_(node.config().folder),
      officer_kdf_(officer_kdf),
      prober_(std::make_unique<Prober>()),
      telling_(node) {
  persons_changed();  // ready() and permit() tell what went wrong
  personal_.sweep();
  keeper_ = make_keeper();
  node_.set_chore([this](const Now& now) {
    if (now.mono_ms < next_chore_ms_) return;
    next_chore_ms_ = now.mono_ms + kEndExpiredEveryMs;
    end_expired(node_, now);
    personal_.drop_old(node_.core().machine().safe_clock().at(now), kDroppedAtOnce);
  });
}

Desk::~Desk() {
  node_.set_chore({});
  node_.erasure().rotation().set_backup({});
}

Status Desk::ready() const {
  const auto roster = people_.now();
  return roster ? Status{} : Status(roster.error());
}

std::optional<std::int64_t> Desk::person_of(uid_t uid) const {
  const auto roster = people_.now();
  const Person* person = roster ? (*roster)->of(uid) : nullptr;
  return person == nullptr ? std::nullopt : std::optional(person->id);
}

Status Desk::permit(std::string_view operation, const Caller& caller) const {
  FOCAL_ASSIGN(const auto roster, people_.now());
  FOCAL_TRY(roster->may(caller.uid, operation));
  FOCAL_TRY(check_confirmed(operation, caller));
  return check_run_state(node_, operation);
}

std::vector<std::string> Desk::roles_of(std::string_view operation) {
  return role_names(roles_for(operation));
}

bool Desk::asks_again(std::string_view operation) { return desk::asks_again(operation); }

void Desk::keep_backups() {
  keeper_->start();
  give_backups();
}

Result<Metrics> Desk::metrics(const ResponseCounts& responses) {
  return telling_.metrics(keeper_->state(), responses);
}

By Desk::acting(const Caller& caller, std::string_view operation) const {
  By out;
  out.operation = std::string(operation);
  out.actor.uid = caller.uid;
  const auto roster = people_.now();
  if (!roster) return out;
  out.actor = (*roster)->actor(caller, operation);
  out.policy = policy_for(**roster);
  out.rights = [this, caller, act = out.operation,
                person = out.actor.person]() -> Result<By::Rights> {
    FOCAL_ASSIGN(const auto by_now, people_.now());
    FOCAL_TRY(by_now->may(caller.uid, act));
    By::Rights held{by_now->actor(caller, act), policy_for(*by_now)};
    if (held.actor.person == person) return held;
    return fail(ErrorCode::kPermission,
                "uid " + std::to_string(caller.uid) + " has become another person meanwhile",
                "Do it again, if it is still to be done.");
  };
  return out;
}

// With nobody named there is no second person who could release.
const config::ReleasePolicy* Desk::policy_for(const Roster& roster) const {
  return roster.nobody_named() ? nullptr : &node_.config().release;
}

Status Desk::may_see_persons(const Caller& caller) const {
  FOCAL_ASSIGN(const auto roster, people_.now());
  const Person* person = roster->of(caller.uid);
  if (person != nullptr && person->personal_data) return {};
  return fail(ErrorCode::kPermission, "personal data is not for you",
              "An administrator gives this permission to persons: 'focal people role NAME "
              "--personal-data yes'.");
}

}  // namespace focal::desk

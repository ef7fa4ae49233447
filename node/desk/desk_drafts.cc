// What the caller keeps here: drafts and preferences. The loop is asked for the key alone; the disk is
// the caller's thread's work.
#include "base/log.h"
#include "node/desk/desk.h"
#include "proto/console.pb.h"

namespace focal::desk {

struct Desk::Mine {
  std::int64_t person = 0;
  std::optional<crypto::Secret> key;
  std::uint64_t now_ms = 0;
  PersonalFiles::Owner owner() const { return {person, key ? &*key : nullptr}; }
};

Result<Desk::Mine> Desk::mine(const Caller& caller, bool writes) {
  Mine out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const auto roster, people_.now());
    const Person* person = roster->of(caller.uid);
    if (person == nullptr)
      return fail(ErrorCode::kPermission, "you are no person of this node",
                  "An administrator names persons with 'focal people add'.");
    out.person = person->id;
    out.now_ms = now.wall_ms;
    if (!writes) {
      FOCAL_ASSIGN(out.key, node_.find_person_key(person->id));
      return {};
    }
    if (node_.disk_is_low())
      return fail(ErrorCode::kNoSpace, "the disk of the node is nearly full",
                  "Tell who runs it; nothing is kept here until there is room.");
    FOCAL_ASSIGN(out.key, node_.make_person_key(person->id));
    return {};
  }); !done)
    return done.error();
  return out;
}

// With the persons go the keys of those who are none any more; their files with the next sweep().
void Desk::persons_changed() {
  static_cast<void>(people_.load(node_.ledger()));
  const auto roster = people_.now();
  if (!roster) return;
  std::vector<std::int64_t> present;
  for (const Person& person : (*roster)->people())
    if (person.present()) present.push_back(person.id);
  personal_.admit(present);
  if (const Status kept = node_.keep_person_keys(present); !kept)
    log::warn("desk", "the keys of former persons are still there",
              {{"error", kept.error().message}});
}

void Desk::drop_drafts_about(const std::string& case_number) {
  for (const std::int64_t person : personal_.persons_with_drafts()) {
    Mine of;
    of.person = person;
    Status done = node_.perform([&](const Now&) -> Status {
      FOCAL_ASSIGN(of.key, node_.find_person_key(person));
      return {};
    });
    if (done) done = personal_.drop_case(of.owner(), case_number);
    if (!done)
      log::warn("desk", "drafts about a case that was erased are still there",
                {{"error", done.error().message}});
  }
}

Result<v1::DraftListResponse> Desk::draft_list(const v1::DraftListRequest&, const Caller& caller) {
  FOCAL_ASSIGN(const Mine me, mine(caller, false));
  FOCAL_ASSIGN(auto drafts, personal_.list(me.owner()));
  v1::DraftListResponse out;
  for (v1::Draft& draft : drafts) *out.add_drafts() = std::move(draft);
  out.set_kept_days(kDraftDays);
  return out;
}

Result<v1::DraftShowResponse> Desk::draft_show(const v1::DraftShowRequest& request,
                                               const Caller& caller) {
  FOCAL_ASSIGN(const Mine me, mine(caller, false));
  v1::DraftShowResponse out;
  FOCAL_ASSIGN(*out.mutable_draft(), personal_.show(me.owner(), request.id()));
  return out;
}

Result<v1::DraftSaveResponse> Desk::draft_save(const v1::DraftSaveRequest& request,
                                               const Caller& caller) {
  FOCAL_ASSIGN(const Mine me, mine(caller, true));
  v1::DraftSaveResponse out;
  FOCAL_ASSIGN(*out.mutable_draft(), personal_.save(me.owner(), request.draft(), me.now_ms));
  return out;
}

Result<v1::DraftDropResponse> Desk::draft_drop(const v1::DraftDropRequest& request,
                                               const Caller& caller) {
  FOCAL_ASSIGN(const Mine me, mine(caller, false));
  FOCAL_TRY(personal_.drop(me.owner(), request.id()));
  return v1::DraftDropResponse();
}

Result<v1::PreferencesResponse> Desk::preferences_show(const v1::PreferencesRequest&,
                                                       const Caller& caller) {
  FOCAL_ASSIGN(const Mine me, mine(caller, false));
  v1::PreferencesResponse out;
  FOCAL_TRY(personal_.read_preferences(me.owner(), out.mutable_preferences()));
  return out;
}

Result<v1::PreferencesResponse> Desk::preferences_set(const v1::PreferencesSetRequest& request,
                                                      const Caller& caller) {
  FOCAL_ASSIGN(const Mine me, mine(caller, true));
  FOCAL_TRY(personal_.write_preferences(me.owner(), request.preferences()));
  v1::PreferencesResponse out;
  *out.mutable_preferences() = request.preferences();
  return out;
}

}  // namespace focal::desk

// What waits for a second officer, and the decision about it.
#include <google/protobuf/message.h>
#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "node/desk/desk.h"
#include "node/desk/officer_keys.h"
#include "node/desk/release.h"
#include "proto/api.pb.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "proto/retention.pb.h"
#include "proto/seizure.pb.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

using google::protobuf::Message;

constexpr std::size_t kMaxReason = 1000;
constexpr std::size_t kReleasesShown = 50;  // of all, unless asked for more
constexpr std::size_t kMaxShown = 200;

// The request that waits, as the message its operation takes: trace_ack is a TraceAckRequest.
Result<std::unique_ptr<Message>> request_of(const v1::StoredRelease& stored) {
  std::string name = "focal.api.v1.";
  bool capital = true;
  for (const char c : stored.operation()) {
    if (c != '_') name += capital ? static_cast<char>(std::toupper(c)) : c;
    capital = c == '_';
  }
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
      name + "Request");
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  const Message* example =
      type == nullptr ? nullptr
                      : factory->GetPrototype(type);
  std::unique_ptr<Message> out(example == nullptr ? nullptr : example->New());
  if (out == nullptr || !out->ParseFromString(stored.request()))
    return fail(ErrorCode::kCorrupt, "the act that waits cannot be read", "run focal ledger verify");
  return out;
}

// The targets for the answer that the officer set; the others count from the release.
focal::v1::Header targets_set(const v1::StoredRelease& stored) {
  focal::v1::Record typed;
  const auto request = request_of(stored);
  const auto* field = request ? (*request)->GetDescriptor()->FindFieldByName("record") : nullptr;
  if (field == nullptr || !(*request)->GetReflection()->HasField(**request, field)) return {};
  const auto& record = static_cast<const google::protobuf::Struct&>(
      (*request)->GetReflection()->GetMessage(**request, field));
  return json::from_struct(record, typed) ? typed.header() : focal::v1::Header();
}

// Beside the loop: a seizure list is long.
Status fill_records(const v1::StoredRelease& stored, v1::ReleaseShowResponse* out) {
  const focal::v1::Header set = targets_set(stored);
  for (const v1::StoredEffect& effect : stored.effects()) {
    if (effect.body().empty()) continue;
    focal::v1::Record record;
    if (!record.ParseFromString(effect.body()))
      return fail(ErrorCode::kCorrupt, "a record that waits cannot be read",
                  "run focal ledger verify");
    auto& header = *record.mutable_header();
    if (set.ack_by_ms() == 0) header.clear_ack_by_ms();
    if (set.answer_by_ms() == 0) header.clear_answer_by_ms();
    FOCAL_TRY(json::to_struct(record, *out->add_records()));
  }
  return {};
}

// Not by the uid alone: the system may have given it to somebody else since.
bool is_asker(const ReleaseRow& row, const Person& person) {
  return row.stored.uid() == person.uid && row.stored.person() == person.name;
}

Status check_not_own(const ReleaseRow& row, const Caller& caller, const std::string& name) {
  if (row.stored.uid() != caller.uid && row.stored.person() != name) return {};
  return fail(ErrorCode::kPermission, release_id(row.id) + " is your own act",
              "Another supervisor has to release it.", "id");
}

}  // namespace

Result<v1::ReleaseListResponse> Desk::release_list(const v1::ReleaseListRequest& request,
                                                   const Caller& caller) {
  v1::ReleaseListResponse out;
  std::int64_t before = 0;
  if (!request.before().empty()) {
    FOCAL_ASSIGN(before, parse_release_id(request.before()));
  }
  const std::size_t limit =
      request.limit() == 0 ? kReleasesShown : std::min<std::size_t>(request.limit(), kMaxShown);
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(auto rows, request.all() ? newest_releases(node_, before, limit + 1)
                                          : open_releases(node_));
    if (request.all() && rows.size() > limit) {
      rows.erase(rows.begin());
      out.set_more(true);
    }
    for (const ReleaseRow& row : rows)
      if (request.all() || row.waits(now.wall_ms))
        fill_release(row, now, caller, out.add_entries());
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::ReleaseShowResponse> Desk::release_show(const v1::ReleaseShowRequest& request,
                                                   const Caller& caller) {
  v1::ReleaseShowResponse out;
  v1::StoredRelease stored;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const ReleaseRow row, find_release(node_, request.id()));
    stored = row.stored;
    fill_release(row, now, caller, out.mutable_entry());
    out.set_statement(statement_of(node_, row));
    out.set_seen(statement_name(out.statement()));
    return {};
  }); !done)
    return done.error();
  FOCAL_TRY(fill_records(stored, &out));
  return out;
}

// On the loop's thread: everything that has to be true for this officer to release it now.
Status Desk::check_second(std::int64_t id, const Caller& caller, const crypto::PublicKey& key,
                          const Now& now) {
  FOCAL_ASSIGN(const auto roster, people_.now());
  FOCAL_TRY(roster->may(caller.uid, "release_approve"));
  const Person* approver = roster->of(caller.uid);
  FOCAL_ASSIGN(const ReleaseRow row, find_release(node_, release_id(id)));
  FOCAL_TRY(still_waits(node_, row, now));
  FOCAL_TRY(check_not_own(row, caller, approver->name));
  const KeyInfo info = key_info(node_.core().self(), *approver, now.wall_ms);
  if (info.state != KeyState::kValid || info.key != key)
    return fail(ErrorCode::kState,
                "your key to release with is " +
                    std::string(info.state == KeyState::kValid ? "another one"
                                                               : key_state_name(info.state)),
                info.state == KeyState::kNone || info.state == KeyState::kRevoked
                    ? "Make one: 'focal people key', or after a change of the node's keys 'focal "
                      "people key --renew'."
                    : "Renew it: 'focal people key --renew'.");
  const Person* asker = roster->of(row.stored.uid());
  if (asker == nullptr || asker->name != row.stored.person() ||
      !may(asker->roles, row.stored.operation()))
    return fail(ErrorCode::kState,
                row.stored.person() + ", who asks for it, may not do " +
                    act_word(row.stored.operation()) + " any more",
                "Reject it; somebody who may has to make it anew.", "id");
  return {};
}

Result<Second> Desk::second_officer(const v1::ReleaseApproveRequest& request, const Caller& caller,
                                    const crypto::SigningKey& key) {
  Second out;
  out.key = &key;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const ReleaseRow row, find_release(node_, request.id()));
    FOCAL_TRY(check_second(row.id, caller, key.pk, now));
    out.id = row.id;
    out.statement = statement_of(node_, row);
    if (statement_name(out.statement) != request.seen())
      return fail(ErrorCode::kState, "this is not what you have looked at",
                  "Look at it with 'focal release show " + release_id(row.id) + "'.", "seen");
    for (const v1::StoredEffect& effect : row.stored.effects())
      out.effects.push_back({effect.what(), effect.to(),
                             fixed<32>(as_bytes(effect.hash())).value_or(Hash32{}),
                             effect.summary()});
    FOCAL_ASSIGN(const auto roster, people_.now());
    out.approver = roster->actor(caller, "release_approve");
    out.certificate = roster->of(caller.uid)->certificate;
    return {};
  }); !done)
    return done.error();
  out.check = [this, id = out.id, caller, pk = key.pk](const Now& now) {
    return check_second(id, caller, pk, now);
  };
  return out;
}

Status Desk::do_released(const v1::StoredRelease& stored, By& by,
                         v1::ReleaseDecisionResponse* out) {
  const auto ran = [](const auto& result) { return result ? Status{} : Status(result.error()); };
  FOCAL_ASSIGN(const auto request, request_of(stored));
  if (const auto* card = dynamic_cast<const v1::PeerAddRequest*>(request.get()))
    return ran(add_peer(*card, by));
  if (const auto* held = dynamic_cast<const v1::PeerConfirmRequest*>(request.get()))
    return ran(confirm_peer(*held, by));
  if (const auto* notes = dynamic_cast<const v1::NotesAddRequest*>(request.get())) {
    FOCAL_ASSIGN(auto taken, take_notes(*notes, by, false));
    out->mutable_notes()->Swap(taken.mutable_notes());
    return {};
  }
  if (const auto* open = dynamic_cast<const v1::TraceOpenRequest*>(request.get()))
    return ran(open_trace(*open, by));
  if (const auto* list = dynamic_cast<const v1::TraceImportRequest*>(request.get()))
    return ran(import_traces(*list, by));
  if (const auto* erased = dynamic_cast<const v1::RecordEraseRequest*>(request.get()))
    return ran(erase(*erased, by));
  if (stored.operation().starts_with("trace_")) return ran(act_in_case(*request, by));
  return fail(ErrorCode::kCorrupt, act_word(stored.operation()) + " is no act that waits");
}

Result<v1::ReleaseDecisionResponse> Desk::release_approve(const v1::ReleaseApproveRequest& request,
                                                          const Caller& caller,
                                                          const crypto::Secret& passphrase) {
  FOCAL_ASSIGN(const auto roster, people_.now());
  const Person* approver = roster->of(caller.uid);
  if (approver == nullptr || approver->id == 0)
    return fail(ErrorCode::kState, "nobody is named yet, so nothing waits for a second officer",
                "Name persons first: 'focal people add'.");
  if (approver->certificate.empty())
    return fail(ErrorCode::kState, "you have no key to release with", "Make one: 'focal people key'.");
  crypto::SigningKey key;
  {
    const std::unique_lock alone(key_files_, std::try_to_lock);
    if (!alone)
      return fail(ErrorCode::kBusy, "another officer's key is being opened", "Try again in a moment.");
    FOCAL_ASSIGN(key, open_officer_key(node_.config().folder, approver->name, passphrase));
  }
  By by;
  FOCAL_ASSIGN(by.second, second_officer(request, caller, key));
  v1::StoredRelease stored;
  if (auto done = node_.perform([&](const Now&) -> Status {
    FOCAL_ASSIGN(const ReleaseRow row, find_release(node_, request.id()));
    stored = row.stored;
    return {};
  }); !done)
    return done.error();
  by.actor = {stored.person(), stored.uid(), stored.role()};
  by.operation = stored.operation();
  v1::ReleaseDecisionResponse out;
  FOCAL_TRY(do_released(stored, by, &out));
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const ReleaseRow row, find_release(node_, request.id()));
    fill_release(row, now, caller, out.mutable_entry());
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::ReleaseDecisionResponse> Desk::release_reject(const v1::ReleaseRejectRequest& request,
                                                         const Caller& caller) {
  if (request.reason().empty() || request.reason().size() > kMaxReason)
    return fail(ErrorCode::kInvalid, "a rejection needs a reason of at most 1000 bytes",
                "Say why with --reason 'TEXT'; it is kept in the ledger.", "reason");
  v1::ReleaseDecisionResponse out;
  const By by = acting(caller, "release_reject");
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        FOCAL_ASSIGN(const auto roster, people_.now());
        FOCAL_ASSIGN(const ReleaseRow row, find_release(node_, request.id()));
        FOCAL_TRY(still_waits(node_, row, now));
        const Person* person = roster->of(caller.uid);
        const bool own = person != nullptr && is_asker(row, *person);
        if (!own && !roster->may(caller.uid, "release_approve"))
          return fail(ErrorCode::kPermission, release_id(row.id) + " is the act of " +
                      row.stored.person(), "A supervisor rejects it.", "id");
        end_release(node_, row, own ? "WITHDRAWN" : "REJECTED", by, request.reason(), now);
        return {};
      },
      [&](const Now& now) {
        if (const auto row = find_release(node_, request.id()))
          fill_release(*row, now, caller, out.mutable_entry());
      }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

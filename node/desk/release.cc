#include "node/desk/release.h"

#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "crypto/hash.h"
#include "node/desk/views.h"
#include "node/record/parties.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

using google::protobuf::Message;
using store::DeskTable;

constexpr std::string_view kAwaiting = "AWAITING";

Result<ReleaseRow> read_row(const store::DeskRow& row) {
  ReleaseRow out;
  out.id = row.id;
  if (!out.stored.ParseFromArray(row.content.data(), static_cast<int>(row.content.size())))
    return fail(ErrorCode::kCorrupt, release_id(row.id) + " cannot be read",
                "run focal ledger verify");
  return out;
}

Result<std::vector<ReleaseRow>> read_rows(const std::vector<store::DeskRow>& rows) {
  std::vector<ReleaseRow> out;
  out.reserve(rows.size());
  for (const store::DeskRow& row : rows) {
    FOCAL_ASSIGN(ReleaseRow read, read_row(row));
    out.push_back(std::move(read));
  }
  return out;
}

// Ids that the group under way has taken already.
std::int64_t next_id(node::Node& node) {
  std::int64_t next = node.ledger().next_desk_id(DeskTable::kRelease);
  for (const store::Op& op : node.core().written()) {
    const auto* put = std::get_if<store::PutDesk>(&op);
    if (put != nullptr && put->table == DeskTable::kRelease) next = std::max(next, put->id + 1);
  }
  return next;
}

// Does the group under way change it?
bool changes_now(node::Node& node, std::int64_t id) {
  const auto& ops = node.core().written();
  return std::any_of(ops.begin(), ops.end(), [&](const store::Op& op) {
    const auto* put = std::get_if<store::PutDesk>(&op);
    return put != nullptr && put->table == DeskTable::kRelease && put->id == id;
  });
}

Actor asker(const v1::StoredRelease& stored) {
  return {stored.person(), stored.uid(), stored.role()};
}

void write(node::Node& node, const ReleaseRow& row, const std::string& detail) {
  node.core().write(store::PutDesk{DeskTable::kRelease, row.id, row.stored.state() == kAwaiting,
                                   to_bytes(row.stored.SerializeAsString()), detail});
}

// The request as it is done again later: with the whole record in place of the fields it was
// made of, so that nothing of it can turn out otherwise.
Result<std::string> whole_request(const By& by, const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("record");
  const auto* number = request.GetDescriptor()->FindFieldByName("case_number");
  if (field == nullptr || number == nullptr || by.withheld_bodies.size() != 1)
    return request.SerializeAsString();  // it is whole, but for targets that count from the release
  const std::unique_ptr<Message> out(request.New());
  out->GetReflection()->SetString(out.get(), number, json::get_text(request, "case_number"));
  focal::v1::Record record;
  if (!record.ParseFromArray(by.withheld_bodies.front().data(),
                             static_cast<int>(by.withheld_bodies.front().size())))
    return fail(ErrorCode::kCorrupt, "the record that was made cannot be read");
  auto* whole = static_cast<google::protobuf::Struct*>(
      out->GetReflection()->MutableMessage(out.get(), field));
  whole->Clear();
  FOCAL_TRY(json::to_struct(record, *whole));
  return out->SerializeAsString();
}

std::size_t bytes_of(const std::vector<Bytes>& bodies) {
  std::size_t out = 0;
  for (const Bytes& body : bodies) out += body.size();
  return out;
}

// What was to be decided has been: the content is kept no longer than that, and of a record not
// the line about it either, which tells words of it. The record itself is in the ledger, until it
// is erased there.
void forget_content(v1::StoredRelease* stored) {
  stored->clear_request();
  for (auto& effect : *stored->mutable_effects()) {
    if (!effect.body().empty()) effect.set_summary(effect.what() + " to " + effect.to());
    effect.clear_body();
  }
}

// Those that wait, as the group under way leaves them.
Result<std::vector<ReleaseRow>> waiting_in_group(node::Node& node, const Now& now) {
  FOCAL_ASSIGN(auto rows, open_releases(node));
  for (const store::Op& op : node.core().written()) {
    const auto* put = std::get_if<store::PutDesk>(&op);
    if (put == nullptr || put->table != DeskTable::kRelease) continue;
    std::erase_if(rows, [&](const ReleaseRow& row) { return row.id == put->id; });
    FOCAL_ASSIGN(ReleaseRow row, read_row({put->id, put->open, 0, put->content}));
    rows.push_back(std::move(row));
  }
  std::erase_if(rows, [&](const ReleaseRow& row) { return !row.waits(now.wall_ms); });
  return rows;
}

// One person must not take the places of all.
Status check_room(node::Node& node, const Actor& actor, const Now& now) {
  FOCAL_ASSIGN(const auto waiting, waiting_in_group(node, now));
  const auto own = std::count_if(waiting.begin(), waiting.end(), [&](const ReleaseRow& row) {
    return row.stored.person() == actor.person && row.stored.uid() == actor.uid;
  });
  if (static_cast<std::size_t>(own) >= kMaxWaitingOfOne)
    return fail(ErrorCode::kLimit, "16 acts of yours wait for release already",
                "Have some of them released, or take them back with 'focal release reject': "
                "'focal release list'.");
  if (waiting.size() < kMaxWaitingActs) return {};
  return fail(ErrorCode::kLimit, "64 acts wait for release already",
              "Have some of them released or rejected: 'focal release list'.");
}

Status hold(node::Node& node, By& by, const Message& request, const Now& now) {
  FOCAL_TRY(check_room(node, by.actor, now));
  ReleaseRow row;
  row.id = next_id(node);
  v1::StoredRelease& stored = row.stored;
  FOCAL_ASSIGN(*stored.mutable_request(), whole_request(by, request));
  if (stored.request().size() > kMaxWaitingBytes)
    return fail(ErrorCode::kLimit, "an act that waits for release takes at most 1 MiB",
                "Send a long list in parts.");
  if (bytes_of(by.withheld_bodies) > kMaxWaitingBodies)
    return fail(ErrorCode::kLimit, "an act that waits for release holds at most 2 MiB of records",
                "Send a long list in parts.");
  stored.set_operation(by.operation);
  stored.set_rule(by.rule);
  stored.set_person(by.actor.person);
  stored.set_uid(by.actor.uid);
  stored.set_role(by.actor.role);
  stored.set_asked_ms(now.wall_ms);
  stored.set_expires_ms(now.wall_ms + kReleaseMs);
  stored.set_case_number(json::get_text(request, "case_number"));
  stored.set_state(std::string(kAwaiting));
  for (std::size_t i = 0; i < by.withheld.size(); ++i) {
    const Effect& effect = by.withheld[i];
    auto* out = stored.add_effects();
    if (i < by.withheld_bodies.size())
      out->set_body(to_string(by.withheld_bodies[i]));
    out->set_what(effect.what);
    out->set_to(effect.to);
    out->set_hash(to_string(effect.hash));
    out->set_summary(effect.summary);
  }
  write(node, row, by.detail("waits for release (rule " + by.rule + ")"));
  by.held = row.id;
  return {};
}

Status settle(node::Node& node, const By& by, std::span<const store::RecordRef> refs,
              const Now& now) {
  FOCAL_ASSIGN(ReleaseRow row, find_release(node, release_id(by.second->id)));
  row.stored.set_state("RELEASED");
  row.stored.set_decided_by(actor_text(by.second->approver));
  row.stored.set_decided_ms(now.wall_ms);
  for (const store::RecordRef& ref : refs) row.stored.add_rids(to_string(ref.rid));
  forget_content(&row.stored);  // the records themselves are in the ledger now
  write(node, row, by.detail({}, true));
  return {};
}

}  // namespace

std::string release_id(std::int64_t id) { return "R-" + std::to_string(id); }

Result<std::int64_t> parse_release_id(std::string_view text) {
  const std::string_view digits = text.starts_with("R-") ? text.substr(2) : text;
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error == std::errc{} && end == digits.data() + digits.size() && id > 0) return id;
  return fail(ErrorCode::kUsage, "'" + std::string(text.substr(0, 40)) + "' is no release",
              "They look like R-3; 'focal release list' shows them.", "id");
}

Result<ReleaseRow> find_release(node::Node& node, std::string_view id) {
  FOCAL_ASSIGN(const std::int64_t number, parse_release_id(id));
  const auto row = node.ledger().desk_row(DeskTable::kRelease, number);
  if (!row && row.error().code == ErrorCode::kNotFound)
    return fail(ErrorCode::kNotFound, "there is no " + release_id(number),
                "'focal release list --all' shows all there were.", "id");
  if (!row) return row.error();
  return read_row(*row);
}

Result<std::vector<ReleaseRow>> open_releases(node::Node& node) {
  FOCAL_ASSIGN(const auto rows, node.ledger().desk_rows(DeskTable::kRelease, true));
  return read_rows(rows);
}

Result<std::vector<ReleaseRow>> newest_releases(node::Node& node, std::int64_t before,
                                                std::size_t limit) {
  FOCAL_ASSIGN(const auto rows,
               node.ledger().newest_desk_rows(DeskTable::kRelease, before, limit));
  return read_rows(rows);
}

std::string statement_of(node::Node& node, const ReleaseRow& row) {
  const v1::StoredRelease& s = row.stored;
  std::string out = "focal-act/v1\n";
  const auto line = [&](std::string_view key, std::string_view value) {
    out.append(key).append(" ").append(value).append("\n");
  };
  line("party", node.core().self().party());
  line("release", release_id(row.id));
  line("act", act_word(s.operation()));
  line("person", s.person());
  line("uid", std::to_string(s.uid()));
  line("role", s.role());
  line("at", format_utc(s.asked_ms()));
  for (const v1::StoredEffect& effect : s.effects()) {
    std::string what = effect.what();
    what.append(" ").append(effect.to()).append(" ").append(base64(as_bytes(effect.hash())));
    line("effect", what);
  }
  return out;
}

std::string statement_name(const std::string& statement) {
  return hex(crypto::sha256(std::string_view(statement)));
}

Status conclude(node::Node& node, By& by, const Message& request, const Status& outcome,
                std::span<const store::RecordRef> refs, const Now& now) {
  if (!outcome && outcome.error().code == ErrorCode::kAwaitsRelease)
    return hold(node, by, request, now);
  if (!outcome) return outcome;
  return by.second ? settle(node, by, refs, now) : Status{};
}

Status told_if_held(const By& by) {
  if (by.held == 0) return {};
  const std::string id = release_id(by.held);
  return fail(ErrorCode::kAwaitsRelease,
              "stored as " + id + "; a second officer has to release it (rule " + by.rule + ")",
              "A supervisor looks at it with 'focal release show " + id +
                  "' and releases it with 'focal release approve " + id + "', within 14 days.",
              id);
}

Status still_waits(node::Node& node, const ReleaseRow& row, const Now& now) {
  const std::string id = release_id(row.id);
  if (changes_now(node, row.id))
    return fail(ErrorCode::kBusy, id + " is just being decided", "Look again in a moment.", "id");
  if (row.waits(now.wall_ms)) return {};
  const bool expired = row.stored.state() == kAwaiting || row.stored.state() == "EXPIRED";
  return fail(ErrorCode::kState,
              id + (expired ? " has expired: nobody released it within 14 days"
                            : " does not wait any more: " + row.stored.state() + " by " +
                                  row.stored.decided_by()),
              expired ? "Let it be made anew." : "'focal release show " + id + "' tells more.", "id");
}

void end_release(node::Node& node, ReleaseRow row, std::string_view state, const By& by,
                 const std::string& reason, const Now& now) {
  row.stored.set_state(std::string(state));
  row.stored.set_decided_by(by.operation.empty() ? "" : actor_text(by.actor));
  row.stored.set_decided_ms(now.wall_ms);
  row.stored.set_reason(reason);
  forget_content(&row.stored);
  ActDetail detail;
  detail.actor.person = kTheNode;
  detail.act = "release.expire";
  if (const auto made = parse_detail(by.detail())) detail = *made;
  detail.reason = release_id(row.id) + " of " + actor_text(asker(row.stored)) +
                  (reason.empty() ? "" : ": " + reason);
  write(node, row, detail_text(detail));
}

void end_expired(node::Node& node, const Now& now) {
  const auto waiting = open_releases(node);
  if (!waiting) return;
  for (const ReleaseRow& row : *waiting)
    if (now.wall_ms >= row.stored.expires_ms() && !changes_now(node, row.id))
      end_release(node, row, "EXPIRED", By{}, "", now);
}

void fill_release(const ReleaseRow& row, const Now& now, const Caller& caller,
                  v1::ReleaseEntry* out) {
  const v1::StoredRelease& s = row.stored;
  out->set_id(release_id(row.id));
  out->set_act(act_word(s.operation()));
  out->set_state(s.state() == kAwaiting && !row.waits(now.wall_ms) ? "EXPIRED" : s.state());
  out->set_rule(s.rule());
  out->set_asked_by(actor_text(asker(s)));
  out->set_asked_at(time_text(s.asked_ms()));
  out->set_expires_at(time_text(s.expires_ms()));
  out->set_case_number(s.case_number());
  for (const v1::StoredEffect& effect : s.effects()) {
    out->add_summary(effect.summary());
    const auto& known = out->to();
    if (std::find(known.begin(), known.end(), effect.to()) != known.end()) continue;
    out->add_to(effect.to());
    out->add_to_names(std::string(record::party_name(effect.to(), "en").value_or("")));
  }
  out->set_decided_by(s.decided_by());
  out->set_decided_at(time_text(s.decided_ms()));
  out->set_reason(s.reason());
  for (const std::string& rid : s.rids()) out->add_rids(hex(as_bytes(rid)));
  out->set_own(s.uid() == caller.uid);
}

}  // namespace focal::desk

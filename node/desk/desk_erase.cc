// Erasure by a person, and retention: what is due, and the night's run.
#include <chrono>
#include <future>

#include "node/desk/desk.h"
#include "node/desk/erase.h"
#include "node/desk/named_record.h"
#include "node/desk/release.h"
#include "node/desk/views.h"
#include "node/node/backup_keeper.h"
#include "node/node/retention.h"

namespace focal::desk {
namespace {

// The next time that is that minute of the UTC day.
std::uint64_t next_run_ms(std::uint64_t safe_ms, std::uint32_t at_minute) {
  const std::uint64_t today = safe_ms / kDayMs * kDayMs + at_minute * kMinuteMs;
  return today > safe_ms ? today : today + kDayMs;
}

struct Counted {
  node::Due due;
  std::uint32_t goes = 0, held = 0;
};
Counted count_due(node::Node& node, const Now& now) {
  Counted out;
  out.due = node::due_records(node.core().view(), node.core().machine().safe_clock().at(now),
                              node::kMaxDueShown);
  for (const node::DueRecord& each : out.due.records) ++(each.case_is_open ? out.held : out.goes);
  return out;
}

void fill_due(const node::DueRecord& each, v1::DueRecord* out) {
  out->set_rid(hex(each.info.ref.rid));
  out->set_kind(each.info.kind);
  out->set_party(each.info.peer);
  out->set_sent(each.info.sent);
  out->set_created_at(time_text(each.info.ref.created_ms));
  out->set_keep_until(time_text(each.info.del_after_ms));
  out->set_held(each.case_is_open);
}

void fill_retention(node::Node& node, const Now& now, v1::RetentionShowResponse* out) {
  const config::Retention& retention = node.config().retention;
  for (const auto& [name, period] : config::Retention::keys()) {
    auto* shown = out->add_classes();
    shown->set_name(std::string(name));
    shown->set_kept(config::format_period(retention.*period));
  }
  const std::uint64_t safe_ms = node.core().machine().safe_clock().at(now);
  out->set_safe_time(time_text(safe_ms));
  out->set_next_run(time_text(next_run_ms(safe_ms, retention.at_minute)));
  const Counted counted = count_due(node, now);
  out->set_due(counted.goes);
  out->set_held(counted.held);
  out->set_more(counted.due.more);
  const auto dating = node.core().view().dating_progress();
  if (!dating.complete()) out->set_undated(static_cast<std::uint64_t>(dating.target - dating.done));
  node::Erasure& erasure = node.erasure();
  node::KeyRotation& rotation = erasure.rotation();
  out->set_running(erasure.runs());
  out->set_step(std::string(rotation.step_name()));
  out->set_keys_due(static_cast<std::uint32_t>(rotation.keys_due()));
  if (erasure.is_pending()) out->set_pending_since(time_text(erasure.pending_since_ms()));
  out->set_trouble(rotation.trouble());
  out->set_last_run(time_text(erasure.last_run_ms()));
  out->set_destroyed(erasure.destroyed());
  out->set_keys_destroyed(rotation.destroyed());
}

// The case that it takes something from; empty: none.
std::string case_about(node::Node& node, const v1::RecordEraseRequest& request) {
  store::View& view = node.core().view();
  std::optional<store::CaseId> id;
  if (!request.case_number().empty()) {
    if (const auto row = find_case(node, request.case_number())) id = row->id;
  } else if (const auto info = named_record(view, request.rid(), "rid")) {
    id = view.case_of(info->idx);
  }
  return id ? case_number(*id) : std::string();
}

}  // namespace

// One at a time; its thread ends before the keeper does.
struct Desk::FreshBackup {
  std::future<Status> made;
};

// The loop asks for it and goes on: the keeper tells the loop in its turn when it is done.
void Desk::give_backups() {
  if (!node_.config().backup.folder) return;
  fresh_backup_ = std::make_shared<FreshBackup>();
  FreshBackup& fresh = *fresh_backup_;
  node::FreshBackup port;
  port.begin = [this, &fresh](const Now& now) {
    fresh.made = std::async(std::launch::async, [this, now]() -> Status {
      const auto made = keeper_->make({}, now);
      return made ? Status{} : Status(made.error());
    });
  };
  port.ended = [&fresh]() -> std::optional<Status> {
    if (fresh.made.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      return std::nullopt;
    return fresh.made.get();
  };
  node_.erasure().rotation().set_backup(std::move(port));
}

Result<v1::RetentionShowResponse> Desk::retention_show(const v1::RetentionShowRequest&) {
  v1::RetentionShowResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    fill_retention(node_, now, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::RetentionRunResponse> Desk::retention_run(const v1::RetentionRunRequest& request,
                                                     const Caller& caller) {
  v1::RetentionRunResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    const Counted counted = count_due(node_, now);
    for (const node::DueRecord& each : counted.due.records) fill_due(each, out.add_records());
    out.set_due(counted.goes);
    out.set_held(counted.held);
    out.set_more(counted.due.more);
    if (request.dry_run()) return {};
    const By by = acting(caller, "retention_run");
    node_.core().write(store::PutAdmin{{}, by.detail({}, true)});
    node_.erasure().run_now();
    out.set_started(true);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::RecordEraseResponse> Desk::record_erase(const v1::RecordEraseRequest& request,
                                                   const Caller& caller) {
  By by = acting(caller, "record_erase");
  return erase(request, by);
}

Result<v1::RecordEraseResponse> Desk::erase(const v1::RecordEraseRequest& request, By& by) {
  v1::RecordEraseResponse out;
  std::string about;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        about = case_about(node_, request);
        const Status erased = erase_records(node_, request, by, now, &out);
        return conclude(node_, by, request, erased, {}, now);
      },
      [&](const Now& now) {
        if (by.held == 0) fill_erased_state(node_, now, &out);
      }); !done)
    return done.error();
  FOCAL_TRY(told_if_held(by));
  if (!about.empty()) drop_drafts_about(about);
  return out;
}

}  // namespace focal::desk

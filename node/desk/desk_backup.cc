// Whether this copy of the node may sign, and its backups.
#include "node/desk/desk.h"
#include "node/desk/ledger_check.h"
#include "node/node/anchor.h"
#include "node/node/backup_keeper.h"
#include "proto/backup.pb.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxReason = 1000;

void fill_start(node::Node& node, v1::StartShowResponse* out) {
  const exchange::RollbackGuard& guard = node.core().machine().guard();
  out->set_state(std::string(exchange::run_state_name(guard.state())));
  out->set_words(guard.words());
  out->set_next(guard.next());
  out->set_anchor(node.anchor().file().string());
  out->set_anchor_is_current(node.anchor_is_current());
  out->set_anchor_beside(node.anchor().same_volume_as(node.config().folder));
}

}  // namespace

// The keeper's words go into the ledger as an act of the program.
std::unique_ptr<node::BackupKeeper> Desk::make_keeper() {
  node::BackupKeeper::Options options;
  options.node_folder = node_.config().folder;
  options.party = node_.config().party;
  options.settings = node_.config().backup;
  options.verify = verify_options;
  options.key_names = [this] {
    std::set<std::string> names;
    static_cast<void>(node_.perform([&](const Now&) -> Status {
      for (std::string& name : node_.key_names()) names.insert(std::move(name));
      return {};
    }));
    return names;
  };
  options.tell = [this](std::string_view act, const std::string& words) {
    ActDetail detail;
    detail.act = std::string(act);
    detail.reason = words;
    static_cast<void>(node_.perform([&](const Now&) -> Status {
      node_.core().write(store::PutAdmin{{}, detail_text(detail)});
      return {};
    }));
  };
  return std::make_unique<node::BackupKeeper>(std::move(options));
}

Result<v1::StartShowResponse> Desk::start_show(const v1::StartShowRequest&) {
  v1::StartShowResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    fill_start(node_, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::StartOverrideResponse> Desk::start_override(const v1::StartOverrideRequest& request,
                                                       const Caller& caller) {
  if (request.reason().empty() || request.reason().size() > kMaxReason)
    return fail(ErrorCode::kInvalid, "this needs a reason of at most 1000 bytes",
                "Say why with --reason 'TEXT'; it is kept in the ledger.", "reason");
  v1::StartOverrideResponse out;
  exchange::RollbackGuard& guard = node_.core().machine().guard();
  if (auto done = node_.perform(
          [&](const Now& now) -> Status {
            FOCAL_TRY(guard.check_override(now));
            By by = acting(caller, "start_override");
            node_.core().write(store::PutAdmin{{}, by.detail(request.reason(), true)});
            return {};
          },
          [&](const Now& now) {
            static_cast<void>(guard.override_start(now));
            fill_start(node_, out.mutable_start());
          });
      !done)
    return done.error();
  return out;
}

Result<v1::BackupShowResponse> Desk::backup_show(const v1::BackupShowRequest&) {
  const node::BackupState state = keeper_->state();
  v1::BackupShowResponse out;
  out.set_folder(state.folder.string());
  out.set_newest(state.newest.string());
  if (state.made_ms != 0) out.set_made_at(format_utc(state.made_ms));
  out.set_leaves(state.leaves);
  out.set_bytes(state.bytes);
  out.set_kept(state.kept);
  out.set_trouble(state.trouble);
  if (state.rehearsed_ms != 0) out.set_rehearsed_at(format_utc(state.rehearsed_ms));
  for (const std::string& problem : state.problems) out.add_problems(problem);
  return out;
}

// On the caller's thread, which waits as long as it takes.
Result<v1::BackupMakeResponse> Desk::backup_make(const v1::BackupMakeRequest& request,
                                                 const Caller& caller) {
  Now now;
  FOCAL_TRY(node_.perform([&](const Now& at) -> Status {
    now = at;
    return {};
  }));
  FOCAL_ASSIGN(const auto made, keeper_->make(request.to(), now));
  v1::BackupMakeResponse out;
  out.set_backup(made.folder.string());
  out.set_leaves(made.manifest.leaves);
  out.set_bytes(made.bytes);
  if (!request.keystore_to().empty()) {
    FOCAL_ASSIGN(const auto file, node::copy_keystore(node_.config().folder, request.keystore_to(),
                                                      made.folder));
    out.set_keystore(file.string());
    if (node::Anchor(file).same_volume_as(made.folder))
      out.add_warnings("The copy of the keystore is on the same disk as the backup: whoever takes "
                       "that disk has both.");
  }
  FOCAL_TRY(node_.perform([&](const Now&) -> Status {
    By by = acting(caller, "backup_make");
    node_.core().write(store::PutAdmin{{}, by.detail(made.folder.filename().string(), true)});
    return {};
  }));
  return out;
}

}  // namespace focal::desk

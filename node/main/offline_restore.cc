// `focal restore`: a node from a backup, or a look at one. See node/cli/offline.h.
#include "node/cli/offline.h"
#include "node/desk/ledger_check.h"
#include "node/node/backup.h"
#include "node/node/restore.h"
#include "proto/backup.pb.h"

namespace focal::cli {
namespace {

void fill(const node::BackupManifest& manifest, api::v1::RestoreResponse& out) {
  out.set_party(manifest.party);
  out.set_made_at(format_utc(manifest.made_ms));
  out.set_leaves(manifest.leaves);
}

Status verify(const RestoreOrder& order, api::v1::RestoreResponse& out) {
  node::CheckOptions options;
  options.verify = desk::verify_options;
  options.keystore = order.keystore;
  if (!order.keystore.empty()) options.passphrase = &order.passphrase;
  FOCAL_ASSIGN(const auto checked, node::check_backup(order.backup, options));
  fill(checked.manifest, out);
  out.set_ok(checked.ok());
  out.set_opened(checked.opened);
  for (const std::string& problem : checked.problems) out.add_problems(problem);
  return {};
}

}  // namespace

Status offline_restore(const RestoreOrder& order, api::v1::RestoreResponse& out) {
  if (order.verify) return verify(order, out);
  FOCAL_ASSIGN(const auto done,
               node::restore(order.backup, order.keystore, order.into, order.passphrase));
  fill(done.manifest, out);
  out.set_ok(true);
  out.set_opened(true);
  for (const auto& file : done.written) out.add_written(file.string());
  if (!done.anchor_is_there)
    out.add_next_steps("If the anchor of the lost node still exists, put it in place of " +
                       done.anchor.string() + " before the first start.");
  out.add_next_steps("Look at listen and endpoints in " + (order.into / "focal.toml").string() +
                     ": they are those of the machine before.");
  out.add_next_steps("Make sure that the node before does not run any more, and start this one: focald "
                     "--folder " + order.into.string());
  out.add_next_steps("Run 'focal start show': it says whether the node may sign, and what to do.");
  return {};
}

}  // namespace focal::cli

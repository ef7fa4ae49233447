// What `focal` does in the node's folder without a node: see node/cli/offline.h.
#include "node/cli/offline.h"

#include "crypto/private_file.h"
#include "crypto/random.h"
#include "node/desk/custody.h"
#include "node/desk/ledger_check.h"
#include "node/desk/people.h"
#include "node/desk/views.h"
#include "node/exchange/safety_number.h"
#include "node/ledger/ledger.h"
#include "node/node/keys.h"
#include "node/node/setup.h"

#include <unistd.h>

namespace focal::cli {
namespace {

Result<exchange::Card> own_card(const std::filesystem::path& folder) {
  auto bytes = crypto::read_private_file(folder / node::kCardFile, exchange::kMaxCardSize);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound)
    return fail(ErrorCode::kNotFound, "there is no node in " + folder.string(),
                "Name its folder with --folder, or make one with 'focal init'.", folder.string());
  if (!bytes) return bytes.error();
  return exchange::parse_card(as_text(*bytes));
}

Result<node::SetupOptions> setup_of(const InitOptions& options) {
  node::SetupOptions setup;
  setup.folder = options.folder;
  setup.root_folder = options.root_folder;
  setup.party = options.party;
  setup.listen = options.listen;
  setup.endpoints = options.endpoints;
  setup.authority = options.authority;
  if (options.card_expires.empty()) return setup;
  const auto day = parse_date(options.card_expires);
  if (!day)
    return fail(ErrorCode::kInvalid, "'" + options.card_expires + "' is not a date",
                "Write it as 2027-12-31.", "card_expires");
  setup.expires_ms = *day + kDayMs;  // the first moment after that day
  return setup;
}

}  // namespace

Status offline_prepare(const InitOptions& options, api::v1::CardPending& out) {
  FOCAL_ASSIGN(const auto setup, setup_of(options));
  node::CardWish wish;
  wish.act = node::CardAct::kFirst;
  wish.expires_ms = setup.expires_ms;
  if (!options.root_plan.empty()) {
    FOCAL_ASSIGN(wish.plan, exchange::parse_root_plan(options.root_plan));
  } else {
    FOCAL_ASSIGN(wish.after, exchange::parse_card(options.after));
  }
  crypto::SystemRng rng;
  FOCAL_ASSIGN(const auto made,
               node::prepare_node(setup, wish, options.passphrase, read_clocks(), rng));
  desk::fill_pending(made.pending, &out);
  return {};
}

Status offline_init(const InitOptions& options, api::v1::InitResponse& out) {
  FOCAL_ASSIGN(const auto setup, setup_of(options));
  crypto::SystemRng rng;
  FOCAL_ASSIGN(const auto made, node::set_up(setup, options.passphrase, options.root_passphrase,
                                             read_clocks(), rng));
  FOCAL_ASSIGN(const auto schedule, exchange::parse_schedule(made.schedule_note));
  desk::fill_card(made.card, schedule, out.mutable_card());
  for (const auto& file : made.written) out.add_written(file.string());
  out.add_next_steps("From " + options.root_folder.string() +
                     " put root.focalkey on two offline media and next-root.focalkey on two others, in "
                     "different safes, never both in one; try them (focal root show), then remove the "
                     "folder here.");
  out.add_next_steps("Start the node: focald --folder " + options.folder.string());
  out.add_next_steps("Give the other focal points your card: focal card export > " +
                     options.party + ".focalcard");
  return {};
}

Status offline_card_show(const std::filesystem::path& folder, api::v1::CardShowResponse& out) {
  FOCAL_ASSIGN(const auto card, own_card(folder));
  desk::fill_card(card, std::nullopt, out.mutable_card());
  out.set_card_text(card.note);
  return {};
}

Status offline_custody(const std::filesystem::path& folder, api::v1::CardCustodyResponse& out) {
  FOCAL_ASSIGN(const auto card, own_card(folder));
  desk::fill_custody(card, std::nullopt, read_clocks(), &out);
  return {};
}

Status offline_card_apply(const std::filesystem::path& folder, const std::string& note,
                          const crypto::Secret& passphrase, api::v1::CardApplyResponse& out) {
  crypto::SystemRng rng;
  FOCAL_ASSIGN(const auto keystore, crypto::Keystore::open(folder / node::kKeystoreFile, passphrase));
  FOCAL_ASSIGN(const auto pending, node::pending_card(keystore));
  desk::ActDetail detail;
  detail.actor = {desk::unix_name(::getuid()), ::getuid(), std::string(desk::kOfflineRole)};
  detail.act = "card.apply";
  detail.reason = "card applied without a running node";
  FOCAL_ASSIGN(const auto card, node::apply_card_offline(folder, note, desk::detail_text(detail),
                                                         passphrase, read_clocks(), rng));
  desk::fill_applied(card, *pending, false, &out);
  return {};
}

Status offline_ledger_verify(const std::filesystem::path& folder, bool log_only,
                             api::v1::LedgerVerifyResponse& out, const LedgerProgress& progress) {
  FOCAL_ASSIGN(const auto card, own_card(folder));
  ledger::VerifyOptions options = desk::verify_options(card);
  options.progress = progress;
  options.log_only = log_only;
  FOCAL_ASSIGN(const auto report, ledger::verify(folder / ledger::kLedgerFile, options));
  desk::fill_verify(report, &out);
  return {};
}

}  // namespace focal::cli

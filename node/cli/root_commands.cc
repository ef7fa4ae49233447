// `focal root`: the offline machine. Nothing here speaks to a node.
#include "node/cli/families.h"
#include "node/cli/new_file.h"
#include "node/cli/passphrase.h"
#include "node/cli/root_sheet.h"
#include "node/cli/root_text.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/custody.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

Result<crypto::Secret> root_passphrase(const Values& values, bool fresh) {
  PassphraseSource source;
  if (values.has("--root-passphrase-fd"))
    source.fd = static_cast<int>(values.number("--root-passphrase-fd", 0));
  source.option = "--root-passphrase-fd";
  source.credential = "focal-root-passphrase";
  source.prompt = "Passphrase of the root keys";
  source.fresh = fresh;
  return read_passphrase(source);
}

// Before anything is done: nothing is signed that could then not be written.
Status check_can_write(const std::string& file) {
  return file.empty() ? Status() : check_new_file(file);
}

Status agree(Session& session, const Values& values, const v1::RootAct& act) {
  if (!session.json()) session.io().err << root_preview_text(act, session.look());
  if (values.has("--yes")) return {};
  FOCAL_ASSIGN(const std::string said,
               session.ask("Type " + clean(act.party()) + " to go on, anything else to stop: ",
                           "Use --yes in a script, with --root-passphrase-fd."));
  if (said == act.party()) return {};
  return fail(ErrorCode::kState, "nothing was done", "Type the party's code to go on.");
}

Result<RootOrder> order_for(Session& session, const Values& values, const std::string& act) {
  RootOrder order;
  order.act = act;
  for (const std::string& folder : values.list("--root-folder")) order.folders.emplace_back(folder);
  order.party = values.text("PARTY");
  const std::string file = values.text("FILE");
  if (!file.empty()) {
    FOCAL_ASSIGN(order.file, session.read_file(file));
  }
  return order;
}

// Explains, asks, acts, writes what goes out and the sheet.
Result<int> carry_out(Session& session, const Values& values, RootOrder order,
                      const std::string& out_file) {
  const std::string sheet_file =
      values.has("--sheet") ? values.text("--sheet") : out_file + "-sheet.html";
  FOCAL_TRY(check_can_write(out_file));
  FOCAL_TRY(check_can_write(sheet_file));
  FOCAL_ASSIGN(order.passphrase, root_passphrase(values, order.act == "MAKE"));
  v1::RootAct done;
  FOCAL_TRY(session.offline().root(
      order, [&](const v1::RootAct& act) { return agree(session, values, act); }, done));
  FOCAL_TRY(write_new_file(out_file, done.note()));
  done.add_written(out_file);
  FOCAL_ASSIGN(const std::string sheet, root_sheet(done, out_file));
  FOCAL_TRY(write_new_file(sheet_file, sheet));
  done.add_written(sheet_file);
  if (session.show_json(done)) return kExitOk;
  std::string out = "Done.\n";
  for (const std::string& file : done.written()) out.append("  wrote ").append(clean(file)).append("\n");
  out.append("\nNext\n");
  int number = 0;
  for (const std::string& step : root_next_steps(done, out_file))
    out.append("  ").append(std::to_string(++number)).append(". ").append(wrap(clean(step), 88, "     "))
        .append("\n");
  out.append("Print the sheet and put it into the safe: ").append(clean(sheet_file)).append("\n");
  session.print(out);
  return kExitOk;
}

// `rotate` and `recover` have two halves: the plan, and the card.
Result<int> change_root(Session& session, const Values& values, const std::string& act) {
  const bool plan = values.has("--plan");
  if (plan == values.has("FILE"))
    return fail(ErrorCode::kUsage, "give either the node's request or --plan",
                "First --plan FILE, which goes to the node; then the request that the node made of it.");
  if (!plan && !values.has("--out"))
    return fail(ErrorCode::kUsage, "--out is missing", "Name the file for the signed card.");
  FOCAL_ASSIGN(RootOrder order, order_for(session, values, plan ? "PLAN_" + act : act));
  return carry_out(session, values, std::move(order), values.text(plan ? "--plan" : "--out"));
}

}  // namespace

Result<int> run_root_make(Session& session, const Values& values) {
  FOCAL_ASSIGN(RootOrder order, order_for(session, values, "MAKE"));
  return carry_out(session, values, std::move(order), values.text("--plan"));
}

Result<int> run_root_show(Session& session, const Values& values) {
  FOCAL_ASSIGN(RootOrder order, order_for(session, values, "SHOW"));
  FOCAL_TRY(check_can_write(values.text("--card")));
  FOCAL_TRY(check_can_write(values.text("--plan")));
  FOCAL_TRY(check_can_write(values.text("--sheet")));
  FOCAL_ASSIGN(order.passphrase, root_passphrase(values, false));
  v1::RootAct shown;
  FOCAL_TRY(session.offline().root(order, {}, shown));
  if (values.has("--card")) {
    if (shown.last_card().empty())
      return fail(ErrorCode::kNotFound, "the media remember no card", "Nothing was written.");
    FOCAL_TRY(write_new_file(values.text("--card"), shown.last_card()));
  }
  if (values.has("--plan")) {
    if (shown.note().empty())
      return fail(ErrorCode::kNotFound, "these media have no first plan",
                  "It needs root and next root (both --root-folder), before their first card. Later plans: "
                  "'focal root rotate --plan', 'focal root recover --plan'.");
    FOCAL_TRY(write_new_file(values.text("--plan"), shown.note()));
  }
  if (values.has("--sheet")) {
    FOCAL_ASSIGN(const std::string sheet, root_sheet(shown, ""));
    FOCAL_TRY(write_new_file(values.text("--sheet"), sheet));
  }
  if (session.show_json(shown)) return kExitOk;
  std::string out = root_keys_text(shown, session.look());
  if (shown.serial() != 0)
    out.append("\nThe newest card known here is card ").append(std::to_string(shown.serial()))
        .append(", number ").append(shown.card_number()).append(".\n");
  session.print(out);
  return kExitOk;
}

Result<int> run_root_sign(Session& session, const Values& values) {
  FOCAL_ASSIGN(RootOrder order, order_for(session, values, "SIGN"));
  return carry_out(session, values, std::move(order), values.text("--out"));
}

Result<int> run_root_rotate(Session& session, const Values& values) {
  return change_root(session, values, "ROTATE");
}

Result<int> run_root_recover(Session& session, const Values& values) {
  return change_root(session, values, "RECOVER");
}

Result<int> run_root_revoke(Session& session, const Values& values) {
  FOCAL_ASSIGN(RootOrder order, order_for(session, values, "REVOKE"));
  if (values.has("--card")) {
    FOCAL_ASSIGN(order.file, session.read_file(values.text("--card")));
  }
  order.serial = values.number("--serial", 0);
  order.scope = values.has("--scope") ? values.text("--scope") : "all";
  order.since = values.text("--since");
  order.reason = values.text("--reason");
  order.by_next_root = values.has("--by-next-root");
  return carry_out(session, values, std::move(order), values.text("--out"));
}

Result<int> run_root_directory(Session& session, const Values& values) {
  FOCAL_ASSIGN(RootOrder order, order_for(session, values, "DIRECTORY"));
  return carry_out(session, values, std::move(order), values.text("--out"));
}

}  // namespace focal::cli

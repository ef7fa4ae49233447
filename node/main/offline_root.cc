// What `focal root` does on an offline machine: see node/cli/offline.h.
#include "node/cli/offline.h"

#include <array>

#include "base/clock.h"
#include "crypto/random.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/safety_number.h"
#include "node/node/root_acts.h"
#include "proto/custody.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using node::RootAct;

void fill_key(const node::RootKeyInfo& key, const std::string& party, v1::RootKeyState* out) {
  const std::string& whose = key.party.empty() ? party : key.party;
  out->set_file(key.file.string());
  out->set_role(std::string(node::root_role_name(key.role)));
  out->set_party(whose);
  out->set_root_key(base64(key.pk));
  out->set_signed_serial(static_cast<std::uint32_t>(key.signed_serial));
  if (whose.empty()) return;
  out->set_fingerprint(exchange::format_safety_number(
      exchange::safety_digits(exchange::root_fingerprint(whose, key.pk))));
  out->set_code(exchange::fingerprint_code(whose, key.pk));
}

void fill_preview(const node::RootPreview& preview, v1::RootAct* out) {
  out->set_act(std::string(node::root_act_name(preview.act)));
  out->set_party(preview.party);
  out->set_made_at(format_utc(read_clocks().wall_ms));
  out->set_new_keys(preview.new_keys);
  out->set_remembered(preview.remembered);
  for (const node::RootChange& change : preview.changes) {
    auto* line = out->add_changes();
    line->set_what(change.what);
    line->set_before(change.before);
    line->set_after(change.after);
  }
  out->set_scope(preview.scope);
  out->set_since_at(preview.since_ms == 0 ? "" : format_utc(preview.since_ms));
  out->set_reason(preview.reason);
  out->set_signer(preview.signer);
  if (preview.serial == 0) return;
  out->set_serial(static_cast<std::uint32_t>(preview.serial));
  out->set_card_id(hex(preview.card_id));
  out->set_card_number(preview.number);
}

void fill_done(const node::RootDone& done, v1::RootAct* out) {
  fill_preview(done.preview, out);
  for (const node::RootKeyInfo& key : done.keys) fill_key(key, done.preview.party, out->add_keys());
  out->set_note(done.note);
  out->set_last_card(done.last_card);
  for (const auto& file : done.written) out->add_written(file.string());
}

std::optional<RootAct> act_of(std::string_view name) {
  for (const RootAct act : {RootAct::kMake, RootAct::kSign, RootAct::kPlanRotate,
                            RootAct::kPlanRecover, RootAct::kRotate, RootAct::kRecover,
                            RootAct::kRevoke, RootAct::kDirectory})
    if (node::root_act_name(act) == name) return act;
  return std::nullopt;
}

Result<node::RootRevoke> revoke_of(const RootOrder& order) {
  node::RootRevoke what;
  what.card = order.file;
  what.serial = order.serial;
  what.reason = order.reason;
  what.by_next_root = order.by_next_root;
  using exchange::RevocationScope;
  bool known = false;
  for (const RevocationScope scope : {RevocationScope::kAll, RevocationScope::kSign,
                                      RevocationScope::kTransport, RevocationScope::kSeal})
    if (exchange::scope_name(scope) == order.scope) {
      what.scope = scope;
      known = true;
    }
  const auto day = parse_date(order.since);
  const auto moment = day ? day : parse_utc(order.since);
  if (!known || !moment)
    return fail(ErrorCode::kInvalid, known ? "'" + order.since + "' is no date"
                                           : "'" + order.scope + "' is no scope",
                "--scope is all, sign, transport or seal; --since a day, 2027-03-01, or a moment, "
                "2027-03-01T08:30:00Z.");
  what.since_ms = *moment;
  return what;
}

Result<node::RootDone> carry_out(const RootOrder& order, RootAct act,
                                 const node::RootConfirm& confirm, crypto::Rng& rng) {
  const node::RootOptions options{order.folders};
  switch (act) {
    case RootAct::kMake:
      return node::root_make(options, order.party, order.passphrase, confirm, rng);
    case RootAct::kSign: return node::root_sign(options, order.file, order.passphrase, confirm, rng);
    case RootAct::kPlanRotate:
    case RootAct::kPlanRecover:
      return node::root_plan(options, act, order.passphrase, confirm, rng);
    case RootAct::kRotate:
    case RootAct::kRecover:
      return node::root_change(options, act, order.file, order.passphrase, confirm, rng);
    case RootAct::kRevoke: {
      FOCAL_ASSIGN(const auto what, revoke_of(order));
      return node::root_revoke(options, what, order.passphrase, confirm);
    }
    case RootAct::kDirectory:
      return node::root_directory(options, order.file, order.passphrase, confirm, rng);
  }
  return fail(ErrorCode::kUsage, "the root cannot do that", "See 'focal root --help'.");
}

}  // namespace

Status offline_root(const RootOrder& order, const RootAgree& agree, v1::RootAct& out) {
  if (order.act == "SHOW") {
    FOCAL_ASSIGN(const auto shown, node::root_show({order.folders}, order.passphrase));
    fill_done(shown, &out);
    out.set_act("SHOW");
    return {};
  }
  const auto act = act_of(order.act);
  if (!act)
    return fail(ErrorCode::kUsage, "'" + order.act + "' is nothing a root does",
                "See 'focal root --help'.");
  crypto::SystemRng rng;
  FOCAL_ASSIGN(const auto done, carry_out(order, *act,
                                          [&](const node::RootPreview& preview) -> Status {
                                            v1::RootAct shown;
                                            fill_preview(preview, &shown);
                                            return agree(shown);
                                          },
                                          rng));
  fill_done(done, &out);
  return {};
}

}  // namespace focal::cli

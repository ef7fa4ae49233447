#include "node/cli/families.h"
#include "node/cli/pair_text.h"
#include "node/cli/peer_text.h"
#include "node/cli/qr.h"
#include "node/cli/session.h"
#include "node/cli/trust_text.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"
#include "proto/pair.pb.h"
#include "proto/trust.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::uint32_t kPingWaitSeconds = 10;
constexpr std::uint64_t kFirstPauseMs = 20;
constexpr std::uint64_t kLongestPauseMs = 500;

bool has_ended(const std::string& state) {
  return state == "ACCEPTED" || state == "REJECTED" || state == "EXPIRED" || state == "CANCELLED";
}

// Follows a sending until it ends or the wait is over.
Status follow(Session& session, v1::PeerPingResponse& ping, std::uint64_t wait_ms,
              std::uint64_t started_ms) {
  std::uint64_t pause_ms = kFirstPauseMs;
  while (!has_ended(ping.state()) && session.io().clock().mono_ms - started_ms < wait_ms) {
    session.io().pause(pause_ms);
    pause_ms = std::min(pause_ms * 2, kLongestPauseMs);
    v1::OutboxShowResponse shown;
    FOCAL_TRY(session.get(target_of({"v1", "outbox", ping.outbox_id()}), shown));
    ping.set_state(shown.entry().state());
    std::string words = shown.entry().reason();
    if (words.empty()) words = shown.entry().state_text();
    ping.set_state_text(words);
  }
  return {};
}

}  // namespace

Result<int> run_peer_add(Session& session, const Values& values) {
  v1::PeerAddRequest request;
  FOCAL_ASSIGN(*request.mutable_bundle(), session.read_file(values.text("FILE")));
  request.set_party(values.text("--party"));
  v1::PeerAddResponse answer;
  FOCAL_TRY(session.post("/v1/peers", request, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  const std::string party = clean(answer.peer().party());
  session.print(paint(party, Style::kBold, look) +
                (answer.already_known() ? " was known already: " : " is stored: ") +
                level_text(answer.peer(), look) + "\n" +
                labelled({{"standing", answer.peer().level_text()}}, look) +
                peer_text(answer.peer(), look));
  if (answer.peer().level() != "VERIFIED" && !answer.safety_number().empty())
    session.print("\nCompare this number with " + party +
                  ", each side reading one half (`focal peer verify " + party +
                  "` says how):\n" + number_text(answer.safety_number()));
  return kExitOk;
}

Result<int> run_peer_list(Session& session, const Values&) {
  v1::PeersResponse answer;
  FOCAL_TRY(session.get("/v1/peers", answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  Table table = peer_table_for(look);
  for (const v1::Peer& peer : answer.peers()) add_peer_row(table, peer, look);
  session.print(table.empty() ? "No other party is known; see `focal peer add --help`.\n"
                              : table.text(look) + trust_list_text(answer, look));
  return kExitOk;
}

Result<int> run_peer_show(Session& session, const Values& values) {
  std::string target = target_of({"v1", "peers", values.text("PARTY")});
  add_query(target, "proof", values.has("--proof") ? "true" : "");
  v1::PeerDetailsResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  std::string out = paint(clean(answer.peer().party()), Style::kBold, look) + "  " +
                    level_text(answer.peer(), look) + "\n" + trust_text(answer.trust(), look) +
                    "\n" + peer_text(answer.peer(), look);
  v1::PairShowResponse pair;
  FOCAL_TRY(session.get(target_of({"v1", "peers", values.text("PARTY"), "pair"}), pair));
  out += "\n" + pair_text(pair.pair(), look);
  if (!answer.safety_number().empty())
    out += "\nSafety number\n" + number_text(answer.safety_number());
  if (values.has("--proof")) {
    session.print(out + proof_text(answer, look));
    return kExitOk;
  }
  for (const std::string* note : {&answer.card_text(), &answer.schedule_text()})
    if (!note->empty()) out += "\n" + clean_lines(*note);
  session.print(out);
  return kExitOk;
}

// Only shows what is to be compared; nothing is asked and nothing changes.
Result<int> show_number(Session& session, const std::string& party) {
  v1::PeerDetailsResponse shown;
  FOCAL_TRY(session.get(target_of({"v1", "peers", party}), shown));
  if (session.show_json()) return kExitOk;
  session.print(compare_text(shown, session.look()));
  const auto code = make_qr(shown.fingerprint_code());
  if (session.io().terminal_out && code)
    session.print("\nThe key of " + clean(shown.our_party()) +
                  " for a camera or a letter; it holds no secret:\n" + qr_for_terminal(*code) +
                  clean(shown.fingerprint_code()) + "\n");
  return kExitOk;
}

Result<int> run_peer_verify(Session& session, const Values& values) {
  v1::PeerVerifyRequest request;
  const std::string party = values.text("PARTY");
  const bool given = values.has("--number") || values.has("--code");
  if (values.has("--number") && values.has("--code"))
    return fail(ErrorCode::kUsage, "--number and --code are two ways to say the same",
                "give one of them");
  if (!values.has("--how") && !given) return show_number(session, party);
  if (!values.has("--how"))
    return fail(ErrorCode::kUsage, "say how the number was compared",
                "add --how phone, --how in-person or --how note-verbale");
  request.set_party(party);
  request.set_how(how_code(values.text("--how")));
  request.set_number(values.text(values.has("--code") ? "--code" : "--number"));
  if (!given) {
    const std::string hint = "give the digits with --number";
    if (!session.io().terminal_in)
      return fail(ErrorCode::kUsage, "--number is missing and there is nobody to ask", hint);
    v1::PeerDetailsResponse shown;
    FOCAL_TRY(session.get(target_of({"v1", "peers", party}), shown));
    session.io().err << compare_text(shown, session.look()) << "\n";
    FOCAL_ASSIGN(*request.mutable_number(),
                 session.ask("Type the sixty digits (blanks do not matter): ", hint));
  }
  v1::PeerVerifyResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", party, "verify"}), request, answer));
  if (session.show_json()) return kExitOk;
  session.print(paint(clean(answer.peer().party()), Style::kBold, session.look()) + " is now " +
                level_text(answer.peer(), session.look()) + "\n");
  return kExitOk;
}

Result<int> run_peer_ping(Session& session, const Values& values) {
  v1::PeerPingRequest request;
  request.set_party(values.text("PARTY"));
  v1::PeerPingResponse ping;
  const std::uint64_t started_ms = session.io().clock().mono_ms;
  FOCAL_TRY(session.post(target_of({"v1", "peers", request.party(), "ping"}), request, ping));
  const std::uint64_t wait_s = values.number("--wait", kPingWaitSeconds);
  FOCAL_TRY(follow(session, ping, wait_s * kSecondMs, started_ms));
  const std::uint64_t took_ms = session.io().clock().mono_ms - started_ms;
  const bool stored = ping.state() == "ACCEPTED";
  if (stored) ping.set_round_trip_ms(static_cast<std::uint32_t>(took_ms));
  const int code = stored ? kExitOk : kExitFailed;
  if (session.show_json(ping)) return code;
  const std::string party = clean(request.party());
  if (stored) {
    session.print(party + " stored the test record and signed a receipt for it, " +
                  std::to_string(took_ms) + " ms\n");
    return code;
  }
  std::string out = has_ended(ping.state())
                        ? "the test record to " + party + " ended as " + clean(ping.state())
                        : party + " sent no receipt within " + std::to_string(wait_s) +
                              " s; the test record stays in the outbox (" +
                              clean(ping.outbox_id()) + ", " + clean(ping.state()) + ")";
  if (!ping.state_text().empty()) out += ": " + clean(ping.state_text());
  session.print(out + "\n");
  return code;
}

}  // namespace focal::cli

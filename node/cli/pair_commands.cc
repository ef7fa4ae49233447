// Meetings in person, fingerprint codes and pair secrets.
#include "node/cli/families.h"
#include "node/cli/pair_text.h"
#include "node/cli/passphrase.h"
#include "node/cli/qr.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/pair.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Kind = Option::Kind;

const Option kParty{"PARTY", Kind::kPositional, "", "The other party, e.g. XB", true};
constexpr std::string_view kClearScreen = "\033[H\033[2J\033[3J";  // and what scrolled away

// The picture on a terminal, the text always.
std::string drawn(std::string_view code, bool terminal) {
  std::string out;
  if (terminal)
    if (const auto qr = make_qr(code)) out.append(qr_for_terminal(*qr)).append("\n");
  return out.append("  '").append(code).append("'\n");  // a code may end with a blank
}

std::string meeting_text(const v1::PairBeginResponse& meeting, const Look& look, bool terminal) {
  const std::string party = clean(meeting.party());
  std::string out = paint("SECRET. ", Style::kBad, look);
  out.append("Show this code to the officer of ").append(party)
      .append(" and to nobody else: whoever sees both codes of this\nmeeting has its pair secret. "
              "No photograph, no print, no message. It ends at ")
      .append(short_time(meeting.until())).append(" UTC.\n\n")
      .append(drawn(meeting.code(), terminal));
  return out;
}

// From the descriptor, or typed without echo.
Result<crypto::Secret> their_code(const Values& values, const std::string& party) {
  PassphraseSource source;
  source.what = "code";
  source.credential = "focal-their-code";
  source.prompt = "Scan or type the code of " + party + " (not shown)";
  source.option = "--their-code-fd";
  if (values.has("--their-code-fd"))
    source.fd = static_cast<int>(values.number("--their-code-fd", 0));
  auto code = read_passphrase(source);
  if (!code && code.error().code == ErrorCode::kPassphrase)
    return fail(ErrorCode::kUsage, code.error().message,
                "use --their-code-fd N in a script: the code is a secret, and no argument");
  return code;
}

Result<int> stop_meeting(Session& session, const std::string& party) {
  v1::PairStopRequest request;
  request.set_party(party);
  v1::PairStopResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", party, "meet", "stop"}), request, answer));
  if (!session.show_json())
    session.print(answer.stopped() ? "the meeting is over; our code is wiped\n"
                                   : "no meeting was under way\n");
  return kExitOk;
}

std::string finished_text(const v1::PairFinishResponse& answer, const Look& look) {
  const std::string party = clean(answer.pair().party());
  std::string out = paint(party, Style::kBold, look) + " is now " +
                    paint(clean(answer.level()), Style::kGood, look) +
                    ": its root key is the one on the card held here.\n";
  out.append(pair_text(answer.pair(), look));
  return out.append("Our confirm is on its way (").append(clean(answer.outbox_id()))
      .append("). Make sure that ").append(party)
      .append(" has taken our code too before you part.\n");
}

}  // namespace

Result<int> run_peer_meet(Session& session, const Values& values) {
  const std::string party = values.text("PARTY");
  if (values.has("--stop")) return stop_meeting(session, party);
  v1::PairBeginRequest begin;
  begin.set_party(party);
  v1::PairBeginResponse meeting;
  FOCAL_TRY(session.post(target_of({"v1", "peers", party, "meet"}), begin, meeting));
  const bool terminal = session.io().terminal_out;
  if (values.has("--show")) {
    if (session.show_json()) return kExitOk;
    session.print(meeting_text(meeting, session.look(), terminal));
    return kExitOk;
  }
  session.io().err << meeting_text(meeting, session.look(), terminal) << "\n";
  session.io().err.flush();
  auto code = their_code(values, party);
  if (terminal) session.io().err << kClearScreen;
  if (!code) return std::move(code).error();
  v1::PairFinishRequest request;
  request.set_party(party);
  request.set_code(std::string(as_text(code->view())));
  v1::PairFinishResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", party, "meet", "finish"}), request, answer));
  if (!session.show_json()) session.print(finished_text(answer, session.look()));
  return kExitOk;
}

Result<int> run_peer_pair(Session& session, const Values& values) {
  const std::string party = values.text("PARTY");
  if (!values.has("--drop")) {
    v1::PairShowResponse answer;
    FOCAL_TRY(session.get(target_of({"v1", "peers", party, "pair"}), answer));
    if (!session.show_json()) session.print(pair_text(answer.pair(), session.look()));
    return kExitOk;
  }
  v1::PairDropRequest request;
  request.set_party(party);
  request.set_reason(values.text("--reason"));
  if (!values.has("--yes")) {
    session.io().err << "From now on everything to " << clean(party)
                     << " is sealed without a pair secret, and what they seal with it is\n"
                        "bounced, until you meet again.\n";
    FOCAL_ASSIGN(const std::string said,
                 session.ask("Destroy the pair secret? Type yes: ", "use --yes in a script"));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was destroyed");
  }
  v1::PairDropResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", party, "pair", "drop"}), request, answer));
  if (!session.show_json())
    session.print("the pair secret is destroyed\n" + pair_text(answer.pair(), session.look()));
  return kExitOk;
}

Result<int> run_peer_code(Session& session, const Values&) {
  v1::CardCodeResponse answer;
  FOCAL_TRY(session.get("/v1/card/code", answer));
  if (session.show_json()) return kExitOk;
  session.print(drawn(answer.code(), session.io().terminal_out) +
                "\nNo secret: print it on a letter or a note verbale. The other side runs\n"
                "`focal peer verify " + clean(answer.party()) +
                " --how note-verbale --code '…'`.\n");
  return kExitOk;
}

std::vector<Command> pair_table() {
  return {
      {"peer meet", "Meet in person: verify by machine, and make a pair secret",
       "For two officers at one table, each with the own node at hand. Shows our code, as a QR on "
       "a terminal and as text, then takes the code of the other side: from a scanner or typed "
       "(it is not shown), or from a descriptor; never as an argument, because it is a secret. "
       "The root key in it must be the one on the card that is held here. Then the party is "
       "VERIFIED, and both nodes hold a pair secret: everything between them is sealed with it "
       "too, so that what is recorded today stays closed even to a quantum computer. Both sides "
       "have to do it; the codes last 30 minutes. --show only shows our code, --stop wipes it.",
       "focal peer meet XB\n"
       "focal peer meet XB --show\n"
       "focal peer meet XB --their-code-fd 5 5<code-of-XB",
       {kParty,
        {"--show", Kind::kFlag, "", "Only show our code"},
        {"--stop", Kind::kFlag, "", "End the meeting: wipe our code"},
        {"--their-code-fd", Kind::kNumber, "N", "Read the other side's code from this descriptor"}},
       run_peer_meet},
      {"peer pair", "The pair secret with a party: is there one, is it used",
       "Says whether there is a pair secret with a party, since when, and whether they have "
       "confirmed it. --drop destroys ours: the only way back to sealing without it, for when "
       "the other side has lost its own and the next meeting is far off.",
       "focal peer pair XB\n"
       "focal peer pair XB --drop --reason 'XB lost its keystore' --yes",
       {kParty,
        {"--drop", Kind::kFlag, "", "Destroy it"},
        {"--reason", Kind::kText, "TEXT", "Why; kept in the ledger"},
        {"--yes", Kind::kFlag, "", "Do not ask"}},
       run_peer_pair},
      {"peer code", "Our root key as a code for letters",
       "Prints our party and root key as one text that a QR code holds. It is no secret: it goes "
       "on a letter or a note verbale, so that the other side's machine compares instead of a "
       "person reading digits.",
       "focal peer code", {}, run_peer_code},
  };
}

}  // namespace focal::cli

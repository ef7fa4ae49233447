// The console: a link to it, and the password for entering without one.
#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/passphrase.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/console.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

}  // namespace

Result<int> run_console(Session& session, const Values&) {
  v1::ConsoleLinkResponse answer;
  FOCAL_TRY(session.post("/v1/console/link", v1::ConsoleLinkRequest(), answer));
  if (session.show_json()) return kExitOk;
  session.print(clean(answer.url()) +
                "\n\nOpen it in a browser on this machine, until " + short_time(answer.expires_at()) +
                " UTC. It opens the console once, as you; whoever has it is you.\n");
  return kExitOk;
}

Result<int> run_console_password(Session& session, const Values& values) {
  PassphraseSource source;
  if (values.has("--password-fd"))
    source.fd = static_cast<int>(values.number("--password-fd", 0));
  source.credential = "focal-console-password";
  source.what = "password";
  source.prompt = "New password for the console";
  source.option = "--password-fd";
  source.fresh = true;
  FOCAL_ASSIGN(const crypto::Secret password, read_passphrase(source));
  v1::SessionPasswordResponse answer;
  FOCAL_TRY(session.post_password("/v1/session/password", v1::SessionPasswordRequest(), password,
                                  answer));
  if (!session.show_json())
    session.print("You can enter the console with your name and this password now.\n");
  return kExitOk;
}

std::vector<Command> console_table() {
  using Kind = Option::Kind;
  return {
      {"console", "A link that opens the console",
       "Prints a link that opens the console in a browser of this machine, once, within two minutes, "
       "as the user who asks. The console does what focal does, on a screen, in six languages. It "
       "listens on 127.0.0.1 alone.",
       "focal console", {}, run_console},
      {"console password", "A password for entering the console by name",
       "Sets your own password, so that you can enter the console with your name, and confirm there "
       "that it is you. 12 to 256 bytes. Five wrong ones in a row lock the name for a minute, then for "
       "longer.",
       "focal console password",
       {{"--password-fd", Kind::kNumber, "N", "Read it from this descriptor"}},
       run_console_password},
  };
}

}  // namespace focal::cli

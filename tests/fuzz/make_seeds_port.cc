// Seeds of fuzz_port: requests as the console's page, a script and a page of somebody else send them.
#include "tests/fuzz/seeds.h"

namespace focal::test {
namespace {

// Whose session: the roles in their order, then:
constexpr int kNone = 5, kEnded = 6, kGone = 7;
constexpr int kOldConfirmation = 8, kOnlyWhatIsSaid = 16;

void put(const std::string& name, int who, const std::string& request) {
  write_seed("fuzz_port", name, static_cast<char>(who) + request);
}

}  // namespace

void port_seeds() {
  const std::string host = "\nHost: 127.0.0.1:8787";
  const std::string cookie = "\nCookie: focal_session_8787=$token";
  put("root", kNone, "GET /\n\n");
  put("file-path-tricks", kNone, "GET /assets/%2e%2e/index.html\n\n");
  put("inbox", 0, "GET /v1/inbox?limit=3\n\n");
  put("inbox-as-auditor", 2, "GET /v1/inbox?limit=3\n\n");
  put("no-such-field", 0, "GET /v1/inbox?no_such=1\n\n");
  put("case", 1, "GET /v1/traces/T-1%2F2\n\n");
  put("events", 0, "GET /v1/events?after=18446744073709551615\n\n");
  put("events-wrong", 0, "GET /v1/events?after=-1\n\n");
  put("enter-by-link", kNone, "POST /v1/session\n\n{\"link\":\"$link\"}");
  put("enter-by-password", kNone,
      "POST /v1/session\n\n{\"name\":\"jo\",\"password\":\"QwPzPassphraseQwPz\"}");
  put("enter-wrong", kNone, "POST /v1/session\n\n{\"name\":\"sam\",\"password\":\"QwPzPassphraseQwPz\"}");
  put("enter-while-in", 0, "POST /v1/session\n\n{\"link\":\"$link\"}");
  put("enter-gone", kGone, "POST /v1/session\n\n{\"link\":\"$link\"}");
  put("confirm", 3 + kOldConfirmation, "POST /v1/session/confirm\n\n{\"link\":\"$link\"}");
  put("confirm-password", kOldConfirmation,
      "POST /v1/session/confirm\n\n{\"password\":\"QwPzPassphraseQwPz\"}");
  put("leave", 4, "POST /v1/session/end\n\n{}");
  put("keys-old", 3 + kOldConfirmation, "POST /v1/keys/replace\n\n{\"reason\":\"lost\"}");
  put("keys", 3, "POST /v1/keys/replace\n\n{\"reason\":\"lost\"}");
  put("release", 1,
      "POST /v1/releases/R-1/approve\n\n{\"seen\":\"a\",\"officer_passphrase\":\"QwPzPassphraseQwPz\"}");
  put("passphrase", 1,
      "POST /v1/officer-key/passphrase\n\n{\"officer_passphrase\":\"QwPzPassphraseQwPz\","
      "\"officer_new_passphrase\":\"something else\"}");
  put("password", 2, "POST /v1/session/password\n\n{\"password\":\"QwPzPassphraseQwPz\"}");
  put("meeting", 0, "POST /v1/peers/XB/meet/finish\n\n{\"code\":\"QwPzPassphraseQwPz\"}");
  put("ended", kEnded, "GET /v1/status\n\n");
  put("gone", kGone, "GET /v1/status\n\n");
  put("open", 0, "POST /v1/traces\n\n{\"to\":[\"XB\"],\"record\":{\"header\":{\"subject\":\"S\"}}}");
  put("draft", 0, "POST /v1/drafts\n\n{\"draft\":{\"kind\":\"trace.request\",\"content\":{\"a\":[1]}}}");
  put("deep", 0, "POST /v1/traces\n\n{\"record\":" + std::string(40, '[') + std::string(40, ']') + "}");
  put("link-by-session", 0, "POST /v1/console/link\n\n{}");
  put("method", 0, "DELETE /v1/status\n\n");
  put("curl", kOnlyWhatIsSaid, "GET /v1/status" + host + "\nX-Focal: 1" + cookie + "\n\n");
  put("rebound", kOnlyWhatIsSaid, "GET /v1/status\nHost: evil.example:8787\nX-Focal: 1" + cookie + "\n\n");
  put("form", kOnlyWhatIsSaid,
      "POST /v1/traces" + host + "\nOrigin: http://evil.example\nSec-Fetch-Site: cross-site" + cookie +
          "\n\nto=XB");
  put("two-cookies", kOnlyWhatIsSaid,
      "GET /v1/status" + host + "\nX-Focal: 1" + cookie + "; focal_session_8787=AAAA\n\n");
  put("two-hosts", kOnlyWhatIsSaid, "GET /v1/status" + host + host + "\nX-Focal: 1" + cookie + "\n\n");
}

}  // namespace focal::test

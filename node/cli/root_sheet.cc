#include "node/cli/root_sheet.h"

#include "node/cli/qr.h"
#include "node/cli/root_text.h"
#include "node/cli/width.h"
#include "proto/custody.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n<style>\n"
    "@page { size: A4; margin: 20mm }\n"
    "body { font: 11pt/1.4 sans-serif; color: #000; background: #fff; max-width: 170mm; margin: "
    "0 auto; padding: 8mm 0 }\n"
    "h1 { font-size: 16pt; margin: 0 0 4mm } h2 { font-size: 12pt; margin: 7mm 0 2mm }\n"
    "table { border-collapse: collapse; width: 100% } td { padding: 1mm 4mm 1mm 0; vertical-align: "
    "top } td:first-child { white-space: nowrap; width: 34mm }\n"
    ".digits { font: 13pt/1.5 monospace; overflow-wrap: anywhere } .key { font: 9.5pt monospace; "
    "overflow-wrap: anywhere } .code { font: 9pt monospace; white-space: pre; margin: 0 }\n"
    ".root { break-inside: avoid; border: 0.3mm solid #000; padding: 4mm; margin: 3mm 0; display: "
    "flex; gap: 6mm; align-items: flex-start } .root svg { width: 36mm; height: 36mm; flex: none }\n"
    "ol { padding-left: 6mm; margin: 2mm 0 } li { margin: 1mm 0 } .lines { margin-top: 12mm; display: "
    "flex; gap: 10mm } .lines div { flex: 1; border-top: 0.3mm solid #000; padding-top: 1mm; "
    "font-size: 9pt }\n</style>\n";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : clean(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

void row(std::string& out, std::string_view label, std::string_view value,
         std::string_view style = {}) {
  if (value.empty()) return;
  out.append("<tr><td>").append(label).append("</td><td");
  if (!style.empty()) out.append(" class=\"").append(style).append("\"");
  out.append(">").append(escaped(value)).append("</td></tr>\n");
}

Status add_key(std::string& out, const v1::RootKeyState& key) {
  out.append("<div class=\"root\">\n");
  // A next root stays hidden behind its hash until it is used: no code of it on paper.
  if (key.role() == "ROOT" && !key.code().empty()) {
    FOCAL_ASSIGN(const QrCode code, make_qr(key.code()));
    out.append(qr_svg(code)).append("\n");
  }
  out.append("<div><b>").append(root_role_words(key.role()).name).append("</b>\n<table>\n");
  row(out, "fingerprint of the key", key.fingerprint(), "digits");
  if (key.role() == "ROOT") row(out, "public key", key.root_key(), "key");
  row(out, "key file", key.file(), "key");
  row(out, "last signed", key.signed_serial() == 0 ? std::string("no card yet")
                                                   : "card " + std::to_string(key.signed_serial()));
  out.append("</table>\n");
  if (key.role() == "ROOT" && !key.code().empty())  // in one line: a space is part of it
    out.append("<p>text of the square</p><p class=\"code\">").append(escaped(key.code())).append("</p>\n");
  out.append("</div>\n</div>\n");
  return {};
}

}  // namespace

Result<std::string> root_sheet(const v1::RootAct& act, const std::string& file) {
  const RootWords& words = root_words(act.act());
  std::string out(kHead);
  out.append("<title>").append(escaped(act.party())).append(": ").append(words.title);
  out.append("</title>\n</head>\n<body>\n<h1>").append(escaped(act.party())).append(": ");
  out.append(words.title).append("</h1>\n<table>\n");
  row(out, "date", act.made_at());
  row(out, "party", act.party());
  if (act.serial() != 0) row(out, "card", std::to_string(act.serial()));
  row(out, "number of the card", act.card_number(), "digits");
  row(out, "card id", act.card_id(), "key");
  row(out, "scope", act.scope());
  row(out, "since", act.since_at());
  row(out, "reason", act.reason());
  row(out, "signed by", root_signer_text(act));
  row(out, "written to", file, "key");
  out.append("</table>\n<h2>Keys on the media</h2>\n");
  for (const v1::RootKeyState& key : act.keys()) FOCAL_TRY(add_key(out, key));
  if (act.changes_size() > 0) {
    out.append("<h2>What changed</h2>\n<table>\n");
    for (const v1::RootChange& change : act.changes())
      row(out, escaped(change.what()), change.after(), "key");
    out.append("</table>\n");
  }
  const auto steps = root_next_steps(act, file.empty() ? "FILE" : file);
  if (!steps.empty()) out.append("<h2>What to do next</h2>\n<ol>\n");
  for (const std::string& step : steps)
    out.append("<li>").append(escaped(step)).append("</li>\n");
  if (!steps.empty()) out.append("</ol>\n");
  out.append("<p>This sheet holds no secret. It belongs into the safe beside the medium. A "
             "fingerprint is not the safety number, which is made of two roots. Another focal point that "
             "has this page by a way it trusts types the text of the square: focal peer verify PARTY "
             "--how note-verbale --code TEXT.</p>\n"
             "<div class=\"lines\"><div>custodian</div><div>witness</div><div>safe</div></div>\n"
             "</body>\n</html>\n");
  return out;
}

}  // namespace focal::cli

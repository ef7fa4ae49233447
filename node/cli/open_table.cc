// Opening a case, following it up, linking it to another one: as commands.
#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/import_options.h"

namespace focal::cli {
namespace {

using Kind = Option::Kind;

Command open_command() {
  Command out{
      "trace open",
      "Send a tracing request",
      std::string(
          "Opens a case and sends the request in the file to another party. The record is checked "
          "completely before anything is sent; an error names the field. At a terminal it shows "
          "whom the request will reach, by name, and what this node knows of its weapons: asked "
          "before, by whom, with what outcome. Then it asks; a script is not asked. A weapon that "
          "is in an open request to the same party is not asked about again without --again.\n") +
          kImportHelp,
      std::string("focal trace open --from request.json --to XB\n") + kImportExample,
      {kFromRequired, {"--to", Kind::kText, "PARTY", "Whom to ask"}, kPreview, kAgain, kYes},
      run_trace_open};
  for (Option& each : import_options()) out.options.push_back(std::move(each));
  return out;
}

Command follow_command() {
  return Command{
      "trace follow",
      "Put a request of ours to the next State",
      "Makes the follow-up of a case: the weapons for which the answer points to another State, as "
      "they are described now, with the legal part and the circumstances, under the reference of "
      "the case with the next number. What the other State answered goes along only where its "
      "label allows that; what was carried over and what was left out is said, and so is whom it "
      "will reach. Then it asks; a script gives --yes. --save writes the request into a file "
      "instead, to complete it by hand and to send it with `trace open`.",
      "focal trace follow T-12 --to XC",
      {kCase,
       {"--to", Kind::kText, "PARTY",
        "Whom to ask next; may be left out where the answer points to one State"},
       {"--item", Kind::kList, "NO",
        "This weapon of the case (may be repeated); none: those the answer points there for"},
       {"--ref", Kind::kText, "REF", "Our reference, instead of the case's with the next number"},
       {"--with-persons", Kind::kFlag, "", "Also what identifies persons"},
       {"--save", Kind::kText, "FILE", "Write the request there as JSON and send nothing"},
       kPreview,
       kAgain,
       kYes},
      run_trace_follow};
}

Command link_command() {
  return Command{
      "trace link",
      "Decide whether two cases are about the same weapon",
      "`trace show` offers other cases with a weapon that can be the same, with score and reason. "
      "A person compares all the data and decides; who, when and why is kept in the ledger. A "
      "later decision replaces an earlier one. Nothing is sent.",
      "focal trace link T-12 T-5 --same --reason 'Number, maker and calibre agree; photo "
      "compared.'",
      {kCase,
       {"OTHER", Kind::kPositional, "", "The other case", true},
       {"--same", Kind::kFlag, "", "They are about the same weapon"},
       {"--different", Kind::kFlag, "", "They are not; it is not offered again"},
       {"--reason", Kind::kText, "TEXT", "What was compared", true}},
      run_trace_link};
}

}  // namespace

std::vector<Command> open_table() { return {open_command(), follow_command(), link_command()}; }

}  // namespace focal::cli

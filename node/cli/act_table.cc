// The acts of a tracing case as commands, in the order in which a case usually goes.
#include "node/cli/common_options.h"
#include "node/cli/families.h"

namespace focal::cli {
namespace {

using Kind = Option::Kind;

const Option kGround{"--ground", Kind::kText, "GROUND",
                     "ONGOING_INVESTIGATION, CONFIDENTIALITY_LAW, NO_CONFIDENTIALITY_GUARANTEE or "
                     "NATIONAL_SECURITY"};
const Option kReason{"--reason", Kind::kText, "TEXT", "Why, in words (20 characters or more)"};

std::vector<Command> questions_table() {
  return {
      {"trace ack",
       "Acknowledge a request",
       "Tells the requester that the request is in hand, under which reference, and when to expect "
       "an answer. Give the common fields, or the whole record with --from.",
       "focal trace ack T-12 --ref XB/T/26/0458 --expected-by 2026-03-24 \\\n"
       "    --note 'Records before 1990 are on paper.'",
       {kCase,
        {"--ref", Kind::kText, "REF", "Our case reference"},
        {"--expected-by", Kind::kDate, "DATE", "When an answer can be expected"},
        {"--note", Kind::kText, "TEXT", "A remark for the requester"},
        {"--assigned-to", Kind::kList, "ROLE", "Agency that works on it (may be repeated)"},
        kFrom},
       run_trace_ack},
      {"trace ask",
       "Ask the requester for what is missing",
       "Asks for information that the request lacks. While it is awaited the clock of the answer "
       "stands still. Name each field and ask in words; item1 is the weapon that `trace show` "
       "lists as number 1. Both options may be repeated, in turn.",
       "focal trace ask T-12 --missing item1.serial --text 'Third character: 0 or O?' \\\n"
       "    --missing item2.markings --text 'Any import mark?' --wanted-by 2026-03-12",
       {kCase,
        {"--missing", Kind::kList, "FIELD",
         "Which field: item1.serial, item2.markings, "
         "circumstances.narrative, …"},
        {"--text", Kind::kList, "QUESTION", "The question about it"},
        {"--wanted-by", Kind::kDate, "DATE", "When a reply is wanted"},
        kFrom},
       run_trace_ask},
      {"trace supply",
       "Give the information that was asked for",
       "Replies to `trace ask`: the clock of the answer goes on. Where one field was asked for, "
       "--field may be left out. A weapon described anew comes in a file.",
       "focal trace supply T-12 --field item1.serial --value DA017342 --confidence certain",
       {kCase,
        {"--field", Kind::kList, "FIELD", "Which field, as it was asked for (may be repeated)"},
        {"--value", Kind::kList, "TEXT", "What is known now (once for each --field)"},
        {"--confidence", Kind::kText, "CODE",
         "How sure a serial is: CERTAIN, DOUBTFUL, PARTIAL or RECOVERED_FORENSIC"},
        {"--note", Kind::kText, "TEXT", "A remark"},
        kFrom},
       run_trace_supply},
  };
}

std::vector<Command> answers_table() {
  return {
      {"trace delay",
       "Say that the answer is late, on which ground and why",
       "Moves the answer to a later day. Ground, reason and day are mandatory.",
       "focal trace delay T-12 --ground ONGOING_INVESTIGATION --expected-by 2026-06-30 \\\n"
       "    --reason 'A court has to release the file first.'",
       {kCase,
        kGround,
        kReason,
        {"--expected-by", Kind::kDate, "DATE", "When the answer can be expected"},
        {"--item", Kind::kList, "NO", "Only about this weapon (may be repeated); none: about all"},
        {"--say", Kind::kText, "TEXT", "What can be said already"},
        kFrom},
       run_trace_delay},
      {"trace interim",
       "Answer in part; more follows",
       "Sends results for some of the weapons, and says when more can be expected. What stands in "
       "the file: as for `trace answer`, in trace_interim, with expected_by.",
       "focal trace interim T-12 --from part.json",
       {kCase, kFromRequired},
       run_trace_interim},
      {"trace answer",
       "Answer a request",
       "Sends the answer in the file: a result for each weapon, with what that result needs (an "
       "export its country, date and consignee; NO_RECORD the registers searched; …). A result "
       "that withholds something says on which ground and why. Header and references may be left "
       "out of the file: they are taken from the case.",
       "focal trace answer T-12 --from answer.json",
       {kCase, kFromRequired},
       run_trace_answer},
      {"trace refuse",
       "Refuse a request, with ground and reason",
       "Refuses to answer. Ground and reason are mandatory. Give them here, or the whole record "
       "with --from.",
       "focal trace refuse T-12 --ground NO_CONFIDENTIALITY_GUARANTEE \\\n"
       "    --reason 'The answer would become part of a public court file.'",
       {kCase, kGround, kReason, {"--ref", Kind::kText, "REF", "Our case reference"}, kFrom},
       run_trace_refuse},
      {"trace reply",
       "Reply to a question about our reasons",
       "Replies to `trace clarify`. The earlier answer stands; one that is to change comes with "
       "its results in a file.",
       "focal trace reply T-12 --text 'The law in question is the Archives Act, section 4.'",
       {kCase, {"--text", Kind::kText, "TEXT", "The reply"}, kFrom},
       run_trace_reply},
      {"trace correct",
       "Replace an answer that was wrong",
       "Sends new results in the place of those of an earlier answer, and why. It may be sent "
       "after the case was closed; the other side then has to look at it again. If the file does "
       "not say which answer is replaced, it is the last one.",
       "focal trace correct T-12 --from correction.json",
       {kCase, kFromRequired},
       run_trace_correct},
  };
}

std::vector<Command> ends_table() {
  return {
      {"trace clarify",
       "Ask back about a delay, a restriction or a refusal",
       "Asks the other side to explain its reasons.",
       "focal trace clarify T-12 --text 'Would an answer without names be possible?'",
       {kCase, {"--text", Kind::kText, "QUESTION", "The question"}, kFrom},
       run_trace_clarify},
      {"trace withdraw",
       "Withdraw a request",
       "Ends a request that is not answered yet. This cannot be taken back. If the answer is "
       "already under way, it stands, and the case says that the two have crossed.",
       "focal trace withdraw T-12 --reason SOLVED\n"
       "focal trace withdraw T-12 --reason OTHER --text 'The weapon was returned.' --yes",
       {kCase,
        {"--reason", Kind::kText, "REASON",
         "SOLVED, DUPLICATE, ERROR, WEAPON_DESTROYED, or OTHER with --text"},
        {"--text", Kind::kText, "TEXT", "In words"},
        kYes,
        kFrom},
       run_trace_withdraw},
      {"trace close",
       "Close an answered case, and say whether the answer helped",
       "Ends a case after its answer. The other side learns of what use the answer was.",
       "focal trace close T-12 --outcome useful --next-asked XC \\\n"
       "    --action 'Request to XC, where it was exported to.'",
       {kCase,
        {"--outcome",
         Kind::kText,
         "OUTCOME",
         "useful, not-useful or not-known",
         false,
         {"useful", "not-useful", "not-known"}},
        {"--next-asked", Kind::kList, "STATE", "A State that is asked next (may be repeated)"},
        {"--action", Kind::kText, "TEXT", "What was done with the answer"},
        {"--share", Kind::kText, "TEXT", "What the other side may want to know in return"},
        kYes,
        kFrom},
       run_trace_close},
      {"trace reopen",
       "Reopen a closed case: something is new",
       "Takes up a closed case again. Either side may; an answer is then due anew.",
       "focal trace reopen T-12 --text 'A second weapon of the same consignment was found.'",
       {kCase, {"--text", Kind::kText, "TEXT", "What is new"}, kFrom},
       run_trace_reopen},
  };
}

}  // namespace

std::vector<Command> act_table() {
  std::vector<Command> out;
  for (auto* part : {&questions_table, &answers_table, &ends_table})
    for (Command& command : part()) out.push_back(std::move(command));
  return out;
}

}  // namespace focal::cli

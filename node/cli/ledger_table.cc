// The commands about the ledger: what an auditor at the node has, and nothing that changes anything.
#include "node/cli/families.h"

namespace focal::cli {
namespace {

using Kind = Option::Kind;

const Option kBefore{"--before", Kind::kNumber, "INDEX", "Only leaves before this index"};

std::vector<Command> reading_table() {
  return {
      {"ledger log", "The ledger page by page, newest first",
       "Lists the leaves from the newest one backwards: what happened, when, with whom, and which "
       "person did it. Below a page stands the command for the next one.",
       "focal ledger log\n"
       "focal ledger log --limit 100 --before 4096",
       {{"--limit", Kind::kNumber, "N", "So many (default 20, at most 1000)"}, kBefore},
       run_ledger_log},
      {"ledger show", "One entry of the ledger, with all that stands beside it",
       "Shows a leaf by its index, or every leaf about a record by its id: the bytes that are "
       "hashed, the record's line, the receipts for it, the first published checkpoint that "
       "contains it, and who has witnessed that.",
       "focal ledger show 4095\n"
       "focal ledger show \\\n"
       "    5f1c0c6b2d9e4a7f8b3d6e1a9c4f7b2e5d8a1c4e7f0b3d6a9c2e5f8b1d4a7c0e",
       {{"LEAF", Kind::kPositional, "", "The index of a leaf, or a record id", true}},
       run_ledger_show},
      {"ledger find", "Entries of the ledger by party, kind, case, time or person",
       "Lists the leaves that fit everything that is asked for, newest first. A party is found in "
       "records of both directions, receipts, cards and decisions about it. --officer finds what a "
       "person of this node did or released; these words are sealed, so looking takes longer.",
       "focal ledger find --party XB --from 2026-03-01 --to 2026-03-31\n"
       "focal ledger find --officer jo --type ADMIN\n"
       "focal ledger find --case T-12",
       {{"--party", Kind::kText, "PARTY", "Only with this party"},
        {"--kind", Kind::kText, "KIND", "Only records of this kind, e.g. trace.request"},
        {"--case", Kind::kText, "CASE", "Only records of this case, e.g. T-12"},
        {"--from", Kind::kDate, "DATE", "Not before this day"},
        {"--to", Kind::kDate, "DATE", "Not after this day"},
        {"--officer", Kind::kText, "NAME", "Only what this person did or released"},
        {"--type", Kind::kText, "TYPE", "Only leaves of this type, e.g. SENT, RECEIVED, ADMIN"},
        {"--limit", Kind::kNumber, "N", "At most so many (default 100, at most 1000)"},
        kBefore},
       run_ledger_find},
  };
}

}  // namespace

std::vector<Command> ledger_table() {
  std::vector<Command> out{
      {"ledger verify", "Check the whole ledger",
       "Recomputes every leaf and the tree, verifies every checkpoint and every signed statement, "
       "and compares all tables with them. With a running node the node does it, beside its work; "
       "otherwise the file is read directly. At a terminal it says how far it is and how fast. Ends "
       "with exit code 1 if anything does not verify. --json prints the newest checkpoint. --log looks "
       "at leaves, tiles and checkpoints alone, some ten times as fast: was anything in the log "
       "changed since a checkpoint that others hold?",
       "focal ledger verify",
       {{"--log", Kind::kFlag, "", "The log alone, without the tables"}},
       run_ledger_verify},
      {"ledger tail", "The newest entries of the ledger",
       "Prints the newest leaves, oldest first: what happened, when, with whom, and which person did "
       "it. Contents of records do not stand in the ledger's leaves.",
       "focal ledger tail --limit 50",
       {{"--limit", Kind::kNumber, "N", "So many (default 20, at most 1000)"}, kBefore},
       run_ledger_tail},
      {"ledger export", "The log as files that public tools walk",
       "Writes the log up to the newest published checkpoint into a new folder, in the form of C2SP "
       "tlog-tiles: checkpoint, tile/… and tile/entries/…. Whoever knows our log key, which stands "
       "on our card, can check with it that every entry stands in the log and that a later export "
       "is its continuation. Leaves hold types, times and hashes, no contents and no names. Every "
       "file is checked against the checkpoint while it is written, and the checkpoint is written "
       "last: a folder without it is not complete. Without a running node the file is read directly.",
       "focal ledger export /media/stick/log-2026-03",
       {{"DIR", Kind::kPositional, "", "A folder that is not there yet", true}},
       run_ledger_export}};
  for (Command& command : reading_table()) out.push_back(std::move(command));
  return out;
}

}  // namespace focal::cli

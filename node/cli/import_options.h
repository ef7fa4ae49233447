// The part of `trace open` that is about seizure lists.
#pragma once

#include <vector>

#include "base/result.h"
#include "node/cli/command.h"

namespace focal::cli {

inline constexpr char kImportHelp[] =
    "With --csv the weapons come from a seizure list (CSV, UTF-8, at most 5,000 rows), and --from "
    "holds the rest of the request, without weapons. What would be sent to whom, wrong rows, rows "
    "that repeat each other and weapons asked about before are shown first; then the weapons go, "
    "200 a request, to the State of their import mark, else to the State that made them.";

inline constexpr char kImportExample[] =
    "focal trace open --csv list.csv --from request.json --preview\n"
    "focal trace open --csv list.csv --map 'Serial No=serial,Maker=make,Made in="
    "country_of_manufacture' \\\n    --from request.json";

// Beside --from, --preview and --yes.
inline std::vector<Option> import_options() {
  using Kind = Option::Kind;
  return {
      {"--csv", Kind::kText, "FILE", "A seizure list; - is standard input"},
      {"--map", Kind::kList, "MAP",
       "What the list's columns hold: TITLE=FIELD,… or a file with one pair a line. Without "
       "it the titles are read, and a person has to confirm"},
      {"--errors", Kind::kText, "FILE", "Write the list's wrong rows there, with what is wrong"},
      {"--accept-valid", Kind::kFlag, "", "Send the good rows although others are wrong"},
      {"--keep-duplicates", Kind::kFlag, "", "Send rows that repeat an earlier row too"},
      {"--ask-again", Kind::kFlag, "", "Send weapons of the list that were asked about before"},
      {"--route", Kind::kList, "COUNTRY=PARTY",
       "Weapons of that country go to that party, e.g. SUHH=RU or XB=XB-ITI"},
      {"--lang",
       Kind::kText,
       "LANG",
       "Language of the names of States",
       false,
       {"en", "fr", "es", "ru", "zh", "ar"}}};
}

// kUsage: one of them without --csv, so that nothing is sent which somebody took for a list.
Status check_list_options(const Values& values);

}  // namespace focal::cli

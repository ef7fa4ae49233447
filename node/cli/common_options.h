// Options that several commands have.
#pragma once

#include "node/cli/command.h"

namespace focal::cli {

inline const Option kCase{"CASE", Option::Kind::kPositional, "",
                          "Our number of the case, as `trace list` shows it", true};
inline const Option kFrom{"--from", Option::Kind::kText, "FILE",
                          "The whole record as JSON; - is standard input"};
inline const Option kFromRequired{"--from", Option::Kind::kText, "FILE",
                                  "The record as JSON; - is standard input", true};
inline const Option kPreview{"--preview", Option::Kind::kFlag, "",
                             "Show what would be sent and to whom, and send nothing"};
inline const Option kAgain{"--again", Option::Kind::kFlag, "",
                           "Send it although a weapon is in an open request to that party already"};
inline const Option kYes{"--yes", Option::Kind::kFlag, "", "Do not ask"};

}  // namespace focal::cli

// What two commands that take cards from a file share.
#pragma once

#include <string>

#include "node/cli/parse.h"
#include "node/cli/session.h"

namespace focal::cli {

// A file that an officer adds counts as brought by its party. For each card in the text that
// would take the place of the one in use: asks whether the party itself gave it. kState: no;
// kUsage: nobody to ask. With --yes nothing is asked.
Status confirm_new_cards(Session& session, const Values& values, const std::string& text);

}  // namespace focal::cli

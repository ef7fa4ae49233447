// Who writes which kind of a case.
#pragma once

#include <string_view>

namespace focal::casework {

// May the requester of a case send that kind? Also where the responder may too; roots are his.
bool may_be_requesters(std::string_view kind);

}  // namespace focal::casework

// The console's port as a desk sees it: focald has the true one.
#pragma once

#include "base/result.h"
#include "proto/console.pb.h"

namespace focal::desk {

struct SomePort {
  Result<api::v1::ConsoleLinkResponse> console_link(const api::v1::ConsoleLinkRequest&) {
    return api::v1::ConsoleLinkResponse();
  }
};

}  // namespace focal::desk

// The description of the API as the node serves it, without a node.
#pragma once

#include <string>

#include "node/desk/permissions.h"
#include "tests/unit/api/fake_desk.h"

namespace focal::api {

inline RightsOf real_rights() {
  return [](std::string_view operation) -> Rights {
    return {desk::role_names(desk::roles_for(operation)), desk::asks_again(operation)};
  };
}

inline std::string described() {
  FakeDesk desk;
  Router router{Gate{}};
  add_desk_routes(router, desk);
  add_port_routes(router, desk);
  return openapi_document(router, port_routes(), real_rights());
}

}  // namespace focal::api

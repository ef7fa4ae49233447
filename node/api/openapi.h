// The description of the local API as OpenAPI 3.1, made from the routes, the descriptors of their
// messages and the comments of the .proto files: there is no second list of anything.
// docs/openapi.json is what it makes; a test compares them.
//
// An operation has x-focal-roles, the roles that may ask for it, and x-focal-confirm where a session
// has to show again who it is; what the console's port alone answers has x-focal-port; an answer that
// is no success has x-focal-codes, the codes of a Problem with that status. A field that brings or
// shows a secret is writeOnly or readOnly. Of a message that is both asked with and answered, the form
// that is asked with has a name that ends in "Input": in an answer every plain field stands, in a
// request none has to.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/port_routes.h"
#include "node/api/routes.h"

namespace focal::api {

struct Rights {
  std::vector<std::string> roles;  // names of those that may ask for the operation
  bool confirmed = false;          // by a session, they show again who they are
};
// Any thread.
using RightsOf = std::function<Rights(std::string_view operation)>;

std::string openapi_document(const Router& router, std::span<const PortRoute> port,
                             const RightsOf& rights);

// GET /v1/openapi.json, operation `openapi`: the document about all entries of the router and what
// the port answers, made when it is first asked for. After every other route.
void add_openapi_route(Router& router, RightsOf rights);

}  // namespace focal::api

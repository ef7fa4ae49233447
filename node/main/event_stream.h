// What changes at the node, as server-sent events (WHATWG HTML, "Server-sent events"): one line of
// data for each topic that changed, {"topic":"cases","seq":"12"}, and its number as the event's id,
// so that a browser that comes again says what it has heard.
#pragma once

#include <cstdint>
#include <optional>

#include "node/api/http.h"
#include "node/desk/events.h"

namespace focal {

// Begins with a comment at once; while nothing changes a comment goes every fifteen seconds, by which
// both ends find out that the other is gone. Ends with the hub. after: the number of the last event
// that was heard; nothing: of what happens from now on.
api::http::Response event_stream(desk::EventHub& hub, std::optional<std::uint64_t> after);

}  // namespace focal

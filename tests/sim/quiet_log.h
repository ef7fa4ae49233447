// Shows what the nodes log.
#pragma once

namespace focal::sim {
extern bool trace_log;
}

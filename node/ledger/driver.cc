#include "node/ledger/driver.h"

#include <cstdlib>

#include "base/log.h"

namespace focal::ledger {

void disk_failed(const Error& error) {
  log::error("ledger", "the disk failed; stopping, so that nothing is promised that is not stored",
             {{"error", error.message}, {"code", error_name(error.code)}, {"file", error.path}});
  std::abort();
}

Status must_insert(Query& query, std::string_view what, ByteView name) {
  FOCAL_ASSIGN(const std::int64_t written, query.run());
  if (written == 1) return {};
  return fail(ErrorCode::kState, "already stored: " + std::string(what) + hex(name));
}

}  // namespace focal::ledger

// The directories of introducers.
#include "node/desk/desk.h"
#include "node/desk/directories.h"
#include "proto/trust.pb.h"

namespace focal::desk {

Result<v1::DirectoryListResponse> Desk::directory_list(const v1::DirectoryListRequest&) {
  v1::DirectoryListResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    list_directories(node_, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::DirectoryShowResponse> Desk::directory_show(const v1::DirectoryShowRequest& request) {
  v1::DirectoryShowResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    return show_directory(node_, request.introducer(), &out);
  }); !done)
    return done.error();
  return out;
}

Result<v1::DirectoryCompareResponse> Desk::directory_compare(
    const v1::DirectoryCompareRequest&) {
  v1::DirectoryCompareResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    compare_all(node_, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

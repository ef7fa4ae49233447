// The log of a ledger file that no node has open: its published checkpoints, its tree and its
// leaves, for `focal ledger export`. Reads only, needs no key.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "node/ledger/log.h"

namespace focal::ledger {

class LogFile {
 public:
  // With the checks of Log::load. kNotFound, kPermission, kBusy, kState (of a newer schema, or an
  // older one, which the node brings forward when it starts), kCorrupt.
  static Result<std::unique_ptr<LogFile>> open(const std::filesystem::path& ledger_file);
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  // As View's; 0: the newest.
  Result<std::optional<store::PublishedRow>> first_published(std::uint64_t least_size);
  crypto::SubtreeHash at() { return log_.at(); }   // valid while this lives
  Result<store::Leaf> leaf(store::LeafIndex idx);  // kNotFound, kCorrupt

 private:
  LogFile(std::unique_ptr<Driver> db, std::string origin)
      : db_(std::move(db)), log_(*db_, std::move(origin)) {}
  std::unique_ptr<Driver> db_;
  Log log_;
};

}  // namespace focal::ledger

// What must hold of a ledger's files after the power went, whatever is left of
// them: everything acknowledged is there, the step under way is there whole or not
// at all, the tree verifies, and the rest of the workload ends where it always ends.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "tests/crash/disk.h"
#include "tests/crash/workload.h"

namespace focal::crash {

// Replaces what stands in the folder.
void put_files(const std::filesystem::path& folder, const Files& files);

class Judge {
 public:
  explicit Judge(const Workload& workload);

  // Steps acknowledged before (-1: the ledger was not made yet). Empty: all is well.
  // Files seen before with the same number are not looked at again.
  std::string look(const Files& files, int acknowledged);
  // The whole matrix of what may be left at one moment.
  struct Moment {
    const Disk& disk;
    const Change* certain = nullptr;
    int acknowledged = 0;
    std::uint64_t name = 0;  // the dice are thrown for it
  };
  std::string look_at_all(const Moment& moment);

  int images() const { return images_; }
  int different() const { return static_cast<int>(seen_.size()); }
  int last_group_kept() const { return kept_; }  // not acknowledged, there all the same
  int last_group_gone() const { return gone_; }

 private:
  std::string judge(int acknowledged);
  std::string go_on(int from);

  const Workload& workload_;
  World world_;
  std::set<Hash32> seen_;
  int images_ = 0;
  int kept_ = 0;
  int gone_ = 0;
};

}  // namespace focal::crash

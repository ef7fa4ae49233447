// Reads what the board of cases (case_board.h) has not read yet, on a thread of its own and in small
// slices of the loop's time: after a start every open case, then what comes and changes.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "node/desk/case_board.h"

namespace focal::desk {

class BoardJob {
 public:
  static constexpr std::size_t kRows = 256;          // of one slice, a few milliseconds
  static constexpr std::size_t kContents = 16;
  static constexpr std::uint64_t kPauseMs = 2;       // between slices: others come first
  static constexpr std::uint64_t kGatherMs = 200;    // after something changed

  BoardJob(node::Node& node, CaseBoard& board) : node_(node), board_(board) {}
  ~BoardJob();                                       // waits for the slice under way
  BoardJob(const BoardJob&) = delete;
  BoardJob& operator=(const BoardJob&) = delete;

  void start();
  void wake();                                       // any thread; something was committed

 private:
  void run();
  bool slice();
  bool rest(std::uint64_t ms);                       // true: it ends

  node::Node& node_;
  CaseBoard& board_;
  std::mutex mutex_;
  std::condition_variable told_;
  bool ends_ = false, woken_ = false;                // guarded by mutex_
  std::thread thread_;
};

}  // namespace focal::desk

// Two whole nodes (loop, ledger, gate process) on loopback in one program, for
// the benchmarks. What they do is measured through the desk's door
// (Node::perform). Whatever fails ends the program with one line on stderr.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "bench/measure.h"
#include "bench/primitives.h"
#include "node/node/node.h"

namespace focal::bench {

// A node that serves on a thread of its own between start() and stop().
class Running {
 public:
  // Makes the folders of the party below `folder` with `focal init`'s own code.
  Running(const std::filesystem::path& folder, const std::string& party, int port);
  ~Running();
  void start();
  void stop();                              // as SIGTERM does, and frees the node
  node::Node* operator->() { return node_.get(); }
  // Runs act on the loop's thread, or at once while the node does not serve.
  void on_loop(const std::function<void(const Now&)>& act);

 private:
  void open();
  std::string party_;
  std::filesystem::path folder_;
  std::filesystem::path gate_;
  std::unique_ptr<node::Node> node_;
  std::thread thread_;
};

inline constexpr std::string_view kBenchPassphrase = "bench passphrase";

// XB's card is pinned and verified at XA, or the other way round.
void pin(Running& at, Running& other);

struct Load {
  std::string kind = "bench.opaque";
  Bytes body;
  std::uint32_t lane = 1;
};
Load opaque_1k();                           // 1 KiB of a kind that nobody knows
Load trace_request();                       // the example request, with casework

// XA and XB, verified to each other, both serving and linked.
class Pair {
 public:
  Pair(const std::filesystem::path& folder, int first_port);
  Running a, b;                             // XA sends to XB

  void submit(const Load& load, std::size_t n);
  std::size_t open_rows();                  // of XA's outbox
  std::size_t open_records();
  void wait_empty(double limit_s);
  // n records with a bounded backlog; seconds until the last receipt.
  double run(const Load& load, std::size_t n);
  // One record from submission to its receipt, microseconds.
  double one(const Load& load);
};

std::uint64_t resident_kib();               // of this process now
std::uint64_t written_bytes();              // to disk by this process so far
double cpu_s();                             // processor time of this process so far
double gates_cpu_s();                       // … and of the gate processes that live now

// Measured in this run, in that folder.
FocalPrimitives primitives(const std::filesystem::path& folder);

}  // namespace focal::bench

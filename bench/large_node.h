// The folder of a node that has worked for years: open tracing cases and many more records in its
// ledger. Nothing runs in it afterwards.
#pragma once

#include <cstddef>
#include <filesystem>

namespace focal::bench {

struct LargeNode {
  std::size_t cases = 100'000;     // requests of XB, all open; every tenth urgent, some overdue
  std::size_t records = 1'000'000; // in the ledger, those of the cases among them
  int console_port = 8790;
};
// Makes XA below `folder`, with XB verified. The passphrase is kBenchPassphrase (pair.h).
void make_large_node(const std::filesystem::path& folder, const LargeNode& wanted);

}  // namespace focal::bench

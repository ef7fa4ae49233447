// The checker at the end of ./run: reads two ledgers, of nodes that are stopped or
// quiet (the lists are read one after another), and asks whether what one party
// sent is what the other received and receipted, once each. Reads the files alone;
// knows nothing of the nodes.
//   focal-demo-check SENDER-FOLDER RECEIVER-FOLDER
#include <algorithm>
#include <cstdio>
#include <set>
#include <string>

#include "crypto/secret.h"
#include "node/ledger/schema.h"
#include "node/ledger/verify.h"

namespace focal {
namespace {

using store::LeafType;

bool verify_tree(const std::filesystem::path& file) {
  const auto report = ledger::verify(file);
  if (!report) {
    std::printf("  %s: %s\n", file.c_str(), report.error().message.c_str());
    return false;
  }
  std::printf("  %s: %llu leaves, %llu records, tree %s\n", report->party.c_str(),
              static_cast<unsigned long long>(report->leaves),
              static_cast<unsigned long long>(report->records),
              report->ok() ? "verifies" : "DOES NOT VERIFY");
  for (const auto& problem : report->problems) std::printf("    %s\n", problem.c_str());
  return report->ok();
}

struct Ids {
  std::set<Hash32> unique;
  std::size_t all = 0;
  bool readable = false;
};

Ids ids_of(const std::filesystem::path& file, LeafType type) {
  Ids out;
  const auto list = ledger::record_ids(file, type);
  if (!list) {
    std::printf("  %s: %s\n", file.c_str(), list.error().message.c_str());
    return out;
  }
  out.unique.insert(list->begin(), list->end());
  out.all = list->size();
  out.readable = true;
  return out;
}

bool say(const char* what, bool ok) {
  std::printf("  %-58s %s\n", what, ok ? "yes" : "NO");
  return ok;
}

int run(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: focal-demo-check SENDER-FOLDER RECEIVER-FOLDER\n");
    return 2;
  }
  crypto::init();
  const auto sender = std::filesystem::path(argv[1]) / ledger::kLedgerFile;
  const auto receiver = std::filesystem::path(argv[2]) / ledger::kLedgerFile;
  const bool trees = verify_tree(sender) && verify_tree(receiver);
  const Ids sent = ids_of(sender, LeafType::kSent);
  const Ids received = ids_of(receiver, LeafType::kReceived);
  const Ids receipted = ids_of(sender, LeafType::kReceiptIn);
  std::printf("  record ids: %zu SENT, %zu RECEIVED, %zu in RECEIPT_IN\n", sent.all, received.all,
              receipted.all);
  bool ok = trees && sent.readable && received.readable && receipted.readable;
  ok = say("something was sent", !sent.unique.empty()) && ok;
  ok = say("what was sent is what was received", sent.unique == received.unique) && ok;
  ok = say("what was received is what was receipted", received.unique == receipted.unique) && ok;
  ok = say("no record was sent twice", sent.all == sent.unique.size()) && ok;
  ok = say("no record was received twice", received.all == received.unique.size()) && ok;
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace focal

int main(int argc, char** argv) { return focal::run(argc, argv); }

// The checker at the end of ./run: reads the ledgers of nodes that are stopped or quiet (the
// lists are read one after another), and asks of each pair whether what one party sent is what
// the other received and receipted, once each. For a play in which every record has one
// addressee. Reads the files alone; knows nothing of the nodes.
//   focal-demo-check FOLDER FOLDER...
#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "crypto/secret.h"
#include "node/ledger/schema.h"
#include "node/ledger/verify.h"

namespace focal {
namespace {

using store::LeafType;
using Ids = std::set<Hash32>;

struct Node {
  std::string party;
  Ids sent, received, receipted;
  bool once = true;  // no id stands twice in one of the three lists
};

// False: it cannot be read, or does not verify.
bool verify_tree(const std::filesystem::path& file, Node& node) {
  const auto report = ledger::verify(file);
  if (!report) {
    std::printf("  %s: %s\n", file.c_str(), report.error().message.c_str());
    return false;
  }
  node.party = report->party;
  std::printf("  %s: %llu leaves, %llu records, tree %s\n", report->party.c_str(),
              static_cast<unsigned long long>(report->leaves),
              static_cast<unsigned long long>(report->records),
              report->ok() ? "verifies" : "DOES NOT VERIFY");
  for (const auto& problem : report->problems) std::printf("    %s\n", problem.c_str());
  return report->ok();
}

bool read_ids(const std::filesystem::path& file, LeafType type, Ids& out, Node& node) {
  const auto list = ledger::record_ids(file, type);
  if (!list) {
    std::printf("  %s: %s\n", file.c_str(), list.error().message.c_str());
    return false;
  }
  out.insert(list->begin(), list->end());
  // A record may have several receipts in one ledger only if it had several recipients.
  node.once = node.once && out.size() == list->size();
  return true;
}

bool read_node(const std::filesystem::path& file, Node& node) {
  bool ok = verify_tree(file, node);
  ok = read_ids(file, LeafType::kSent, node.sent, node) && ok;
  ok = read_ids(file, LeafType::kReceived, node.received, node) && ok;
  return read_ids(file, LeafType::kReceiptIn, node.receipted, node) && ok;
}

std::size_t common(const Ids& a, const Ids& b) {
  return static_cast<std::size_t>(
      std::count_if(a.begin(), a.end(), [&](const Hash32& id) { return b.contains(id); }));
}

// Each id stands in that list of exactly one of the other nodes.
bool stands_at_one_other(const std::vector<Node>& nodes, Ids Node::*mine, Ids Node::*theirs) {
  for (const Node& node : nodes)
    for (const Hash32& id : node.*mine) {
      const auto at = std::count_if(nodes.begin(), nodes.end(), [&](const Node& other) {
        return &other != &node && (other.*theirs).contains(id);
      });
      if (at != 1) return false;
    }
  return true;
}

bool say(const char* what, bool ok) {
  std::printf("  %-58s %s\n", what, ok ? "yes" : "NO");
  return ok;
}

bool all_of(const std::vector<Node>& nodes, bool (*holds)(const Node&)) {
  return std::all_of(nodes.begin(), nodes.end(), holds);
}

int run(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: focal-demo-check FOLDER FOLDER...\n");
    return 2;
  }
  crypto::init();
  std::vector<Node> nodes(static_cast<std::size_t>(argc - 1));
  bool ok = true;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    ok = read_node(std::filesystem::path(argv[i + 1]) / ledger::kLedgerFile, nodes[i]) && ok;
  for (const Node& from : nodes)
    for (const Node& to : nodes)
      if (const auto n = common(from.sent, to.received); &from != &to && n != 0)
        std::printf("  %s to %s: %zu records received, %zu of them receipted\n",
                    from.party.c_str(), to.party.c_str(), n, common(from.receipted, to.received));
  ok = say("every node sent something",
           all_of(nodes, [](const Node& n) { return !n.sent.empty(); })) && ok;
  ok = say("what was sent was received, by one party and no other",
           stands_at_one_other(nodes, &Node::sent, &Node::received)) && ok;
  ok = say("what was received was sent, by one party and no other",
           stands_at_one_other(nodes, &Node::received, &Node::sent)) && ok;
  ok = say("what was sent is what was receipted",
           all_of(nodes, [](const Node& n) { return n.sent == n.receipted; })) && ok;
  ok = say("no record was sent, received or receipted twice",
           all_of(nodes, [](const Node& n) { return n.once; })) && ok;
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace focal

int main(int argc, char** argv) { return focal::run(argc, argv); }

// The ceremonies of docs/operations.md, read from the document and carried out with the
// real programs. A line of a block "```ceremony NAME" is
//   N. PLACE: COMMAND          PLACE: "XA node", "XA root", "XA new node"; ends in \ to go on
//      shows: "TEXT"           what the command must print, blanks folded; else for people
// A command that has to show something is repeated until it does: the other side needs a
// moment.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/harness.h"

namespace focal::e2e {

struct CeremonyStep {
  int number = 0;
  std::string party;                // XA
  std::string place;                // node, root, new node
  std::string command;
  std::vector<std::string> shows;   // only what is quoted
};
// Steps of every ceremony in the document, by name.
std::map<std::string, std::vector<CeremonyStep>> ceremonies_in(const std::string& document);
// Words of a command line; quotes hold a word together.
Words words_of(const std::string& command);

class Ceremony {
 public:
  // base: where the files go that the steps name.
  explicit Ceremony(fs::path base) : base_(std::move(base)) {}
  void add_node(Party& party) { nodes_[party.name() + " node"] = &party; }
  // Folder of a medium as the steps name it, and its passphrase.
  void add_medium(const std::string& name, const fs::path& folder, const std::string& passphrase) {
    media_[name] = {folder, passphrase};
  }
  // Carries out all steps; every failure names the step.
  void run(const std::vector<CeremonyStep>& steps);
  Party& new_node(const std::string& party);

 private:
  struct Medium {
    fs::path folder;
    std::string passphrase;
  };
  void carry_out(const CeremonyStep& step);
  Ran type(const CeremonyStep& step, Words words);
  Words filled(const CeremonyStep& step, Words words);
  Party& node_at(const CeremonyStep& step);
  std::string digits_from_other(const CeremonyStep& step, const Words& words);
  void compare_numbers(const CeremonyStep& step, const Words& words, const Ran& ran);

  fs::path base_;
  std::map<std::string, Party*> nodes_;
  std::map<std::string, std::unique_ptr<Party>> new_nodes_;
  std::map<std::string, Medium> media_;
  std::string card_number_;  // as the node has shown it
};

}  // namespace focal::e2e

// The ceremonies of docs/operations.md, read from the document and carried out with the
// real programs. A line of a block "```ceremony NAME" is
//   N. PLACE, WHO: COMMAND     PLACE: "XA node", "XA root", "XA new node"; ends in \ to go on
//      shows: "TEXT"           what the command must print, blanks folded; else for people
// WHO is a role ("officer") or a person ("mia"); with ", if named" the step is done only at a
// node whose persons are named. A command that only looks is repeated until it shows what it
// has to: the other side needs a moment. R-N is the number that the command before has given.
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
  std::string who;                  // officer, custodian, owner, mia, …
  bool if_named = false;
  std::string command;
  std::vector<std::string> shows;   // only what is quoted
};
// Steps of every ceremony in the document, by name.
std::map<std::string, std::vector<CeremonyStep>> ceremonies_in(const std::string& document);
// Those of docs/operations.md.
const std::map<std::string, std::vector<CeremonyStep>>& ceremonies_of_the_document();
// Do users of the system with one role each have to carry it out (ceremonies_people_test.cc)?
bool is_for_persons(const std::string& name);
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
  // From here on that node has persons: WHO of its steps is that user. Who is not added there
  // may do nothing. passphrase: of the own key. The node shares its socket.
  void add_person(const Party& party, const std::string& who, const Ids& ids,
                  const std::string& passphrase) {
    persons_[party.name()][who] = {ids, passphrase};
  }
  // A user of the system as the document names one.
  void add_user(const std::string& name, uid_t uid) { users_[name] = std::to_string(uid); }
  // Carries out all steps; every failure names the step.
  void run(const std::vector<CeremonyStep>& steps);
  Party& new_node(const std::string& party);
  int released() const { return released_; }  // acts that waited for a second officer

 private:
  struct Person {
    Ids ids;
    std::string passphrase;
  };
  struct Medium {
    fs::path folder;
    std::string passphrase;
  };
  bool is_left_out(const CeremonyStep& step) const;
  const Person* person_at(const CeremonyStep& step);  // nullptr: as we are
  void carry_out(const CeremonyStep& step);
  Launch launch_at(const CeremonyStep& step, Words words);
  std::string code_on_the_screen_of_other(const CeremonyStep& step, const Words& words);
  void look_at_the_sheet(const CeremonyStep& step, const Words& words);
  Ran type(const CeremonyStep& step, Words words);
  Words filled(const CeremonyStep& step, Words words);
  Party& node_at(const CeremonyStep& step);
  std::string digits_from_other(const CeremonyStep& step, const Words& words);
  void compare_numbers(const CeremonyStep& step, const Words& words, const Ran& ran);

  fs::path base_;
  std::map<std::string, Party*> nodes_;
  std::map<std::string, std::unique_ptr<Party>> new_nodes_;
  std::map<std::string, Medium> media_;
  std::map<std::string, std::map<std::string, Person>> persons_;  // by party and WHO
  std::map<std::string, std::string> users_;
  std::map<std::string, std::string> codes_;  // by party: what `peer code` has shown
  std::map<std::string, std::string> codes_at_the_table_;  // of the meeting, by party
  std::string card_number_;                   // as the node has shown it
  std::string waits_;                         // the next step has to release it
  int released_ = 0;
};

// A renewal of `of` that only `by` has heard of, by a file, and passes on to `to`, where it is on
// hold. All three know each other and run; nobody is named.
void pass_on_a_card(Party& of, Party& by, Party& to);

}  // namespace focal::e2e

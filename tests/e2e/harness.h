// Focal points as their officers and operators know them: a folder, focald running
// on it, and the command line. Real programs, real processes, loopback network.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/store/leaf.h"
#include "tests/e2e/json.h"
#include "tests/e2e/process.h"
#include "tests/e2e/secrets.h"
#include "tests/support/temp_folder.h"

namespace focal::e2e {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

std::string program(const std::string& name);  // path of focald, focal, focal-gate
std::string example(const std::string& number);  // path of the example record "01" … "10"

class Party {
 public:
  // base: where the folders of this party and of its roots, its log and its files are.
  Party(fs::path base, std::string name, int port);
  ~Party();

  const std::string& name() const { return name_; }
  int port() const { return port_; }
  fs::path folder() const { return base_ / name_; }
  fs::path root_folder() const { return base_ / ("root-" + name_); }
  fs::path file(const std::string& file_name) const { return base_ / (name_ + "-" + file_name); }
  fs::path log() const { return file("focald.log"); }
  fs::path ledger() const { return folder() / "ledger.db"; }
  std::string passphrase() const { return "five plain words open " + name_; }
  std::string root_passphrase() const { return "far away roots hold " + name_; }

  Ran init(Words more = {});                   // focal init
  void append_config(const std::string& text);
  // The socket goes to a folder of its own that the group may enter.
  void share_socket(gid_t group);
  fs::path socket() const { return socket_.empty() ? folder() / "api.sock" : socket_; }

  // focald's environment besides ours, from its next start on: "NAME=value".
  void set_environment(Words added) { environment_ = std::move(added); }

  // focald. start() waits until it answers.
  void start();
  Ran try_start(const std::string& passphrase);  // one that should end by itself
  Ran try_start() { return try_start(passphrase()); }
  bool runs() { return child_ && !child_->has_ended(); }
  void signal(int number) { child_->signal(number); }
  int end(int number);                         // signal and wait: exit code
  int stop();                                  // SIGTERM
  void crash();                                // SIGKILL
  pid_t pid() const { return child_->pid(); }
  pid_t gate_pid();                            // waits for one

  // focal -C FOLDER WORDS…
  Ran focal(const Words& words, const std::string& input = "");
  // The same as another user; secrets: descriptor -> what it reads.
  Ran focal_as(const Ids& who, const Words& words, const std::string& input = "",
               const std::vector<std::pair<int, std::string>>& secrets = {});
  // As the tests' own user, with secrets.
  Ran focal_with(const Words& words, std::vector<std::pair<int, std::string>> secrets);
  // With --json. ask() must end with 0; refused() with 1, that code, and a hint.
  Json ask(const Words& words);
  Json refused(const Words& words, const std::string& code);

  std::string trust_in(const std::string& party);   // NONE, VERIFIED, …
  bool is_linked_to(const std::string& party);
  std::size_t waits_to_be_sent() { return std::stoul(ask({"outbox"})["total"]); }
  bool settles();                                   // until nothing waits to be sent

  // What the node's ledger file says.
  std::vector<std::string> ids_in_ledger(store::LeafType type) const;  // hexadecimal, in order
  // Leaves, without those that round a checkpoint: it comes by the clock, whatever happens.
  std::size_t ledger_entries() const;
  void expect_ledger_verifies() const;

 private:
  Launch focald_launch(const std::string& passphrase) const;
  Ran run_focal(const Words& words, const std::string& input,
                std::vector<std::pair<int, std::string>> secrets);
  fs::path base_;
  std::string name_;
  int port_;
  fs::path socket_;                            // where it is not in the folder
  Words environment_;
  std::unique_ptr<Child> child_;
};

// A secret of the test under way that may be found nowhere either.
void must_stay_secret(const std::string& name, const std::string& bytes);

// The sixty digits as an officer reads them from `focal peer show`.
std::string digits_shown(const std::string& text);
// Exports the card of one and adds it at the other.
void introduce(Party& who, Party& to);
// Compares the numbers as two officers would, and verifies at both ends.
void verify_each_other(Party& a, Party& b);
// Released by that many commands at once, not waited for: record ids.
std::set<std::string> ping_burst(Party& from, const std::string& to, int count);
// What the sender sent, the receiver received and the receipts say: the same, each once.
// Both nodes are stopped. besides: what they exchange with third parties, not looked at.
void expect_each_once(Party& sender, Party& receiver, const std::set<std::string>& expected = {},
                      const std::set<std::string>& besides = {});

// A record file with one piece of its text replaced; the piece must be there.
std::string edited_example(const Party& at, const std::string& number, const std::string& from,
                           const std::string& to);

std::string days_from_now(int days);  // of the real clock, which these programs read

// Two focal points, XA and XB, in folders of their own; nothing runs yet.
class E2e : public ::testing::Test {
 protected:
  // fresh: made by `focal init`. friends: introduced and verified to each other.
  enum class Begin { kFresh, kFriends };
  explicit E2e(Begin begin);
  ~E2e() override;
  void SetUp() override;
  void TearDown() override;  // looks for secrets in whatever was shown

  test::TempFolder temp_;
  Party xa_, xb_;

 private:
  Begin begin_;
};

class Fresh : public E2e {
 protected:
  Fresh() : E2e(Begin::kFresh) {}
};

class Friends : public E2e {
 protected:
  Friends() : E2e(Begin::kFriends) {}
  void start_both();  // and waits for their link
};

// XA, XB and XC run, each verified by the others.
class ThreeFriends : public Fresh {
 protected:
  ThreeFriends();
  void SetUp() override;
  Party xc_;
};

}  // namespace focal::e2e

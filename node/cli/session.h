// One run of one command: where the node is, how to talk to it, how to print.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/secret.h"
#include "node/cli/client.h"
#include "node/cli/offline.h"
#include "node/cli/print.h"

namespace google::protobuf {
class Message;
class Struct;
}  // namespace google::protobuf

namespace focal::cli {

inline constexpr std::size_t kMaxFileBytes = 1u << 20;  // of files named on the command line

// The world outside the program, so that tests can be it.
struct Io {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool terminal_in = false;   // somebody can be asked
  bool terminal_out = false;
  bool terminal_err = false;
  std::size_t width = 0;      // of the terminal
  std::function<Now()> clock = read_clocks;
  std::function<void(std::uint64_t ms)> pause{};
  std::function<std::string(const char* name)> environment{};  // "" if not set
};

class Session {
 public:
  Session(Io& io, const Offline& offline, std::string folder, bool json, bool color);

  // A request to the node; the answer is read into message and kept for show_json().
  // The node's Problem becomes the Error; its JSON and id are kept for the error's printing.
  Status get(const std::string& target, google::protobuf::Message& answer);
  Status post(const std::string& target, const google::protobuf::Message& body,
              google::protobuf::Message& answer);
  // The same for an answer that is no message: as it came.
  Result<std::string> get_text(const std::string& target);
  // The same for a message with a field officer_passphrase, which is filled in the body alone and
  // wiped with it; fresh fills the field officer_new_passphrase.
  Status post_secret(const std::string& target, const google::protobuf::Message& body,
                     const crypto::Secret& passphrase, google::protobuf::Message& answer,
                     const crypto::Secret* fresh = nullptr);
  // The same for the code of a meeting, in the field code.
  Status post_code(const std::string& target, const google::protobuf::Message& body,
                   const crypto::Secret& code, google::protobuf::Message& answer);
  // The same for a password, in the field password.
  Status post_password(const std::string& target, const google::protobuf::Message& body,
                       const crypto::Secret& password, google::protobuf::Message& answer);
  // For an answer that has a code in that field: code gets it, neither the message nor what
  // show_json() prints does. kCorrupt as the others.
  Status post_for_code(const std::string& target, const google::protobuf::Message& body,
                       google::protobuf::Message& answer, crypto::Secret& code);

  // With --json: prints the node's last answer exactly as it came and returns true.
  bool show_json();
  bool show_json(const crypto::Secret& code);  // after post_for_code(): with the code
  // The same for an answer that was made here.
  bool show_json(const google::protobuf::Message& answer);
  bool json() const { return json_; }
  void print(std::string_view text);

  // Lines asked of the person at the terminal. kUsage (with hint) if nobody is there.
  Result<std::string> ask(const std::string& question, const std::string& hint);

  // "-" is standard input. kNotFound, kIo, kLimit (more than `most` bytes).
  Result<std::string> read_file(const std::string& name, std::size_t most = kMaxFileBytes);
  // A record's JSON, checked for being JSON; the error names file, line and column.
  Status read_record(const std::string& name, google::protobuf::Struct& record);

  Look look() const;
  Io& io() { return io_; }
  const Offline& offline() const { return offline_; }
  std::filesystem::path folder() const { return client_.folder(); }
  bool not_running() const { return client_.not_running(); }
  const std::string& problem_json() const { return problem_json_; }
  const std::string& problem_id() const { return problem_id_; }

 private:
  Error problem_of(Reply reply);
  Status exchange(std::string_view method, const std::string& target, const std::string& body,
                  google::protobuf::Message& answer, crypto::Secret* code = nullptr);
  Io& io_;
  const Offline& offline_;
  Client client_;
  bool json_;
  bool color_;
  std::string last_json_;
  std::string problem_json_;
  std::string problem_id_;
};

}  // namespace focal::cli

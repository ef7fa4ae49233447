// The whole program but main(), against a real HTTP server on a temporary socket whose
// answers are canned; offline functions are fakes; the clock is fixed.
#pragma once

#include "node/cli/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "node/api/http.h"
#include "node/api/routes.h"
#include "node/cli/command.h"
#include "proto/api.pb.h"
#include "proto/custody.pb.h"
#include "proto/json.h"

namespace focal::cli {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace http = api::http;
namespace v1 = api::v1;

struct Done {
  int code = 0;
  std::string out;
  std::string err;
};

class App : public ::testing::Test {
 protected:
  App() {
    char name[] = "/tmp/focal-app-XXXXXX";
    folder_ = ::mkdtemp(name);
    crypto::init();
    offline_.init = [this](const InitOptions& o, v1::InitResponse& out) -> Status {
      init_ = o.party + "|" + o.listen + "|" + to_string(o.passphrase.view()) + "|" +
              to_string(o.root_passphrase.view());
      out.mutable_card()->set_party(o.party);
      out.add_written("keystore");
      out.add_next_steps("put the medium away");
      return {};
    };
    offline_.card_show = [](const std::filesystem::path&, v1::CardShowResponse& out) -> Status {
      out.set_card_text("focal-card/v1\nparty XA\n");
      return {};
    };
    offline_.custody = [](const std::filesystem::path&, v1::CardCustodyResponse& out) -> Status {
      out.set_warning("The card expires on 2026-03-09, in 7 days: renew it now.");
      out.set_urgency("DAYS_7");
      return {};
    };
    offline_.ledger_verify = [this](const std::filesystem::path&, bool log_only,
                                    v1::LedgerVerifyResponse& out,
                                    const LedgerProgress& progress) -> Status {
      if (progress) progress(64, 64);
      if (!ledger_) return fail(ErrorCode::kNotFound, "there is no ledger here");
      out.set_ok(*ledger_);
      out.set_log_only(log_only);
      out.set_witness("UNWITNESSED");
      return {};
    };
  }
  ~App() override { std::filesystem::remove_all(folder_); }

  // The next answers of the node, by "METHOD /target"; the last one for a key stays.
  void serve() {
    http::Options options;
    options.socket = folder_ / http::kSocketName;
    auto server = http::Server::start(options, [this](const http::Request& r) {
      std::string key = r.method;
      for (std::size_t i = 0; i < r.segments.size(); ++i)
        key += (i == 0 ? " /" : "/") + r.segments[i];
      asked_.push_back(key);
      if (!r.query.empty()) query_ = r.query;
      body_ = r.body;
      auto& queue = answers_[key];
      if (queue.empty())
        return api::problem_response(
            fail(ErrorCode::kNotFound, "no answer for " + key, "try", "case_number"), "ABCD2345");
      http::Response out = queue.front();
      if (queue.size() > 1) queue.erase(queue.begin());
      return out;
    });
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(server).value();
  }
  void answer(const std::string& key, const google::protobuf::Message& message) {
    http::Response out;
    out.body = json::write(message);
    answers_[key].push_back(out);
  }
  void refuse(const std::string& key, const Error& error) {
    answers_[key].push_back(api::problem_response(error, "ABCD2345"));
  }
  std::string file(const char* name, std::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  Done focal(std::vector<std::string> arguments, const std::string& typed = {}) {
    std::istringstream in(typed);
    std::ostringstream out, err;
    Io io{in, out, err};
    io.terminal_in = !typed.empty();
    io.terminal_out = terminal_out_;
    io.terminal_err = terminal_err_;
    io.width = width_;
    io.clock = [this] { return Now{mono_ms_, *parse_utc("2026-03-02T12:00:00Z")}; };
    io.pause = [this](std::uint64_t ms) { mono_ms_ += ms; };
    io.environment = [this](const char* name) { return environment_[name]; };
    if (!no_folder_) arguments.insert(arguments.begin(), {"-C", folder_.string()});
    const int code = run(arguments, io, offline_);
    return {code, out.str(), err.str()};
  }

  std::filesystem::path folder_;
  Offline offline_;
  std::string init_;
  std::optional<bool> ledger_;
  std::map<std::string, std::vector<http::Response>> answers_;
  std::vector<std::string> asked_;
  std::vector<std::pair<std::string, std::string>> query_;
  std::string body_;
  std::map<std::string, std::string> environment_;
  std::size_t width_ = 0;
  bool terminal_out_ = false;
  bool terminal_err_ = false;
  bool no_folder_ = false;
  std::uint64_t mono_ms_ = 5000;
  std::unique_ptr<http::Server> server_;
};

inline v1::TraceCase a_case() {
  v1::TraceCase c;
  c.set_case_number("XB-26-0001");
  c.set_party("XA");
  c.set_role("RESPONDER");
  c.set_state("RECEIVED");
  c.set_state_text("not acknowledged yet");
  c.set_subject("Two weapons seized");
  c.set_ack_due_at("2026-03-02T09:00:00Z");
  c.set_due_at("2026-03-02T09:00:00Z");
  c.set_due_act("ACKNOWLEDGE");
  c.set_answer_due_at("2026-04-01T17:00:00Z");
  c.set_overdue(true);
  c.set_needs_action(true);
  c.set_items(2);
  return c;
}

}  // namespace focal::cli

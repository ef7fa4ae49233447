#include "tests/e2e/harness.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <thread>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/ledger/verify.h"
#include "tests/support/paths.h"

namespace focal::e2e {
namespace {

// Short waits between attempts, so that tests do not wait for them.
constexpr char kQuickGate[] =
    "\n[gate]\nbackoff_base_ms = 20\nbackoff_cap_ms = 200\nhandshakes_per_minute = 6000\n";
constexpr int kPassphraseFd = 3;
constexpr int kRootPassphraseFd = 4;
constexpr int kOfficersAtOnce = 3;

std::string address(int port) { return "tcp://127.0.0.1:" + std::to_string(port); }

std::string joined(const Words& words) {
  std::string out;
  for (const std::string& word : words) out += word + " ";
  return out;
}

}  // namespace

std::string program(const std::string& name) { return test::in_build("bin/" + name); }

std::string example(const std::string& number) {
  for (const auto& entry : fs::directory_iterator(test::in_tree("tests/vectors/examples")))
    if (entry.path().filename().string().rfind(number + "_", 0) == 0) return entry.path();
  ADD_FAILURE() << "no example " << number;
  return {};
}

Party::Party(fs::path base, std::string name, int port)
    : base_(std::move(base)), name_(std::move(name)), port_(port) {}

Party::~Party() = default;

Ran Party::init(Words more) {
  Launch launch;
  launch.words = {program("focal"), "-C", folder(), "init", name_, "--root-folder", root_folder(),
                  "--listen", address(port_), "--endpoint", address(port_), "--authority",
                  "Office for tests of " + name_, "--passphrase-fd", std::to_string(kPassphraseFd),
                  "--root-passphrase-fd", std::to_string(kRootPassphraseFd)};
  launch.words.insert(launch.words.end(), more.begin(), more.end());
  launch.secrets = {{kPassphraseFd, passphrase()}, {kRootPassphraseFd, root_passphrase() + "\n"}};
  const Ran ran = run(launch);
  note_run(launch, ran);
  return ran;
}

void Party::append_config(const std::string& text) {
  std::ofstream(folder() / "focal.toml", std::ios::app) << text;
}

void Party::share_socket(gid_t group) {
  const fs::path place = base_ / ("run-" + name_);
  fs::create_directory(place);
  for (const fs::path& each : {base_, place})
    fs::permissions(each, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  socket_ = place / "api.sock";
  const std::string before = read_text(folder() / "focal.toml");  // sections come last
  write_text(folder() / "focal.toml", "api_socket = \"" + socket_.string() + "\"\napi_group = \"" +
                                          std::to_string(group) + "\"\n" + before);
}

Launch Party::focald_launch(const std::string& passphrase) const {
  Launch launch;
  launch.words = {program("focald"), "--folder", folder(), "--passphrase-fd",
                  std::to_string(kPassphraseFd)};
  launch.secrets = {{kPassphraseFd, passphrase + "\n"}};
  launch.environment = environment_;
  return launch;
}

void Party::start() {
  ASSERT_FALSE(runs());
  child_ = std::make_unique<Child>(focald_launch(passphrase()), file("focald.out"), log());
  ASSERT_TRUE(eventually([this] { return child_->has_ended() || answers(socket()); }))
      << name_ << " does not come up\n" << read_text(log());
  ASSERT_FALSE(child_->has_ended()) << name_ << " ended with " << *child_->code() << "\n"
                                    << read_text(log());
  shown().processes.push_back(proc_text(pid(), "cmdline") + proc_text(pid(), "environ"));
  const pid_t gate = gate_pid();
  shown().processes.push_back(proc_text(gate, "cmdline") + proc_text(gate, "environ"));
}

Ran Party::try_start(const std::string& passphrase) {
  const Launch launch = focald_launch(passphrase);
  const Ran ran = run(launch);
  note_run(launch, ran);
  return ran;
}

int Party::end(int number) {
  const int code = child_->signal_and_wait(number);
  child_.reset();
  return code;
}

int Party::stop() { return end(SIGTERM); }

void Party::crash() {
  ASSERT_TRUE(runs()) << name_ << " has ended by itself\n" << read_text(log());
  EXPECT_EQ(end(SIGKILL), 128 + SIGKILL);
}

pid_t Party::gate_pid() {
  std::vector<pid_t> found;
  EXPECT_TRUE(eventually([&] {
    found = children_of(pid(), "focal-gate");
    return found.size() == 1;
  })) << "no focal-gate under focald of " << name_;
  return found.empty() ? -1 : found.front();
}

Ran Party::focal(const Words& words, const std::string& input) {
  return run_focal(words, input, {});
}

Ran Party::focal_with(const Words& words, std::vector<std::pair<int, std::string>> secrets) {
  return run_focal(words, "", std::move(secrets));
}

Ran Party::run_focal(const Words& words, const std::string& input,
                     std::vector<std::pair<int, std::string>> secrets) {
  Launch launch;
  launch.words = {program("focal"), "-C", socket_.empty() ? folder() : socket_};
  launch.words.insert(launch.words.end(), words.begin(), words.end());
  launch.input = input;
  launch.secrets = std::move(secrets);
  const Ran ran = run(launch);
  note_run(launch, ran);
  EXPECT_NE(ran.code, -1) << name_ << ": focal " << joined(words) << "takes too long";
  EXPECT_LT(ran.code, 126) << name_ << ": focal " << joined(words) << "\n" << ran.err;
  return ran;
}

Ran Party::focal_as(const Ids& who, const Words& words, const std::string& input,
                    const std::vector<std::pair<int, std::string>>& secrets) {
  Launch launch;
  launch.words = {program("focal"), "-C", socket()};
  launch.words.insert(launch.words.end(), words.begin(), words.end());
  launch.input = input;
  launch.secrets = secrets;
  launch.as = who;
  const Ran ran = run(launch);
  note_run(launch, ran);
  EXPECT_NE(ran.code, kNotChanged) << "the child did not become uid " << who.uid;
  EXPECT_LT(ran.code, 126) << name_ << ": focal " << joined(words) << "\n" << ran.err;
  return ran;
}

Json Party::ask(const Words& words) {
  Words all = words;
  all.push_back("--json");
  const Ran ran = focal(all);
  EXPECT_EQ(ran.code, 0) << name_ << ": focal " << joined(all) << "\n" << ran.out << ran.err;
  EXPECT_EQ(ran.err, "");
  Json answer(ran.out);
  EXPECT_TRUE(answer.ok()) << "no JSON: " << ran.out;
  return answer;
}

Json Party::refused(const Words& words, const std::string& code) {
  Words all = words;
  all.push_back("--json");
  const Ran ran = focal(all);
  EXPECT_EQ(ran.code, 1) << name_ << ": focal " << joined(all) << "\n" << ran.out << ran.err;
  Json problem(ran.out);
  EXPECT_TRUE(problem.ok()) << "no JSON: " << ran.out;
  EXPECT_EQ(problem["code"], code) << ran.out;
  EXPECT_EQ(problem["type"], "urn:focal:problem:" + code);
  EXPECT_NE(problem["detail"], "");
  EXPECT_NE(problem["hint"], "") << ran.out;
  return problem;
}

std::string Party::trust_in(const std::string& party) {
  return ask({"peer", "show", party})["peer.level"];
}

bool Party::is_linked_to(const std::string& party) {
  return ask({"peer", "show", party}).is("peer.link", "UP");
}

bool Party::settles() {
  const bool settled = eventually([this] { return waits_to_be_sent() == 0; });
  if (!settled) std::fprintf(stderr, "%s: %s", name_.c_str(), focal({"outbox", "--json"}).out.c_str());
  return settled;
}

std::vector<std::string> Party::ids_in_ledger(store::LeafType type) const {
  std::vector<std::string> out;
  const auto ids = ledger::record_ids(ledger(), type);
  if (!ids) {
    ADD_FAILURE() << ids.error().message;
    return out;
  }
  for (const Hash32& id : *ids) out.push_back(hex(id));
  return out;
}

std::size_t Party::ledger_entries() const {
  std::size_t entries = 0;
  for (int type = 0; type <= static_cast<int>(store::LeafType::kRejected); ++type)
    if (const auto each = static_cast<store::LeafType>(type); each != store::LeafType::kPad)
      entries += ids_in_ledger(each).size();
  return entries;
}

void Party::expect_ledger_verifies() const {
  const auto report = ledger::verify(ledger());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->ok()) << name_ << ": "
                            << (report->problems.empty() ? "" : report->problems.front());
}

std::string digits_shown(const std::string& text) {
  // The head of a part of `peer show`, or the first sentence of `peer verify`.
  const auto title = std::min(text.find("Safety number\n"), text.find("The safety number of "));
  EXPECT_NE(title, std::string::npos) << text;
  std::string digits;
  for (std::size_t i = title; i < text.size() && digits.size() < 60; ++i)
    if (text[i] >= '0' && text[i] <= '9') digits += text[i];
  EXPECT_EQ(digits.size(), 60u) << text;
  return digits;
}

void introduce(Party& who, Party& to) {
  const std::string card = to.file("from-" + who.name() + ".focalcard");
  const Ran exported = who.focal({"card", "export", "--to", card});
  EXPECT_EQ(exported.code, 0) << exported.err;
  const Json added = to.ask({"peer", "add", card, "--party", who.name()});
  EXPECT_EQ(added["peer.party"], who.name());
  EXPECT_EQ(added["peer.level"], "NONE");
}

void verify_each_other(Party& a, Party& b) {
  const std::string at_a = digits_shown(a.focal({"peer", "show", b.name()}).out);
  const std::string at_b = digits_shown(b.focal({"peer", "show", a.name()}).out);
  EXPECT_EQ(at_a, at_b);
  for (auto [here, there, number] : {std::tuple(&a, &b, at_b), std::tuple(&b, &a, at_a)}) {
    const Json done =
        here->ask({"peer", "verify", there->name(), "--number", number, "--how", "phone"});
    EXPECT_EQ(done["peer.level"], "VERIFIED");
  }
}

std::set<std::string> ping_burst(Party& from, const std::string& to, int count) {
  std::set<std::string> ids;
  std::mutex mutex;
  std::vector<std::jthread> officers;
  for (int o = 0; o < kOfficersAtOnce; ++o) {
    officers.emplace_back([&, o] {
      for (int i = o; i < count; i += kOfficersAtOnce) {
        const Ran ran = from.focal({"peer", "ping", to, "--wait", "0", "--json"});
        const Json ping(ran.out);  // exit code 1: no receipt yet
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(ping.has("outbox_id")) << ran.out << ran.err;
        ids.insert(ping["rid"]);
      }
    });
  }
  officers.clear();  // waits for them
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(count));
  return ids;
}

void expect_each_once(Party& sender, Party& receiver, const std::set<std::string>& expected,
                      const std::set<std::string>& besides) {
  auto sent = sender.ids_in_ledger(store::LeafType::kSent);
  auto received = receiver.ids_in_ledger(store::LeafType::kReceived);
  auto receipted = sender.ids_in_ledger(store::LeafType::kReceiptIn);
  for (auto* ids : {&sent, &received, &receipted}) {
    std::erase_if(*ids, [&](const std::string& id) { return besides.contains(id); });
    std::sort(ids->begin(), ids->end());
    EXPECT_EQ(std::adjacent_find(ids->begin(), ids->end()), ids->end()) << "an id twice";
  }
  EXPECT_FALSE(sent.empty());
  EXPECT_EQ(sent, received);
  EXPECT_EQ(sent, receipted);
  if (!expected.empty()) {
    EXPECT_EQ(std::set<std::string>(sent.begin(), sent.end()), expected);
  }
  sender.expect_ledger_verifies();
  receiver.expect_ledger_verifies();
}

std::string days_from_now(int days) {
  const auto now = std::chrono::system_clock::now() + std::chrono::hours(24) * days;
  return format_date(static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count()));
}

std::string edited_example(const Party& at, const std::string& number, const std::string& from,
                           const std::string& to) {
  static int edits = 0;
  std::string text = read_text(example(number));
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << "example " << number << " does not say " << from;
  if (place != std::string::npos) text.replace(place, from.size(), to);
  const std::string out = at.file("edit-" + std::to_string(++edits) + ".json");
  write_text(out, text);
  return out;
}

// ---------------------------------------------------------------- the fixture

namespace {

// Nodes made once; a test works on a copy. The originals never run again.
class Prepared {
 public:
  Prepared() : port_a_(free_port()), port_b_(free_port()) {}

  int port_a() const { return port_a_; }
  int port_b() const { return port_b_; }
  const std::vector<Needle>& secrets() const { return secrets_; }

  fs::path fresh() {
    const fs::path base = temp_ / "fresh";
    if (fs::exists(base)) return base;
    fs::create_directory(base);
    for (auto [name, port] : {std::pair("XA", port_a_), std::pair("XB", port_b_)}) {
      Party party(base, name, port);
      const Ran made = party.init();
      EXPECT_EQ(made.code, 0) << made.err;
      party.append_config(kQuickGate);
      add_secrets(party);
    }
    return base;
  }

  fs::path friends() {
    const fs::path base = temp_ / "friends";
    if (fs::exists(base)) return base;
    fs::copy(fresh(), base, fs::copy_options::recursive);
    Party a(base, "XA", port_a_), b(base, "XB", port_b_);
    a.start();
    b.start();
    introduce(a, b);
    introduce(b, a);
    verify_each_other(a, b);
    EXPECT_EQ(a.stop(), 0);
    EXPECT_EQ(b.stop(), 0);
    return base;
  }

 private:
  void add_secrets(const Party& party) {
    secrets_.push_back({"passphrase of " + party.name(), party.passphrase()});
    secrets_.push_back({"root passphrase of " + party.name(), party.root_passphrase()});
    const auto add = [&](const fs::path& file, const std::string& passphrase) {
      for (Needle& n : keystore_secrets(file, passphrase)) secrets_.push_back(std::move(n));
    };
    add(party.folder() / "keystore.focalkey", party.passphrase());
    add(party.root_folder() / "root.focalkey", party.root_passphrase());
  }

  int port_a_, port_b_;
  test::TempFolder temp_;
  std::vector<Needle> secrets_;
};

std::unique_ptr<Prepared>& slot() {
  static std::unique_ptr<Prepared> instance;
  return instance;
}

Prepared& prepared() {
  if (!slot()) slot() = std::make_unique<Prepared>();
  return *slot();
}

class RemoveAtEnd : public ::testing::Environment {
  void TearDown() override { slot().reset(); }
};
const auto* const remove_at_end = ::testing::AddGlobalTestEnvironment(new RemoveAtEnd);

std::vector<Needle>& own_secrets() {
  static std::vector<Needle> list;
  return list;
}

void expect_clean(const std::string& where, std::string_view text,
                  const std::vector<Needle>& needles) {
  for (const std::string& name : found_in(text, needles))
    ADD_FAILURE() << name << " stands in " << where;
}

}  // namespace

void must_stay_secret(const std::string& name, const std::string& bytes) {
  own_secrets().push_back({name, bytes});
}

E2e::E2e(Begin begin)
    : xa_(temp_.path(), "XA", prepared().port_a()),
      xb_(temp_.path(), "XB", prepared().port_b()),
      begin_(begin) {}

E2e::~E2e() = default;

void E2e::SetUp() {
  const fs::path from =
      begin_ == Begin::kFriends ? prepared().friends() : prepared().fresh();
  shown() = {};
  own_secrets().clear();
  for (Party* party : {&xa_, &xb_}) {
    fs::copy(from / party->name(), party->folder(), fs::copy_options::recursive);
    fs::copy(from / ("root-" + party->name()), party->root_folder(),
             fs::copy_options::recursive);
  }
}

void E2e::TearDown() {
  auto secrets = prepared().secrets();
  secrets.insert(secrets.end(), own_secrets().begin(), own_secrets().end());
  for (Party* party : {&xa_, &xb_}) {
    if (!fs::exists(party->folder())) continue;
    const std::string log = read_text(party->log());
    expect_clean("the log of " + party->name(), log, secrets);
    expect_clean("the log of " + party->name(), log, record_words());
    EXPECT_EQ(log.find("Sanitizer"), std::string::npos) << log;
    EXPECT_EQ(log.find("runtime error:"), std::string::npos) << log;
    std::vector<Needle> needles = secrets;
    needles.insert(needles.end(), record_words().begin(), record_words().end());
    for (const std::string& find : found_in_folder(party->folder(), needles))
      ADD_FAILURE() << "in the folder of " << party->name() << ": " << find;
  }
  for (const std::string& text : shown().arguments) expect_clean("arguments", text, secrets);
  for (const std::string& text : shown().processes) {
    expect_clean("arguments or environment of the node", text, secrets);
    expect_clean("arguments or environment of the node", text, record_words());
  }
  for (const std::string& text : shown().errors) {
    expect_clean("error output", text, secrets);
    expect_clean("error output: " + text, text, record_words());
  }
}

void Friends::start_both() {
  xa_.start();
  xb_.start();
  ASSERT_TRUE(eventually([&] { return xa_.is_linked_to("XB") && xb_.is_linked_to("XA"); }));
}

ThreeFriends::ThreeFriends() : xc_(temp_.path(), "XC", free_port()) {}

void ThreeFriends::SetUp() {
  Fresh::SetUp();
  ASSERT_EQ(xc_.init().code, 0);
  xc_.append_config(kQuickGate);
  for (Party* party : {&xa_, &xb_, &xc_}) party->start();
  for (auto [one, other] : {std::pair(&xa_, &xb_), std::pair(&xa_, &xc_), std::pair(&xb_, &xc_)}) {
    introduce(*one, *other);
    introduce(*other, *one);
    verify_each_other(*one, *other);
  }
  ASSERT_TRUE(eventually([this] { return xa_.is_linked_to("XC") && xc_.is_linked_to("XA"); }));
}

}  // namespace focal::e2e

// Goal: after an erasure that a second officer released and the night's run, nothing that was ever
// in a file of the node gives the content back, not the backups before and after either, with all
// that the keystore still opens; before the night the answer says that older copies still do. And
// who is not an officer reads no content by any route, whatever he asks for. Method: a node with
// its loop and named persons; words planted in every text of a record, in reasons and authorities;
// every byte of every file searched for them, plainly and as text is otherwise written; every
// ledger there opened with the keystore of today and all it tells searched too.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <fstream>
#include <thread>

#include "node/api/desk_routes.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger.h"
#include "node/node/backup.h"
#include "node/node/keys.h"
#include "proto/evidence.pb.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

namespace fs = std::filesystem;

std::string utf16(std::string_view text, bool little) {
  std::string out;
  for (const char c : text) {
    if (!little) out.push_back('\0');
    out.push_back(c);
    if (little) out.push_back('\0');
  }
  return out;
}

// Base64 of the text wherever in a longer one it stands, without the characters that its neighbours
// have a part in.
std::vector<std::string> base64_inside(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t before = 0; before < 3; ++before) {
    const std::size_t skip = before == 0 ? 0 : before + 1;
    const std::string all = base64(to_bytes(as_bytes(std::string(before, 'x') + text)));
    const std::size_t whole = (before + text.size()) / 3 * 4;
    out.push_back(all.substr(skip, whole - skip));
  }
  return out;
}

// As a program may write a text: other case, two-byte characters, hexadecimal, base64.
std::vector<std::string> forms(const std::string& word) {
  std::string lower = word, upper = word;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  std::vector<std::string> out;
  for (const std::string& each : {word, lower, upper}) {
    out.push_back(each);
    out.push_back(utf16(each, true));
    out.push_back(utf16(each, false));
    out.push_back(hex(as_bytes(each)));
    for (std::string& text : base64_inside(each)) out.push_back(std::move(text));
  }
  return out;
}

class Canaries : public ReleaseTest {
 protected:
  // In the subject, in a number of the weapon, and as its search key writes that number.
  const std::vector<std::string> kPlanted{"Quolqexelgap", "QJ70715932", "QJ7 0715932"};

  Result<v1::TraceOpenResponse> open_planted() {
    std::string text = example(true);
    const auto put = [&](const std::string& from, const std::string& to) {
      std::size_t n = 0;
      for (auto at = text.find(from); at != std::string::npos;
           at = text.find(from, at + to.size()), ++n)
        text.replace(at, from.size(), to);
      EXPECT_GT(n, 0u) << from;
    };
    put("Kestrel Gap", "Quolqexelgap");
    put("DA 0I7 342", "QJ7 0715932");
    v1::TraceOpenRequest request;
    request.add_to("XB");
    request.set_again(true);
    EXPECT_TRUE(json::read(text, *request.mutable_record()).has_value());
    return desk_->trace_open(request, as(kJo));
  }
  void release(const std::string& id) {
    const auto done = approve(id, kMia, kMiaSays);
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  Result<v1::RecordEraseResponse> erase() {
    v1::RecordEraseRequest request;
    request.set_case_number("T-1");
    request.set_authority("decision 4/2027");
    request.set_reason("kept in error");
    return desk_->record_erase(request, as(kJo));
  }
  fs::path backup(const std::string& name) {
    const auto made = node::make_backup(folder_ / "node", folder_ / name, read_clocks().wall_ms);
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().message);
    return made ? made->folder : fs::path();
  }
  bool night() {
    must(desk_->retention_run({}, as(kAda)));
    for (int i = 0; i < 3000; ++i) {
      const auto shown = must(desk_->retention_show({}));
      if (!shown.running() && shown.keys_due() == 0 && shown.pending_since().empty()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  static std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // "file: word" for each that stands in it, in whatever form.
  std::vector<std::string> found_in_files() {
    std::vector<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      const std::string bytes = bytes_of(entry.path());
      for (const std::string& word : kPlanted)
        for (const std::string& form : forms(word))
          if (bytes.find(form) != std::string::npos)
            out.push_back(entry.path().string() + ": " + word);
    }
    return out;
  }
  // What a ledger tells with the keystore of today, all of it; the node is stopped.
  std::string told_by(const fs::path& at) {
    const fs::path copy = folder_ / "opened";
    fs::remove_all(copy);
    fs::create_directory(copy);
    for (const char* file : {"ledger.db", "ledger.db-wal"})
      if (fs::exists(at / file)) fs::copy_file(at / file, copy / file);
    crypto::SystemRng rng;
    auto keystore = must(crypto::Keystore::open(folder_ / "node" / node::kKeystoreFile,
                                                secret("a test passphrase")));
    ledger::KeystoreKek ring(keystore, rng);
    const auto ledger = must(ledger::Ledger::open(copy, ring, rng));
    std::string out;
    for (store::LeafIndex i = 0; i < ledger->log_size(); ++i) {
      if (const auto item = ledger->item(i)) out += to_string(*item);
      if (const auto detail = ledger->detail(i)) out += *detail;
    }
    for (const auto& row : ledger->recent_outbox(100)) out += row.reason;
    for (const auto table : {store::DeskTable::kPerson, store::DeskTable::kRelease})
      if (const auto rows = ledger->newest_desk_rows(table, 1'000'000, 1000))
        for (const auto& row : *rows) out += to_string(row.content);
    for (const std::string& word : kPlanted)
      if (!ledger->index_find("serial", word, 9).empty()) out += word;
    fs::remove_all(copy);
    return out;
  }
  bool tells(const fs::path& at) {
    const std::string told = told_by(at);
    return std::any_of(kPlanted.begin(), kPlanted.end(), [&](const std::string& word) {
      return told.find(word) != std::string::npos;
    });
  }
  // Without those that round a checkpoint: it comes by the clock, whatever is asked.
  std::size_t leaves() {
    std::size_t out = 0;
    EXPECT_TRUE(node_
                    ->perform([&](const Now&) -> Status {
                      for (store::LeafIndex i = 0; i < node_->ledger().log_size(); ++i)
                        out += node_->ledger().leaf(i)->type == store::LeafType::kPad ? 0 : 1;
                      return {};
                    })
                    .has_value());
    return out;
  }
};

TEST_F(Canaries, NoFileGivesBackWhatWasErased) {
  ASSERT_EQ(code(open_planted()), ErrorCode::kAwaitsRelease);
  const fs::path waiting = backup("waiting");  // the act that waits holds the whole record
  release("R-1");
  const fs::path before = backup("before");
  EXPECT_EQ(found_in_files(), std::vector<std::string>()) << "what lies there is sealed";
  ASSERT_EQ(code(erase()), ErrorCode::kAwaitsRelease);
  release("R-2");
  EXPECT_EQ(code(erase()), ErrorCode::kErased);
  const auto honest = must(desk_->retention_show({}));
  EXPECT_GE(honest.keys_due(), 1u) << "a key is left that older copies open with";
  const fs::path between = backup("between");
  stop();
  EXPECT_TRUE(tells(waiting));
  EXPECT_TRUE(tells(before)) << "an erasure alone reaches no copy";
  EXPECT_FALSE(tells(between));
  EXPECT_FALSE(tells(folder_ / "node"));
  start();
  ASSERT_TRUE(night());
  const fs::path after = backup("after");
  stop();
  for (const fs::path& each : {waiting, before, between, after, folder_ / "node"})
    EXPECT_FALSE(tells(each)) << each;
  EXPECT_EQ(found_in_files(), std::vector<std::string>());
  start();
  EXPECT_EQ(code(erase()), ErrorCode::kErased) << "that it was here, and that it went, stays";
}

TEST_F(Canaries, TheAnswerBeforeTheNightIsHonest) {
  require({});  // nobody has to release: the answer comes at once
  must(open_planted());
  const auto answer = must(erase());
  EXPECT_EQ(answer.state(), "DONE");
  EXPECT_NE(
      answer.words().find("Copies of the ledger made before, with the keystore, open it until"),
      std::string::npos)
      << answer.words();
  EXPECT_NE(answer.words().find("focal retention run"), std::string::npos) << answer.words();
}

// The search would find them, each form of them.
TEST_F(Canaries, AWordThatIsThereIsFound) {
  for (const std::string& form : forms(kPlanted[1])) {
    std::ofstream(folder_ / "leak", std::ios::binary | std::ios::trunc)
        << "before " << form << " behind";
    EXPECT_FALSE(found_in_files().empty()) << form;
  }
  fs::remove(folder_ / "leak");
  EXPECT_TRUE(found_in_files().empty());
}

class CanaryWalk : public Canaries {
 protected:
  static constexpr uid_t kAuditor = 40'009;

  // A case, and an erasure of it that waits for a second officer.
  void SetUp() override {
    Canaries::SetUp();
    must(add("ann", kAuditor, {"AUDITOR"}, kAda));
    ASSERT_EQ(code(open_planted()), ErrorCode::kAwaitsRelease);
    release("R-1");
    ASSERT_EQ(code(erase()), ErrorCode::kAwaitsRelease);
    leaf_ = sent().front();
    api::add_desk_routes(router_, *desk_);
  }
  api::http::Response ask(const api::Router::Entry& entry, uid_t by, const std::string& value,
                          const std::string& body) {
    api::http::Request request;
    request.method = entry.method;
    request.caller = as(by);
    for (const std::string& word : entry.pattern)
      request.segments.push_back(word == "{case_number}" ? "T-1"
                                 : word == "{party}"     ? "XB"
                                 : word.front() == '{'   ? value
                                                         : word);
    if (entry.method == "POST") request.body = body;
    return router_.handle(request);
  }
  void look(const api::Router::Entry& entry, uid_t by, const std::string& value,
            const std::string& body) {
    const bool may = desk_->permit(entry.name, as(by)).has_value();
    // Only what is withheld as a whole is given to an auditor, and that it was is a leaf.
    const bool is_export = entry.name == "evidence_export";
    const std::size_t size = leaves();
    const api::http::Response response = ask(entry, by, value, body);
    answered_ += response.status == 200 ? 1 : 0;
    if (!may) {
      EXPECT_EQ(response.status, 403) << entry.name << " " << response.body;
    } else if (!is_export) {
      EXPECT_NE(response.status, 403) << entry.name << " " << response.body;
    }
    if (by == kAuditor && !is_export) {
      EXPECT_EQ(leaves(), size) << entry.name << " writes";
    }
    for (const std::string& word : words_)
      EXPECT_EQ(response.body.find(word), std::string::npos) << entry.name << " as " << by;
  }
  void walk(uid_t by) {
    answered_ = 0;
    for (const api::Router::Entry& entry : router_.entries()) {
      // These end her own role; others she may write by are her work (backups, persons, …).
      if (by == kAda && (entry.name == "people_remove" || entry.name == "people_role")) continue;
      for (const std::string& value : {std::string("1"), std::string("R-1"), std::string("R-2"),
                                       std::to_string(leaf_.index()), leaf_.ref()})
        for (const char* body :
             {"{}", R"({"case_number":"T-1"})", R"({"party":"XB"})", R"({"officer":"jo"})",
              R"({"target":"T-1"})", R"({"target":"T-1","withhold":["all"]})"})
          if (entry.method == "POST" || std::string_view(body) == "{}")
            look(entry, by, value, body);
    }
    EXPECT_GE(answered_, 20u);
  }

  api::Router router_{
      [this](std::string_view name, const Caller& caller) { return desk_->permit(name, caller); }};
  v1::LedgerView leaf_;
  std::vector<std::string> words_;
  std::size_t answered_ = 0;
};

TEST_F(CanaryWalk, AdministratorAndAuditorReadNoContentAndTheAuditorChangesNothing) {
  for (const std::string& word : kPlanted)  // bytes stand in an answer as base64
    for (std::string& form : forms(word)) words_.push_back(std::move(form));
  walk(kAuditor);
  // An auditor reads reasons; an administrator does not.
  words_.insert(words_.end(), {"decision 4/2027", "kept in error"});
  walk(kAda);
  // An officer would have seen them: the words are there, and this route shows them.
  const auto show = std::find_if(router_.entries().begin(), router_.entries().end(),
                                 [](const auto& entry) { return entry.name == "trace_show"; });
  ASSERT_NE(show, router_.entries().end());
  const std::string shown = ask(*show, kJo, "1", "{}").body;
  EXPECT_TRUE(std::any_of(kPlanted.begin(), kPlanted.end(), [&](const std::string& word) {
    return shown.find(word) != std::string::npos;
  })) << shown;
}

}  // namespace
}  // namespace focal::desk

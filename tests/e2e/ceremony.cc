#include "tests/e2e/ceremony.h"

#include <algorithm>
#include <cstring>
#include <regex>
#include <sstream>

#include "tests/e2e/secrets.h"
#include "tests/support/paths.h"

namespace focal::e2e {
namespace {

constexpr int kPassphraseFd = 3;
constexpr int kRootPassphraseFd = 4;
constexpr int kTheirCodeFd = 5;
constexpr int kOfficerPassphraseFd = 7;
constexpr int kAwaitsRelease = 4;  // exit code

std::string folded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  return out;
}

bool is(const Words& words, std::initializer_list<const char*> beginning) {
  return words.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), words.begin());
}

bool only_looks(const Words& words) {
  return is(words, {"peer", "show"}) || is(words, {"card", "show"}) || is(words, {"peer", "pair"}) ||
         is(words, {"inbox"});
}

// What asks "Type yes" of a person at a terminal.
bool asks(const Words& words) {
  static const std::vector<std::pair<std::string, std::string>> kThatAsk = {
      {"card", "revoke"},  {"peer", "add"},     {"notes", "add"},  {"peer", "confirm"},
      {"peer", "suspend"}, {"peer", "reject"},  {"keys", "replace"}, {"trace", "open"},
      {"release", "approve"}};
  return words.size() > 1 && std::find(kThatAsk.begin(), kThatAsk.end(),
                                       std::pair(words[0], words[1])) != kThatAsk.end();
}

std::string found(const std::string& text, const char* pattern) {
  std::smatch at;
  return std::regex_search(text, at, std::regex(pattern)) ? at[1].str() : std::string();
}

std::string value_of(const Words& words, const std::string& option) {
  const auto at = std::find(words.begin(), words.end(), option);
  return at == words.end() || at + 1 == words.end() ? std::string() : *(at + 1);
}

bool signs_a_card(const Words& words) {
  return is(words, {"root", "sign"}) ||
         ((is(words, {"root", "rotate"}) || is(words, {"root", "recover"})) &&
          value_of(words, "--plan").empty());
}

std::string thirty_digits(const std::string& text) {
  static const std::regex kNumber(R"((?:\d{5} ){5}\d{5}(?! \d))");
  std::smatch found;
  return std::regex_search(text, found, kNumber) ? found.str() : std::string();
}

}  // namespace

std::map<std::string, std::vector<CeremonyStep>> ceremonies_in(const std::string& document) {
  static const std::regex kStep(
      R"re(^(\d+)\. ([A-Z][A-Z0-9-]*) (node|root|new node), ([a-z]+)(, if named)?: (.*)$)re");
  static const std::regex kShows(R"re(^\s+shows: (.*)$)re");
  std::map<std::string, std::vector<CeremonyStep>> out;
  std::istringstream lines(document);
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```ceremony ", 0) == 0) {
      name = line.substr(12);
      continue;
    }
    if (line.rfind("```", 0) == 0) name.clear();
    if (name.empty()) continue;
    for (std::string more; line.ends_with('\\') && std::getline(lines, more);)
      line = line.substr(0, line.size() - 1) + more;
    auto& steps = out[name];
    std::smatch m;
    if (std::regex_match(line, m, kStep)) {
      steps.push_back({std::stoi(m[1]), m[2], m[3], m[4], m[5].matched, m[6], {}});
    } else if (std::regex_match(line, m, kShows) && !steps.empty()) {
      const std::string text = m[1];
      if (text.size() > 1 && text.front() == '"' && text.back() == '"')
        steps.back().shows.push_back(text.substr(1, text.size() - 2));
    } else {
      ADD_FAILURE() << "a line of " << name << " is no step: " << line;
    }
  }
  return out;
}

const std::map<std::string, std::vector<CeremonyStep>>& ceremonies_of_the_document() {
  static const auto steps = ceremonies_in(read_text(test::in_tree("docs/operations.md")));
  return steps;
}

bool is_for_persons(const std::string& name) { return name == "two-pairs-of-eyes"; }

Words words_of(const std::string& command) {
  Words out;
  std::string word;
  bool quoted = false, any = false;
  for (const char c : command) {
    if (c == '\'') {
      quoted = !quoted;
      any = true;
    } else if (c != ' ' || quoted) {
      word += c;
      any = true;
    } else if (any) {
      out.push_back(std::exchange(word, {}));
      any = false;
    }
  }
  if (any) out.push_back(word);
  return out;
}

Party& Ceremony::new_node(const std::string& party) {
  auto& node = new_nodes_[party];
  if (!node) {
    fs::create_directories(base_ / "new");
    node = std::make_unique<Party>(base_ / "new", party, free_port());
  }
  return *node;
}

Party& Ceremony::node_at(const CeremonyStep& step) {
  if (step.place == "new node") return new_node(step.party);
  const auto node = nodes_.find(step.party + " node");
  if (node != nodes_.end()) return *node->second;
  ADD_FAILURE() << "step " << step.number << ": nobody is " << step.party;
  return *nodes_.begin()->second;
}

bool Ceremony::is_left_out(const CeremonyStep& step) const {
  return step.if_named && !persons_.contains(step.party);
}

const Ceremony::Person* Ceremony::person_at(const CeremonyStep& step) {
  const auto persons = persons_.find(step.party);
  if (step.place != "node" || persons == persons_.end() || step.who == "owner") return nullptr;
  const auto person = persons->second.find(step.who);
  if (person != persons->second.end()) return &person->second;
  ADD_FAILURE() << "step " << step.number << ": nobody at " << step.party << " is " << step.who;
  return nullptr;
}

// "focal peer verify XB --number DIGITS": what XB's officer reads from his own screen.
std::string Ceremony::digits_from_other(const CeremonyStep& step, const Words& words) {
  const std::string other = words.at(2);
  Party* at = nullptr;
  if (const auto node = nodes_.find(other + " node"); node != nodes_.end()) at = node->second;
  if (new_nodes_.contains(other)) at = new_nodes_.at(other).get();
  if (at == nullptr) {
    ADD_FAILURE() << "step " << step.number << ": nobody reads the number of " << other;
    return {};
  }
  return digits_shown(at->focal({"peer", "verify", step.party}).out);
}

// What stands under the square on the printed page.
static std::string code_on_the_page(const std::string& page) {
  std::smatch found;
  static const std::regex kCode(R"(>(FOCAL:1:[^<]+)<)");
  EXPECT_TRUE(std::regex_search(page, found, kCode)) << "no code on the page";
  std::string code = found.empty() ? std::string() : found[1].str();
  const std::pair<const char*, const char*> marks[] = {{"&amp;", "&"}, {"&gt;", ">"}, {"&lt;", "<"}};
  for (const auto& [mark, sign] : marks)
    for (auto at = code.find(mark); at != std::string::npos; at = code.find(mark, at + 1))
      code.replace(at, std::strlen(mark), sign);
  return code;
}

Words Ceremony::filled(const CeremonyStep& step, Words words) {
  static const std::regex kFile(R"(X[A-Z0-9-]*\.[a-z]+|X[\w-]*\.(?:request|focalcard|plan|revocation|html|json))");
  const Words typed = words;
  for (std::string& word : words) {
    if (const auto medium = media_.find(word); medium != media_.end())
      word = medium->second.folder;
    else if (word == "DIGITS")
      word = digits_from_other(step, typed);
    else if (word == "CODE")
      word = codes_.contains(typed.at(2))
                 ? codes_.at(typed.at(2))
                 : code_on_the_page(read_text(base_ / (typed.at(2) + "-fingerprint.html")));
    else if (word == "R-N")
      word = waits_;
    else if (const auto user = users_.find(word); user != users_.end())
      word = user->second;
    else if (word == "LISTEN")
      word = "tcp://127.0.0.1:" + std::to_string(node_at(step).port());
    else if (std::regex_match(word, kFile))
      word = base_ / word;
  }
  return words;
}

// At the node, by that person.
Launch Ceremony::launch_at(const CeremonyStep& step, Words words) {
  Party& node = node_at(step);
  Launch launch;
  const fs::path own_socket = node.folder() / "api.sock";
  launch.words = {program("focal"), "-C", node.socket() == own_socket ? node.folder() : node.socket()};
  if (const Person* person = person_at(step)) {
    launch.as = person->ids;
    if (is(words, {"release", "approve"}) || is(words, {"people", "key"})) {
      words.insert(words.end(), {"--officer-passphrase-fd", std::to_string(kOfficerPassphraseFd)});
      launch.secrets = {{kOfficerPassphraseFd, person->passphrase + "\n"}};
    }
  } else if (is(words, {"init"}) || is(words, {"card", "apply"})) {
    words.insert(words.end(), {"--passphrase-fd", std::to_string(kPassphraseFd)});
    launch.secrets = {{kPassphraseFd, node.passphrase() + "\n"}};
  }
  if (is(words, {"peer", "meet"}) && words.back() != "--json") {
    words.insert(words.end(), {"--their-code-fd", std::to_string(kTheirCodeFd)});
    launch.secrets = {{kTheirCodeFd, code_on_the_screen_of_other(step, words) + "\n"}};
  }
  if (asks(words)) words.push_back("--yes");
  launch.words.insert(launch.words.end(), words.begin(), words.end());
  return launch;
}

// "focal peer meet XB": both officers have typed it; this is what XB's screen shows.
std::string Ceremony::code_on_the_screen_of_other(const CeremonyStep& step, const Words& words) {
  CeremonyStep other = step;
  other.party = words.at(2);
  const auto seen = codes_at_the_table_.find(other.party);
  if (seen != codes_at_the_table_.end()) return seen->second;
  for (const auto& [at, with] : {std::pair(other.party, step.party), std::pair(step.party, other.party)}) {
    other.party = at;
    const Ran ran = e2e::run(launch_at(other, {"peer", "meet", with, "--show", "--json"}));
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    codes_at_the_table_[at] = Json(ran.out)["code"];
  }
  return codes_at_the_table_.at(words.at(2));
}

Ran Ceremony::type(const CeremonyStep& step, Words words) {
  Launch launch;
  if (step.place == "root") {
    launch.words = {program("focal")};
    std::string passphrase;
    for (const std::string& word : words_of(step.command))
      if (const auto medium = media_.find(word); medium != media_.end())
        passphrase = medium->second.passphrase;
    words.insert(words.end(), {"--root-passphrase-fd", std::to_string(kRootPassphraseFd)});
    if (!is(words, {"root", "show"})) words.push_back("--yes");
    launch.secrets = {{kRootPassphraseFd, passphrase + "\n"}};
    launch.words.insert(launch.words.end(), words.begin(), words.end());
  } else {
    launch = launch_at(step, words);
  }
  const Ran ran = e2e::run(launch);
  note_run(launch, ran);
  EXPECT_NE(ran.code, kNotChanged) << "step " << step.number << ": the child is still who we are";
  if (!persons_.empty()) {  // files on a stick belong to nobody
    for (const auto& entry : fs::directory_iterator(base_))
      if (entry.is_regular_file())
        fs::permissions(entry.path(), fs::perms::owner_write | fs::perms::owner_read |
                                          fs::perms::group_read | fs::perms::others_read);
  }
  return ran;
}

// Every act of the root leaves a page for the safe beside what it wrote.
void Ceremony::look_at_the_sheet(const CeremonyStep& step, const Words& words) {
  if (step.place != "root") return;
  std::string file = value_of(words, "--sheet");
  for (const char* option : {"--out", "--plan"})
    if (!is(words, {"root", "show"}) && !value_of(words, option).empty())
      file = value_of(words, option) + "-sheet.html";
  if (file.empty()) return;  // `root show`, not asked for a page
  const std::string page = read_text(base_ / file);
  static const std::regex kFingerprint(R"(class="digits">(?:\d{5} ){4,}\d{5}<)");
  EXPECT_TRUE(std::regex_search(page, kFingerprint)) << file << " has no fingerprint";
  // The next root stays hidden: a page of its medium alone has no code.
  const bool next_alone = is(words, {"root", "recover"}) && !value_of(words, "--plan").empty();
  EXPECT_EQ(page.find("<svg") != std::string::npos, !next_alone) << file;
  if (!next_alone) {
    EXPECT_NE(code_on_the_page(page), "") << file;
  }
  if (signs_a_card(words)) {
    EXPECT_NE(page.find(card_number_), std::string::npos) << file << " has not the number of the card";
  }
}

// What two people do with their eyes.
void Ceremony::compare_numbers(const CeremonyStep& step, const Words& words, const Ran& ran) {
  const std::string shown = thirty_digits(ran.out + ran.err);
  if (is(words, {"card"}) || is(words, {"init"})) {
    if (!shown.empty()) card_number_ = shown;
    return;
  }
  if (signs_a_card(words)) {
    EXPECT_EQ(shown, card_number_) << "step " << step.number << ": " << step.command;
  }
}

void Ceremony::carry_out(const CeremonyStep& step) {
  const std::string where = "step " + std::to_string(step.number) + ", " + step.party + " " +
                            step.place + ": " + step.command;
  Words words = words_of(step.command);
  ASSERT_FALSE(words.empty()) << where;
  if (step.place != "node") {  // at a new node nobody is named
    EXPECT_EQ(step.who, step.place == "root" ? "custodian" : "owner") << where;
  }
  if (words == Words{"focald"}) return node_at(step).start();
  ASSERT_EQ(words.front(), "focal") << where;
  words.erase(words.begin());
  const bool releases = is(words, {"release", "approve"});
  EXPECT_EQ(releases, !waits_.empty())
      << where << (releases ? ": nothing waits" : ": " + waits_ + " waits for a second officer");
  Ran ran;
  const auto once = [&] {
    ran = type(step, filled(step, Words(words)));
    const std::string all = folded(ran.out + ran.err);
    return ran.code == 0 && std::all_of(step.shows.begin(), step.shows.end(), [&](const auto& text) {
             return all.find(text) != std::string::npos;
           });
  };
  const bool done = only_looks(words) ? eventually(once) : once();
  const std::string held = found(ran.out + ran.err, R"(stored as (R-\d+);)");
  const bool awaits = ran.code == kAwaitsRelease && !held.empty() && step.shows.empty();
  EXPECT_TRUE(done || awaits) << where << "\n" << ran.out << ran.err;
  waits_ = awaits ? held : std::string();
  if (releases && done) ++released_;
  if (is(words, {"peer", "code"})) codes_[step.party] = found(ran.out, R"('(FOCAL:1:[^']+)')");
  compare_numbers(step, words, ran);
  look_at_the_sheet(step, words);
}

void Ceremony::run(const std::vector<CeremonyStep>& steps) {
  int last = 0;
  for (const CeremonyStep& step : steps) {
    EXPECT_EQ(step.number, ++last) << "steps are numbered in order";
    if (!is_left_out(step)) carry_out(step);
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_EQ(waits_, "") << "the last act still waits for a second officer";
}

void pass_on_a_card(Party& of, Party& by, Party& to) {
  const std::string request = of.file("2.request"), card = of.file("2.focalcard");
  ASSERT_EQ(of.focal({"card", "renew", "--to", request}).code, 0);
  Launch sign;
  sign.words = {program("focal"), "root", "sign", request, "--root-folder", of.root_folder(), "--out",
                card, "--yes", "--root-passphrase-fd", std::to_string(kRootPassphraseFd)};
  sign.secrets = {{kRootPassphraseFd, of.root_passphrase() + "\n"}};
  const Ran signed_card = run(sign);
  ASSERT_EQ(signed_card.code, 0) << signed_card.err;
  EXPECT_EQ(by.ask({"notes", "add", card, "--yes"})["notes[0].result"], "TAKEN");
  ASSERT_EQ(by.stop(), 0);
  by.start();  // tells its peers what it has at the next link
  ASSERT_TRUE(eventually([&] {
    return to.ask({"peer", "show", of.name()}).size("trust.held_cards") == 1;
  }));
}

}  // namespace focal::e2e

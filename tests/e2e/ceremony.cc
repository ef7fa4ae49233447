#include "tests/e2e/ceremony.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "tests/e2e/secrets.h"

namespace focal::e2e {
namespace {

constexpr int kPassphraseFd = 3;
constexpr int kRootPassphraseFd = 4;

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

std::string thirty_digits(const std::string& text) {
  static const std::regex kNumber(R"((?:\d{5} ){5}\d{5}(?! \d))");
  std::smatch found;
  return std::regex_search(text, found, kNumber) ? found.str() : std::string();
}

}  // namespace

std::map<std::string, std::vector<CeremonyStep>> ceremonies_in(const std::string& document) {
  static const std::regex kStep(R"re(^(\d+)\. ([A-Z][A-Z0-9-]*) (node|root|new node): (.*)$)re");
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
      steps.push_back({std::stoi(m[1]), m[2], m[3], m[4], {}});
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

// "focal peer verify XB --number DIGITS": what XB's officer reads from his own screen.
std::string Ceremony::digits_from_other(const CeremonyStep& step, const Words& words) {
  const std::string other = words.at(3);
  Party* at = nullptr;
  if (const auto node = nodes_.find(other + " node"); node != nodes_.end()) at = node->second;
  if (new_nodes_.contains(other)) at = new_nodes_.at(other).get();
  if (at == nullptr) {
    ADD_FAILURE() << "step " << step.number << ": nobody reads the number of " << other;
    return {};
  }
  return digits_shown(at->focal({"peer", "verify", step.party}).out);
}

Words Ceremony::filled(const CeremonyStep& step, Words words) {
  static const std::regex kFile(R"(X[A-Z0-9-]*\.[a-z]+|X[\w-]*\.(?:request|focalcard|plan|revocation|html))");
  const Words typed = words;
  for (std::string& word : words) {
    if (const auto medium = media_.find(word); medium != media_.end())
      word = medium->second.folder;
    else if (word == "DIGITS")
      word = digits_from_other(step, typed);
    else if (word == "LISTEN")
      word = "tcp://127.0.0.1:" + std::to_string(node_at(step).port());
    else if (std::regex_match(word, kFile))
      word = base_ / word;
  }
  return words;
}

Ran Ceremony::type(const CeremonyStep& step, Words words) {
  Launch launch;
  launch.words = {program("focal")};
  if (step.place == "root") {
    std::string passphrase;
    for (const std::string& word : words_of(step.command))
      if (const auto medium = media_.find(word); medium != media_.end())
        passphrase = medium->second.passphrase;
    words.insert(words.end(), {"--root-passphrase-fd", std::to_string(kRootPassphraseFd)});
    if (!is(words, {"root", "show"})) words.push_back("--yes");
    launch.secrets = {{kRootPassphraseFd, passphrase + "\n"}};
  } else {
    Party& node = node_at(step);
    launch.words.insert(launch.words.end(), {"-C", node.folder()});
    if (is(words, {"init"}) || is(words, {"card", "apply"})) {
      words.insert(words.end(), {"--passphrase-fd", std::to_string(kPassphraseFd)});
      launch.secrets = {{kPassphraseFd, node.passphrase() + "\n"}};
    }
    if (is(words, {"card", "revoke"}) || is(words, {"peer", "confirm"}) ||
        is(words, {"peer", "suspend"}))
      words.push_back("--yes");
  }
  launch.words.insert(launch.words.end(), words.begin(), words.end());
  const Ran ran = e2e::run(launch);
  note_run(launch, ran);
  return ran;
}

// What two people do with their eyes.
void Ceremony::compare_numbers(const CeremonyStep& step, const Words& words, const Ran& ran) {
  const std::string shown = thirty_digits(ran.out + ran.err);
  if (is(words, {"card"}) || is(words, {"init"})) {
    if (!shown.empty()) card_number_ = shown;
    return;
  }
  const bool signs = is(words, {"root", "sign"}) ||
                     ((is(words, {"root", "rotate"}) || is(words, {"root", "recover"})) &&
                      std::find(words.begin(), words.end(), "--plan") == words.end());
  if (signs) {
    EXPECT_EQ(shown, card_number_) << "step " << step.number << ": " << step.command;
  }
}

void Ceremony::carry_out(const CeremonyStep& step) {
  const std::string where = "step " + std::to_string(step.number) + ", " + step.party + " " +
                            step.place + ": " + step.command;
  Words words = words_of(step.command);
  ASSERT_FALSE(words.empty()) << where;
  if (words == Words{"focald"}) return node_at(step).start();
  ASSERT_EQ(words.front(), "focal") << where;
  words.erase(words.begin());
  Ran ran;
  const auto once = [&] {
    ran = type(step, filled(step, Words(words)));
    const std::string all = folded(ran.out + ran.err);
    return ran.code == 0 && std::all_of(step.shows.begin(), step.shows.end(), [&](const auto& text) {
             return all.find(text) != std::string::npos;
           });
  };
  const bool only_looks = is(words, {"peer", "show"}) || is(words, {"card", "show"});
  const bool done = only_looks ? eventually(once) : once();
  EXPECT_TRUE(done) << where << "\n" << ran.out << ran.err;
  compare_numbers(step, words, ran);
}

void Ceremony::run(const std::vector<CeremonyStep>& steps) {
  int last = 0;
  for (const CeremonyStep& step : steps) {
    EXPECT_EQ(step.number, ++last) << "steps are numbered in order";
    carry_out(step);
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace focal::e2e

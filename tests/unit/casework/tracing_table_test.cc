// Goal: the table of the life in the code and the one in docs/protocol.md, "The steps of a tracing
// request", are the same table; neither drifts from the other.
// Method: the code's table is written as the rows of the document, and both are compared.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "node/casework/tracing.h"
#include "tests/support/paths.h"

namespace focal::casework::test {
namespace {

using Lines = std::vector<std::string>;

constexpr std::pair<Also, const char*> kAlso[] = {
    {kAsks, "remembers the state it leaves"},
    {kPausesClock, "stops the clock of the answer"},
    {kMovesDue, "the answer is due when it says"},
    {kExpects, "says when to expect the answer"},
    {kAnswersItems, "answers items"},
    {kFinalAnswer, "is final"},
    {kWithdraws, "withdraws"},
    {kReopens, "marks the case as reopened"},
    {kCorrects, "replaces an answer"},
};

void join(std::string& out, const char* separator, std::string_view part) {
  out.append(out.empty() ? "" : separator).append(part);
}

std::string from_words(const Life& life, Phases from) {
  if (from == life.open) return "open";
  std::string out;
  for (Phase phase = 0; phase < life.phases.size(); ++phase)
    if ((from & in(phase)) != 0) join(out, ", ", life.phases[phase].requester);
  return out;
}

std::string row_of(const Life& life, const Step& step) {
  std::string to = step.to == kBack ? "the state before" : "by the items";
  if (step.to < life.phases.size()) to = life.phases[step.to].requester;
  std::string also;
  std::uint32_t named = 0;
  for (const auto& [flag, words] : kAlso) {
    named |= flag;
    if ((step.also & flag) != 0) join(also, "; ", words);
  }
  EXPECT_EQ(step.also & ~named, 0u) << "an effect without words";
  const char* by = step.by == By::kRequester ? "R" : step.by == By::kResponder ? "Q" : "both";
  return "| `" + std::string(step.kind) + "` | " + by + " | " + from_words(life, step.from) +
         " | " + to + " | " + also + (also.empty() ? "|" : " |");
}

Lines code_rows(const Life& life) {
  const std::string first(life.phases[life.first].requester);
  Lines out = {"| `" + std::string(life.root_kind) + "` | R | – | " + first + " | |"};
  for (const Step& step : life.steps) out.push_back(row_of(life, step));
  return out;
}

std::string document() {
  std::ifstream in(focal::test::in_tree("docs/protocol.md"));
  const std::string all((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::size_t at = all.find("### 16.2 The steps of a tracing request");
  EXPECT_NE(at, std::string::npos);
  return at == std::string::npos ? std::string() : all.substr(at, all.find("\n## ", at) - at);
}

Lines document_rows(const std::string& text) {
  Lines out;
  for (std::size_t at = text.find("\n| `"); at != std::string::npos; at = text.find("\n| `", at + 1))
    out.push_back(text.substr(at + 1, text.find('\n', at + 1) - at - 1));
  return out;
}

TEST(TracingTable, TheDocumentHasTheRowsOfTheCode) {
  EXPECT_EQ(document_rows(document()), code_rows(tracing_life()));
}

TEST(TracingTable, TheDocumentHasTheStatesOfTheCode) {
  const Life& life = tracing_life();
  std::string states;
  Phases six = 0;
  for (Phase phase = 0; phase < life.phases.size(); ++phase) {
    const PhaseNames& names = life.phases[phase];
    std::string both(names.requester);
    if (names.requester != names.responder) both.append("/").append(names.responder);
    join(states, ", ", both);
    if (phase < 6) six |= in(phase);
  }
  std::string text = document();
  for (char& c : text)
    if (c == '\n') c = ' ';
  EXPECT_NE(text.find("States: " + states + ". "), std::string::npos) << states;
  EXPECT_NE(text.find("`open` stands for the first six states."), std::string::npos);
  EXPECT_EQ(life.open, six);
}

// A step changed in either table shows.
TEST(TracingTable, AChangedStepIsSeen) {
  Step changed = tracing_life().steps[0];
  changed.from |= in(tracing_life().phases.size() - 1);
  EXPECT_NE(row_of(tracing_life(), changed), row_of(tracing_life(), tracing_life().steps[0]));
  changed = tracing_life().steps[0];
  changed.also = kReopens;
  EXPECT_NE(row_of(tracing_life(), changed), row_of(tracing_life(), tracing_life().steps[0]));
}

}  // namespace
}  // namespace focal::casework::test

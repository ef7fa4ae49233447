#include "node/cli/parse.h"

#include <CLI/CLI.hpp>
#include <deque>
#include <memory>

#include "base/check.h"
#include "base/clock.h"
#include "base/edit_distance.h"
#include "node/cli/width.h"

namespace focal::cli {
namespace {

constexpr std::size_t kHelpColumn = 30;
constexpr std::size_t kHelpWidth = 88;
constexpr std::size_t kFarWord = 3;  // edits: a word so far away is not meant
constexpr char kDescription[] =
    "Talks to the node (focald) of one party: tracing requests to other focal points and their\n"
    "answers, who the other parties are, what is on its way, and the ledger that proves it.";
constexpr char kFooter[] =
    "\nEvery command has --help with an example, and --json for scripts.\n"
    "The node is the one in the folder given by -C, else by $FOCAL_HOME, else the current one.\n"
    "\nExit codes: 0 done; 1 refused or failed; 2 the command line is wrong; 3 no focald runs\n"
    "for this folder; 4 stored, a second officer has to release it.";

// Where CLI11 leaves what was typed for one option.
struct Slot {
  const Option* option;
  std::string one;
  std::vector<std::string> many;
  bool flag = false;
  CLI::Option* parsed = nullptr;
};

struct Node {  // one command's part of the parser
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::deque<Slot> slots;
};

std::string check_date(const std::string& text) {
  return parse_date(text) ? std::string() : "must be a date like 2026-03-24";
}

void add_option(CLI::App& app, Slot& slot) {
  const Option& o = *slot.option;
  switch (o.kind) {
    case Option::Kind::kFlag:
      slot.parsed = app.add_flag(o.name, slot.flag, o.help);
      return;
    case Option::Kind::kList:
      slot.parsed = app.add_option(o.name, slot.many, o.help)->expected(1);
      slot.parsed->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      break;
    default:
      slot.parsed = app.add_option(o.name, slot.one, o.help);
      break;
  }
  if (o.required) slot.parsed->required();
  if (!o.value_name.empty()) slot.parsed->type_name(o.value_name);
  else slot.parsed->type_name("");
  if (o.kind == Option::Kind::kDate) slot.parsed->check(CLI::Validator(check_date, ""));
  if (o.kind == Option::Kind::kNumber)
    slot.parsed->check(CLI::Validator(
        [](std::string& text) {
          const bool ok = !text.empty() && text.size() <= 9 &&
                          text.find_first_not_of("0123456789") == std::string::npos;
          return ok ? std::string() : std::string("must be a whole number");
        },
        ""));
  if (!o.choices.empty()) {
    slot.parsed->check(CLI::Validator(
        [choices = o.choices](std::string& text) {
          std::string list;
          for (const std::string& choice : choices) {
            if (choice == text) return std::string();
            list += (list.empty() ? "" : ", ") + choice;
          }
          return "must be one of: " + list;
        },
        ""));
  }
}

std::string example_footer(const Command& command) {
  std::string out = "\nExample:";
  std::string rest = command.example;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    out += "\n  " + rest.substr(0, end);
    rest.erase(0, std::min(end + 1, rest.size()));
  }
  return out;
}

// In the list of commands: their summaries, not their paragraphs.
class Summaries final : public CLI::Formatter {
 public:
  std::string make_subcommand(const CLI::App* app) const override {
    const auto it = summary_.find(app);
    std::stringstream out;
    CLI::detail::format_help(out, app->get_name(),
                             it == summary_.end() ? app->get_description() : it->second,
                             column_width_);
    return out.str();
  }
  std::map<const CLI::App*, std::string> summary_;
};

class Parser {
 public:
  Parser() : app_(kDescription, "focal"), formatter_(std::make_shared<Summaries>()) {
    formatter_->column_width(kHelpColumn);
    app_.formatter(formatter_);  // CLI11 wants it shared; subcommands inherit it
    app_.footer(kFooter);
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.set_version_flag("--version", "focal " FOCAL_VERSION);
    app_.add_option("-C,--folder", out_.folder, "The node's folder, or its socket")->type_name("DIR");
    app_.add_flag("--json", out_.json, "Print the answer as JSON");
    app_.add_flag("--no-color", out_.no_color, "No colour (as does NO_COLOR in the environment)");
    for (const Command& c : commands()) add(c);
  }

  Result<Parsed> parse(const std::vector<std::string>& arguments) {
    try {
      app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForHelp&) {
      out_.text = app_.help();
      return std::move(out_);
    } catch (const CLI::CallForVersion&) {
      out_.text = "focal " FOCAL_VERSION "\n";
      return std::move(out_);
    } catch (const CLI::ParseError& e) {
      if (const std::string word = strange_word(); !word.empty())
        return fail(ErrorCode::kUsage, word + " is no command of `focal" + deepest() + "`",
                    nearest(word) + "see `focal" + deepest() + " --help`");
      return fail(ErrorCode::kUsage, e.what(), "see `focal" + deepest() + " --help`");
    }
    for (Node& node : nodes_) {
      if (!node.app->parsed() || !node.app->get_subcommands().empty()) continue;
      out_.command = node.command;
      collect(node);
    }
    FOCAL_CHECK(out_.command != nullptr);
    for (const Node& node : nodes_) {  // options of "outbox" do not belong to "outbox retry"
      if (node.command == out_.command) continue;
      for (const Slot& slot : node.slots) {
        if (slot.parsed->count() > 0)
          return fail(ErrorCode::kUsage,
                      slot.option->name + " is no option of `focal " + out_.command->words + "`",
                      "see `focal " + out_.command->words + " --help`");
      }
    }
    return std::move(out_);
  }

 private:
  void add_group(const Group& group) {
    CLI::App* app = app_.add_subcommand(group.word, group.description);
    app->fallthrough();
    app->require_subcommand(1);
    formatter_->summary_[app] = group.summary;
    groups_[group.word] = app;
  }

  void add(const Command& command) {
    const auto blank = command.words.find(' ');
    const std::string word = command.words.substr(0, blank);
    for (const Group& g : groups())
      if (g.word == word && groups_.find(word) == groups_.end()) add_group(g);
    Node& node = nodes_.emplace_back();
    node.command = &command;
    if (blank != std::string::npos) {
      node.app = groups_.at(word)->add_subcommand(command.words.substr(blank + 1),
                                                  wrap(command.description, kHelpWidth, ""));
      node.app->fallthrough();
    } else if (const auto group = groups_.find(word); group != groups_.end()) {
      node.app = group->second;  // a group that does something by itself
      node.app->description(wrap(command.description, kHelpWidth, ""));
      node.app->require_subcommand(0, 1);
    } else {
      node.app = app_.add_subcommand(word, wrap(command.description, kHelpWidth, ""));
      node.app->fallthrough();
    }
    node.app->footer(example_footer(command));
    formatter_->summary_.emplace(node.app, command.summary);
    for (const Option& option : command.options) {
      node.slots.push_back(Slot{&option, {}, {}, false, nullptr});
      add_option(*node.app, node.slots.back());
    }
  }

  void collect(Node& node) {
    for (Slot& slot : node.slots) {
      if (slot.parsed->count() == 0) continue;
      std::vector<std::string> values = slot.option->kind == Option::Kind::kList
                                            ? std::move(slot.many)
                                            : std::vector<std::string>{slot.one};
      out_.values.set(slot.option->name, std::move(values));
    }
  }

  // The command of the words that were understood.
  const CLI::App& innermost() const {
    const CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    return *app;
  }
  std::string deepest() const {
    std::string out;
    for (const CLI::App* app = &innermost(); app != &app_; app = app->get_parent())
      out.insert(0, " " + app->get_name());
    return out;
  }

  // Where a command has to follow: the first word that is none; "": no word follows.
  std::string strange_word() const {
    const CLI::App& app = innermost();
    if (app.get_require_subcommand_min() == 0) return {};
    for (const std::string& word : app_.remaining(true))
      if (!word.starts_with("-")) return word;
    return {};
  }
  // "Did you mean trace? ", of those that could stand there.
  std::string nearest(const std::string& word) const {
    std::string best;
    std::size_t least = kFarWord;
    for (const CLI::App* each : innermost().get_subcommands(nullptr)) {
      const std::size_t distance = edit_distance(word, each->get_name());
      if (distance < least) best = each->get_name(), least = distance;
    }
    return best.empty() ? best : "did you mean " + best + "? Else ";
  }

  CLI::App app_;
  std::shared_ptr<Summaries> formatter_;
  std::map<std::string, CLI::App*> groups_;
  std::deque<Node> nodes_;
  Parsed out_;
};

}  // namespace

Result<Parsed> parse(const std::vector<std::string>& arguments) {
  Parser parser;
  return parser.parse(arguments);
}

}  // namespace focal::cli

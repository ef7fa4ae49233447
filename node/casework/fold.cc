#include "node/casework/fold.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/check.h"
#include "base/defect.h"
#include "node/casework/life.h"

namespace focal::casework {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Earlier {
  bool operator()(const Event* a, const Event* b) const {
    if (planted(Defect::kFoldByArrival)) return a < b;
    return a->created_ms != b->created_ms ? a->created_ms < b->created_ms : a->rid < b->rid;
  }
};

// One event in the graph.
struct Node {
  const Event* event = nullptr;
  std::vector<std::size_t> dependents;
  std::size_t parent = kNone;
  std::size_t unmet = 0;           // parents not walked yet
  std::size_t withdrawal = kNone;  // nearest withdrawal in the line of parents that took effect
  std::size_t answer = kNone;      // same for a final answer
  bool answered_items = false;     // taken, with outcomes: a correction may supersede it
};

bool has(Phases set, Phase phase) { return phase < 32 && (set & in(phase)) != 0; }

bool is_open(const Life& life, const Case& c) {
  if (has(life.open, c.phase)) return true;
  // A question about an open phase (a delay) leaves the case open.
  for (const Step& step : life.steps)
    if ((step.also & kAsks) != 0 && step.to == c.phase) return has(life.open, c.phase_before);
  return false;
}

const Step* find_step(const Life& life, std::string_view kind) {
  for (const Step& step : life.steps)
    if (step.kind == kind) return &step;
  return nullptr;
}

bool allows(const Life& life, const Case& c, const Step& step) {
  if (has(step.from, c.phase)) return true;
  return step.from == life.open && is_open(life, c);
}

bool may_send(const Step& step, Side side) {
  return step.by == By::kEither || (step.by == By::kRequester) == (side == Side::kRequester);
}

class Walk {
 public:
  Walk(std::span<const Event> events, const Hash32& root) : root_(root) {
    case_.root = root;
    for (const Event& event : events)
      if (places_.emplace(event.rid, nodes_.size()).second) {
        nodes_.emplace_back();
        nodes_.back().event = &event;
      }
    if (const auto at = places_.find(root); at != places_.end()) {
      const Event& first = *nodes_[at->second].event;
      life_ = first.reply_to ? nullptr : life_of_root(first.kind);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) link(i);
  }

  Case run() {
    std::map<const Event*, std::size_t, Earlier> ready;
    if (const auto root = places_.find(root_); root != places_.end())
      ready.emplace(nodes_[root->second].event, root->second);
    std::set<const Event*, Earlier> waiting;
    for (const Node& node : nodes_) waiting.insert(node.event);
    while (!ready.empty()) {
      const std::size_t at = ready.begin()->second;
      ready.erase(ready.begin());
      waiting.erase(nodes_[at].event);
      visit(at);
      for (const std::size_t next : nodes_[at].dependents)
        if (--nodes_[next].unmet == 0) ready.emplace(nodes_[next].event, next);
    }
    for (const Event* event : waiting)
      case_.effects.push_back({event->rid, Effect::kWaitingForParent, {}});
    if (case_.started) finish();
    return std::move(case_);
  }

 private:
  void depend(std::size_t i, const Hash32& on) {
    ++nodes_[i].unmet;
    if (const auto found = places_.find(on); found != places_.end())
      nodes_[found->second].dependents.push_back(i);
  }

  void link(std::size_t i) {
    Node& node = nodes_[i];
    const Event& event = *node.event;
    if (event.rid == root_) return;
    const Hash32& parent = event.reply_to ? *event.reply_to : root_;
    if (const auto found = places_.find(parent); found != places_.end())
      node.parent = found->second;
    depend(i, parent);
    const Step* step = life_ == nullptr ? nullptr : find_step(*life_, event.kind);
    if (step != nullptr && (step->also & kCorrects) != 0 && event.supersedes &&
        *event.supersedes != parent)
      depend(i, *event.supersedes);
  }

  void visit(std::size_t at) {
    Node& node = nodes_[at];
    if (node.parent != kNone) {
      node.withdrawal = nodes_[node.parent].withdrawal;
      node.answer = nodes_[node.parent].answer;
    }
    const std::string_view code = node.event->rid == root_ ? begin(*node.event) : judge(at);
    if (!code.empty()) {
      case_.effects.push_back({node.event->rid, Effect::kNoEffect, std::string(code)});
      return;
    }
    case_.effects.push_back({node.event->rid, Effect::kTaken, {}});
    case_.head = node.event->rid;
    case_.head_created_ms = node.event->created_ms;
  }

  // Each returns the code of an event without effect, or nothing.
  std::string_view begin(const Event& event);
  std::string_view judge(std::size_t at);
  std::string_view judge_crossing(const Step& step, const Node& node);
  std::string_view judge_items(const Step& step, const Event& event) const;

  void take(const Step& step, std::size_t at);
  void set_clock(const Step& step, const Event& event, bool was_paused);
  void finish();

  Hash32 root_;
  const Life* life_ = nullptr;  // null: the root is missing, or begins no case
  Case case_;
  std::vector<Node> nodes_;
  std::map<Hash32, std::size_t> places_;
  std::size_t withdrawal_ = kNone;  // the withdrawal in force
  std::size_t answer_ = kNone;      // the answer that ended the open time
};

std::string_view Walk::begin(const Event& event) {
  if (life_ == nullptr) return kNotACaseKind;
  case_.started = true;
  case_.requester = event.from;
  case_.responder = event.to;
  case_.phase = case_.phase_before = life_->first;
  case_.items = event.items;
  std::sort(case_.items.begin(), case_.items.end(),
            [](const ItemOutcome& a, const ItemOutcome& b) { return a.item_no < b.item_no; });
  case_.ack_due_ms = event.ack_due_ms;
  case_.answer_due_ms = event.due_ms;
  case_.answer_since_ms = event.created_ms;
  return {};
}

std::string_view Walk::judge(std::size_t at) {
  Node& node = nodes_[at];
  const Event& event = *node.event;
  if (life_ == nullptr) return kNotACaseKind;
  const Step* step = find_step(*life_, event.kind);
  if (step == nullptr) return event.kind == life_->root_kind ? kNotAllowedInState : kNotACaseKind;
  if (!event.reply_to) return kNoReplyTo;
  const bool by_requester = event.from == case_.requester && event.to == case_.responder;
  const bool by_responder = event.from == case_.responder && event.to == case_.requester;
  if (!by_requester && !by_responder) return kWrongParty;
  if (!may_send(*step, by_requester ? Side::kRequester : Side::kResponder)) return kWrongParty;
  if (const auto code = judge_crossing(*step, node); !code.empty()) return code;
  if (const auto code = judge_items(*step, event); !code.empty()) return code;
  take(*step, at);
  return {};
}

std::string_view Walk::judge_crossing(const Step& step, const Node& node) {
  if (allows(*life_, case_, step)) return {};
  const bool final_answer = (step.also & kFinalAnswer) != 0;
  if (final_answer && case_.phase == life_->withdrawn && node.withdrawal != withdrawal_ &&
      !planted(Defect::kWithdrawalWins))
    return {};  // its sender did not know of the withdrawal: the answer wins
  if ((step.also & kWithdraws) != 0 && answer_ != kNone && node.answer != answer_) {
    case_.crossed_with_withdrawal = true;
    return kCrossedWithAnswer;
  }
  return final_answer && answer_ != kNone ? kDuplicateAnswer : kNotAllowedInState;
}

std::string_view Walk::judge_items(const Step& step, const Event& event) const {
  if ((step.also & kCorrects) != 0) {
    const auto old = event.supersedes ? places_.find(*event.supersedes) : places_.end();
    if (old == places_.end() || !nodes_[old->second].answered_items) return kSupersedesNoAnswer;
  }
  if ((step.also & kAnswersItems) == 0) return {};
  for (const ItemOutcome& outcome : event.items)
    if (std::none_of(case_.items.begin(), case_.items.end(),
                     [&](const ItemOutcome& item) { return item.item_no == outcome.item_no; }))
      return kNoSuchItem;
  return {};
}

void Walk::take(const Step& step, std::size_t at) {
  Node& node = nodes_[at];
  const Event& event = *node.event;
  const bool was_open = is_open(*life_, case_);
  if (case_.phase == life_->withdrawn) case_.crossed_with_withdrawal = true;
  if ((step.also & kAnswersItems) != 0)
    for (const ItemOutcome& outcome : event.items)
      for (ItemOutcome& item : case_.items)
        if (item.item_no == outcome.item_no) item = outcome;

  Phase to = step.to;
  if (to == kByItems && event.items.empty()) to = kBack;
  if (to == kByItems) to = life_->by_items(case_.items);
  if (to == kBack) to = case_.phase_before;
  if ((step.also & kAsks) != 0) case_.phase_before = case_.phase;
  case_.phase = to;

  if ((step.also & kWithdraws) != 0)
    node.withdrawal = withdrawal_ = at;
  else if (was_open && !is_open(*life_, case_))
    node.answer = answer_ = at;
  if ((step.also & kFinalAnswer) != 0) node.answer = answer_ = at;
  if ((step.also & kReopens) != 0) {
    case_.reopened = true;
    answer_ = kNone;
    case_.answer_since_ms = event.created_ms;  // its time begins anew
    case_.paused_ms = 0;
  }
  node.answered_items = !event.items.empty();
  set_clock(step, event, case_.clock_paused);
}

void Walk::set_clock(const Step& step, const Event& event, bool was_paused) {
  case_.ack_due_ms = 0;  // whatever follows the request acknowledges it
  if ((step.also & kExpects) != 0) case_.expected_by_ms = event.due_ms;
  if (was_paused) {
    const std::uint64_t pause =
        event.created_ms > case_.paused_since_ms ? event.created_ms - case_.paused_since_ms : 0;
    case_.paused_ms += pause;
    case_.answer_since_ms += pause;
    case_.answer_due_ms = case_.paused_due_ms == 0 ? 0 : case_.paused_due_ms + pause;
    case_.paused_since_ms = case_.paused_due_ms = 0;
  }
  case_.clock_paused = (step.also & kPausesClock) != 0;
  if (case_.clock_paused) {
    case_.paused_since_ms = event.created_ms;
    case_.paused_due_ms = case_.answer_due_ms;
    case_.answer_due_ms = 0;
  }
  if ((step.also & kMovesDue) != 0) {
    case_.answer_due_ms = event.due_ms;
    case_.answer_since_ms = event.created_ms;
  }
  if (!is_open(*life_, case_)) case_.answer_due_ms = case_.expected_by_ms = 0;
}

void Walk::finish() {
  case_.requester_state = life_->phases[case_.phase].requester;
  case_.responder_state = life_->phases[case_.phase].responder;
  case_.turn = life_->phases[case_.phase].turn;
  case_.open = is_open(*life_, case_);
  for (const Step& step : life_->steps) {
    if (!allows(*life_, case_, step)) continue;
    if (may_send(step, Side::kRequester)) case_.requester_next.emplace_back(step.kind);
    if (may_send(step, Side::kResponder)) case_.responder_next.emplace_back(step.kind);
  }
  std::sort(case_.requester_next.begin(), case_.requester_next.end());
  std::sort(case_.responder_next.begin(), case_.responder_next.end());
}

std::string root_kinds() {
  std::string out;
  for (const Life* life : lives()) out.append(out.empty() ? "" : " or ").append(life->root_kind);
  return out;
}

// A state of the responder in this life in which an answer is due.
bool owes_in(const Life& life, std::string_view responder_state) {
  for (std::size_t i = 0; i < life.phases.size(); ++i) {
    if (life.phases[i].responder != responder_state) continue;
    const auto phase = static_cast<Phase>(i);
    if (has(life.open, phase)) return true;
    // A question about an open phase leaves the case open.
    for (const Step& step : life.steps)
      if ((step.also & kAsks) != 0 && step.to == phase && (step.from & life.open) != 0) return true;
  }
  return false;
}

std::string list_of(const std::vector<std::string>& kinds) {
  if (kinds.empty()) return "nothing can be sent in this state; wait for the other side";
  std::string out = "possible now:";
  for (const std::string& kind : kinds) out += (out.back() == ':' ? " " : ", ") + kind;
  return out;
}

}  // namespace

std::string_view effect_name(Effect effect) {
  switch (effect) {
    case Effect::kTaken: return "TAKEN";
    case Effect::kWaitingForParent: return "WAITING_FOR_PARENT";
    case Effect::kNoEffect: return "NO_EFFECT";
  }
  return "NO_EFFECT";
}

Case fold(std::span<const Event> events, const Hash32& root) { return Walk(events, root).run(); }

Status check_next(const Case& the_case, std::string_view party, std::string_view kind) {
  if (!the_case.started) {
    if (life_of_root(kind) != nullptr) return {};
    return fail(ErrorCode::kCase, std::string(kind) + " belongs to a case that is not here",
                "a case begins with " + root_kinds());
  }
  const bool requester = party == the_case.requester;
  if (!requester && party != the_case.responder)
    return fail(ErrorCode::kCase, std::string(party) + " has no part in this case",
                "only " + the_case.requester + " and " + the_case.responder + " can act in it");
  const auto& next = requester ? the_case.requester_next : the_case.responder_next;
  if (std::find(next.begin(), next.end(), kind) != next.end()) return {};
  const std::string& state = requester ? the_case.requester_state : the_case.responder_state;
  return fail(ErrorCode::kCase, std::string(kind) + " is not possible in state " + state,
              list_of(next));
}

Status check_adding(std::span<const Event> events, const Hash32& root, const Event& next) {
  FOCAL_TRY(check_next(fold(events, root), next.from, next.kind));
  std::vector<Event> all(events.begin(), events.end());
  all.push_back(next);
  const Case after = fold(all, root);
  for (const EventEffect& effect : after.effects) {
    if (effect.rid != next.rid || effect.effect == Effect::kTaken) continue;
    if (effect.effect == Effect::kWaitingForParent)
      return fail(ErrorCode::kCase, next.kind + " answers a record that is not here",
                  "reply to a record of this case");
    return fail(ErrorCode::kCase, next.kind + " would have no effect: " + effect.code,
                "check item numbers, and the record it replies to or replaces");
  }
  return {};
}

bool may_owe_answer(std::string_view responder_state) {
  const auto all = lives();
  return std::any_of(all.begin(), all.end(),
                     [&](const Life* life) { return owes_in(*life, responder_state); });
}

std::string shown_state(const Case& the_case, Side side, const LocalMarks& marks) {
  return shown_state(
      side == Side::kRequester ? the_case.requester_state : the_case.responder_state, side, marks);
}

std::string shown_state(std::string_view state, Side side, const LocalMarks& marks) {
  if (side == Side::kRequester && state == "SENT") {
    if (marks.lapsed) return "LAPSED";
    if (marks.delivered) return "DELIVERED";
  }
  if (side == Side::kResponder && state == "ACKNOWLEDGED" && marks.assigned) return "ASSIGNED";
  return std::string(state);
}

}  // namespace focal::casework

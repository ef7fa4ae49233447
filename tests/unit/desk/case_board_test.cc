// Goal: a list of cases of any length is counted exactly and reached page by page: nothing is lost
// or shown twice, whatever changes between two pages, and what cannot be asked is refused with the
// field. Method: rows of cases without records, many of them, and real cases for what records say;
// every answer against the rows themselves.
#include <algorithm>
#include <map>
#include <set>

#include "node/desk/case_board.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class CaseBoards : public DeskWorld {
 protected:
  void SetUp() override {
    DeskWorld::SetUp();
    board = std::make_unique<CaseBoard>(node());
    node().set_watch({[this](const store::Txn& txn) { board->committed(txn); }, {}});
  }
  void TearDown() override { node().set_watch({}); }

  node::Node& node() { return w.node("XB"); }

  // A case of any sort; its records are missing.
  store::CaseRow a_row(store::CaseId id) {
    store::CaseRow row;
    row.id = id;
    row.root = {rng.array<32>(), w.now().wall_ms};
    row.kind = "trace.request";
    row.peer = rng.below(3) == 0 ? "XC" : "XA";
    row.ours = rng.below(4) == 0;
    row.opened_ms = w.now().wall_ms;
    change(row);
    return row;
  }
  void change(store::CaseRow& row) {
    static const char* const kStates[] = {"RECEIVED", "ACKNOWLEDGED", "ANSWERED"};
    row.state = kStates[rng.below(3)];
    row.closed = rng.below(5) == 0;
    row.needs_action = !row.closed && rng.below(2) == 0;
    row.updated_ms = w.now().wall_ms + rng.below(1000);
    // Few times, so that many are equal.
    row.answer_due_ms = row.closed || rng.below(4) == 0
                            ? 0
                            : w.now().wall_ms + 5 * kHourMs - rng.below(10) * kHourMs;
    row.ack_due_ms = row.state == "RECEIVED" ? row.answer_due_ms : 0;  // or the records would say
  }
  void write(const std::vector<store::CaseRow>& changed) {
    for (const auto& row : changed) {
      node().core().write(store::PutCase{row});
      rows[row.id] = row;
    }
    ASSERT_TRUE(node().core().finish_group(w.now()).status.has_value());
  }
  void fill(store::CaseId cases) {
    std::vector<store::CaseRow> made;
    for (store::CaseId id = 1; id <= cases; ++id) made.push_back(a_row(id));
    write(made);
  }

  Result<v1::InboxResponse> ask(const v1::InboxRequest& request) {
    v1::InboxResponse out;
    FOCAL_TRY(list_inbox(*board, request, w.now(), &out));
    return out;
  }
  v1::InboxResponse inbox(const v1::InboxRequest& request = {}) {
    auto out = ask(request);
    EXPECT_TRUE(out.has_value()) << out.error().message;
    return out ? std::move(*out) : v1::InboxResponse();
  }
  std::string refused(const v1::InboxRequest& request) {
    const auto out = ask(request);
    return out ? "answered" : std::string(error_name(out.error().code)) + " " + out.error().path;
  }
  std::vector<std::string> numbers(const v1::InboxResponse& answer) {
    std::vector<std::string> out;
    for (const auto& entry : answer.entries()) out.push_back(entry.case_number());
    return out;
  }
  // All pages, of so many rows each.
  std::vector<std::string> walk(v1::InboxRequest request, std::uint32_t limit,
                                const std::function<void()>& between = [] {}) {
    std::vector<std::string> out;
    request.set_limit(limit);
    for (;;) {
      const auto page = inbox(request);
      for (auto& each : numbers(page)) out.push_back(std::move(each));
      if (page.next().empty()) return out;
      request.set_after(page.next());
      between();
    }
  }
  bool is_overdue(const store::CaseRow& row) {
    return row.answer_due_ms != 0 && row.answer_due_ms < w.now().wall_ms;
  }
  std::size_t count_rows(const std::function<bool(const store::CaseRow&)>& is) {
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](const auto& each) { return is(each.second); }));
  }

  crypto::SeededRng rng{5};
  std::map<store::CaseId, store::CaseRow> rows;
  std::unique_ptr<CaseBoard> board;
};

TEST_F(CaseBoards, PagesHoldEveryOpenCaseOnceInTheOrderOfTheTargets) {
  fill(300);
  for (const std::uint32_t limit : {1u, 7u, 100u, 1000u}) {
    const auto all = walk({}, limit);
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
    EXPECT_EQ(all.size(), count_rows([](const auto& row) { return !row.closed; })) << limit;
    std::uint64_t last = 0;
    for (const auto& number : all) {
      const auto& row = rows.at(*parse_case_number(number));
      const std::uint64_t due = row.answer_due_ms == 0 ? ~std::uint64_t{0} : row.answer_due_ms;
      EXPECT_LE(last, due) << number;
      last = due;
    }
  }
  // By number of rows instead of by place: the same list.
  const auto whole = walk({}, 1000);
  v1::InboxRequest request;
  request.set_limit(10);
  request.set_skip(120);
  EXPECT_EQ(numbers(inbox(request)), std::vector(whole.begin() + 120, whole.begin() + 130));
}

TEST_F(CaseBoards, TheListOfCasesReachesTheClosedOnesToo) {
  fill(300);
  std::set<std::string> seen;
  v1::TraceListRequest request;
  request.set_limit(11);
  bool closed = false;
  for (;;) {
    v1::TraceListResponse page;
    ASSERT_TRUE(list_cases(*board, node(), request, w.now(), &page).has_value());
    EXPECT_EQ(page.total(), 300u);
    for (const auto& each : page.traces()) {
      EXPECT_TRUE(seen.insert(each.case_number()).second) << each.case_number();
      const bool is_closed = rows.at(*parse_case_number(each.case_number())).closed;
      EXPECT_TRUE(is_closed || !closed) << "an open case stands behind a closed one";
      closed = is_closed;
    }
    if (page.next().empty()) break;
    request.set_after(page.next());
  }
  EXPECT_EQ(seen.size(), 300u);
}

TEST_F(CaseBoards, NothingIsLostAndNothingComesTwiceWhenRowsChangeBetweenPages) {
  fill(200);
  for (int turn = 0; turn < 12; ++turn) {
    SCOPED_TRACE(turn);
    std::set<store::CaseId> changed;
    std::map<store::CaseId, store::CaseRow> begun = rows;
    const auto all = walk({}, 13, [&] {
      std::vector<store::CaseRow> some;
      for (int i = 0; i < 4; ++i) {
        auto row = rows.at(static_cast<store::CaseId>(1 + rng.below(200)));
        change(row);
        changed.insert(row.id);
        some.push_back(row);
      }
      some.push_back(a_row(static_cast<store::CaseId>(rows.size() + 1)));  // a new one
      changed.insert(some.back().id);
      write(some);
    });
    std::map<store::CaseId, int> times;
    for (const auto& number : all) ++times[*parse_case_number(number)];
    for (const auto& [id, row] : begun)
      if (!changed.contains(id)) {
        EXPECT_EQ(times[id], row.closed ? 0 : 1) << "case " << id << " did not move";
      }
    // What moved has come as it was or as it is; only a change after the last page may be missing.
    for (const store::CaseId id : changed)
      if (begun.contains(id) && !begun.at(id).closed && !rows.at(id).closed) {
        EXPECT_GE(times[id], 1) << "case " << id << " is lost";
      }
  }
}

TEST_F(CaseBoards, CountsAndFiltersAreExact) {
  fill(400);
  const auto open = [](const store::CaseRow& row) { return !row.closed; };
  const auto check = [&] {
    while (board->catch_up(CaseBoard::kAll, 1000, w.now())) {
    }
    const auto counts = inbox().counts();
    EXPECT_EQ(counts.cases(), count_rows(open));
    EXPECT_EQ(counts.needs_action(),
              count_rows([&](const auto& row) { return open(row) && row.needs_action; }));
    EXPECT_EQ(counts.overdue(),
              count_rows([&](const auto& row) { return open(row) && is_overdue(row); }));
  };
  check();
  const auto total = [&](const std::function<void(v1::InboxRequest&)>& set) {
    v1::InboxRequest request;
    set(request);
    request.set_limit(3);
    const auto answer = inbox(request);
    EXPECT_EQ(walk(request, 50).size(), answer.total());
    return answer.total();
  };
  EXPECT_EQ(total([](auto& request) { request.set_needs_action(true); }),
            count_rows([&](const auto& row) { return open(row) && row.needs_action; }));
  EXPECT_EQ(total([](auto& request) { request.set_waiting(true); }),
            count_rows([&](const auto& row) { return open(row) && !row.needs_action; }));
  EXPECT_EQ(total([](auto& request) { request.set_overdue(true); }),
            count_rows([&](const auto& row) { return open(row) && is_overdue(row); }));
  EXPECT_EQ(total([](auto& request) { request.set_party("XC"); }),
            count_rows([&](const auto& row) { return open(row) && row.peer == "XC"; }));
  EXPECT_EQ(total([](auto& request) { request.set_role("REQUESTER"); }),
            count_rows([&](const auto& row) { return open(row) && row.ours; }));
  EXPECT_EQ(total([](auto& request) { request.set_state("ANSWERED"); }),
            count_rows([&](const auto& row) { return open(row) && row.state == "ANSWERED"; }));
  EXPECT_EQ(total([](auto& request) { request.set_state("NEVER"); }), 0u);
  EXPECT_EQ(total([](auto& request) { request.set_party("ZZ"); }), 0u);
  // Time alone makes overdue.
  w.set_wall(w.now().wall_ms + 3 * kHourMs);
  check();
  // And what changes: every sort of change, many at once.
  std::vector<store::CaseRow> some;
  for (int i = 0; i < 150; ++i) {
    auto row = rows.at(static_cast<store::CaseId>(1 + rng.below(400)));
    change(row);
    write({row});
  }
  check();
  EXPECT_EQ(inbox().parties_size(), 2);
}

TEST_F(CaseBoards, LimitsHold) {
  fill(1200);
  const auto open = count_rows([](const auto& row) { return !row.closed; });
  v1::InboxRequest request;
  EXPECT_EQ(inbox(request).entries_size(), 100);
  request.set_limit(5000);
  EXPECT_EQ(inbox(request).entries_size(), static_cast<int>(std::min<std::size_t>(open, 1000)));
  request.set_skip(4'000'000'000u);
  EXPECT_EQ(inbox(request).entries_size(), 0);
  EXPECT_EQ(inbox(request).total(), open);
}

TEST_F(CaseBoards, WhatCannotBeAskedIsRefusedWithItsField) {
  fill(20);
  v1::InboxRequest request;
  request.set_limit(5);
  const std::string next = inbox(request).next();
  ASSERT_FALSE(next.empty());
  for (const std::string& wrong :
       {std::string("x"), std::string("1"), next + ".1", "-" + next, next.substr(1 + next.find('.')),
        std::string("1.2.3.4.5.6"), std::string("0.0.0.0.0.0"), std::string(5000, '1'),
        std::string("99999999999999999999.0.1.0.1.1"), "9" + next}) {
    request.set_after(wrong);
    EXPECT_EQ(refused(request), "INVALID after") << wrong.substr(0, 60);
  }
  request.set_after(next);
  EXPECT_EQ(refused(request), "answered");
  request.set_skip(1);
  EXPECT_EQ(refused(request), "INVALID skip");
  const auto one = [&](const std::function<void(v1::InboxRequest&)>& set) {
    v1::InboxRequest asked;
    set(asked);
    return refused(asked);
  };
  EXPECT_EQ(one([](auto& r) { r.set_role("JUDGE"); }), "INVALID role");
  EXPECT_EQ(one([](auto& r) { r.set_text(std::string(201, 'a')); }), "INVALID text");
  EXPECT_EQ(one([](auto& r) { r.set_waiting(true), r.set_needs_action(true); }), "INVALID waiting");
  for (const char* wrong : {"x", "1_", "1_2", "1_2.x", "1_x.3", "1_9999999999.3", "1__2.3"})
    EXPECT_EQ(one([&](auto& r) { r.set_unread(wrong); }), "INVALID unread") << wrong;
  EXPECT_EQ(one([](auto& r) { r.set_unread("1" + std::string(4000, '0')); }), "INVALID unread");
}

TEST_F(CaseBoards, AListBegunBeforeAStartIsRefused) {
  fill(20);
  v1::InboxRequest request;
  request.set_limit(5);
  request.set_after(inbox(request).next());
  node().set_watch({});
  board.reset();
  w.advance(kMinuteMs);
  w.crash("XB");
  board = std::make_unique<CaseBoard>(node());
  EXPECT_EQ(refused(request), "INVALID after");
}

TEST_F(CaseBoards, WordsPriorityAndUnreadAreFoundOnceTheCasesAreRead) {
  w.connect("XA", "XB");
  for (const char* subject : {"Пистолет № 7", "Fusil à pompe", "مسدس ٤٢"}) {
    w.advance(10 * kMinuteMs);
    auto record = example("01_trace_request_XA_XB.json");
    record.mutable_header()->set_subject(subject);
    ASSERT_TRUE(open(json::write(record)).has_value());
    w.run();
  }
  const auto found = [&](const std::string& words) {
    v1::InboxRequest request;
    request.set_text(words);
    std::string out;
    for (const auto& each : numbers(inbox(request))) out += (out.empty() ? "" : " ") + each;
    return out;
  };
  EXPECT_EQ(inbox().entries_size(), 3);
  EXPECT_EQ(found("ПИСТОЛЕТ"), "T-1");
  EXPECT_EQ(found("a POMPE fusil"), "T-2");
  EXPECT_EQ(found("42"), "T-3") << "digits of any script";
  EXPECT_EQ(found("t-2"), "T-2");
  EXPECT_EQ(found("xa").size(), 11u) << "the party";
  EXPECT_EQ(found("nobody"), "");
  v1::InboxRequest request;
  request.set_priority(inbox().entries(0).priority());
  EXPECT_EQ(inbox(request).entries_size(), 3);
  request.set_priority("FLASH");
  EXPECT_EQ(inbox(request).entries_size(), 0);
  // Unread: all but what came before; one of them read since; an older one not read.
  const std::uint64_t now = w.now().wall_ms / kMinuteMs;
  request.clear_priority();
  const auto unread = [&](const std::string& marks) {
    request.set_unread(marks);
    auto all = numbers(inbox(request));
    std::sort(all.begin(), all.end());
    std::string out;
    for (const auto& each : all) out += (out.empty() ? "" : " ") + each;
    return out;
  };
  EXPECT_EQ(unread(std::to_string(now - 15)), "T-2 T-3");
  EXPECT_EQ(unread(std::to_string(now - 15) + "_3.15"), "T-2");
  EXPECT_EQ(unread(std::to_string(now - 15) + "_3.15_1.n"), "T-1 T-2");
  EXPECT_EQ(unread(std::to_string(now)), "");
}

TEST_F(CaseBoards, AReceiptChangesTheStateOfOurRequestWithoutAWordOfItsCase) {
  node().set_watch({});
  CaseBoard ours(w.node("XA"));
  w.node("XA").set_watch({[&](const store::Txn& txn) { ours.committed(txn); }, {}});
  opened();
  const auto state = [&] {
    v1::InboxResponse out;
    EXPECT_TRUE(list_inbox(ours, {}, w.now(), &out).has_value());
    return out.entries_size() == 1 ? out.entries(0).state() : std::string("none");
  };
  EXPECT_EQ(state(), "SENT");
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(state(), "DELIVERED");
  w.node("XA").set_watch({});
}

TEST_F(CaseBoards, WhatIsNotReadYetIsSaidAndReadInSlices) {
  w.connect("XA", "XB");
  for (int i = 0; i < 3; ++i) {
    w.advance(kMinuteMs);
    opened();
  }
  CaseBoard late(node());
  EXPECT_TRUE(late.catch_up(2, 0, w.now()));
  EXPECT_EQ(late.behind(), 2u);
  EXPECT_TRUE(late.catch_up(CaseBoard::kAll, 1, w.now()));
  EXPECT_EQ(late.behind(), 2u);
  EXPECT_FALSE(late.catch_up(CaseBoard::kAll, 2, w.now()));
  EXPECT_EQ(late.behind(), 0u);
  EXPECT_GT(late.bytes(), 0u);
}

}  // namespace
}  // namespace focal::desk

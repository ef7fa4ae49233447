// Goal: the doctor speaks six languages: whatever it finds is said in each of them with no place
// left open, and the catalogue holds no row that nobody says. Method: every fault of the tables
// (doctor_faults.cc), what is said when all is well, and how a party can stand, in all languages.
#include <fstream>
#include <regex>
#include <sstream>

#include "node/desk/doctor_steps.h"
#include "node/desk/link_words.h"
#include "tests/support/paths.h"
#include "tests/unit/desk/doctor_faults.h"

namespace focal::desk {
namespace {

using store::HoldWhy;

std::vector<LinkFacts> links_that_stand() {
  std::vector<LinkFacts> out{well(), answered()};
  const auto add = [&](auto change) { out.push_back(with(answered(), change)); };
  add([](LinkFacts& f) {
    f.link.clock_skew_ms = 3 * kSecondMs;
    f.reply->now_ms = kNowMs - kMinuteMs;
    f.trust.sendings = 2;
    f.approved = {"trace.answer", "trace.ack", "trace.close"};
    f.reply->approved = {"trace.request"};
    f.reply->called_from = "198.51.100.9:40000";
    f.reply->reach = DoctorReach::kWaitsForCalls;
    f.probes = {{kAt, "203.0.113.5:7117", ProbeOutcome::kFocal}};
  });
  add([](LinkFacts& f) {
    f.both_states = false;
    f.reply->reach = DoctorReach::kNotSaid;
    f.reply->address.clear();
    f.reply->level = DoctorLevel::kNotSaid;
    f.endpoints.clear();
    f.probes.clear();
    f.called_from = "198.51.100.9:40000";
    f.link.dialed = false;
    f.link.hello_wall_ms = 0;
  });
  add([](LinkFacts& f) {
    f.reply = DoctorReplyFrame{};
    f.reply->answer = DoctorAnswer::kLevel;
    f.reply->level = DoctorLevel::kVerified;
    f.endpoints.clear();
    f.probes.clear();
    f.link.other_card = true;
    f.trust.held = {HoldFacts{}};
  });
  return out;
}

std::vector<LinkFacts> links_that_do_not() {
  std::vector<LinkFacts> out;
  for (const DialWhy why : {DialWhy::kNoConnection, DialWhy::kHandshake, DialWhy::kEnded}) {
    out.push_back(down(why, ProbeOutcome::kFailed));
    out.back().probes.clear();
    if (why == DialWhy::kEnded) out.back().trouble.reset();
  }
  const auto add = [&](const LinkFacts& facts, auto change) { out.push_back(with(facts, change)); };
  add(said_bye(ByeCode::kParty), [](LinkFacts&) {});
  const LinkFacts gone = with(well(), [](LinkFacts& f) {
    f.link = {};
    f.endpoints.clear();
    f.probes.clear();
    f.only_calls = true;
  });
  add(gone, [](LinkFacts& f) { f.link.hello_wall_ms = f.link.last_heard_wall_ms = kNowMs; });
  add(gone, [](LinkFacts& f) { f.link.bye_in = static_cast<std::uint32_t>(ByeCode::kParty); });
  add(down(DialWhy::kRefusedKey, ProbeOutcome::kFocal), [](LinkFacts& f) { f.probes.clear(); });
  add(well(), [](LinkFacts& f) {
    f.node.card_revoked = true;
    f.may_link = false;
    f.link = {};
    f.probes.clear();
  });
  for (const Asked asked : {Asked::kNoLink, Asked::kTooOld, Asked::kTooOften})
    add(well(), [&](LinkFacts& f) { f.asked = asked; });
  add(answered(), [](LinkFacts& f) { f.reply = DoctorReplyFrame{}; });
  return out;
}

std::vector<NodeFacts> nodes() {
  std::vector<NodeFacts> out{own()};
  for (const NodeFault& fault : faults_of_the_node()) {
    out.push_back(own());
    fault.change(out.back());
  }
  NodeFacts n = own();
  n.clock = ClockState::kAlone;
  n.witness_words = "all witnessed";
  n.to_index = 7;
  out.push_back(n);
  n.gate_state = "DOWN";
  n.gate_error = "no such address";
  n.seal_until_ms = kNowMs;
  out.push_back(n);
  return out;
}

// How a party can stand, one thing changed at a time.
std::vector<TrustFacts> standings() {
  std::vector<TrustFacts> out;
  const auto add = [&](auto change) {
    TrustFacts t = well().trust;
    t.suspended_ms = kNowMs;
    change(t);
    out.push_back(t);
  };
  for (const char* how : {"PHONE", "IN_PERSON", "NOTE_VERBALE", "OTHER"})
    add([&](TrustFacts& t) { t.verified_how = how; });
  add([](TrustFacts& t) { t.verified_by = "jo (uid 1000)", t.verified_ms = 0; });
  for (const bool by_both : {false, true})
    add([&](TrustFacts& t) {
      t.root_changed_ms = kNowMs;
      t.root_signed_by_both = by_both;
      t.new_cards = {{17, 3, kNowMs, by_both, "XC", true, by_both}};
    });
  for (const char* from : {"", "XB"})
    add([&](TrustFacts& t) {
      t.new_cards = {{17, 3, kNowMs, false, from, false, false},
                     {16, 2, kNowMs, false, from, false, false}};
    });
  for (const bool strict : {false, true})
    add([&](TrustFacts& t) {
      t.level = store::PeerLevel::kIntroduced;
      t.only_receipts = strict;
      if (!strict) return;
      t.introduced_by = {"UNODA", "OSCE"};
      t.introducers_named = 3;
      t.introducers_needed = 2;
    });
  add([](TrustFacts& t) { t.level = store::PeerLevel::kNone; });
  for (const auto suspended : {store::Suspension::kOperator, store::Suspension::kTwoCards,
                               store::Suspension::kRecovery})
    add([&](TrustFacts& t) { t.suspended = suspended; });
  add([](TrustFacts& t) {
    t.suspended = store::Suspension::kOperator;
    t.suspended_reason = "their server was stolen";
    t.sendings = 1;
    t.waiting = 3;
  });
  for (const bool next : {false, true})
    add([&](TrustFacts& t) {
      t.revoked = revoked("all");
      t.revoked->by_next_root = next;
      t.revoked->heard_ms = kNowMs;
      if (next) t.revoked->reason = "stolen";
    });
  for (const char* scope : {"sign", "transport", "seal", "all"})
    add([&](TrustFacts& t) { t.keys_revoked = {revoked(scope)}; });
  add([](TrustFacts& t) {
    t.keys_revoked = {revoked("sign")};
    t.keys_revoked.front().reason = "stolen";
  });
  add([](TrustFacts& t) { t.card_expired_ms = kNowMs; });
  for (const HoldWhy why : {HoldWhy::kElsewhere, HoldWhy::kRecovery, HoldWhy::kTransportKey,
                            HoldWhy::kNewNext, HoldWhy::kBehind, HoldWhy::kRefused})
    for (const std::uint64_t until : {std::uint64_t{0}, kNowMs})
      add([&](TrustFacts& t) {
        t.held = {{why, 4, kNowMs, until, until == 0 ? "" : "XC", false, until == 0 ? "" : "XD"}};
      });
  return out;
}

std::vector<Step> everything() {
  std::vector<Step> out;
  const auto add = [&](const std::vector<Step>& steps) {
    out.insert(out.end(), steps.begin(), steps.end());
  };
  std::vector<LinkFacts> links = links_that_stand();
  for (LinkFacts& facts : links_that_do_not()) links.push_back(std::move(facts));
  for (const auto& table : {faults_of_the_way(), faults_of_the_keys(), faults_of_clock_and_trust(),
                            faults_of_policy_and_store(), faults_told_there(), faults_of_bounces()})
    for (const Fault& fault : table) links.push_back(fault.facts);
  for (const LinkFacts& facts : links) {
    add(walk_link(facts));
    add({party_line(facts)});
  }
  for (const NodeFacts& facts : nodes()) add(walk_node(facts));
  for (const TrustFacts& facts : standings()) {
    Step step;
    step.text = trust_phrases(facts);
    for (const Phrase& phrase : passes_phrases(facts)) step.text.push_back(phrase);
    step.cure = next_step(facts).phrases;
    add({step});
  }
  for (const std::uint64_t span : {std::uint64_t{1}, kSecondMs, 2 * kSecondMs, kMinuteMs,
                                   2 * kMinuteMs, kHourMs, 2 * kHourMs, kDayMs, 2 * kDayMs}) {
    Step step;
    step.text = {span_of(span)};
    add({step});
  }
  for (int walk = 0; walk <= static_cast<int>(Walk::kPeer); ++walk) {
    Step step;
    step.text = {step_word(static_cast<Walk>(walk))};
    add({step});
  }
  return out;
}

void look_at(const Phrase& phrase, std::set<std::string>& said) {
  said.insert(phrase.key);
  const auto text = doctor_words().text(phrase.key, kEnglish);
  ASSERT_TRUE(text) << phrase.key << " is not in the catalogue";
  for (const std::string_view name : places_of(*text))
    EXPECT_TRUE(std::any_of(phrase.places.begin(), phrase.places.end(),
                            [&](const Place& place) { return place.name == name; }))
        << phrase.key << " leaves {" << name << "} open";
  for (const Place& place : phrase.places)
    for (const Phrase& inner : place.phrases) look_at(inner, said);
}

std::string text_of(const std::string& path) {
  std::ifstream in(test::in_tree(path));
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(DoctorWords, EverythingIsSaidInSixLanguagesWithNoPlaceLeftOpen) {
  std::set<std::string> said{"text.sentences"};
  for (const Step& step : everything()) {
    for (const Phrase& phrase : step.text) look_at(phrase, said);
    for (const Phrase& phrase : step.cure) look_at(phrase, said);
    std::set<std::string> texts;
    for (const std::string_view lang : record::languages()) {
      const std::string text = in_words(step.text, lang) + in_words(step.cure, lang);
      EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
      texts.insert(text);
    }
    // An address alone is the same in all of them.
    if (step.text.size() != 1 || step.text.front().key != "text.as_it_is") {
      EXPECT_GE(texts.size(), 4u) << *texts.begin();
    }
  }
  // What needs a node to come true: node/desk/run_state.cc.
  const std::string copies = text_of("node/desk/run_state.cc");
  const std::regex key(R"re("(copy\.[a-z_.]+)")re");
  for (std::sregex_iterator it(copies.begin(), copies.end(), key), end; it != end; ++it) {
    const std::string found = (*it)[1].str();
    EXPECT_TRUE(doctor_words().text(found, kEnglish)) << found << " is not in the catalogue";
    said.insert(found);
  }
  for (const std::string_view row : doctor_words().keys())
    EXPECT_TRUE(said.contains(std::string(row))) << row << " is never said";
}

std::string first_failing_in(const LinkFacts& facts, std::string_view lang) {
  const auto steps = walk_link(facts);
  const Step* step = first_failing(steps);
  return step == nullptr ? "" : in_words(step->text, lang) + "|" + in_words(step->cure, lang);
}

TEST(DoctorWords, LinesAsTheyAreRead) {
  const LinkFacts wrong_port = down(DialWhy::kNoConnection, ProbeOutcome::kRefused);
  EXPECT_EQ(first_failing_in(wrong_port, "en"),
            "The machine at 198.51.100.7:7117 says that nobody listens there: the port is wrong, or "
            "XB's node does not run.|Compare the address with XB by telephone. If they have another "
            "one now, the file of 'focal card export' there brings it ('focal notes add FILE').");
  EXPECT_EQ(first_failing_in(wrong_port, "ar"),
            "يقول الجهاز في 198.51.100.7:7117 إنه لا أحد يستمع هناك: المنفذ خاطئ، أو أن عقدة XB لا "
            "تعمل.|قارن العنوان مع XB هاتفيا. وإذا تغير فيأتي به ملف 'focal card export' من هناك "
            "('focal notes add FILE').");
  LinkFacts suspended = well();
  suspended.trust.suspended = store::Suspension::kOperator;
  suspended.trust.suspended_ms = kNowMs;
  suspended.trust.suspended_reason = "服务器被盗";
  EXPECT_EQ(first_failing_in(suspended, "zh"),
            "已由本方官员暂停：服务器被盗。日期：2026-11-23。不向 XB 发送，其记录待阅。回执仍然有效。|"
            "此状态持续至本方官员予以解除。然后：'focal peer resume XB --reason TEXT'。");
  LinkFacts ahead = well();
  ahead.link.clock_skew_ms = 2 * kDayMs;
  EXPECT_EQ(first_failing_in(ahead, "ar"),
            "ساعة XB متقدمة على ساعتنا بمقدار 2 (أيام). توافق أطراف أخرى ساعتنا.|اتصل هاتفيا بـ XB: على "
            "مدير النظام لديه ضبط ساعة جهازه.");
  EXPECT_EQ(first_failing_in(ahead, "ru"),
            "Часы XB спешат относительно наших на 2 сут. Часы других сторон согласуются с нашими.|"
            "Позвоните в XB: администратор должен правильно установить часы своей машины.");
}

}  // namespace
}  // namespace focal::desk

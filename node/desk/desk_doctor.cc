// Why a link does not work: gathers facts on the loop, looks at the network beside it, asks the
// other end, and lets node/desk/doctor.h judge.
#include <chrono>
#include <thread>

#include "base/log.h"
#include "node/desk/desk.h"
#include "node/desk/doctor_facts.h"
#include "node/desk/doctor_probe.h"
#include "node/desk/form_schema.h"
#include "node/desk/views.h"
#include "node/node/backup_keeper.h"
#include "proto/console.pb.h"

namespace focal::desk {
namespace {

constexpr std::string_view kAsksLike = "peer_ping";  // who may, may ask the other end
constexpr std::uint64_t kAnswerMs = 5000;
constexpr std::uint64_t kLookMs = 50;

void fill_steps(const std::vector<Step>& steps, const std::string& lang, v1::DoctorResponse* out) {
  out->set_ok(is_well(steps));
  out->set_lang(lang);
  for (const Step& step : steps) {
    auto* shown = out->add_steps();
    shown->set_step(std::string(walk_name(step.step)));
    shown->set_state(std::string(found_name(step.found)));
    shown->set_code(step.code);
    shown->set_text(in_words(step.text, lang));
    shown->set_cure(in_words(step.cure, lang));
    shown->set_where(std::string(end_name(step.where)));
    shown->set_party(step.party);
  }
}

// The first thing that is wrong, by its names alone: texts may quote what others wrote.
void log_walk(const std::string& party, const std::string& id, const std::vector<Step>& steps) {
  const Step* failing = first_failing(steps);
  log::info("doctor", failing == nullptr ? "nothing fails" : "a step fails",
            {{"party", party},
             {"id", id},
             {"step", failing == nullptr ? std::string_view() : walk_name(failing->step)},
             {"where", failing == nullptr ? std::string_view() : end_name(failing->where)},
             {"code", failing == nullptr ? std::string_view() : std::string_view(failing->code)}});
}

Asked asked_by(ErrorCode code) {
  switch (code) {
    case ErrorCode::kBusy: return Asked::kTooOften;
    case ErrorCode::kState: return Asked::kTooOld;
    default: return Asked::kNoLink;
  }
}

// Until the answer is there, or the time is over.
Status wait_for_answer(node::Node& node, LinkFacts& facts) {
  for (std::uint64_t waited = 0; waited <= kAnswerMs; waited += kLookMs) {
    FOCAL_TRY(node.perform([&](const Now&) -> Status {
      const auto answer =
          node.core().machine().link_doctor().answer(facts.party, facts.asked_id);
      if (!answer) return {};
      facts.asked = Asked::kAnswered;
      facts.reply = answer->reply;
      facts.answered_ms = answer->at_ms;
      return {};
    }));
    if (facts.reply) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(kLookMs));
  }
  return {};
}

}  // namespace

Status Desk::may_ask_peer(const Caller& caller) const {
  FOCAL_ASSIGN(const auto roster, people_.now());
  const auto role = roster->may(caller.uid, kAsksLike);
  if (role) return {};
  return fail(ErrorCode::kPermission,
              "asking the other end needs " + roles_words(roles_for(kAsksLike)), role.error().hint,
              "ask_peer");
}

Result<v1::DoctorResponse> Desk::doctor(const v1::DoctorRequest& request, const Caller& caller) {
  if (request.ask_peer() && request.party().empty())
    return fail(ErrorCode::kInvalid, "no party is named that could be asked",
                "Name one: 'focal doctor PARTY --ask'.", "ask_peer");
  FOCAL_ASSIGN(const std::string lang, form_language(request.lang()));
  if (request.ask_peer()) FOCAL_TRY(may_ask_peer(caller));
  if (!request.party().empty()) return doctor_of(request.party(), request.ask_peer(), lang);
  v1::DoctorResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
        const NodeFacts own = node_facts(node_, keeper_->state(), now);
        std::vector<Step> steps = walk_node(own);
        for (const auto& [party, peer] : node_.core().peers().all())
          steps.push_back(party_line(link_facts(node_, peer, own, false, now)));
        fill_steps(steps, lang, &out);
        return {};
      });
      !done)
    return done.error();
  return out;
}

Result<v1::DoctorResponse> Desk::doctor_of(const std::string& party, bool ask,
                                            const std::string& lang) {
  std::vector<std::string> endpoints;
  FOCAL_TRY(node_.perform([&](const Now&) -> Status {
    FOCAL_ASSIGN(const auto* peer, find_peer(node_, party));
    if (peer->schedule && node_.core().peers().may_link(*peer)) endpoints = peer->schedule->endpoints;
    return {};
  }));
  FOCAL_ASSIGN(auto probes, prober_->look_at(endpoints));
  LinkFacts facts;
  FOCAL_TRY(node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const auto* peer, find_peer(node_, party));
    facts = link_facts(node_, *peer, node_facts(node_, keeper_->state(), now), true, now);
    if (!ask) return {};
    const auto id = node_.core().machine().ask_link(now, party);
    facts.asked = id ? Asked::kSilent : asked_by(id.error().code);
    if (id) facts.asked_id = *id;
    return {};
  }));
  facts.probes = std::move(probes);
  if (!facts.asked_id.empty()) FOCAL_TRY(wait_for_answer(node_, facts));
  const std::vector<Step> steps = walk_link(facts);
  if (ask) log_walk(party, facts.asked_id, steps);
  v1::DoctorResponse out;
  out.set_party(party);
  out.set_id(facts.asked_id);
  fill_steps(steps, lang, &out);
  return out;
}

}  // namespace focal::desk

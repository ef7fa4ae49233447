#include "node/cli/pair_text.h"

#include "node/cli/width.h"
#include "proto/pair.pb.h"

namespace focal::cli {
namespace {

std::string with_and_without(std::uint64_t with, std::uint64_t without) {
  return with + without == 0
             ? ""
             : std::to_string(with) + " with it, " + std::to_string(without) + " without";
}

}  // namespace

std::string pair_text(const api::v1::PairInfo& p, const Look& look) {
  const bool confirmed = p.state() == "CONFIRMED";
  return labelled(
      {{"pair secret", {p.state(), confirmed ? Style::kGood : Style::kWarn}},
       {"what that means", p.state_text()},
       {"made", past_time(p.made_at(), look)},
       {"confirmed by them", past_time(p.confirmed_at(), look)},
       {"newer one made", past_time(p.unconfirmed_at(), look)},
       {"meeting until", due_time(p.meeting_until(), look)},
       {"sent", with_and_without(p.sent_with(), p.sent_without())},
       {"opened", with_and_without(p.opened_with(), p.opened_without())},
       {"waiting for it", {p.waiting() == 0 ? "" : count(p.waiting(), "sending", "sendings"),
                           Style::kWarn}}},
      look);
}

}  // namespace focal::cli

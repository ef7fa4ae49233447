#include "node/desk/custody.h"

#include "node/desk/views.h"

namespace focal::desk {
namespace {

std::string command_of(node::CardAct act) {
  switch (act) {
    case node::CardAct::kFirst: return "focal init";
    case node::CardAct::kRenew: return "focal card renew";
    case node::CardAct::kReplaceKeys: return "focal card replace-keys";
    case node::CardAct::kRotate: return "focal card rotate";
    case node::CardAct::kRecover: return "focal card recover";
  }
  return "";
}

std::string root_command_of(node::CardAct act) {
  switch (act) {
    case node::CardAct::kRotate: return "focal root rotate";
    case node::CardAct::kRecover: return "focal root recover";
    default: return "focal root sign";
  }
}

std::vector<std::string> steps_of(const node::PendingCard& pending) {
  const std::string number = exchange::card_number(pending.request.next.card_id);
  return {"Take the request to the root machine and let the root sign it: " +
              root_command_of(pending.act) + " REQUEST --root-folder DIR --out FILE. It shows the "
              "number " + number + "; sign nothing with another number.",
          "Bring the file back and put it in force: focal card apply FILE."};
}

struct Urgency {
  const char* code;
  std::string warning;
};

Urgency urgency_of(std::int64_t days, const std::string& expires) {
  if (days < 0)
    return {"EXPIRED", "The card expired on " + expires + ": nobody sends to this node until it has "
                       "a new one."};
  const std::string ends = "The card expires on " + expires + ", in " + std::to_string(days) +
                           (days == 1 ? " day" : " days");
  if (days <= kWarnDays[2]) return {"DAYS_7", ends + ": renew it now."};
  if (days <= kWarnDays[1]) return {"DAYS_30", ends + ": hold the root ceremony this week."};
  if (days <= kWarnDays[0]) return {"DAYS_90", ends + ": plan the root ceremony."};
  return {"NONE", ""};
}

}  // namespace

void fill_pending(const node::PendingCard& pending, v1::CardPending* out) {
  const auto& next = pending.request.next;
  out->set_act(std::string(node::card_act_name(pending.act)));
  out->set_party(next.party);
  out->set_serial(static_cast<std::uint32_t>(next.serial));
  out->set_card_id(hex(next.card_id));
  out->set_card_number(exchange::card_number(next.card_id));
  out->set_expires_at(time_text(next.expires_ms));
  out->set_new_keys(pending.act == node::CardAct::kFirst ||
                    pending.act == node::CardAct::kReplaceKeys);
  out->set_request(pending.file);
  for (const std::string& step : steps_of(pending)) out->add_next_steps(step);
}

void fill_custody(const exchange::Card& card, const std::optional<node::PendingCard>& pending,
                  const Now& now, v1::CardCustodyResponse* out) {
  fill_card(card, std::nullopt, out->mutable_card());
  const auto left = static_cast<std::int64_t>(card.expires_ms) - static_cast<std::int64_t>(now.wall_ms);
  const auto day = static_cast<std::int64_t>(kDayMs);
  const std::int64_t days = left >= 0 ? left / day : -((-left + day - 1) / day);
  out->set_days_left(static_cast<std::int32_t>(days));
  const Urgency urgency = urgency_of(days, format_date(card.expires_ms));
  out->set_urgency(urgency.code);
  out->set_warning(urgency.warning);
  if (pending) {
    fill_pending(*pending, out->mutable_pending());
    out->add_next_steps("Card " + std::to_string(pending->request.next.serial) +
                        " is under way. Its request again: " + command_of(pending->act) +
                        " --to FILE, as it was asked for; to give it up: focal card cancel.");
    for (const std::string& step : steps_of(*pending)) out->add_next_steps(step);
  } else if (!urgency.warning.empty()) {
    out->add_next_steps("Renew it: focal card renew --to FILE, then as docs/operations.md says under "
                        "\"The yearly renewal\".");
  }
}

void fill_applied(const exchange::Card& card, const node::PendingCard& pending, bool restarts,
                  v1::CardApplyResponse* out) {
  fill_card(card, std::nullopt, out->mutable_card());
  out->set_act(std::string(node::card_act_name(pending.act)));
  out->set_new_keys(pending.act == node::CardAct::kFirst ||
                    pending.act == node::CardAct::kReplaceKeys);
  out->set_restarts(restarts);
  if (!restarts) out->add_next_steps("Start the node: focald --folder DIR.");
  switch (pending.act) {
    case node::CardAct::kFirst:
      out->add_next_steps("Give the other focal points your card: focal card export --to FILE.");
      break;
    case node::CardAct::kRenew:
      out->add_next_steps("Peers take it over by themselves when they are next connected.");
      break;
    case node::CardAct::kReplaceKeys:
      out->add_next_steps("Revoke the card before it, so that nobody takes what the old keys sign: "
                          "focal root revoke --serial " +
                          std::to_string(pending.request.current->serial) +
                          " at the root machine, then focal card revoke FILE.");
      out->add_next_steps("Look at 'focal peer list': whoever is not connected after a day needs the "
                          "new card by another way (focal card export).");
      break;
    case node::CardAct::kRotate:
      out->add_next_steps("Put the new next root into its safe; keep the retired root until every peer "
                          "has the new card, then destroy it.");
      break;
    case node::CardAct::kRecover:
      out->add_next_steps("Every peer suspends you until its officer has heard your voice: call each "
                          "one; they type 'focal peer confirm " + card.party + "'.");
      out->add_next_steps("Revoke nothing while the card keeps its keys: a revocation takes keys. Only if "
                          "the server was taken too: focal card replace-keys.");
      break;
  }
}

Result<node::CardWish> read_wish(const v1::CardPrepareRequest& request) {
  node::CardWish wish;
  const auto act = node::card_act_of(request.act());
  if (!act || *act == node::CardAct::kFirst)
    return fail(ErrorCode::kUsage, "'" + request.act() + "' is no change of a card",
                "It is RENEW, REPLACE_KEYS, ROTATE or RECOVER.", "act");
  wish.act = *act;
  if (!request.expires().empty()) {
    const auto day = parse_date(request.expires());
    if (!day)
      return fail(ErrorCode::kInvalid, "'" + request.expires() + "' is not a date",
                  "Write it as 2027-12-31.", "expires");
    wish.expires_ms = *day + kDayMs;  // the first moment after that day
  }
  for (const std::string& line : request.authority()) wish.authority.push_back(line);
  if (!request.plan().empty()) {
    FOCAL_ASSIGN(wish.plan, exchange::parse_root_plan(request.plan()));
  }
  if (!request.after().empty()) {
    FOCAL_ASSIGN(wish.after, exchange::parse_card(request.after()));
  }
  return wish;
}

}  // namespace focal::desk

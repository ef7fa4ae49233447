// The next card of a running node: node/node/own_card.h on the loop's thread.
#include "base/log.h"
#include "node/node/node.h"

namespace focal::node {

Result<PendingCard> Node::prepare_next_card(const CardWish& wish, const Now& now) {
  FOCAL_ASSIGN(PendingCard pending,
               prepare_card(wish, self_.card, keys_, keystore_, now, rng_));
  log::info("node", "a card is under way",
            {{"act", card_act_name(pending.act)},
             {"serial", std::to_string(pending.request.next.serial)}});
  return pending;
}

Result<exchange::Card> Node::apply_next_card(std::string_view note, const std::string& detail,
                                             const Now& now) {
  FOCAL_ASSIGN(const auto pending, next_card());
  if (!pending)
    return fail(ErrorCode::kNotFound, "no card is under way at this node",
                "Begin with 'focal card renew' (or rotate, replace-keys, recover).");
  FOCAL_ASSIGN(exchange::Card card, check_applied(note, *pending));
  // The old log ends with a checkpoint of all that stands in it.
  if (const auto made = ledger_->make_checkpoint(now.wall_ms, keys_.log);
      !made && made.error().code != ErrorCode::kState)
    return made.error();
  for (store::Op& op : card_writes(card, *pending, detail)) core_->write(std::move(op));
  log_ends_ = true;
  return card;
}

void Node::restart_soon() {
  wants_restart_ = true;
  stop();
}

Result<std::unique_ptr<Node>> Node::reopen(std::unique_ptr<Node> ended, const Now& now) {
  std::unique_ptr<Node> node(new Node(std::move(ended->config_), std::move(ended->keystore_)));
  const exchange::MachineSettings settings = ended->settings_;
  ended.reset();  // lets go of the ledger
  FOCAL_TRY(node->open_rest(now, settings));
  return node;
}

}  // namespace focal::node

#include "node/cli/card_text.h"

#include "node/cli/peer_text.h"
#include "node/cli/width.h"
#include "proto/custody.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::size_t kTextWidth = 88;

template <typename Steps>
std::string numbered(const Steps& steps, const Look& look) {
  if (steps.empty()) return {};
  std::string out = "\n" + paint("Next", Style::kBold, look) + "\n";
  int number = 0;
  for (const std::string& step : steps)
    out.append("  ").append(std::to_string(++number)).append(". ")
        .append(wrap(clean(step), kTextWidth, "     ")).append("\n");
  return out;
}

std::string fields_of(const v1::CardPending& pending, const Look& look) {
  return labelled({{"under way", "card " + std::to_string(pending.serial()) + " (" + pending.act() + ")"},
                   {"number", {pending.card_number(), Style::kBold}},
                   {"expires", short_time(pending.expires_at())},
                   {"keys", pending.new_keys() ? "new ones" : "as before"}},
                  look);
}

}  // namespace

std::string pending_text(const v1::CardPending& pending, const Look& look) {
  return fields_of(pending, look) + numbered(pending.next_steps(), look);
}

std::string custody_text(const v1::CardCustodyResponse& custody, const Look& look) {
  std::string out;
  if (!custody.warning().empty())
    out.append("\n").append(paint(clean(custody.warning()),
                                  custody.urgency() == "DAYS_90" ? Style::kWarn : Style::kBad, look))
        .append("\n");
  if (custody.has_pending()) out.append("\n").append(fields_of(custody.pending(), look));
  if (custody.earlier_size() > 0) {
    out.append("\n").append(paint("Earlier cards", Style::kBold, look)).append("\n");
    for (const v1::CardInfo& card : custody.earlier())
      out.append("  card ").append(std::to_string(card.serial())).append(", issued ")
          .append(short_time(card.issued_at())).append("\n");
  }
  if (custody.revocations() > 0)
    out.append("\n").append(count(custody.revocations(), "revocation", "revocations"))
        .append(" published\n");
  return out.append(numbered(custody.next_steps(), look));
}

std::string applied_text(const v1::CardApplyResponse& applied, const Look& look) {
  std::string out = paint("Card " + std::to_string(applied.card().serial()) + " is in force.",
                          Style::kGood, look);
  out.append(applied.restarts() ? " The node opens itself again under it.\n" : "\n");
  out.append(card_text(applied.card(), look));
  return out.append(numbered(applied.next_steps(), look));
}

}  // namespace focal::cli

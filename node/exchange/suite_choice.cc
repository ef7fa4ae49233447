#include "node/exchange/suite_choice.h"

#include "base/defect.h"

namespace focal::exchange {
namespace {

const crypto::Suite* of_this_program(unsigned id) {
  return id > 0xff ? nullptr : crypto::find_suite(static_cast<std::uint8_t>(id));
}

}  // namespace

Result<const crypto::Suite*> choose_suite(const Card& card, unsigned min_suite) {
  const crypto::Suite* best = nullptr;
  for (const unsigned id : card.suites) {
    const crypto::Suite* suite = of_this_program(id);
    if (suite == nullptr || (best != nullptr && suite->id < best->id)) continue;
    if (planted(Defect::kDowngradeAccepted) && best != nullptr) continue;
    best = suite;
  }
  if (best == nullptr)
    return fail(ErrorCode::kUnavailable,
                "the card of " + card.party + " lists no suite that this program has",
                "install a newer version of this program");
  if (best->id < min_suite && !planted(Defect::kDowngradeAccepted))
    return fail(ErrorCode::kUnavailable,
                "the highest suite in common with " + card.party + " is " +
                    std::to_string(best->id) + ", below min_suite " + std::to_string(min_suite),
                "ask them for a card with a newer suite, or lower min_suite in the configuration");
  return best;
}

}  // namespace focal::exchange

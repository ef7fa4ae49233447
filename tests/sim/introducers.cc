#include "tests/sim/introducers.h"

#include "base/check.h"
#include "tests/sim/root.h"

namespace focal::sim {
namespace {

constexpr std::size_t kFirst = kMaxNodes - kIntroducers;  // party numbers that no node has
constexpr std::size_t kRogue = 0, kCoerced = 1;
constexpr char kFalse[] = "a rogue introducer";

template <typename T>
T must(Result<T> result) {
  FOCAL_CHECK(result.has_value());
  return std::move(*result);
}

}  // namespace

Introducers::Introducers(std::size_t states, bool coerced)
    : states_(states), coerced_(coerced),
      false_card_(must(exchange::parse_card(
          Root::first_card(sim::party(states - 1).name, false_keys(), kFalse)))) {}

const KeySet& Introducers::false_keys() const {
  return key_set(sim::party(states_ - 1).name, kFalse, 1);
}

const Party& Introducers::party(std::size_t which) { return sim::party(kFirst + which); }

exchange::IntroducerPolicy Introducers::policy() {
  exchange::IntroducerPolicy out;
  out.k = kNeeded;
  for (std::size_t i = 0; i < kIntroducers; ++i) out.introducers.push_back(party(i).name);
  return out;
}

std::string Introducers::directory(std::size_t which, std::size_t twin) const {
  exchange::DirectoryFields fields;
  fields.introducer = party(which).name;
  const bool lies = which == kRogue || (which == kCoerced && coerced_);
  for (std::size_t n = 0; n < states_; ++n) {
    const bool of_stranger = n == stranger();
    const bool of_known = n == 0 && which == kRogue;  // a root that is pinned everywhere
    if (which == kRogue && twin == 1 && of_known) continue;
    const std::string& name = sim::party(n).name;
    const auto root = lies && (of_stranger || of_known) ? Root::key_of(name, 0, kFalse).pk
                                                        : Root::key_of(name, 0).pk;
    fields.entries.push_back({name, root, 1});
  }
  return must(exchange::make_directory(fields, Root::key_of(party(which).name, 0)));
}

}  // namespace focal::sim

#include "node/desk/seizure_plan.h"

#include <algorithm>

#include "crypto/hash.h"
#include "node/desk/seizure.h"

namespace focal::desk::seizure {
namespace {

constexpr std::size_t kNameBytes = 16;  // of the hash

// Names what will be sent: the same for PREVIEW and SEND exactly if the requests are the same,
// but for the due times, which follow the clock.
std::string name_of(const Plan& plan) {
  if (plan.requests.empty()) return {};
  Bytes all;
  const auto add = [&all](std::string_view text) {
    put_u32be(all, static_cast<std::uint32_t>(text.size()));
    append(all, text);
  };
  add(plan.part->bytes());
  for (const Request& request : plan.requests) {
    add(request.party);
    add(request.reference);
    put_u32be(all, static_cast<std::uint32_t>(request.weapons.size()));
    for (const Weapon* weapon : request.weapons) {
      put_u32be(all, weapon->row);
      add(weapon->item.SerializeAsString());
      for (const std::string& path : weapon->unknown) add(path);
    }
  }
  const Hash32 hash = crypto::sha256(all);
  return hex(ByteView(hash).first(kNameBytes));
}

}  // namespace

Status make_requests(Plan& plan, std::uint32_t first_number) {
  std::map<std::string_view, std::vector<const Weapon*>> by_party;
  for (std::size_t i = 0; i < plan.rows.weapons.size(); ++i) {
    if (plan.fates[i] != Fate::kSent) continue;
    const Weapon& weapon = plan.rows.weapons[i];
    by_party[plan.roads.find(country_of(weapon.item))->second.party].push_back(&weapon);
  }
  std::uint32_t number = first_number;
  std::size_t total = 0;
  for (const auto& [party, weapons] : by_party) {
    std::size_t size = kRequestBytes;  // so that the first weapon opens a request
    for (const Weapon* weapon : weapons) {
      const std::size_t more = size_in_request(*weapon);
      if (size + more > kRequestBytes ||
          plan.requests.back().weapons.size() == kWeaponsOfARequest) {
        plan.requests.push_back({std::string(party), plan.part->reference(number++), {}});
        size = plan.part->size();
        total += size;
      }
      plan.requests.back().weapons.push_back(weapon);
      size += more;
      total += more;
    }
  }
  if (total > kPlanBytes)
    return fail(ErrorCode::kLimit,
                "the requests of this list are together longer than " +
                    std::to_string(kPlanBytes >> 20) + " MiB",
                "Split the list into several files.");
  plan.name = name_of(plan);
  return {};
}

}  // namespace focal::desk::seizure

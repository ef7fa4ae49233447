// Everything that is known of one import: what each row became, and the requests that follow.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/csv.h"
#include "config/config.h"
#include "node/desk/seizure_repeats.h"
#include "node/desk/seizure_roads.h"
#include "node/desk/seizure_template.h"
#include "proto/api.pb.h"
#include "proto/seizure.pb.h"

namespace focal::desk::seizure {

enum class Fate : std::uint8_t { kSent, kBad, kRepeat, kAsked, kStays };

struct Asked {
  std::size_t weapon = 0;
  api::v1::WeaponMatch match;
};

struct Request {
  std::string party;
  std::string reference;
  std::vector<const Weapon*> weapons;
};

struct Plan {
  csv::Table table;
  std::vector<Column> columns;
  bool guessed = false;
  std::string own_party;
  config::NodeConfig config;  // a copy: read beside the loop
  std::uint64_t wall_ms = 0;
  std::optional<Template> part;  // always there once the plan is made
  Routes routes;
  Rows rows;
  std::vector<Fate> fates;  // of each weapon
  std::vector<Repeat> repeats;
  std::vector<Asked> asked;
  std::uint64_t not_indexed = 0;  // entries of the ledger that cannot be searched yet
  std::map<std::string, Road, std::less<>> roads;  // by country; "" is one
  std::vector<Request> requests;                   // by party, then in the order of the list
  std::string name;                                // of exactly these requests; empty: none
};

// Weapons with the fate kSent into requests: 200 and kRequestBytes at most each. kLimit: too much
// for one group.
Status make_requests(Plan& plan, std::uint32_t first_number);

// What an answer says of a plan. lang: of the names of States.
void fill_answer(const Plan& plan, const api::v1::TraceImportRequest& asked,
                 api::v1::TraceImportResponse& out);

}  // namespace focal::desk::seizure

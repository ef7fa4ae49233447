// What the network process told of itself and of the ways to the parties, for operators and for
// the judgement of links. Filled by the node's loop; plain values.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "node/exchange/link_doctor.h"
#include "node/gate/frames.h"

namespace focal::node {

// How an attempt to reach a party ended, by its endpoint.
struct DialTrouble {
  std::string endpoint;
  gate::DialWhy why = gate::DialWhy::kOther;
  std::string reason;                      // of the gate, for display
  std::uint64_t next_wall_ms = 0;          // of the next attempt, at this or another endpoint
};

struct GateReport {
  std::string state = "STARTING";          // STARTING, RUNNING, DOWN
  std::string listen;
  std::uint32_t restarts = 0;
  std::uint64_t since_wall_ms = 0;
  std::string last_error;
  // By party, of each endpoint the last one; none once a link to the party came up.
  std::map<std::string, std::vector<DialTrouble>> dial_trouble;
  std::map<std::string, std::string> called_from;    // party -> address of its last call
  std::map<std::string, std::string> reached_at;     // party -> endpoint of the last link we dialed
  std::deque<std::string> refused;                   // newest last, at most 20 sentences
  gate::Stats stats;

  void dial_failed(const gate::DialFailed& failed, std::uint64_t wall_ms);
  void link_up(const gate::LinkUp& up);
  // Of the party's troubles the one that came furthest; nullptr: none is known.
  const DialTrouble* furthest(const std::string& party) const;
};

// What a party is told of our way to it.
exchange::LinkOutside outside_of(const GateReport& report, const std::string& party);

}  // namespace focal::node

// Test help: the faults of a link, and of the node, as tables.
#pragma once

#include "tests/unit/desk/doctor_facts_fixture.h"

namespace focal::desk {

std::vector<Fault> faults_of_the_way();
std::vector<Fault> faults_of_the_keys();
std::vector<Fault> faults_of_clock_and_trust();
std::vector<Fault> faults_of_policy_and_store();
std::vector<Fault> faults_told_there();
std::vector<Fault> faults_of_bounces();

struct NodeFault {
  std::function<void(NodeFacts&)> change;
  const char* named;
  Found found;
};
std::vector<NodeFault> faults_of_the_node();

}  // namespace focal::desk

// Shared by the parts of fuzz_seeds.
#pragma once

#include <string>

namespace focal::test {

// Writes one file of a corpus; ends the program if it cannot.
void write_seed(const std::string& target, const std::string& name, const std::string& bytes);

void exchange_seeds();  // make_seeds_exchange.cc: envelope, frame, inner, receipts, inbound, session
void evidence_seeds();  // make_seeds_evidence.cc: bundle
void local_seeds();     // make_seeds_local.cc: config, record, marking, api_body, gate_frames
void port_seeds();      // make_seeds_port.cc: port

}  // namespace focal::test

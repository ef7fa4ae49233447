// How the link to a party stands, for operators: what the machine remembers of it besides the
// sessions. Volatile.
#pragma once

#include <cstdint>
#include <string>

namespace focal::exchange {

struct LinkState {
  bool up = false;
  bool dialed = false;             // of `up`: a connection that this node dialed is among them
  std::uint64_t last_heard_wall_ms = 0;
  std::uint64_t hello_wall_ms = 0; // of the last HELLO that was taken; 0: none since the start
  std::uint64_t hello_mono_ms = 0; // … on the monotonic clock
  std::int64_t clock_skew_ms = 0;  // theirs minus ours at that HELLO
  bool other_card = false;         // that HELLO named a card that was not the pinned one
  std::uint32_t bye_in = 0;        // code of the party's BYE since then; 0: none came
  std::uint32_t bye_out = 0;       // … and of ours
  std::string trouble;             // why it is not up, or what was refused last
  // Envelopes since the start, by mode: with the pair secret, and without it.
  std::uint64_t psk_sent = 0, base_sent = 0, psk_opened = 0, base_opened = 0;
  // Wall time at which the party last said that it does not know the pair secret in use; 0: it
  // has not, or has sealed with it since.
  std::uint64_t psk_unknown_ms = 0;
};

}  // namespace focal::exchange

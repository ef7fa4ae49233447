// The assault: kinds of attacks with a name each, made in a seeded random order by some
// attackers at once, and counted. An attack counts when its bytes went out and the
// target showed, where it has to show anything, that it got them.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "tests/hostile/line.h"
#include "tests/hostile/villain.h"

namespace focal::hostile {

class Assault;

// One thread of the assault.
struct Attacker {
  Assault& all;
  Villain& villain;
  const Target& target;
  void* context;          // of libzmq
  crypto::SeededRng rng;  // the order and the choices
  crypto::SystemRng ids;  // what must differ between two runs
  Sealer sealer;
  std::deque<std::unique_ptr<Line>> held;  // connections that stay while others come
  std::deque<RawTcp> held_raw;

  std::unique_ptr<Line> connect(const LineOptions& options = {});
  std::unique_ptr<Line> open();  // a link that is up; nothing: not now
  Bytes seal(ByteView inner) { return sealer.seal(inner, ids); }
  Bytes seal(const Recipe& recipe) { return seal(villain.make(recipe, ids).inner); }
  Bytes bytes(std::size_t size);  // random ones
  bool chance(std::uint64_t one_in) { return rng.below(one_in) == 0; }
  void hold(std::unique_ptr<Line> line);  // the oldest of too many go
  void hold(RawTcp raw);
};

struct Kind {
  const char* name;
  bool (*act)(Attacker&);  // false: not possible now
};
std::span<const Kind> connection_kinds();  // attacks_gate.cc
std::span<const Kind> frame_kinds();       // attacks_frames.cc
std::span<const Kind> record_kinds();      // attacks_records.cc
std::span<const Kind> answer_kinds();      // attacks_answers.cc
std::vector<Kind> all_kinds();

class Assault {
 public:
  Assault(Villain& villain, std::vector<Loot> loot, std::vector<std::string> endpoints,
          std::uint64_t seed, int attackers);
  ~Assault();

  void stop();                          // waits for the attackers
  bool has_done_each();                 // every kind at least once
  void count(const std::string& kind);  // for kinds that wait to be called upon
  std::map<std::string, std::uint64_t> counts();
  std::uint64_t connections() const { return connections_; }
  void connected() { ++connections_; }
  const std::vector<Loot>& loot() const { return loot_; }
  const std::vector<std::string>& endpoints() const { return endpoints_; }
  void* context() const { return context_; }

 private:
  void work(const std::stop_token& over, std::uint64_t seed);

  Villain& villain_;
  const std::vector<Loot> loot_;
  const std::vector<std::string> endpoints_;
  void* context_;
  std::atomic<std::uint64_t> connections_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> counts_;
  std::vector<std::jthread> attackers_;
};

}  // namespace focal::hostile

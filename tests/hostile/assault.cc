#include "tests/hostile/assault.h"

#include <zmq.h>

#include <algorithm>

#include "base/check.h"

namespace focal::hostile {
namespace {

constexpr std::size_t kHeldLines = 6;
constexpr std::size_t kHeldRaw = 24;

}  // namespace

std::unique_ptr<Line> Attacker::connect(const LineOptions& options) {
  all.connected();
  return std::make_unique<Line>(context, target, villain.transport(), options);
}

std::unique_ptr<Line> Attacker::open() {
  auto line = connect();
  return line->open(villain, ids) ? std::move(line) : nullptr;
}

Bytes Attacker::bytes(std::size_t size) {
  Bytes out(size);
  rng.fill(out);
  return out;
}

void Attacker::hold(std::unique_ptr<Line> line) {
  held.push_back(std::move(line));
  if (held.size() > kHeldLines) held.pop_front();
}

void Attacker::hold(RawTcp raw) {
  held_raw.push_back(std::move(raw));
  if (held_raw.size() > kHeldRaw) held_raw.pop_front();
}

std::vector<Kind> all_kinds() {
  std::vector<Kind> out;
  for (const auto kinds : {connection_kinds(), frame_kinds(), record_kinds(), answer_kinds()})
    out.insert(out.end(), kinds.begin(), kinds.end());
  return out;
}

Assault::Assault(Villain& villain, std::vector<Loot> loot, std::vector<std::string> endpoints,
                 std::uint64_t seed, int attackers)
    : villain_(villain),
      loot_(std::move(loot)),
      endpoints_(std::move(endpoints)),
      context_(zmq_ctx_new()) {
  FOCAL_CHECK(context_ != nullptr);
  for (const Kind& kind : all_kinds()) counts_[kind.name] = 0;
  for (int i = 0; i < attackers; ++i)
    attackers_.emplace_back([this, seed, i](const std::stop_token& over) {
      work(over, seed * 100 + static_cast<std::uint64_t>(i));
    });
}

Assault::~Assault() {
  stop();
  zmq_ctx_term(context_);
}

void Assault::stop() {
  for (auto& attacker : attackers_) attacker.request_stop();
  attackers_.clear();
}

// Every kind once in a shuffled order, then all again in another one.
void Assault::work(const std::stop_token& over, std::uint64_t seed) {
  Attacker me{*this,
              villain_,
              villain_.target(),
              context_,
              crypto::SeededRng(seed),
              {},
              Sealer(villain_.target()),
              {},
              {}};
  std::vector<Kind> deck = all_kinds();
  while (!over.stop_requested()) {
    for (std::size_t i = deck.size(); i > 1; --i) std::swap(deck[i - 1], deck[me.rng.below(i)]);
    for (const Kind& kind : deck) {
      if (over.stop_requested()) break;
      if (kind.act(me)) count(kind.name);
    }
  }
}

void Assault::count(const std::string& kind) {
  const std::lock_guard lock(mutex_);
  ++counts_[kind];
}

std::map<std::string, std::uint64_t> Assault::counts() {
  const std::lock_guard lock(mutex_);
  return counts_;
}

bool Assault::has_done_each() {
  const auto now = counts();
  return std::all_of(now.begin(), now.end(), [](const auto& each) { return each.second > 0; });
}

}  // namespace focal::hostile

// What has changed at the node, for whoever shows it live: topics, no content. Publishing never
// waits for anybody: a topic that changes again before a subscriber has heard of it is heard of
// once, with its newest number, so what waits for a subscriber is at most one event a topic.
//
//   auto heard = desk.events().subscribe();         // then read what is to be shown
//   for (;;) {
//     const auto woken = heard.wait(std::chrono::steady_clock::now() + std::chrono::seconds(20));
//     if (woken.closed) break;                       // the node ends, or opens itself again
//     for (const Event& each : woken.events) …read that topic again…
//   }
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "node/node/node.h"
#include "node/store/txn.h"

namespace focal::desk {

// kLedger: the log has grown, or who vouches for it. kStatus: the node itself, its keys and people.
enum class Topic : std::uint8_t { kCases, kOutbox, kPeers, kReleases, kStatus, kLedger };
inline constexpr std::size_t kTopics = 6;
std::string_view topic_name(Topic topic);  // "cases", "outbox", …
using Topics = std::bitset<kTopics>;
template <typename... Each>
Topics topics(Each... each) {
  Topics out;
  (out.set(static_cast<std::size_t>(each)), ...);
  return out;
}

// What a group that was committed has changed: from its operations alone.
Topics topics_of(const store::Txn& txn);
Topics topics_of(node::Watch::Moved moved);

struct Event {
  Topic topic = Topic::kStatus;
  std::uint64_t seq = 0;  // rises with every publication, also over restarts if the clock does
  bool operator==(const Event&) const = default;
};

class EventHub {
  struct State;

 public:
  class Subscription {
   public:
    struct Woken {
      std::vector<Event> events;  // by seq; each topic at most once. Empty: the time is over
      bool closed = false;        // nothing comes any more
    };
    // Waits until something was published that this subscriber has not heard of, or that moment,
    // or close(). One thread at a time.
    Woken wait(std::chrono::steady_clock::time_point deadline);
    std::uint64_t heard() const { return heard_; }  // the newest number it was told

   private:
    friend class EventHub;
    Subscription(std::shared_ptr<State> state, std::uint64_t heard)
        : state_(std::move(state)), heard_(heard) {}
    std::shared_ptr<State> state_;
    std::uint64_t heard_;
  };

  // first_seq: no number is lower; Unix ms of the start, so that numbers of an earlier start are.
  explicit EventHub(std::uint64_t first_seq);
  ~EventHub() { close(); }  // subscriptions may outlive the hub
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  void publish(Topics changed);  // any thread; none: nothing happens
  // Hears of what is published from now on.
  Subscription subscribe() const;
  // … and of what was published after that number. A number of an earlier start, or one that was
  // never given: every topic is told at once.
  Subscription subscribe(std::uint64_t after_seq) const;
  std::uint64_t newest() const;
  void close();  // any thread; ends every wait

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::array<std::uint64_t, kTopics> last{};  // of each topic; guarded by mutex, as what follows
    std::uint64_t newest = 0;
    bool closed = false;
  };
  std::shared_ptr<State> state_;
};

}  // namespace focal::desk

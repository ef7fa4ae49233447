// Who is in by a browser: links that open the console once, sessions, and how long each lasts.
// Words and tokens are given out once and kept as hashes. In memory alone: when the process ends
// everybody enters again. Every method from any thread; times are monotonic milliseconds, so that a
// clock that is set ends nothing and prolongs nothing.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/random.h"

namespace focal::api {

struct SessionLimits {
  std::uint64_t link_ms = 120'000;          // a link that nobody opened
  std::uint64_t idle_ms = 15 * 60'000;      // without a request
  std::uint64_t longest_ms = 10 * 3'600'000;
  std::uint64_t confirmed_ms = 5 * 60'000;  // after showing again who one is
  std::size_t links_of_a_user = 4;          // beyond: the oldest ends
  std::size_t sessions_of_a_user = 8;       // beyond: the one unused for longest ends
  std::size_t sessions = 256;               // of all
};

// Whose a link or a session is.
struct Holder {
  uid_t uid = 0;
  std::int64_t person = 0;       // PersonOf
  bool operator==(const Holder&) const = default;
};

// A session at one moment.
struct SessionView {
  std::uint64_t number = 0;      // names it in the log; never given to a client
  Holder holder;
  bool confirmed = false;        // has shown lately who it is
  std::uint64_t confirmed_left_ms = 0;
  std::uint64_t left_ms = 0;     // of the longest time
};

class Sessions {
 public:
  // rng outlives it and is used under its lock.
  explicit Sessions(crypto::Rng& rng, SessionLimits limits = {}) : rng_(rng), limits_(limits) {}
  const SessionLimits& limits() const { return limits_; }

  // A word of 43 characters that opens one session of that person, once.
  std::string make_link(Holder holder, std::uint64_t now_ms);
  // Whose link it is; it is used up, whatever comes of it. Nothing: none, used, or too old.
  std::optional<Holder> use_link(std::string_view word, std::uint64_t now_ms);

  // A new session, always under a new token (43 characters). Who enters has just shown who it is.
  // kLimit: all are taken.
  Result<std::string> open(Holder holder, std::uint64_t now_ms);
  // The session of a token; counts as a request of it, so that it is not idle. `quietly`: does not.
  std::optional<SessionView> find(std::string_view token, std::uint64_t now_ms,
                                  bool quietly = false);
  // Shown again who one is. False: there is no such session any more.
  bool confirm(std::string_view token, std::uint64_t now_ms);
  void end(std::string_view token);
  void end_all_of(Holder holder);  // sessions and links
  std::size_t count() const;

 private:
  using Key = Hash32;  // of a word or token
  struct Link {
    Key key{};
    Holder holder;
    std::uint64_t made_ms = 0;
  };
  struct Session {
    Key key{};
    std::uint64_t number = 0;
    Holder holder;
    std::uint64_t opened_ms = 0, used_ms = 0, confirmed_ms = 0;
  };

  std::string new_word();
  void drop_old(std::uint64_t now_ms);
  void drop_beyond(const Holder& holder);
  std::list<Session>::iterator place(std::string_view token);

  mutable std::mutex mutex_;
  crypto::Rng& rng_;
  const SessionLimits limits_;
  std::uint64_t next_number_ = 1;
  std::list<Link> links_;        // oldest first
  std::list<Session> sessions_;  // least used first
};

}  // namespace focal::api

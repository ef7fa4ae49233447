// Questions about links: which were asked over which link, what came back, and how many of the
// other side's are answered (docs/protocol.md, "Questions about a link"). Volatile, pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/random.h"
#include "node/exchange/doctor_frame.h"
#include "node/exchange/rate.h"

namespace focal::exchange {

inline constexpr std::uint32_t kQuestionsPerMinute = 6;  // of a party and to a party

// What only the network process knows of the way to a party.
struct LinkOutside {
  DoctorReach reach = DoctorReach::kNotSaid;
  std::string address;             // the endpoint that was tried last; may be empty
  std::string called_from;         // may be empty
};
using AskOutside = std::function<LinkOutside(const std::string& party)>;

class LinkDoctor {
 public:
  // The id of a new question, which takes the last one's place. kBusy: too many in this minute.
  Result<std::string> ask(const std::string& party, const Now& now, crypto::Rng& rng);
  // False: nobody asked that, or it was answered before.
  bool take(const std::string& party, const DoctorReplyFrame& reply, const Now& now);
  struct Answer {
    DoctorReplyFrame reply;
    std::uint64_t at_ms = 0;       // wall time here when it came
  };
  // What came for that question; nothing: no answer yet.
  std::optional<Answer> answer(const std::string& party, const std::string& id) const;
  // May one more question of theirs be answered now?
  bool may_answer(const std::string& party, const Now& now);

 private:
  struct Way {
    std::string id;                // of the last question; empty: none was asked
    std::optional<Answer> answer;
    Rate asked{kMinuteMs};
    Rate answered{kMinuteMs};
  };
  std::map<std::string, Way> ways_;  // by party: of parties with links, which are bounded
};

}  // namespace focal::exchange

#include "node/exchange/link_doctor.h"

#include "base/error_id.h"

namespace focal::exchange {

Result<std::string> LinkDoctor::ask(const std::string& party, const Now& now, crypto::Rng& rng) {
  Way& way = ways_[party];
  if (!way.asked.allows(now.mono_ms, kQuestionsPerMinute))
    return fail(ErrorCode::kBusy, party + " was asked " + std::to_string(kQuestionsPerMinute) +
                " times in this minute", "Ask again in a minute.");
  way.id = error_id(rng.array<kErrorIdSize>());
  way.answer.reset();
  return way.id;
}

bool LinkDoctor::take(const std::string& party, const DoctorReplyFrame& reply, const Now& now) {
  const auto way = ways_.find(party);
  if (way == ways_.end() || way->second.id != reply.id || way->second.answer) return false;
  way->second.answer = Answer{reply, now.wall_ms};
  return true;
}

std::optional<LinkDoctor::Answer> LinkDoctor::answer(const std::string& party,
                                                     const std::string& id) const {
  const auto way = ways_.find(party);
  if (way == ways_.end() || way->second.id != id) return std::nullopt;
  return way->second.answer;
}

bool LinkDoctor::may_answer(const std::string& party, const Now& now) {
  return ways_[party].answered.allows(now.mono_ms, kQuestionsPerMinute);
}

}  // namespace focal::exchange

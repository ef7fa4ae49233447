#include "node/gate/zap.h"

#include <algorithm>

namespace focal::gate {
namespace {

constexpr unsigned kMaxReportsPerMinute = 60;
constexpr std::size_t kMaxKeysRemembered = 1024;
constexpr std::size_t kMaxRequestId = 255;

// One property of ZMTP metadata: u8 length, name, u32be length, value.
void put_property(std::string& out, std::string_view name, std::string_view value) {
  Bytes bytes;
  put_lp(bytes, name);
  put_u32be(bytes, static_cast<std::uint32_t>(value.size()));
  append(bytes, value);
  out += as_text(bytes);
}

}  // namespace

std::vector<std::string> ZapAnswer::frames() const {
  const auto reply = [this](std::string status, std::string text, std::string user,
                            std::string metadata) {
    return std::vector<std::string>{"1.0",           request_id,      std::move(status),
                                    std::move(text), std::move(user), std::move(metadata)};
  };
  switch (verdict) {
    case Verdict::kAdmit: {
      std::string metadata;
      put_property(metadata, kKeyProperty, hex(ByteView(key)));
      return reply("200", "OK", party, std::move(metadata));
    }
    case Verdict::kThrottled: return reply("300", "later", "", "");
    case Verdict::kUnknown:
    case Verdict::kMalformed: break;
  }
  return reply("400", "refused", "", "");
}

bool Gatekeeper::set_list(const AllowList& list) {
  std::map<Hash32, Entry> next;
  for (const Allowed& peer : list.peers) {
    Entry entry{peer.party, {}, false};
    const auto old = by_key_.find(peer.key);
    if (old != by_key_.end() && old->second.party == peer.party) {
      entry = std::move(old->second);  // a new list is no way around the throttle
      by_key_.erase(old);
    }
    next.emplace(peer.key, std::move(entry));
  }
  by_key_.swap(next);  // next: those that left
  return std::any_of(next.begin(), next.end(),
                     [](const auto& left) { return left.second.ever_admitted; });
}

bool Gatekeeper::is_allowed(std::string_view party, const Hash32& key) const {
  const auto it = by_key_.find(key);
  return it != by_key_.end() && it->second.party == party;
}

bool Gatekeeper::is_allowed(const char* user_id, const char* key_hex) const {
  if (user_id == nullptr || key_hex == nullptr) return false;
  const auto bytes = unhex(key_hex);
  if (!bytes) return false;
  const auto key = fixed<32>(*bytes);
  return key && is_allowed(std::string_view(user_id), *key);
}

ZapAnswer Gatekeeper::judge(const std::vector<std::string>& request, const Now& now) {
  ZapAnswer answer;
  // version, request id, domain, address, routing id, mechanism, credentials
  if (request.size() >= 2 && request[1].size() <= kMaxRequestId) answer.request_id = request[1];
  if (request.size() != 7 || request[0] != "1.0" || request[1].size() > kMaxRequestId) {
    return answer;
  }
  answer.address = request[3];
  if (request[2] != kZapDomain || request[5] != "CURVE") return answer;
  const auto key = fixed<32>(as_bytes(request[6]));
  if (!key) return answer;
  answer.key = *key;
  const auto it = by_key_.find(*key);
  if (it == by_key_.end()) {
    answer.verdict = Verdict::kUnknown;
    return answer;
  }
  answer.party = it->second.party;
  std::deque<std::uint64_t>& times = it->second.admitted_ms;
  while (!times.empty() && now.mono_ms - times.front() >= kMinuteMs) times.pop_front();
  if (times.size() >= per_minute_) {
    answer.verdict = Verdict::kThrottled;
    return answer;
  }
  times.push_back(now.mono_ms);
  it->second.ever_admitted = true;
  answer.verdict = Verdict::kAdmit;
  return answer;
}

bool ReportLimiter::may_report(const Hash32& key, const Now& now) {
  if (now.mono_ms - minute_ >= kMinuteMs) {
    minute_ = now.mono_ms;
    count_ = 0;
    std::erase_if(last_ms_,
                  [&now](const auto& entry) { return now.mono_ms - entry.second >= kMinuteMs; });
  }
  if (count_ >= kMaxReportsPerMinute) return false;
  const auto it = last_ms_.find(key);
  if (it != last_ms_.end() && now.mono_ms - it->second < kMinuteMs) return false;
  if (it == last_ms_.end() && last_ms_.size() >= kMaxKeysRemembered) return false;
  last_ms_[key] = now.mono_ms;
  ++count_;
  return true;
}

}  // namespace focal::gate

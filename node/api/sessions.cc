#include "node/api/sessions.h"

#include <algorithm>

#include "crypto/hash.h"

namespace focal::api {
namespace {

constexpr std::size_t kWordBytes = 32;
constexpr std::size_t kWordLength = 43;  // base64url without padding

Hash32 key_of(std::string_view word) { return crypto::sha256(word); }

std::string in_url(const std::string& base64_text) {
  std::string out = base64_text.substr(0, base64_text.find('='));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::uint64_t left(std::uint64_t begun_ms, std::uint64_t lasts_ms, std::uint64_t now_ms) {
  const std::uint64_t gone = now_ms - std::min(begun_ms, now_ms);
  return gone >= lasts_ms ? 0 : lasts_ms - gone;
}

}  // namespace

std::string Sessions::new_word() {
  auto bytes = rng_.array<kWordBytes>();
  std::string out = in_url(base64(bytes));
  crypto::wipe(bytes);
  return out;
}

void Sessions::drop_old(std::uint64_t now_ms) {
  links_.remove_if([&](const Link& l) { return left(l.made_ms, limits_.link_ms, now_ms) == 0; });
  sessions_.remove_if([&](const Session& s) {
    return left(s.used_ms, limits_.idle_ms, now_ms) == 0 ||
           left(s.opened_ms, limits_.longest_ms, now_ms) == 0;
  });
}

std::string Sessions::make_link(Holder holder, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  drop_old(now_ms);
  const auto of_user = [&](const Link& link) { return link.holder == holder; };
  if (static_cast<std::size_t>(std::count_if(links_.begin(), links_.end(), of_user)) >=
      limits_.links_of_a_user)
    links_.erase(std::find_if(links_.begin(), links_.end(), of_user));
  std::string word = new_word();
  links_.push_back({key_of(word), holder, now_ms});
  return word;
}

std::optional<Holder> Sessions::use_link(std::string_view word, std::uint64_t now_ms) {
  if (word.size() != kWordLength) return std::nullopt;
  const std::lock_guard lock(mutex_);
  drop_old(now_ms);
  const Key key = key_of(word);
  const auto found =
      std::find_if(links_.begin(), links_.end(), [&](const Link& l) { return l.key == key; });
  if (found == links_.end()) return std::nullopt;
  const Holder holder = found->holder;
  links_.erase(found);
  return holder;
}

// Makes room for one more of that person.
void Sessions::drop_beyond(const Holder& holder) {
  const auto of_user = [&](const Session& s) { return s.holder == holder; };
  while (static_cast<std::size_t>(std::count_if(sessions_.begin(), sessions_.end(), of_user)) >=
         limits_.sessions_of_a_user)
    sessions_.erase(std::find_if(sessions_.begin(), sessions_.end(), of_user));
}

Result<std::string> Sessions::open(Holder holder, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  drop_old(now_ms);
  drop_beyond(holder);
  if (sessions_.size() >= limits_.sessions)
    return fail(ErrorCode::kLimit, "too many people are in by the console just now",
                "Try again in a quarter of an hour, or leave a session that is not needed.");
  std::string token = new_word();
  sessions_.push_back({key_of(token), next_number_++, holder, now_ms, now_ms, now_ms});
  return token;
}

std::list<Sessions::Session>::iterator Sessions::place(std::string_view token) {
  if (token.size() != kWordLength) return sessions_.end();
  const Key key = key_of(token);
  return std::find_if(sessions_.begin(), sessions_.end(),
                      [&](const Session& s) { return s.key == key; });
}

std::optional<SessionView> Sessions::find(std::string_view token, std::uint64_t now_ms,
                                          bool quietly) {
  const std::lock_guard lock(mutex_);
  drop_old(now_ms);
  const auto found = place(token);
  if (found == sessions_.end()) return std::nullopt;
  if (!quietly) {
    found->used_ms = now_ms;
    sessions_.splice(sessions_.end(), sessions_, found);
  }
  SessionView out;
  out.number = found->number;
  out.holder = found->holder;
  out.confirmed_left_ms = left(found->confirmed_ms, limits_.confirmed_ms, now_ms);
  out.confirmed = out.confirmed_left_ms != 0;
  out.left_ms = left(found->opened_ms, limits_.longest_ms, now_ms);
  return out;
}

bool Sessions::confirm(std::string_view token, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  drop_old(now_ms);
  const auto found = place(token);
  if (found == sessions_.end()) return false;
  found->confirmed_ms = now_ms;
  return true;
}

void Sessions::end(std::string_view token) {
  const std::lock_guard lock(mutex_);
  if (const auto found = place(token); found != sessions_.end()) sessions_.erase(found);
}

void Sessions::end_all_of(Holder holder) {
  const std::lock_guard lock(mutex_);
  links_.remove_if([&](const Link& link) { return link.holder == holder; });
  sessions_.remove_if([&](const Session& session) { return session.holder == holder; });
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace focal::api

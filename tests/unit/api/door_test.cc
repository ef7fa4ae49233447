// Goal: while the node opens itself again, requests wait and nobody is inside a node that ends;
// when no node comes any more, everybody is told. Method: threads that ask, held up by latches,
// so that nothing rests on how fast a thread is.
#include "node/api/door.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

namespace focal::api {
namespace {

http::Request ask() {
  http::Request out;
  out.method = "GET";
  out.segments = {"v1", "x"};
  return out;
}

std::optional<std::int64_t> all(uid_t uid) { return uid; }
PersonOf only(uid_t wanted) {
  return [wanted](uid_t uid) { return uid == wanted ? std::optional<std::int64_t>(uid) : std::nullopt; };
}
http::Response nothing(std::optional<std::uint64_t>) { return {}; }
Result<uid_t> nobody(const std::string&, std::optional<uid_t>, const crypto::Secret&) {
  return fail(ErrorCode::kPassphrase, "nobody");
}

Status everything(std::string_view, const http::Caller&) { return {}; }

void answer_with(Router& router, std::string body) {
  Operation says;
  says.run = [body](const http::Request&, const Params&) -> Result<std::string> { return body; };
  router.add("x", "GET", "/v1/x", std::move(says));
}

std::future<http::Response> asked(Door& door) {
  return std::async(std::launch::async, [&door] { return door.handle(ask()); });
}

TEST(DoorTest, WhoAsksBetweenTwoNodesIsAnsweredByTheSecond) {
  Door door;
  Router first(everything), second(everything);
  answer_with(first, "first");
  answer_with(second, "second");
  door.open({first, all, nobody, nothing});
  EXPECT_EQ(door.handle(ask()).body, "first");
  door.close();
  auto waiting = asked(door);
  door.open({second, all, nobody, nothing});
  EXPECT_EQ(waiting.get().body, "second");
}

TEST(DoorTest, WhoIsAdmittedIsAskedOfTheNodeThatIsThere) {
  Door door;
  Router router(everything);
  answer_with(router, "x");
  door.open({router, only(7), nobody, nothing});
  EXPECT_EQ(door.person_of(7), 7);
  EXPECT_EQ(door.person_of(8), std::nullopt);
  door.close();
  auto waits = std::async(std::launch::async, [&] { return door.person_of(8); });
  door.open({router, only(8), nobody, nothing});
  EXPECT_EQ(waits.get(), 8);
  EXPECT_EQ(door.person_of(7), std::nullopt) << "removed while the node opened itself again";
  door.close();
  door.shut();
  EXPECT_EQ(door.person_of(7), kAnyPerson) << "to be told that no node comes any more";
}

TEST(DoorTest, ClosingWaitsForThoseInside) {
  Door door;
  std::latch inside(1), go(1);
  bool answered = false;
  Router slow(everything);
  Operation waits;
  waits.run = [&](const http::Request&, const Params&) -> Result<std::string> {
    inside.count_down();
    go.wait();
    answered = true;
    return std::string("slow");
  };
  slow.add("x", "GET", "/v1/x", std::move(waits));
  door.open({slow, all, nobody, nothing});
  auto waiting = asked(door);
  inside.wait();
  auto let_go = std::async(std::launch::async, [&] { go.count_down(); });
  door.close();
  EXPECT_TRUE(answered) << "close() returned while somebody was inside";
  EXPECT_EQ(waiting.get().body, "slow");
}

TEST(DoorTest, WhenNoNodeComesEverybodyIsTold) {
  Door door;
  auto waiting = asked(door);
  door.shut();
  EXPECT_EQ(waiting.get().status, 503);
  EXPECT_EQ(door.handle(ask()).status, 503);
}

}  // namespace
}  // namespace focal::api

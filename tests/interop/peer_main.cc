// interop_peer: the C++ side of tests/interop/README.md.
//   interop_peer judge             reads lines, one answer for each "judge"
//   interop_peer make SEED COUNT   writes COUNT worlds of valid objects
#include <cstdlib>
#include <iostream>
#include <string>

#include "base/log.h"
#include "crypto/secret.h"
#include "tests/interop/peer_judge.h"
#include "tests/interop/peer_maker.h"

namespace focal::test {
namespace {

int judge() {
  PeerWorld world;
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto words = split_words(line);
    if (words[0] == "judge" && words.size() == 3) {
      const auto bytes = unbase64(words[2]);
      if (!bytes) return std::cerr << "not base64\n", 2;
      std::cout << judge_object(world, words[1], *bytes) << '\n';
    } else if (!world.tell(words)) {
      return std::cerr << "unknown line: " << line.substr(0, 100) << '\n', 2;
    }
  }
  std::cout.flush();
  return 0;
}

int make(std::uint64_t seed, int count) {
  for (int i = 0; i < count; ++i)
    std::cout << make_world(seed * 1000 + static_cast<std::uint64_t>(i));
  std::cout.flush();
  return 0;
}

}  // namespace
}  // namespace focal::test

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  focal::crypto::init();
  focal::log::set_level(focal::log::Level::kError);
  if (what == "judge" && argc == 2) return focal::test::judge();
  if (what == "make" && argc == 4)
    return focal::test::make(std::strtoull(argv[2], nullptr, 10), std::atoi(argv[3]));
  std::cerr << "usage: interop_peer judge | interop_peer make SEED COUNT\n";
  return 2;
}

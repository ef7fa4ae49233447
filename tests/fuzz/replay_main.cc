// Runs a fuzz target over the files of the directories given, and over mutants of
// each, without libFuzzer: so every build replays the corpus, with any compiler.
// The mutants depend only on the file's content. Fails if there is no file.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kMutantsPerFile = 200;
using Input = std::vector<std::uint8_t>;

void run(const Input& input) {
  // A buffer of exactly this size, so that a sanitizer sees the first byte read past it.
  Input exact(input);
  exact.shrink_to_fit();
  static_cast<void>(LLVMFuzzerTestOneInput(exact.data(), exact.size()));
}

void mutate(Input& input, std::mt19937_64& random) {
  const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const auto at = [&input](std::size_t i) {
    return input.begin() + static_cast<std::ptrdiff_t>(i);
  };
  if (input.empty()) {
    input.push_back(static_cast<std::uint8_t>(random()));
    return;
  }
  const std::size_t i = below(input.size());
  switch (below(6)) {
    case 0: input[i] = static_cast<std::uint8_t>(random()); break;
    case 1: input[i] = static_cast<std::uint8_t>(input[i] ^ (1u << below(8))); break;
    case 2: input.erase(at(i), at(std::min(input.size(), i + 1 + below(8)))); break;
    case 3: input.insert(at(i), static_cast<std::uint8_t>(random())); break;
    case 4: input.resize(i); break;
    default: {  // a piece again, somewhere else
      const Input piece(at(i), at(std::min(input.size(), i + 1 + below(64))));
      input.insert(at(below(input.size())), piece.begin(), piece.end());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i], error))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const Input seed{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) {
      std::fprintf(stderr, "cannot read %s\n", file.c_str());
      return EXIT_FAILURE;
    }
    run(seed);
    std::seed_seq sequence(seed.begin(), seed.end());
    std::mt19937_64 random(sequence);
    for (int n = 0; n < kMutantsPerFile; ++n) {
      Input mutant = seed;
      for (std::uint64_t times = 1 + random() % 4; times > 0; --times) mutate(mutant, random);
      run(mutant);
    }
  }
  std::printf("%zu files, %d mutants each\n", files.size(), kMutantsPerFile);
  return files.empty() ? EXIT_FAILURE : EXIT_SUCCESS;
}

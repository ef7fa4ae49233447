// focal-verify: says of a file of evidence what it proves. Needs no node, no network and no
// database, and reads no clock; the same file and fingerprints always give the same answer
// (docs/protocol.md, "Evidence bundle").
#include <getopt.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "base/hint.h"
#include "crypto/secret.h"
#include "node/evidence/bundle.h"
#include "node/evidence/check.h"
#include "node/evidence/words.h"

namespace focal {
namespace {

using evidence::Claim;
using evidence::ClaimKind;
using evidence::Verdict;

constexpr char kUsage[] =
    "focal-verify: says what a file of evidence (.focalproof) proves\n"
    "\n"
    "  focal-verify FILE [--root PARTY=FINGERPRINT]... [--lang en|fr|es|ru|zh|ar]\n"
    "               [--require CLAIM,...] [--json]\n"
    "  focal-verify --batch FILE... [--root ...] [--require ...]\n"
    "\n"
    "  --root PARTY=FP    fingerprint of that party's root key: 64 hexadecimal digits; or --root "
    "CODE,\n"
    "                     its code (FOCAL:1:...). Take it from a letter, a note verbale or a "
    "business\n"
    "                     card, never from where the file came from. Once for each party\n"
    "  --require A,B      exit with 1 unless each of these claims stands in the file and is "
    "proved\n"
    "                     everywhere: CARD SIGNED RELEASED CONTENT ACCEPTED REJECTED LOGGED\n"
    "                     WITNESSED QUORUM TIME ERASED\n"
    "  --lang CODE        language of the sentences (default en)\n"
    "  --json             one line for programs instead\n"
    "  --batch            many files: a line of JSON for each, in the order given\n"
    "  --version, --help\n"
    "\n"
    "Each claim is one of\n"
    "  PROVED       it follows from the file and from the fingerprints you gave\n"
    "  NOT SHOWN    the file does not show it: no fingerprint, something left out, a revoked key\n"
    "  BROKEN       something was changed: do not rely on the file, ask for it again\n"
    "\n"
    "What no file can show: that nothing was left out, that what a record says is true, or that a\n"
    "fingerprint is the party's. Without --root nothing that a party signed counts as proved.\n"
    "\n"
    "Example:\n"
    "  focal-verify case.focalproof --root XA=4f0c...e1 --root FOCAL:1:... --require "
    "SIGNED,ACCEPTED\n"
    "\n"
    "Exit: 0 nothing is broken, 1 a file is broken or cannot be read or a required claim is not\n"
    "proved, 2 wrong command line.\n";

struct Arguments {
  std::vector<std::string> files;
  evidence::Fingerprints roots;
  std::vector<ClaimKind> required;
  std::string language = "en";
  bool json = false;
  bool batch = false;
  int exit_code = -1;  // >= 0: end at once
};

int wrong_usage(const std::string& what, const std::string& hint) {
  std::fprintf(stderr, "focal-verify: %s\n  %s\n", what.c_str(), hint.c_str());
  return 2;
}

// "SIGNED,ACCEPTED"; false: not a list of claims.
bool read_required(std::string_view text, std::vector<ClaimKind>& required) {
  for (;;) {
    const std::size_t comma = text.find(',');
    const auto kind = evidence::read_claim_name(text.substr(0, comma));
    if (!kind) return false;
    required.push_back(*kind);
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

int take_option(int option, Arguments& out) {
  switch (option) {
    case 'r': {
      const Status added = evidence::add_fingerprint(out.roots, optarg);
      return added.has_value() ? -1 : wrong_usage(added.error().message, hint_of(added.error()));
    }
    case 'q':
      if (read_required(optarg, out.required)) return -1;
      return wrong_usage("--require names something that is no claim",
                         "Write for example --require SIGNED,ACCEPTED; --help lists them.");
    case 'l':
      out.language = optarg;
      if (evidence::is_language(out.language)) return -1;
      return wrong_usage("there are no words in that language",
                         "Write --lang en, fr, es, ru, zh or ar.");
    case 'j': out.json = true; return -1;
    case 'b': out.batch = true; return -1;
    case 'v': std::printf("focal-verify %s\n", FOCAL_VERSION); return 0;
    case 'h': std::fputs(kUsage, stdout); return 0;
    default: std::fputs("Try 'focal-verify --help'.\n", stderr); return 2;
  }
}

Arguments read_arguments(int argc, char** argv) {
  Arguments out;
  const option options[] = {
      {"root", required_argument, nullptr, 'r'}, {"require", required_argument, nullptr, 'q'},
      {"lang", required_argument, nullptr, 'l'}, {"json", no_argument, nullptr, 'j'},
      {"batch", no_argument, nullptr, 'b'},      {"version", no_argument, nullptr, 'v'},
      {"help", no_argument, nullptr, 'h'},       {nullptr, 0, nullptr, 0}};
  for (int c = 0; (c = ::getopt_long(argc, argv, "h", options, nullptr)) != -1;) {
    out.exit_code = take_option(c, out);
    if (out.exit_code >= 0) return out;
  }
  out.files.assign(argv + optind, argv + argc);
  if (out.files.empty())
    out.exit_code = wrong_usage("no file is named", "Write focal-verify FILE, or see --help.");
  else if (out.files.size() > 1 && !out.batch)
    out.exit_code =
        wrong_usage("more than one file is named", "Write --batch in front of many files.");
  return out;
}

// Nothing: it cannot be read. Of a file that is too large one byte more than is allowed.
std::optional<Bytes> read_file(const std::string& name) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(name.c_str(), "rb"), std::fclose);
  if (!file) return std::nullopt;
  Bytes out;
  Bytes chunk(1u << 16);
  while (out.size() <= evidence::kMaxArchiveSize) {
    const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), file.get());
    append(out, ByteView(chunk).first(got));
    if (got == chunk.size()) continue;
    if (std::ferror(file.get()) != 0) return std::nullopt;
    break;
  }
  return out;
}

bool fails(const std::vector<Claim>& claims, const std::vector<ClaimKind>& required) {
  if (evidence::whole_of(claims) == evidence::Whole::kBroken) return true;
  for (const ClaimKind kind : required) {
    bool stands = false;
    for (const Claim& claim : claims) {
      if (claim.kind != kind) continue;
      if (claim.judgement.verdict != Verdict::kProved) return true;
      stands = true;
    }
    if (!stands) return true;
  }
  return false;
}

// What the verdict does not say because it is one for all: which rule of the form it is.
void say_fault(const std::string& name, const std::optional<Bytes>& bytes, int error) {
  if (!bytes) {
    std::fprintf(stderr, "focal-verify: %s: %s\n", name.c_str(), std::strerror(error));
    return;
  }
  const auto read = evidence::read_bundle(*bytes);
  if (!read.bundle)
    std::fprintf(stderr, "focal-verify: %s: %s\n", name.c_str(), read.broken.why.c_str());
}

void print_words(const std::vector<Claim>& claims, const std::string& language) {
  std::printf("%s\n\n", evidence::words(evidence::whole_of(claims), language).c_str());
  for (const std::string& told : evidence::words(claims, language))
    std::printf("%s\n", told.c_str());
}

// False: it fails.
bool verify(const std::string& name, const Arguments& arguments) {
  errno = 0;
  const auto bytes = read_file(name);
  const int error = errno;
  const auto claims =
      bytes ? evidence::check_bundle(*bytes, arguments.roots) : evidence::unreadable();
  if (arguments.json || arguments.batch) {
    const auto told = evidence::words(claims, arguments.language);
    const auto file = arguments.batch ? std::optional<std::string>(name) : std::nullopt;
    std::printf("%s\n", evidence::verdict_json(claims, told, file).c_str());
  } else {
    print_words(claims, arguments.language);
    say_fault(name, bytes, error);
  }
  return !fails(claims, arguments.required);
}

int run(int argc, char** argv) {
  const Arguments arguments = read_arguments(argc, argv);
  if (arguments.exit_code >= 0) return arguments.exit_code;
  bool good = true;
  for (const std::string& name : arguments.files) good = verify(name, arguments) && good;
  if (std::fflush(stdout) != 0) {
    std::fprintf(stderr, "focal-verify: the answer cannot be written: %s\n", std::strerror(errno));
    return 1;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace focal

int main(int argc, char** argv) {
  focal::crypto::init();
  return focal::run(argc, argv);
}

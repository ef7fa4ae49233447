#include "tests/lint/layers.h"

#include <algorithm>
#include <array>

namespace focal::lint {
namespace {

// Folders that make up the programs.
constexpr std::array<std::string_view, 5> kProduction = {"base/", "proto/", "crypto/", "config/",
                                                         "node/"};
// The layers that take state and input and return what to do, and nothing else.
constexpr std::array<std::string_view, 5> kPure = {"node/record/", "node/store/", "node/casework/",
                                                   "node/exchange/", "node/evidence/"};
constexpr std::array<std::string_view, 11> kImpure = {
    "thread",  "fstream",  "iostream",     "filesystem", "ctime",    "sys/socket.h",
    "fcntl.h", "unistd.h", "netinet/in.h", "poll.h",     "pthread.h"};
// Calendar arithmetic with <chrono> is fine; asking what time it is is not.
constexpr std::array<std::string_view, 3> kClocks = {"read_clocks(", "_clock::now",
                                                     "clock_gettime("};

bool is_code(std::string_view path) { return has_suffix(path, ".h") || has_suffix(path, ".cc"); }

bool is_production(std::string_view path) {
  return std::any_of(kProduction.begin(), kProduction.end(),
                     [path](std::string_view top) { return has_prefix(path, top); });
}

// The longest entry that is the path itself or a folder around it.
const Layer* layer_of(std::string_view path) {
  const Layer* best = nullptr;
  for (const Layer& layer : layers()) {
    const bool inside =
        path == layer.path || (has_prefix(path, layer.path) && path.size() > layer.path.size() &&
                               path[layer.path.size()] == '/');
    if (inside && (best == nullptr || best->path.size() < layer.path.size())) best = &layer;
  }
  return best;
}

bool may_include(const Layer& from, std::string_view to) {
  const auto allowed = split_words(from.may);
  return from.path == to || std::find(allowed.begin(), allowed.end(), to) != allowed.end();
}

// One include of a production file; empty when it is in order.
std::string arrow_fault(const Layer& from, std::string_view name) {
  if (has_prefix(name, "./") || name.find("../") != std::string_view::npos) {
    return "write the path of \"" + std::string(name) + "\" from the root";
  }
  if (has_prefix(name, "tests/") || has_prefix(name, "bench/")) {
    return "a program includes \"" + std::string(name) + "\"; move what it needs into a layer";
  }
  if (!is_production(name)) return {};
  const Layer* to = layer_of(name);
  if (to == nullptr) return "\"" + std::string(name) + "\" stands in no layer of the table";
  if (may_include(from, to->path)) return {};
  return std::string(from.path) + " must not include " + std::string(to->path) + " (\"" +
         std::string(name) +
         "\"); it may include: " + (from.may.empty() ? "nothing" : std::string(from.may));
}

}  // namespace

const std::vector<Layer>& layers() {
  static const std::vector<Layer> table = {
      {"base", ""},
      {"proto", "base"},
      {"crypto", "base"},
      {"config", "base"},
      {"node/record", "base proto crypto"},
      {"node/store", "base proto crypto node/record"},
      {"node/casework", "base proto crypto node/record node/store"},
      {"node/exchange", "base proto crypto node/record node/store"},
      {"node/evidence", "base proto crypto node/record node/store node/exchange"},
      {"node/ledger", "base proto crypto node/record node/store"},
      {"node/gate", "base proto crypto"},
      {"node/node",
       "base proto crypto config node/record node/store node/casework node/exchange node/ledger "
       "node/gate"},
      {"node/desk",
       "base proto crypto config node/record node/store node/casework node/exchange node/evidence "
       "node/ledger node/gate node/node"},
      {"node/api",
       "base proto crypto config node/record node/store node/casework node/exchange node/ledger "
       "node/gate node/node node/desk"},
      // The command line speaks to a running node over HTTP and never holds one.
      {"node/cli", "base proto crypto node/api"},
      // The programs: where the layers meet.
      {"node/main",
       "base proto crypto config node/record node/store node/casework node/exchange node/evidence "
       "node/ledger node/gate node/node node/desk node/api node/cli"},
  };
  return table;
}

const std::vector<Wall>& walls() {
  static const std::vector<Wall> table = {
      {"sodium.h", "crypto/"},         {"sodium/", "crypto/"},
      {"openssl/", "crypto/hash.cc"},  {"sqlite3", "node/ledger/sqlite_driver.cc"},
      {"zmq", "node/gate/"},           {"microhttpd.h", "node/api/http.cc"},
      {"curl/", "node/cli/client.cc"}, {"CLI/", "node/cli/"},
      {"spdlog/", "base/log.cc"},      {"fmt/", "base/log.cc"},
      {"toml", "config/reader.h"},     {"unicode/", "node/record/unicode_text.cc"},
      {"qrencode", "node/cli/qr.cc"},
  };
  return table;
}

Findings check_arrows(const Tree& tree) {
  Findings found;
  for (const File& file : tree.files) {
    if (!is_code(file.path) || !is_production(file.path)) continue;
    const Layer* from = layer_of(file.path);
    if (from == nullptr) {
      found.push_back(finding(file, 1, "this folder is in no layer of tests/lint/layers.cc"));
      continue;
    }
    const auto lines = split_lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto fault = arrow_fault(*from, included(lines[i]));
      if (!fault.empty()) found.push_back(finding(file, i + 1, fault));
    }
  }
  return found;
}

Findings check_walls(const Tree& tree) {
  Findings found;
  for (const File& file : tree.files) {
    // What a benchmark compares us with calls the libraries itself.
    if (!is_code(file.path) || has_prefix(file.path, "tests/")) continue;
    if (file.path == "bench/primitives.cc") continue;
    const auto lines = split_lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto name = included(lines[i]);
      for (const Wall& wall : walls()) {
        if (!has_prefix(name, wall.header) || has_prefix(file.path, wall.room)) continue;
        found.push_back(finding(
            file, i + 1,
            "<" + std::string(name) + "> may be included only in " + std::string(wall.room)));
      }
    }
  }
  return found;
}

Findings check_pure(const Tree& tree) {
  Findings found;
  for (const File& file : tree.files) {
    if (!is_code(file.path) || std::none_of(kPure.begin(), kPure.end(), [&](std::string_view p) {
          return has_prefix(file.path, p);
        })) {
      continue;
    }
    const auto lines = split_lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto name = included(lines[i]);
      if (std::find(kImpure.begin(), kImpure.end(), name) != kImpure.end()) {
        found.push_back(finding(file, i + 1,
                                "<" + std::string(name) +
                                    "> in a layer that only decides; let "
                                    "node/node hand it the value"));
      }
      for (const auto clock : kClocks) {
        if (lines[i].find(clock) == std::string_view::npos) continue;
        found.push_back(finding(file, i + 1, "a layer that only decides is handed its Now"));
      }
    }
  }
  return found;
}

Findings check_dh(const Tree& tree) {
  Findings found;
  for (const File& file : tree.files) {
    if (!is_code(file.path) || has_prefix(file.path, "tests/") || has_prefix(file.path, "bench/") ||
        has_prefix(file.path, "crypto/x25519.") || has_prefix(file.path, "crypto/dhkem."))
      continue;
    const auto lines = split_lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string_view line = lines[i];
      bool any = line.find("crypto_scalarmult") != line.npos || line.find("crypto_box") != line.npos ||
                 line.find("crypto_kx") != line.npos;
      for (std::size_t at = line.find("dh("); at != line.npos; at = line.find("dh(", at + 1))
        any = any || at == 0 || !is_word_char(line[at - 1]);
      if (any)
        found.push_back(finding(file, i + 1, "Diffie-Hellman is done by crypto/dhkem.cc alone"));
    }
  }
  return found;
}

}  // namespace focal::lint

// interop_tile_maker FOLDER: writes exported logs of many sizes, mutations of them, and of proofs
// of inclusion and consistency, for Go's sumdb/tlog to judge (go_tiles/main.go has the lines):
//   vkey, logs       the log's key; "NAME SIZE STRIDE" a line
//   NAME/…           the export of that size; all are beginnings of one log
//   cases            a case a line; verdicts has "CLASS VERDICT" for each: same (nothing changed),
//                    content (everybody must refuse), agree (all say the same); ours is good or bad
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "node/store/checkpoint.h"
#include "node/store/tile_form.h"
#include "tests/interop/tile_walk.h"

namespace focal::test {
namespace {

namespace fs = std::filesystem;

const std::string kOrigin = "focal/XA/log/1";
constexpr std::uint64_t kLargest = 256 * 1001 + 64;  // its tiles have numbers of four digits
constexpr std::uint64_t kMutated[] = {1, 2, 64, 192, 255, 256, 257, 448, 512, 704};
constexpr std::size_t kChanges = 60;  // of each mutated log; as many of its proofs

std::vector<std::uint64_t> sizes() {
  std::vector<std::uint64_t> out{3,     63,    65,    128,   511,   513,   640,   960,    1024,
                                 16384, 65472, 65535, 65536, 65537, 65600, 65856, 131136, kLargest};
  out.insert(out.end(), std::begin(kMutated), std::end(kMutated));
  std::sort(out.begin(), out.end());
  return out;
}

crypto::SigningKey key_of(std::string_view label) {
  return crypto::signing_key_from_seed(crypto::Secret::copy_of(crypto::sha256(label)));
}

// All the leaves there will be, and the hash of every complete subtree, a level a list.
struct Log {
  std::vector<store::LeafBytes> leaves;
  std::vector<std::vector<Hash32>> levels;
  crypto::SigningKey key = key_of("log");
  crypto::SigningKey witness = key_of("witness");

  explicit Log(std::uint64_t size) {
    crypto::SeededRng rng(6);
    levels.emplace_back();
    leaves.reserve(size), levels[0].reserve(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto type = static_cast<store::LeafType>(rng.below(16));
      leaves.push_back(store::encode_leaf({type, i * 1000, rng.array<32>(), rng.array<32>()}));
      levels[0].push_back(crypto::merkle_leaf(leaves.back()));
    }
    while (levels.back().size() > 1) {
      const std::vector<Hash32>& below = levels.back();
      std::vector<Hash32> next;
      next.reserve(below.size() / 2);
      for (std::size_t i = 0; i + 1 < below.size(); i += 2)
        next.push_back(crypto::merkle_node(below[i], below[i + 1]));
      levels.push_back(std::move(next));
    }
  }
  crypto::SubtreeHash at() const {
    return [this](unsigned level, std::uint64_t index) { return levels.at(level).at(index); };
  }
  Hash32 root(std::uint64_t size) const { return crypto::root_from(size, at()); }
  crypto::NoteVerifier verifier() const { return {kOrigin, key.pk}; }

  std::string checkpoint(const std::string& origin, std::uint64_t size, const Hash32& root,
                         const crypto::SigningKey& by) const {
    crypto::Note note{store::checkpoint_text(origin, size, root), {}};
    crypto::sign_note(note, origin, by);
    crypto::cosign_note(note, "focal/XB/witness", witness, 1'900'000'000);
    return crypto::format_note(note);
  }
  ExportFiles files(std::uint64_t size) const {
    ExportFiles out;
    out[std::string(store::kCheckpointFile)] = to_bytes(checkpoint(kOrigin, size, root(size), key));
    for (unsigned level = 0; store::tiles_in(size, level) != 0; ++level)
      for (std::uint64_t n = 0; n < store::tiles_in(size, level); ++n)
        out[store::tile_path(level, n, store::tile_width(size, level, n))] =
            store::tile_bytes(size, level, n, at());
    for (std::uint64_t n = 0; n < store::tiles_in(size, 0); ++n) {
      const std::uint64_t width = store::tile_width(size, 0, n);
      Bytes& bundle = out[store::entries_path(n, width)];
      for (std::uint64_t i = 0; i < width; ++i)
        store::add_entry(bundle, leaves[n * store::kExportWidth + i]);
    }
    return out;
  }
};

std::string name_of(std::uint64_t size) { return "log-" + std::to_string(size); }

bool write_file(const fs::path& path, ByteView bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  return out.good();
}

class Cases {
 public:
  Cases(const fs::path& folder, const Log& log)
      : log_(log), cases_(folder / "cases"), verdicts_(folder / "verdicts") {}

  void of_export(std::uint64_t size) {
    const ExportFiles files = log_.files(size);
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files) names.push_back(name);
    say_export("same", size, files, names.front(), files.at(names.front()));
    for (std::size_t i = 0; i < kChanges; ++i) {
      const std::string& name = names[i % names.size()];
      const Bytes& whole = files.at(name);
      Bytes changed = whole;
      const bool note = name == store::kCheckpointFile;
      switch (rng_.below(4)) {
        case 0: changed.pop_back(); break;
        case 1: changed.push_back(static_cast<std::uint8_t>(rng_.below(256))); break;
        case 2:
          changed = files.at(names[static_cast<std::size_t>(rng_.below(names.size()))]);
          break;
        // The last line of a checkpoint is the witness's; what others do with it is their choice.
        default: changed[below(note ? text_size(whole) : whole.size())] ^= bit(); break;
      }
      if (changed == whole || (note && changed.size() + 1 == whole.size())) continue;
      if (note && changed.size() == whole.size() + 1) continue;
      say_export("content", size, files, name, changed);
    }
    for (const std::string& name : names) say_export("content", size, files, name, std::nullopt);
    of_checkpoint(size, files);
  }

  // Signed by the right key, but not what the tiles say; right, but signed by another.
  void of_checkpoint(std::uint64_t size, const ExportFiles& files) {
    const std::string name(store::kCheckpointFile);
    const Hash32 root = log_.root(size);
    Hash32 other = root;
    other[below(32)] ^= bit();
    const auto say = [&](const std::string& note) {
      say_export("content", size, files, name, to_bytes(note));
    };
    say(log_.checkpoint(kOrigin, size, other, log_.key));
    say(log_.checkpoint(kOrigin, size + 1, root, log_.key));
    say(log_.checkpoint(kOrigin, size + 1, log_.root(size + 1), log_.key));
    say(log_.checkpoint(kOrigin, size - 1, root, log_.key));
    say(log_.checkpoint(kOrigin, std::uint64_t{1} << 40, root, log_.key));
    say(log_.checkpoint(kOrigin, size, root, key_of("stranger")));
    say(log_.checkpoint("focal/XC/log/1", size, root, log_.key));
  }

  void of_records(std::uint64_t size) {
    for (std::size_t i = 0; i < kChanges; ++i) {
      Record proof{size, log_.root(size), below(size), {}, {}};
      proof.leaf = log_.levels[0][proof.index];
      proof.path = crypto::inclusion_path(proof.index, size, log_.at());
      if (i % 8 == 0) say("same", proof);
      const char* kind = "content";
      switch (rng_.below(4)) {
        case 0: flip(proof.leaf); break;
        case 1: flip(proof.root); break;
        case 2: kind = change(proof.path); break;
        // The same path may be one of another place in another tree.
        default:
          kind = "agree", (rng_.below(2) == 0 ? proof.index : proof.size) += 1 + rng_.below(3);
      }
      say(kind, proof);
    }
  }

  void of_trees(std::uint64_t size) {
    for (std::size_t i = 0; i < kChanges; ++i) {
      const std::uint64_t old = 1 + below(size);
      Tree proof{size, log_.root(size), old, log_.root(old), {}};
      proof.path = crypto::consistency_path(old, size, log_.at());
      if (i % 8 == 0) say("same", proof);
      const char* kind = "content";
      switch (rng_.below(4)) {
        case 0: flip(proof.old_root); break;
        case 1: flip(proof.root); break;
        case 2: kind = change(proof.path); break;
        default: kind = "agree", (rng_.below(2) == 0 ? proof.old : proof.size) += 1 + rng_.below(3);
      }
      say(kind, proof);
    }
  }

  bool done() {
    cases_.close(), verdicts_.close();
    return cases_.good() && verdicts_.good();
  }

 private:
  struct Record {
    std::uint64_t size;
    Hash32 root;
    std::uint64_t index;
    Hash32 leaf;
    crypto::MerklePath path;
  };
  struct Tree {
    std::uint64_t size;
    Hash32 root;
    std::uint64_t old;
    Hash32 old_root;
    crypto::MerklePath path;
  };

  std::size_t below(std::uint64_t n) { return static_cast<std::size_t>(rng_.below(n)); }
  std::uint8_t bit() { return static_cast<std::uint8_t>(1u << rng_.below(8)); }
  void flip(Hash32& hash) { hash[below(32)] ^= bit(); }
  static std::size_t text_size(const Bytes& note) {
    const std::string_view text = as_text(note);
    return text.find("\n\n") + 1;
  }
  // A hash with another bit, one less, one more, two in other order. The last may change nothing.
  const char* change(crypto::MerklePath& path) {
    const std::uint64_t what = path.empty() ? 2 : rng_.below(4);
    if (what == 0) flip(path[below(path.size())]);
    if (what == 1) path.erase(path.begin() + static_cast<std::ptrdiff_t>(below(path.size())));
    if (what == 2)
      path.insert(path.begin() + static_cast<std::ptrdiff_t>(below(path.size() + 1)),
                  rng_.array<32>());
    if (what == 3) std::swap(path.front(), path[below(path.size())]);
    return what == 3 ? "agree" : "content";
  }

  void write(const std::string& kind, bool good, const std::string& line) {
    cases_ << line << "\n";
    verdicts_ << kind << (good ? " good" : " bad") << "\n";
  }
  void say_export(const char* kind, std::uint64_t size, ExportFiles files, const std::string& name,
                  const std::optional<Bytes>& bytes) {
    if (bytes)
      files[name] = *bytes;
    else
      files.erase(name);
    std::string line = "export " + name_of(size);
    line.append(" ").append(name).append(" ").append(bytes ? base64(*bytes) : "-");
    write(kind, walk_export(files, log_.verifier()).has_value(), line);
  }
  static std::string hashes(const crypto::MerklePath& path) {
    std::string out;
    for (const Hash32& hash : path) out.append(out.empty() ? "" : ",").append(base64(hash));
    return out.empty() ? "-" : out;
  }
  static std::string line_of(const char* kind, std::uint64_t size, const Hash32& root,
                             std::uint64_t number, const Hash32& hash,
                             const crypto::MerklePath& path) {
    std::string out(kind);
    out.append(" ").append(std::to_string(size)).append(" ").append(base64(root)).append(" ");
    out.append(std::to_string(number)).append(" ").append(base64(hash)).append(" ");
    return out.append(hashes(path));
  }
  void say(const char* kind, const Record& p) {
    write(kind,
          p.index < p.size && crypto::verify_inclusion(p.leaf, p.index, p.size, p.path, p.root),
          line_of("record", p.size, p.root, p.index, p.leaf, p.path));
  }
  void say(const char* kind, const Tree& p) {
    write(kind,
          p.old <= p.size && crypto::verify_consistency(p.old, p.old_root, p.size, p.root, p.path),
          line_of("tree", p.size, p.root, p.old, p.old_root, p.path));
  }

  const Log& log_;
  std::ofstream cases_;
  std::ofstream verdicts_;
  crypto::SeededRng rng_{2027};
};

std::string vkey(const crypto::NoteVerifier& v) {
  Bytes id;
  put_u32be(id, crypto::note_key_id(v.name, v.type, v.pk));
  Bytes key{static_cast<std::uint8_t>(v.type)};
  append(key, v.pk);
  return v.name + "+" + hex(id) + "+" + base64(key);
}

bool make(const fs::path& folder) {
  const Log log(kLargest + 1);
  std::ofstream(folder / "vkey") << vkey(log.verifier()) << "\n";
  std::ofstream logs(folder / "logs");
  for (const std::uint64_t size : sizes()) {
    const ExportFiles files = log.files(size);
    if (!walk_export(files, log.verifier()).has_value()) {
      std::fprintf(stderr, "our own check refuses the log of %zu\n",
                   static_cast<std::size_t>(size));
      return false;
    }
    for (const auto& [name, bytes] : files)
      if (!write_file(folder / name_of(size) / name, bytes)) return false;
    logs << name_of(size) << " " << size << " "
         << (size < 2000     ? 7
             : size < 70'000 ? 97
                             : 997)
         << "\n";
  }
  logs.close();
  Cases cases(folder, log);
  for (const std::uint64_t size : kMutated) {
    cases.of_export(size);
    cases.of_records(size);
    cases.of_trees(size);
  }
  return logs.good() && cases.done();
}

}  // namespace
}  // namespace focal::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: interop_tile_maker FOLDER\n");
    return 2;
  }
  focal::crypto::init();
  return focal::test::make(argv[1]) ? 0 : 1;
}

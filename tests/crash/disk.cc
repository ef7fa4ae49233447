#include "tests/crash/disk.h"

#include <algorithm>
#include <utility>

namespace focal::crash {
namespace {

using Act = Change::Act;

constexpr std::size_t kSector = 512;

bool is_name(const Change& change) {
  return change.act == Act::kCreate || change.act == Act::kUnlink;
}

// Where a write of that size may break off: between sectors, or anywhere in a small one.
std::size_t break_of(std::size_t size, std::mt19937_64& dice) {
  if (size > kSector) return kSector * (1 + dice() % ((size - 1) / kSector));
  return size < 2 ? 0 : 1 + dice() % (size - 1);
}

}  // namespace

const char* name_of(Left left) {
  switch (left) {
    case Left::kNothing: return "nothing unsynced";
    case Left::kPrefix: return "a prefix";
    case Left::kSubset: return "a random subset";
    case Left::kTorn: return "a torn write";
    case Left::kEverything: return "everything";
  }
  return "";
}

void Disk::apply(const Change& change) {
  if (change.act == Act::kSync) {
    sync(change.file);
  } else {
    pending_.push_back(change);
  }
}

// A file that is new is synced together with its folder (SQLite does that), and
// with the folder every name in it.
void Disk::sync(int file) {
  const bool with_names = std::any_of(pending_.begin(), pending_.end(), [&](const Change& c) {
    return c.act == Act::kCreate && c.file == file;
  });
  std::vector<Change> rest;
  for (Change& c : pending_) {
    if (is_name(c) ? with_names : c.file == file) {
      change(c);
    } else {
      rest.push_back(std::move(c));
    }
  }
  pending_ = std::move(rest);
}

void Disk::change(const Change& c, std::size_t from, std::size_t to) {
  switch (c.act) {
    case Act::kCreate:
      names_[c.name] = c.file;
      files_[c.file];
      break;
    case Act::kUnlink: names_.erase(c.name); break;
    case Act::kTruncate: files_[c.file].resize(static_cast<std::size_t>(c.offset)); break;
    case Act::kWrite: {
      Bytes& bytes = files_[c.file];
      const std::size_t begin = static_cast<std::size_t>(c.offset);
      bytes.resize(std::max(bytes.size(), begin + to));
      std::copy(c.data.begin() + static_cast<std::ptrdiff_t>(from),
                c.data.begin() + static_cast<std::ptrdiff_t>(to),
                bytes.begin() + static_cast<std::ptrdiff_t>(begin + from));
      break;
    }
    case Act::kSync: break;
  }
}

void Disk::settle(Left left, std::mt19937_64& dice) {
  const std::vector<Change> pending = std::exchange(pending_, {});
  std::size_t end = pending.size();
  if (left == Left::kNothing) end = 0;
  if (left == Left::kPrefix) end = dice() % (pending.size() + 1);
  if (left == Left::kTorn && end > 0) end = 1 + dice() % end;
  bool names_hold = true;
  for (std::size_t i = 0; i < end; ++i) {
    const Change& c = pending[i];
    if (left == Left::kSubset && dice() % 2 == 0) {
      if (is_name(c)) names_hold = false;
      continue;
    }
    if (is_name(c) && !names_hold) continue;
    if (left == Left::kTorn && i + 1 == end && c.act == Act::kWrite) {
      const std::size_t at = break_of(c.data.size(), dice);
      dice() % 4 != 0 ? change(c, 0, at) : change(c, at, c.data.size());
    } else {
      change(c);
    }
  }
}

Files Disk::image(Left left, std::mt19937_64& dice, const Change* certain) const {
  Disk after = *this;
  if (certain != nullptr && certain->act == Act::kSync) after.sync(certain->file);
  after.settle(left, dice);
  if (certain != nullptr) after.change(*certain);
  Files out;
  for (const auto& [name, file] : after.names_) out[name] = after.files_[file];
  return out;
}

}  // namespace focal::crash

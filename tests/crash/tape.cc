#include "tests/crash/tape.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <utility>

#include "base/check.h"
#include "base/log.h"

namespace focal::crash {
namespace {

using Act = Change::Act;

Tape* running = nullptr;
sqlite3_vfs* real_vfs = nullptr;
std::mt19937_64 sqlite_dice;  // NOLINT: seeded by begin_run

struct ShimFile {
  sqlite3_file base;
  Tape* tape;  // null: not recorded
  int number;
  // The real file follows in memory.
};

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<ShimFile*>(file) + 1);
}
ShimFile& shim(sqlite3_file* file) { return *reinterpret_cast<ShimFile*>(file); }
Tape* tape_of(sqlite3_file* file) { return shim(file).tape == running ? running : nullptr; }

Bytes content(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::string base_name(const char* path) { return std::filesystem::path(path).filename(); }

int code_of(const Tape::Verdict& verdict, int io_error) {
  switch (verdict.error) {
    case Fault::Kind::kNone: return SQLITE_OK;
    case Fault::Kind::kNoSpace: return SQLITE_FULL;
    case Fault::Kind::kIoError: return io_error;
  }
  return io_error;
}

int shim_close(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
int shim_read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  return real(file)->pMethods->xRead(real(file), out, size, offset);
}

int shim_write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const auto write = [&](int bytes) {
    return real(file)->pMethods->xWrite(real(file), data, bytes, offset);
  };
  Tape* tape = tape_of(file);
  if (tape == nullptr) return write(size);
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  const auto verdict =
      tape->point({Act::kWrite, shim(file).number, offset, Bytes(bytes, bytes + size), {}});
  if (verdict.effect == Fault::Effect::kHalf) FOCAL_CHECK(write(size / 2) == SQLITE_OK);
  if (verdict.effect == Fault::Effect::kWhole) FOCAL_CHECK(write(size) == SQLITE_OK);
  return code_of(verdict, SQLITE_IOERR_WRITE);
}

int shim_truncate(sqlite3_file* file, sqlite3_int64 size) {
  const auto truncate = [&] { return real(file)->pMethods->xTruncate(real(file), size); };
  Tape* tape = tape_of(file);
  if (tape == nullptr) return truncate();
  const auto verdict = tape->point({Act::kTruncate, shim(file).number, size, {}, {}});
  if (verdict.effect != Fault::Effect::kNone) FOCAL_CHECK(truncate() == SQLITE_OK);
  return code_of(verdict, SQLITE_IOERR_TRUNCATE);
}

int shim_sync(sqlite3_file* file, int) {
  Tape* tape = tape_of(file);
  if (tape == nullptr) return SQLITE_OK;
  return code_of(tape->point({Act::kSync, shim(file).number, 0, {}, {}}), SQLITE_IOERR_FSYNC);
}

int shim_size(sqlite3_file* file, sqlite3_int64* out) {
  return real(file)->pMethods->xFileSize(real(file), out);
}
int shim_lock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int shim_unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int shim_reserved(sqlite3_file* file, int* out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int shim_control(sqlite3_file* file, int what, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), what, argument);
}
int shim_sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int shim_device(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shim_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int shim_shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void shim_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shim_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods kMethods = [] {
  sqlite3_io_methods m{};
  m.iVersion = 2;
  m.xClose = shim_close;
  m.xRead = shim_read;
  m.xWrite = shim_write;
  m.xTruncate = shim_truncate;
  m.xSync = shim_sync;
  m.xFileSize = shim_size;
  m.xLock = shim_lock;
  m.xUnlock = shim_unlock;
  m.xCheckReservedLock = shim_reserved;
  m.xFileControl = shim_control;
  m.xSectorSize = shim_sector;
  m.xDeviceCharacteristics = shim_device;
  m.xShmMap = shim_map;
  m.xShmLock = shim_shm_lock;
  m.xShmBarrier = shim_barrier;
  m.xShmUnmap = shim_unmap;
  return m;
}();

int shim_open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  ShimFile& mine = shim(file);
  mine.base.pMethods = nullptr;
  mine.tape = nullptr;
  constexpr int kKinds = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
  const bool recorded = running != nullptr && name != nullptr && (flags & kKinds) != 0;
  bool is_new = recorded && !std::filesystem::exists(name);
  const int code = real_vfs->xOpen(real_vfs, name, real(file), flags, out_flags);
  if (real(file)->pMethods != nullptr) mine.base.pMethods = &kMethods;
  if (code != SQLITE_OK || !recorded) return code;
  mine.tape = running;
  const std::string base = base_name(name);
  const bool known_new = is_new;
  mine.number = running->file_of(base, is_new);
  if (known_new) {
    running->note({Act::kCreate, mine.number, 0, {}, base});
  } else if (is_new) {  // older than the tape: it is there for certain
    running->note({Act::kCreate, mine.number, 0, {}, base});
    running->note({Act::kWrite, mine.number, 0, content(name), {}});
    running->note({Act::kSync, mine.number, 0, {}, {}});
  }
  return code;
}

int shim_delete(sqlite3_vfs*, const char* name, int sync_folder) {
  if (running == nullptr) return real_vfs->xDelete(real_vfs, name, 0);
  FOCAL_CHECK(sync_folder == 0);  // SQLite asks for it only where it keeps rollback journals
  const std::string base = base_name(name);
  bool is_new = false;
  const int number = running->file_of(base, is_new);
  FOCAL_CHECK(!is_new);
  const auto verdict = running->point({Act::kUnlink, number, 0, {}, base});
  if (verdict.effect != Fault::Effect::kNone) {
    real_vfs->xDelete(real_vfs, name, 0);
    running->forget(base);
  }
  return code_of(verdict, SQLITE_IOERR_DELETE);
}

int shim_access(sqlite3_vfs*, const char* name, int flags, int* out) {
  return real_vfs->xAccess(real_vfs, name, flags, out);
}
int shim_full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  return real_vfs->xFullPathname(real_vfs, name, size, out);
}
int shim_randomness(sqlite3_vfs*, int size, char* out) {
  std::generate_n(out, size, [] { return static_cast<char>(sqlite_dice()); });
  return size;
}
int shim_sleep(sqlite3_vfs*, int us) { return real_vfs->xSleep(real_vfs, us); }
int shim_time(sqlite3_vfs*, double* out) { return real_vfs->xCurrentTime(real_vfs, out); }
int shim_time64(sqlite3_vfs*, sqlite3_int64* out) {
  return real_vfs->xCurrentTimeInt64(real_vfs, out);
}
int shim_last_error(sqlite3_vfs*, int size, char* out) {
  return real_vfs->xGetLastError(real_vfs, size, out);
}

void install() {
  static sqlite3_vfs vfs{};
  if (real_vfs != nullptr) return;
  log::set_level(log::Level::kError);  // a full disk is said a thousand times
  FOCAL_CHECK(sqlite3_initialize() == SQLITE_OK);
  real_vfs = sqlite3_vfs_find(nullptr);
  vfs.iVersion = 2;
  vfs.szOsFile = static_cast<int>(sizeof(ShimFile)) + real_vfs->szOsFile;
  vfs.mxPathname = real_vfs->mxPathname;
  vfs.zName = "focal-crash";
  vfs.xOpen = shim_open;
  vfs.xDelete = shim_delete;
  vfs.xAccess = shim_access;
  vfs.xFullPathname = shim_full_path;
  vfs.xRandomness = shim_randomness;
  vfs.xSleep = shim_sleep;
  vfs.xCurrentTime = shim_time;
  vfs.xCurrentTimeInt64 = shim_time64;
  vfs.xGetLastError = shim_last_error;
  FOCAL_CHECK(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}

std::uint64_t mixed(std::uint64_t so_far, std::uint64_t value) {
  return (so_far ^ value) * 0x100000001b3u + (so_far >> 29);
}

std::uint64_t fingerprint(std::uint64_t so_far, const Change& change) {
  std::uint64_t out = mixed(so_far, static_cast<std::uint64_t>(change.act));
  out = mixed(out, static_cast<std::uint64_t>(change.file));
  out = mixed(out, static_cast<std::uint64_t>(change.offset));
  out = mixed(out, change.data.size());
  for (std::size_t i = 0; i < change.data.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, change.data.data() + i, std::min<std::size_t>(8, change.data.size() - i));
    out = mixed(out, word);
  }
  return out;
}

}  // namespace

Tape::Tape(Fault fault, Progress* progress, bool keep_bytes)
    : fault_(fault), progress_(progress != nullptr ? progress : &own_), keep_bytes_(keep_bytes) {
  FOCAL_CHECK(running == nullptr);
  fingerprints.push_back(0);
  running = this;
}

Tape::~Tape() {
  if (running == this) running = nullptr;
}

int Tape::file_of(const std::string& name, bool& is_new) {
  const auto [place, inserted] = numbers_.emplace(name, next_file_);
  if (inserted) ++next_file_;
  is_new = inserted;
  return place->second;
}

void Tape::note(Change change) {
  events_.push_back({std::move(change), phase_, progress_->acknowledged, 0});
}

Tape::Verdict Tape::point(const Change& change) {
  Progress& p = *progress_;
  ++p.points;
  if (p.failed) ++p.points_after_fault;
  Verdict verdict;
  const bool here = p.points == fault_.at;
  const bool may_be_full = change.act == Act::kWrite && fault_.kind == Fault::Kind::kNoSpace;
  if (here ? fault_.kind != Fault::Kind::kNoSpace || may_be_full : full_ && may_be_full) {
    verdict = {fault_.kind, here ? fault_.effect : Fault::Effect::kNone};
    if (here) p.acknowledged_at_fault = p.acknowledged;
    p.failed = true;
    full_ = fault_.lasting;
  } else if (!p.failed) {
    p.fingerprint = fingerprint(p.fingerprint, change);
    fingerprints.push_back(p.fingerprint);
  }
  if (!keep_bytes_) return verdict;
  if (verdict.effect == Fault::Effect::kHalf && change.act == Act::kWrite) {
    Change half = change;
    half.data.resize(half.data.size() / 2);
    events_.push_back({std::move(half), phase_, p.acknowledged, p.points});
  } else if (verdict.effect != Fault::Effect::kNone) {
    events_.push_back({change, phase_, p.acknowledged, p.points});
  }
  return verdict;
}

void begin_run(std::uint64_t seed) {
  install();
  sqlite_dice.seed(seed);
  sqlite3_randomness(0, nullptr);  // SQLite asks for a seed again
}

Pause::Pause() : held_(std::exchange(running, nullptr)) {}
Pause::~Pause() { running = held_; }

}  // namespace focal::crash

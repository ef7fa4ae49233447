#include "tests/crash/judge.h"

#include <fstream>

#include "crypto/hash.h"
#include "node/ledger/verify.h"

namespace focal::crash {
namespace {

namespace fs = std::filesystem;

Hash32 hash_of(const Files& files, int acknowledged) {
  Bytes all;
  for (const auto& [name, bytes] : files) {
    put_lp(all, name);
    put_u64be(all, bytes.size());
    append(all, crypto::sha256(ByteView(bytes)));
  }
  put_u64be(all, static_cast<std::uint64_t>(acknowledged + 1));
  return crypto::sha256(ByteView(all));
}

std::string verified(const fs::path& file) {
  const auto report = ledger::verify(file);
  if (!report) return "verify: " + report.error().message;
  return report->ok() ? "" : "verify: " + report->problems.front();
}

}  // namespace

void put_files(const fs::path& folder, const Files& files) {
  for (const auto& entry : fs::directory_iterator(folder)) fs::remove_all(entry.path());
  for (const auto& [name, bytes] : files)
    std::ofstream(folder / name, std::ios::binary) << as_text(bytes);
  // The shared memory beside the log is no part of the ledger: any rubbish will do.
  std::ofstream(folder / "ledger.db-shm", std::ios::binary) << std::string(32'768, '\x5a');
}

Judge::Judge(const Workload& workload) : workload_(workload), world_(workload.seed()) {
  workload.give_keys(world_);
}

std::string Judge::look(const Files& files, int acknowledged) {
  ++images_;
  if (!seen_.insert(hash_of(files, acknowledged)).second) return {};
  const Pause pause;
  begin_run(workload_.seed() + 1);
  put_files(world_.folder.path(), files);
  std::string wrong = judge(acknowledged);
  world_.close();
  return wrong;
}

std::string Judge::judge(int acknowledged) {
  const fs::path file = world_.folder.ledger();
  const Status opened = workload_.open(world_, nullptr);
  if (acknowledged < 0) {  // `focal init` was cut: a whole ledger, or a clear word
    if (opened) return digest(file) == workload_.digests()[0] ? go_on(0) : "half a new ledger";
    const ErrorCode code = opened.error().code;
    const bool clear = code == ErrorCode::kCorrupt || code == ErrorCode::kNotFound;
    return clear && !opened.error().hint.empty() ? "" : "new: " + opened.error().message;
  }
  if (!opened) return "does not open: " + opened.error().message;
  if (auto wrong = verified(file); !wrong.empty()) return wrong;
  const Hash32 found = digest(file);
  const auto step = static_cast<std::size_t>(acknowledged);
  if (found == workload_.digests()[step]) {
    ++gone_;
    return go_on(acknowledged);
  }
  if (step + 1 < workload_.digests().size() && found == workload_.digests()[step + 1]) {
    ++kept_;
    return go_on(acknowledged + 1);
  }
  for (std::size_t k = 0; k < workload_.digests().size(); ++k)
    if (workload_.digests()[k] == found)
      return "is as after step " + std::to_string(k) + ", acknowledged were " +
             std::to_string(acknowledged);
  return "is as after no step at all: something is there in part";
}

std::string Judge::go_on(int from) {
  for (int k = from; k < workload_.size(); ++k)
    if (const Status done = workload_.run(world_, k, nullptr); !done)
      return "cannot go on with step " + std::to_string(k) + ": " + done.error().message;
  world_.close();
  const fs::path file = world_.folder.ledger();
  if (digest(file) != workload_.digests().back()) return "went on and ended elsewhere";
  return verified(file);
}

std::string Judge::look_at_all(const Moment& moment) {
  for (const Left left : kAllLeft) {
    std::mt19937_64 dice(workload_.seed() * 7919 + moment.name * 31 +
                         static_cast<std::uint64_t>(left));
    const std::string wrong =
        look(moment.disk.image(left, dice, moment.certain), moment.acknowledged);
    if (!wrong.empty()) return std::string(name_of(left)) + ": " + wrong;
  }
  return {};
}

}  // namespace focal::crash

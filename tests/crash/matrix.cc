#include "tests/crash/matrix.h"

#include <algorithm>
#include <cstdlib>

#include "base/check.h"

namespace focal::crash {

using Act = Change::Act;

const Workload& workload() {
  static const Workload work(kSeed);
  return work;
}

Recording record(const Workload& work, const Habits& habits) {
  Recording out;
  World world(work.seed());
  work.give_keys(world);
  begin_run(work.seed());
  Tape tape;
  Status done = work.create(world, &tape, habits);
  for (int k = 0; done && k < work.size(); ++k) done = work.run(world, k, &tape, habits);
  if (!done) out.failure = done.error().message;
  work.close(world, &tape);
  {
    const Pause pause;
    if (done && digest(world.folder.ledger()) != work.digests().back())
      out.failure = "the run is not the one it should be";
  }
  out.events = tape.events();
  out.fingerprints = tape.fingerprints;
  out.points = tape.progress().points;
  return out;
}

Recording record_start(const Workload& work, const Files& files, int acknowledged) {
  Recording out;
  World world(work.seed());
  work.give_keys(world);
  put_files(world.folder.path(), files);
  begin_run(work.seed() + 2);
  Progress progress;
  progress.acknowledged = acknowledged;
  Tape tape({}, &progress);
  if (const Status done = work.open(world, &tape); !done) out.failure = done.error().message;
  work.close(world, &tape);
  out.events = tape.events();
  out.points = progress.points;
  return out;
}

const Recording& recorded() {
  static const Recording run = record(workload());
  return run;
}

bool whole_matrix() {
  const char* all = std::getenv("FOCAL_CRASH_ALL");
  return all != nullptr && std::string_view(all) == "1";
}

std::vector<int> points_to_try(const Recording& run, int stride) {
  std::vector<int> out;
  stride = whole_matrix() ? 1 : kSlowBuild ? 2 * stride : stride;
  for (const Event& event : run.events) {
    if (event.point == 0) continue;
    if (event.change.act != Act::kWrite || event.point % stride == 0) out.push_back(event.point);
  }
  return out;
}

std::string cut_everywhere(const Recording& run, Judge& judge, int stride) {
  const std::vector<int> points = points_to_try(run, stride);
  Disk disk;
  for (const Event& event : run.events) {
    if (event.point != 0 && std::binary_search(points.begin(), points.end(), event.point)) {
      for (const bool happened : {false, true}) {
        const Judge::Moment moment{disk, happened ? &event.change : nullptr, event.acknowledged,
                                   static_cast<std::uint64_t>(event.point) * 2 + happened};
        if (auto wrong = judge.look_at_all(moment); !wrong.empty())
          return "cut at point " + std::to_string(event.point) +
                 (happened ? ", which had happened" : "") + "; " + wrong;
      }
    }
    disk.apply(event.change);
  }
  // The machine stops after the end.
  const auto wrong = judge.look_at_all({disk, nullptr, run.events.back().acknowledged, 0});
  return wrong.empty() ? "" : "cut after the end; " + wrong;
}

}  // namespace focal::crash

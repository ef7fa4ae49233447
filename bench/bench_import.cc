// How long a seizure list of 5,000 weapons takes: preview and sending, through the desk's door, at
// a node that serves and is linked. Beside it, in turns, the least that such a list can cost: the
// same requests built from values at hand, checked, and committed in one group.
//   bench_import [FOLDER]
//     FOCAL_BENCH_WEAPONS  of one list (default 5000, at most 5000)
// One JSON line. "ratio" is preview and sending together over the direct way, the median of the
// turns; "asked_s" the preview of a list of which every weapon was asked about before, and
// "asked_ratio" that over the direct way;
// "loop_wait_ms" the longest time another question had to wait for the loop meanwhile.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <vector>

#include "bench/pair.h"
#include "node/desk/desk.h"
#include "node/record/record.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "proto/seizure.pb.h"
#include "tests/support/paths.h"

namespace focal::bench {
namespace {

namespace api = focal::api::v1;

constexpr std::size_t kTurns = 5;
constexpr int kOfARequest = 200;
constexpr double kPatienceS = 120;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::string request_json() {
  std::ifstream in(test::in_tree("tests/vectors/seizure/request.json"));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Another number for every weapon of every turn, none a look-alike of another.
std::string serial(std::size_t turn, std::size_t i) {
  return "K" + std::to_string(turn) + "-" + std::to_string(100'000 + i);
}

api::TraceImportRequest list_of(std::size_t turn, std::size_t weapons) {
  api::TraceImportRequest out;
  std::string& csv = *out.mutable_csv();
  csv = "Serial No,Maker,Model,Calibre,Type,Made in,Year,Remarks\r\n";
  for (std::size_t i = 0; i < weapons; ++i)
    csv += serial(turn, i) + ",Norden Arms,N5,\"5,56x45 mm\",rifle,Fictional State B,2014,\r\n";
  if (const auto read = json::read(request_json(), *out.mutable_record()); !read)
    give_up(read.error().message);
  return out;
}

api::TraceImportResponse import(desk::Desk& desk, const api::TraceImportRequest& request) {
  return need(desk.trace_import(request, Caller{::geteuid(), ::getegid()}));
}

// The requests of such a list without a list.
void send_directly(Running& node, std::size_t turn, std::size_t weapons) {
  focal::v1::Record part;
  if (const auto read = json::read(request_json(), part); !read) give_up(read.error().message);
  std::vector<record::CheckedRecord> records;
  for (std::size_t at = 0; at < weapons; at += kOfARequest) {
    auto record = std::make_unique<focal::v1::Record>(part);
    for (int i = 0; i < kOfARequest && at + static_cast<std::size_t>(i) < weapons; ++i) {
      auto& item = *record->mutable_trace_request()->add_items();
      item.set_item_no(static_cast<std::uint32_t>(i + 1));
      item.set_category("SMALL_ARM");
      item.set_type("SA_RIFLE");
      item.set_make("Norden Arms");
      item.set_model("N5");
      item.set_calibre_raw("5,56x45 mm");
      item.set_calibre_code("5.56X45");
      item.set_serial_raw("D" + serial(turn, at + static_cast<std::size_t>(i)));
      item.set_serial_confidence("CERTAIN");
      item.mutable_country_of_manufacture()->set_code("XB");
      item.mutable_country_of_manufacture()->set_basis("ASSUMED");
      item.mutable_year_of_manufacture()->set_value("2014");
      for (const char* unknown : {"action", "country_of_import", "markings", "craft_or_modified"})
        record->add_unknown_fields("trace_request.items[" + std::to_string(i) + "]." + unknown);
    }
    auto checked = record::from_message(std::move(record), "XA", {"XB"});
    if (!checked) give_up(checked.error().as_error().message);
    records.push_back(std::move(*checked));
  }
  node.on_loop([&](const Now& now) {
    for (const auto& each : records) {
      exchange::Draft draft;
      draft.to = {"XB"};
      draft.kind = "trace.request";
      draft.body = each.body();
      node->core().machine().submit(now, std::move(draft));
    }
  });
}

// How long others wait for the loop while `work` goes on.
template <typename Work>
double longest_wait_ms(Running& node, Work work) {
  std::atomic<bool> done{false};
  double longest = 0;
  std::thread other([&] {
    while (!done) {
      const auto start = Clock::now();
      node.on_loop([](const Now&) {});
      longest = std::max(longest, seconds_since(start) * 1e3);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  work();
  done = true;
  other.join();
  return longest;
}

int run(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  const std::size_t weapons = std::min<std::size_t>(from_env("FOCAL_BENCH_WEAPONS", 5000), 5000);
  Pair pair(folder, 7441);
  desk::Desk desk(*pair.a.operator->());
  std::vector<double> previews, sends, directs, asked, ratios, asked_ratios, waits;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    auto start = Clock::now();
    send_directly(pair.a, turn, weapons);
    directs.push_back(seconds_since(start));
    pair.wait_empty(kPatienceS);

    auto request = list_of(turn, weapons);
    api::TraceImportResponse shown;
    waits.push_back(longest_wait_ms(pair.a, [&] {
      start = Clock::now();
      shown = import(desk, request);
      previews.push_back(seconds_since(start));
    }));
    if (!shown.can_send() || shown.sending() != weapons) give_up("the list is not as it should be");
    request.set_mode("SEND");
    request.set_plan(shown.plan());
    *request.mutable_columns() = shown.columns();
    start = Clock::now();
    const auto sent = import(desk, request);
    sends.push_back(seconds_since(start));
    if (static_cast<std::size_t>(sent.sent_size()) != (weapons + kOfARequest - 1) / kOfARequest)
      give_up("not all was sent");
    pair.wait_empty(kPatienceS);
    ratios.push_back((previews.back() + sends.back()) / directs.back());

    start = Clock::now();
    const auto again = import(desk, list_of(turn, weapons));
    asked.push_back(seconds_since(start));
    asked_ratios.push_back(asked.back() / directs.back());
    if (static_cast<std::size_t>(again.asked_size()) != weapons) give_up("asked before: not found");
  }
  std::printf(
      "{\"bench\":\"import\",\"weapons\":%zu,\"preview_s\":%.3f,\"send_s\":%.3f,\"direct_s\":%.3f,"
      "\"ratio\":%.3f,\"asked_s\":%.3f,\"asked_ratio\":%.3f,\"loop_wait_ms\":%.1f}\n",
      weapons, median(previews), median(sends), median(directs), median(ratios), median(asked),
      median(asked_ratios), *std::max_element(waits.begin(), waits.end()));
  return 0;
}

}  // namespace
}  // namespace focal::bench

int main(int argc, char** argv) { return focal::bench::run(argc, argv); }

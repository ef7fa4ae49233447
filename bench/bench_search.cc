// How long does an officer wait who knows half of a serial number? A ledger of 10^6 weapons in
// 10^5 requests, with its search index; then partial numbers (the last four digits), numbers
// with look-alikes, and whole numbers that are not there, each searched as `focal find` does.
//   bench_search [FOLDER]      FOCAL_BENCH_ITEMS sets the weapons (default 1000000)
// One JSON line.
//   partial_ms      median of a search for a partial number, candidates opened and compared
//   candidates_ms   of reading, opening and checking the records of those candidates alone
//   ratio           of the two, median over the questions: what looking through everything adds
//   bytes_per_item  memory of the readings, as the C library counts it, chunks included
// The records are real and sealed, but not checked one by one nor sent to anybody: they go into
// the ledger in groups of a thousand, with the index entries that the node would write.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include "bench/filling.h"
#include "bench/pair.h"
#include "crypto/random.h"
#include "node/desk/views.h"
#include "node/desk/weapon_search.h"
#include "node/ledger/ledger.h"
#include "node/record/search_fields.h"
#include "proto/record.pb.h"
#include "tests/support/paths.h"

namespace focal::bench {
namespace {

constexpr std::size_t kItemsPerRecord = 10;
constexpr std::size_t kRecordsPerGroup = 1000;
constexpr std::size_t kQuestions = 41;
constexpr std::uint64_t kNow = 1'795'428'000'000;

class OneKey final : public ledger::KekRing {
 public:
  Result<ledger::Kek> current(ledger::KekClass, std::uint64_t) override {
    return ledger::Kek{kId, key_};
  }
  Result<ledger::Kek> renew(ledger::KekId) override { return ledger::Kek{kId, key_}; }
  Status destroy(ledger::KekId) override { return {}; }
  std::vector<ledger::KekId> ids() override { return {kId}; }
  std::optional<ByteView> find(ledger::KekId) override { return ByteView(key_); }
  Result<ByteView> index_key() override { return ByteView(key_); }

 private:
  static constexpr ledger::KekId kId = 1'202'611;
  Hash32 key_{7};
};

double milliseconds_since(Clock::time_point start) { return 1000 * seconds_since(start); }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

focal::v1::Record request_template() {
  std::ifstream in(test::in_tree("tests/vectors/examples/01_trace_request_XA_XB.json"));
  std::stringstream text;
  text << in.rdbuf();
  const auto record = record::from_json(text.str(), "XA", {"XB"});
  if (!record) give_up(record.error().as_error().message);
  focal::v1::Record out = record->message();
  auto* items = out.mutable_trace_request()->mutable_items();
  focal::v1::WeaponItem item = items->Get(0);
  item.clear_serial_alternatives();
  items->Clear();
  out.clear_unknown_fields();
  for (std::size_t n = 0; n < kItemsPerRecord; ++n) {
    item.set_item_no(static_cast<std::uint32_t>(n + 1));
    *items->Add() = item;
    out.add_unknown_fields("trace_request.items[" + std::to_string(n) + "].country_of_import");
  }
  return out;
}

class Filler {
 public:
  explicit Filler(ledger::Ledger& ledger) : ledger_(ledger), record_(request_template()) {}

  void fill(std::size_t items) {
    const std::size_t records = items / kItemsPerRecord;
    for (std::size_t done = 0; done < records; done += kRecordsPerGroup)
      group(std::min(kRecordsPerGroup, records - done));
  }

 private:
  void group(std::size_t records) {
    store::PutSentBatch batch;
    batch.to = {"XB"};
    batch.root = rng_.array<32>();
    std::vector<store::Op> index;
    for (std::size_t n = 0; n < records; ++n) {
      store::PutIndex entry;
      auto* items = record_.mutable_trace_request()->mutable_items();
      for (auto& item : *items) {
        item.set_serial_raw(a_serial(rng_));
        record::SerialKeys keys = record::derive_serial_keys(item.serial_raw());
        entry.keys.push_back({std::string(record::kSerialIndex), keys.fold, item.item_no()});
        entry.readings.push_back({item.item_no(), std::move(keys.fold), std::move(keys.digits)});
      }
      batch.records.push_back(sealed());
      entry.ref = batch.records.back().ref;
      index.push_back(std::move(entry));
    }
    store::Txn txn{kNow, {std::move(batch)}};
    std::move(index.begin(), index.end(), std::back_inserter(txn.ops));
    need(ledger_.commit(txn));
  }

  store::NewRecord sealed() {
    return a_record(rng_, "trace.request", "XA", "XB", kNow, to_bytes(record_.SerializeAsString()));
  }

  ledger::Ledger& ledger_;
  focal::v1::Record record_;
  crypto::SeededRng rng_{1};
};

struct Timed {
  double search_ms = 0;
  double read_ms = 0;
  std::size_t records = 0;
  std::size_t hits = 0;
};

Timed ask(store::View& view, const std::string& serial) {
  record::WeaponText asked;
  asked.serial_raw = serial;
  Timed out;
  const auto start = Clock::now();
  const auto found = desk::search_weapon(view, asked, desk::Depth::kAll, 1000);
  out.search_ms = milliseconds_since(start);
  out.records = found.records_read;
  out.hits = found.found;
  std::set<store::LeafIndex> places;
  for (const auto& hit : found.hits) places.insert(hit.idx);
  const auto again = Clock::now();
  for (const store::LeafIndex idx : places)
    if (!desk::show_record(view, idx)) give_up("a candidate cannot be read");
  out.read_ms = milliseconds_since(again);
  return out;
}

// How much memory a copy of the array takes, as the C library counts it.
double bytes_per_item(const store::SerialArray& array) {
  const auto in_use = [] {
    const auto info = ::mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
  };
  const double before = in_use();
  store::SerialArray copy;
  double most = 0;
  array.for_each([&](const store::PackedReading& each) {
    copy.add(each.place, each.fold, each.digits);
    if (copy.size() % 50'000 == 0) most = std::max(most, in_use() - before);
  });
  return std::max(most, in_use() - before) / static_cast<double>(copy.size());
}

int run(int argc, char** argv) {
  crypto::init();
  const std::filesystem::path folder =
      (argc > 1 ? argv[1] : std::filesystem::temp_directory_path()) / std::filesystem::path("search");
  const std::size_t items = from_env("FOCAL_BENCH_ITEMS", 1'000'000);
  OneKey key;
  crypto::SystemRng rng;
  const auto filling = Clock::now();
  {
    auto ledger = need(ledger::Ledger::create(folder, "XA", "focal/XA/log/1", key, rng));
    Filler(*ledger).fill(items);
  }
  const double fill_s = seconds_since(filling);
  const auto opening = Clock::now();
  auto ledger = need(ledger::Ledger::open(folder, key, rng));
  const double open_ms = milliseconds_since(opening);
  if (ledger->serials().size() != items / kItemsPerRecord * kItemsPerRecord)
    give_up("the index does not hold every weapon");

  crypto::SeededRng random(99);
  std::vector<double> partial, reading, ratios, look_alike, absent, records;
  for (std::size_t n = 0; n < kQuestions; ++n) {
    char four[8];
    std::snprintf(four, sizeof four, "*%04u", static_cast<unsigned>(random.below(10'000)));
    const Timed timed = ask(*ledger, four);
    if (timed.hits == 0) give_up("a partial number finds nothing");
    partial.push_back(timed.search_ms);
    reading.push_back(timed.read_ms);
    records.push_back(static_cast<double>(timed.records));
    ratios.push_back(timed.search_ms / timed.read_ms);
    look_alike.push_back(ask(*ledger, "O" + a_serial(random).substr(1)).search_ms);
    absent.push_back(ask(*ledger, a_serial(random) + "7777").search_ms);
  }
  std::printf(
      "{\"bench\":\"search\",\"items\":%zu,\"fill_s\":%.1f,\"open_ms\":%.0f,\"partial_ms\":%.2f,"
      "\"candidates_ms\":%.2f,\"candidate_records\":%.0f,\"ratio\":%.2f,\"whole_ms\":%.2f,"
      "\"absent_ms\":%.2f,\"bytes_per_item\":%.1f}\n",
      items, fill_s, open_ms, median(partial), median(reading), median(records), median(ratios),
      median(look_alike), median(absent), bytes_per_item(ledger->serials()));
  return 0;
}

}  // namespace
}  // namespace focal::bench

int main(int argc, char** argv) { return focal::bench::run(argc, argv); }

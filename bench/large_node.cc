#include "bench/large_node.h"

#include <fstream>
#include <sstream>

#include "bench/filling.h"
#include "bench/pair.h"
#include "node/ledger/ledger.h"
#include "node/record/record.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "tests/support/paths.h"

namespace focal::bench {
namespace {

constexpr std::size_t kOfAGroup = 1000;
constexpr const char* kWhat[] = {"Pistol", "Rifle, folding stock", "Fusil à pompe", "Пистолет",
                                 "مسدس", "手枪", "Revolver", "Machine pistol"};

focal::v1::Record request_of_xb() {
  std::ifstream in(test::in_tree("tests/vectors/examples/01_trace_request_XA_XB.json"));
  std::stringstream text;
  text << in.rdbuf();
  focal::v1::Record out;
  if (const auto read = json::read(text.str(), out); !read) give_up(read.error().message);
  out.mutable_header()->mutable_label()->set_provider("XB");
  out.mutable_trace_request()->mutable_circumstances()->set_found_country("XB");
  auto* items = out.mutable_trace_request()->mutable_items();
  while (items->size() > 1) items->RemoveLast();
  return out;
}

class Filler {
 public:
  explicit Filler(node::Node& node)
      : node_(node), now_(read_clocks().wall_ms), request_(request_of_xb()) {
    check();
  }

  void cases(std::size_t n) {
    for (std::size_t done = 0; done < n; done += kOfAGroup) group_of_cases(std::min(kOfAGroup, n - done));
  }
  void others(std::size_t n) {
    const Bytes body(64, 'x');
    for (std::size_t done = 0; done < n; done += kOfAGroup) {
      store::PutReceivedBatch batch = new_batch();
      for (std::size_t i = 0; i < std::min(kOfAGroup, n - done); ++i)
        add(batch, a_record(rng_, "bench.opaque", "XB", "XA", now_, body));
      need(node_.ledger().commit({now_, {std::move(batch)}}));
    }
  }

 private:
  // As a peer's it would be refused, and the bench would measure nothing.
  void check() const {
    const auto checked = record::parse_checked(
        to_bytes(request_.SerializeAsString()), "trace.request", "XB", {"XA"});
    if (!checked) give_up(checked.error().as_error().message);
  }
  static store::PutReceivedBatch new_batch() {
    store::PutReceivedBatch out;
    out.from = "XB";
    return out;
  }
  static void add(store::PutReceivedBatch& batch, store::NewRecord record) {
    batch.rids.push_back(record.ref.rid);
    batch.records.push_back(
        {std::move(record), 1, static_cast<std::uint32_t>(batch.records.size())});
  }

  void group_of_cases(std::size_t n) {
    store::PutReceivedBatch batch = new_batch();
    std::vector<store::Op> cases;
    for (std::size_t i = 0; i < n; ++i) {
      const store::CaseId id = ++last_;
      auto& header = *request_.mutable_header();
      // Over half a year; one in twenty is late.
      const std::uint64_t created = now_ - rng_.below(60) * kDayMs;
      const std::uint64_t ack = now_ - 3 * kDayMs + rng_.below(60) * kDayMs + rng_.below(kDayMs);
      header.set_ack_by_ms(ack);
      header.set_answer_by_ms(ack + 30 * kDayMs);
      header.set_priority(id % 10 == 0 ? "URGENT" : "ROUTINE");
      request_.mutable_trace_request()->set_priority_reason(id % 10 == 0 ? "A trial begins." : "");
      header.set_subject(std::string(kWhat[rng_.below(std::size(kWhat))]) + " No. " +
                         std::to_string(id));
      request_.mutable_trace_request()->set_case_ref_requester("XB-" + std::to_string(id));
      request_.mutable_trace_request()->mutable_items(0)->set_serial_raw(a_serial(rng_));
      if (id <= 10) check();
      auto record = a_record(rng_, "trace.request", "XB", "XA", created,
                             to_bytes(request_.SerializeAsString()));
      store::CaseRow row;
      row.id = id;
      row.root = record.ref;
      row.kind = "trace.request";
      row.peer = "XB";
      row.state = "RECEIVED";
      row.opened_ms = row.updated_ms = created;
      row.ack_due_ms = ack;
      row.answer_due_ms = ack + 30 * kDayMs;
      row.needs_action = true;
      store::CaseEventRow event;
      event.case_id = id;
      event.ref = record.ref;
      event.kind = row.kind;
      event.from = "XB";
      add(batch, std::move(record));
      cases.push_back(store::PutCase{row});
      cases.push_back(store::PutCaseEvent{event});
    }
    store::Txn txn{now_, {std::move(batch)}};
    std::move(cases.begin(), cases.end(), std::back_inserter(txn.ops));
    need(node_.ledger().commit(txn));
  }

  node::Node& node_;
  std::uint64_t now_;
  focal::v1::Record request_;
  crypto::SeededRng rng_{1};
  store::CaseId last_ = 0;
};

}  // namespace

void make_large_node(const std::filesystem::path& folder, const LargeNode& wanted) {
  Running a(folder, "XA", 7461), b(folder, "XB", 7462);
  pin(a, b);
  Filler filler(*a.operator->());
  filler.cases(wanted.cases);
  if (wanted.records > wanted.cases) filler.others(wanted.records - wanted.cases);
  std::ofstream config(folder / "XA" / node::kConfigFile, std::ios::app);
  config << "\n[console]\nport = " << wanted.console_port << "\n";
  if (!config.flush()) give_up("the configuration cannot be written");
}

}  // namespace focal::bench

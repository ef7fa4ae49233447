#include "node/desk/metrics.h"

#include <charconv>
#include <utility>

namespace focal::desk {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;
struct Sample {
  double value = 0;
  Labels labels{};
};
using Samples = std::vector<Sample>;

Samples one(double value) { return {{value}}; }
Samples count(std::uint64_t value) { return {{static_cast<double>(value)}}; }
Samples flag(bool value) { return {{value ? 1.0 : 0.0}}; }

template <typename Key>
Samples by(std::string_view label, const std::map<Key, std::uint64_t>& counts) {
  Samples out;
  for (const auto& [key, value] : counts) {
    std::string text;
    if constexpr (std::is_same_v<Key, int>) text = std::to_string(key);
    else text = key;
    out.push_back({static_cast<double>(value), {{label, std::move(text)}}});
  }
  return out;
}

// One of several names is 1, the others are 0.
template <typename State, std::size_t N>
Samples one_of(const State (&states)[N], State now, std::string_view (*name)(State)) {
  Samples out;
  for (const State each : states)
    out.push_back({each == now ? 1.0 : 0.0, {{"state", std::string(name(each))}}});
  return out;
}

Samples run_state(const Metrics& m) {
  using exchange::RunState;
  static constexpr RunState kAll[] = {RunState::kRunning, RunState::kStarting, RunState::kRolledBack};
  return one_of(kAll, m.attention.state, &exchange::run_state_name);
}

Samples clock_state(const Metrics& m) {
  using exchange::ClockState;
  static constexpr ClockState kAll[] = {ClockState::kAgreed, ClockState::kAlone, ClockState::kAhead,
                                        ClockState::kBehind, ClockState::kUnconfirmed};
  return one_of(kAll, m.clock, &exchange::clock_state_name);
}

Samples build(const Metrics& m) {
  Labels labels{{"version", m.version}};
  if (!m.party.empty()) labels.emplace_back("party", m.party);
  return {{1, std::move(labels)}};
}

Samples ended(const Metrics& m) {
  return by<std::string>("outcome", {{"accepted", m.ended.accepted}, {"rejected", m.ended.rejected},
                                     {"expired", m.ended.expired}, {"cancelled", m.ended.cancelled}});
}

Samples responses(const Metrics& m) {
  Samples out;
  for (std::size_t i = 0; i < m.responses.size(); ++i)
    out.push_back({static_cast<double>(m.responses[i]), {{"class", std::to_string(i + 1) + "xx"}}});
  return out;
}

template <typename Value>
Samples by_party(const Metrics& m, Value value) {
  Samples out;
  for (const Metrics::Party& each : m.parties)
    out.push_back({static_cast<double>(value(each)), {{"party", each.party}}});
  return out;
}

struct Line {
  std::string_view name, type, help;
  Samples (*samples)(const Metrics&);  // none: the name is left out
};

constexpr Line kLines[] = {
    {"focal_build_info", "gauge", "1, with the version as a label.", build},
    {"focal_process_start_time_seconds", "gauge", "When focald was started, Unix time.",
     [](const Metrics& m) { return one(m.process.started_s); }},
    {"focal_process_cpu_seconds_total", "counter", "Processor time of focald.",
     [](const Metrics& m) { return one(m.process.cpu_s); }},
    {"focal_process_resident_memory_bytes", "gauge", "Memory of focald.",
     [](const Metrics& m) { return count(m.process.resident_bytes); }},
    {"focal_process_threads", "gauge", "Threads of focald.",
     [](const Metrics& m) { return count(m.process.threads); }},
    {"focal_process_open_fds", "gauge", "Open descriptors of focald.",
     [](const Metrics& m) { return count(m.process.open_files); }},
    {"focal_run_state", "gauge", "1 for the state the node is in: whether it may sign.", run_state},
    {"focal_disk_low", "gauge", "1: so little room that records of others are not taken.",
     [](const Metrics& m) { return flag(m.disk_low); }},
    {"focal_disk_free_bytes", "gauge", "Room on the disk of the node's folder.",
     [](const Metrics& m) { return m.disk_free ? count(*m.disk_free) : Samples{}; }},
    {"focal_ledger_leaves", "gauge", "Entries of the ledger.",
     [](const Metrics& m) { return count(m.leaves); }},
    {"focal_ledger_checkpoint_leaves", "gauge", "Entries in the newest own checkpoint.",
     [](const Metrics& m) { return count(m.checkpoint_leaves); }},
    {"focal_ledger_checkpoint_timestamp_seconds", "gauge", "When that was made, Unix time; 0: never.",
     [](const Metrics& m) { return one(m.checkpoint_at_s); }},
    {"focal_ledger_witnessed_leaves", "gauge", "Entries that a quorum of witnesses has cosigned.",
     [](const Metrics& m) { return count(m.witnessed_leaves); }},
    {"focal_ledger_witness_quorum", "gauge", "Witnesses that have to cosign; 0: none are named.",
     [](const Metrics& m) { return count(m.witness_quorum); }},
    {"focal_anchor_current", "gauge", "0: the newest checkpoint is not in the anchor yet.",
     [](const Metrics& m) { return flag(m.anchor_current); }},
    {"focal_outbox_sendings", "gauge", "Sendings that have not ended, by state.",
     [](const Metrics& m) { return by("state", m.outbox); }},
    {"focal_outbox_oldest_seconds", "gauge", "Age of the oldest of them; 0: there is none.",
     [](const Metrics& m) { return one(m.outbox_oldest_s); }},
    {"focal_sendings_ended_total", "counter", "Records whose sending ended, by how.", ended},
    {"focal_envelopes_received_total", "counter", "Envelopes that came over links.",
     [](const Metrics& m) { return count(m.envelopes_received); }},
    {"focal_records_sent_total", "counter", "Records sent; what is sent again counts once.",
     [](const Metrics& m) { return count(m.records_sent); }},
    {"focal_records_waiting", "gauge", "Received, kept sealed until they can be judged.",
     [](const Metrics& m) { return count(m.waiting_in); }},
    {"focal_inbox_open_cases", "gauge", "Open cases.",
     [](const Metrics& m) { return count(m.attention.open_cases); }},
    {"focal_inbox_needs_action_cases", "gauge", "Open cases where it is our turn.",
     [](const Metrics& m) { return count(m.attention.needs_action); }},
    {"focal_inbox_overdue_cases", "gauge", "Open cases with a target that has passed.",
     [](const Metrics& m) { return count(m.attention.overdue); }},
    {"focal_releases_waiting", "gauge", "Acts that wait for a second officer.",
     [](const Metrics& m) { return count(m.attention.releases); }},
    {"focal_sendings_failed", "gauge", "Held, or rejected or expired in the last 30 days.",
     [](const Metrics& m) { return count(m.attention.failed); }},
    {"focal_peers", "gauge", "Parties this node knows.",
     [](const Metrics& m) { return count(m.peers); }},
    {"focal_links_wanted", "gauge", "Verified parties to which there should be a link.",
     [](const Metrics& m) { return count(m.peers_linkable); }},
    {"focal_links_up", "gauge", "Verified parties to which there is one.", [](const Metrics& m) { return count(m.links_up); }},
    {"focal_refused_total", "counter", "What was refused on the way in, by step of docs/protocol.md.",
     [](const Metrics& m) { return by("step", m.refused); }},
    {"focal_gate_refused_total", "counter", "Callers turned away by focal-gate, by reason.",
     [](const Metrics& m) { return by("reason", m.gate_refused); }},
    {"focal_gate_up", "gauge", "1: focal-gate listens.",
     [](const Metrics& m) { return flag(m.gate_up); }},
    {"focal_gate_restarts_total", "counter", "Restarts of focal-gate.",
     [](const Metrics& m) { return count(m.gate_restarts); }},
    {"focal_trust_alarms", "gauge", "Alarms about other parties; see 'focal status'.",
     [](const Metrics& m) { return count(m.alarms); }},
    {"focal_card_expires_in_seconds", "gauge", "Until the node's card expires.",
     [](const Metrics& m) { return one(m.card_expires_s); }},
    {"focal_seal_keys_expire_in_seconds", "gauge", "Until the last published sealing key ends.",
     [](const Metrics& m) { return one(m.seal_expires_s); }},
    {"focal_backup_age_seconds", "gauge",
     "Age of the newest backup; before the first one, since focald was started.",
     [](const Metrics& m) { return m.backup_age_s ? one(*m.backup_age_s) : Samples{}; }},
    {"focal_backup_failed", "gauge", "1: the last backup could not be made, or not be restored.",
     [](const Metrics& m) { return flag(m.backup_failed); }},
    {"focal_clock_state", "gauge", "1 for the state of this machine's clock.", clock_state},
    {"focal_clock_offset_max_seconds", "gauge", "Largest difference to the clock of a linked party.",
     [](const Metrics& m) { return one(m.clock_offset_max_s); }},
    {"focal_api_responses_total", "counter", "Answers of the API and the console, by class of status.", responses},
    {"focal_export_behind_leaves", "gauge", "Entries of the ledger not exported yet.",
     [](const Metrics& m) { return m.export_behind ? count(*m.export_behind) : Samples{}; }},
    {"focal_export_failed", "gauge", "1: the export folder cannot be written to.",
     [](const Metrics& m) { return flag(m.export_failed); }},
    {"focal_notify_failed", "gauge", "1: the notify program did not end well the last time.",
     [](const Metrics& m) { return flag(m.notify_failed); }},
    {"focal_link_up", "gauge", "1: there is a link to that party.",
     [](const Metrics& m) { return by_party(m, [](const auto& each) { return each.up ? 1 : 0; }); }},
    {"focal_party_queued_sendings", "gauge", "Sendings to that party that have not ended.",
     [](const Metrics& m) { return by_party(m, [](const auto& each) { return each.queued; }); }},
    {"focal_party_clock_offset_seconds", "gauge", "Clock of that party minus ours, at its last word.",
     [](const Metrics& m) {
       return by_party(m, [](const auto& each) { return each.clock_offset_s; });
     }},
};

std::string number(double value) {
  char text[40];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return error == std::errc{} ? std::string(text, end) : "NaN";
}

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
  return out;
}

void append(std::string& out, std::string_view name, const Sample& sample) {
  out += name;
  for (std::size_t i = 0; i < sample.labels.size(); ++i) {
    out += i == 0 ? "{" : ",";
    out.append(sample.labels[i].first).append("=\"").append(escaped(sample.labels[i].second)) += '"';
  }
  if (!sample.labels.empty()) out += "}";
  out.append(" ").append(number(sample.value)) += '\n';
}

}  // namespace

std::string render(const Metrics& metrics) {
  std::string out;
  for (const Line& line : kLines) {
    const Samples samples = line.samples(metrics);
    if (samples.empty()) continue;
    out.append("# HELP ").append(line.name).append(" ").append(line.help) += '\n';
    out.append("# TYPE ").append(line.name).append(" ").append(line.type) += '\n';
    for (const Sample& sample : samples) append(out, line.name, sample);
  }
  return out;
}

std::vector<std::string_view> metric_names() {
  std::vector<std::string_view> out;
  for (const Line& line : kLines) out.push_back(line.name);
  return out;
}

}  // namespace focal::desk

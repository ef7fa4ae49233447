#include "node/node/node.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "crypto/private_file.h"
#include "node/exchange/card.h"
#include "node/node/pair_keys.h"
#include "node/node/setup.h"
#include "node/node/trust_settings.h"

namespace focal::node {
namespace {

constexpr std::size_t kMaxTasks = 1024;         // requests waiting for the loop
constexpr std::size_t kTasksPerGroup = 512;
constexpr int kIdleWaitMs = 500;
constexpr std::size_t kMaxRefusedShown = 20;
constexpr std::uint64_t kDiskCheckMs = 5 * kSecondMs;
constexpr std::uintmax_t kLowDisk = 256u << 20;     // bytes free: below, only receipts come in
constexpr std::uintmax_t kEnoughDisk = 384u << 20;  // … until there is that much again
constexpr std::size_t kMaxBacklog = 16u << 20;  // bytes waiting for one link

// A folder that `focal init` made for a root elsewhere has keys and no ledger yet.
Status check_has_card(const std::filesystem::path& folder, const crypto::Keystore& keystore) {
  std::error_code error;
  if (std::filesystem::exists(folder / ledger::kLedgerFile, error)) return {};
  FOCAL_ASSIGN(const auto pending, pending_card(keystore));
  if (!pending || !begins_log(*pending)) return ledger_is_missing(folder);
  return fail(ErrorCode::kState, "this node waits for its first card",
              "Let the root sign the request ('focal root sign'), then 'focal card apply FILE'.");
}

std::uint64_t link_of(const exchange::Output& output) {
  if (const auto* frame = std::get_if<exchange::SendFrame>(&output)) return frame->link;
  return std::get<exchange::CloseLink>(output).link;
}

// What of the event people see; nothing: frames and numbers.
std::optional<Watch::Moved> moved_by(const gate::GateEvent& event) {
  if (std::holds_alternative<gate::LinkUp>(event) || std::holds_alternative<gate::LinkDown>(event) ||
      std::holds_alternative<gate::DialFailed>(event))
    return Watch::Moved::kLinks;
  if (std::holds_alternative<gate::Listening>(event) || std::holds_alternative<gate::Failed>(event) ||
      std::holds_alternative<gate::GateEnded>(event) || std::holds_alternative<gate::Refused>(event))
    return Watch::Moved::kState;
  return std::nullopt;
}

}  // namespace

Node::Node(config::NodeConfig config, crypto::Keystore keystore)
    : config_(std::move(config)), keystore_(std::move(keystore)), anchor_(config_.anchor) {}

Result<std::unique_ptr<Node>> Node::open(config::NodeConfig config,
                                         const crypto::Secret& passphrase, const Now& now,
                                         exchange::MachineSettings settings) {
  FOCAL_ASSIGN(auto kinds, kinds_of(config));
  FOCAL_TRY(check_finished(config.folder));
  FOCAL_ASSIGN(auto keystore, crypto::Keystore::open(config.folder / kKeystoreFile, passphrase));
  std::unique_ptr<Node> node(new Node(std::move(config), std::move(keystore)));
  node->peers_.set_kinds(std::move(kinds));
  if (settings.introducers.k == 0) settings.introducers = introducers_of(node->config_);
  FOCAL_TRY(node->open_rest(now, std::move(settings)));
  return node;
}

Status Node::open_rest(const Now& now, exchange::MachineSettings settings) {
  started_ms_ = now.wall_ms;
  if (config_.min_suite > crypto::suites().back()->id)
    return fail(ErrorCode::kConfig, "min_suite is " + std::to_string(config_.min_suite) +
                ", and this program has no suite above " +
                std::to_string(crypto::suites().back()->id),
                "Lower min_suite, or install a version that has it: nothing could be sent.");
  settings.answer_doctor = settings.answer_doctor && config_.answer_doctor;
  settings.min_suite = std::max<unsigned>(settings.min_suite, config_.min_suite);
  settings_ = settings;
  FOCAL_TRY(check_has_card(config_.folder, keystore_));
  keks_ = std::make_unique<ledger::KeystoreKek>(keystore_, rng_);
  FOCAL_TRY(anchor_older_ledger());
  FOCAL_ASSIGN(ledger_, ledger::Ledger::open(config_.folder, *keks_, rng_));
  // Under the folder's lock: a process that was killed while it saved may have left a whole copy.
  FOCAL_TRY(crypto::remove_stale_copies(config_.folder / kKeystoreFile));
  FOCAL_ASSIGN(const std::string card, settle_card(config_.folder, keystore_, *ledger_, rng_));
  FOCAL_ASSIGN(keys_, load_online_keys(keystore_));
  FOCAL_ASSIGN(self_, load_identity(card, keys_, keystore_, ledger_->own_schedule()));
  FOCAL_TRY(load_own_notes());
  if (self_.party() != config_.party || ledger_->party() != config_.party)
    return fail(ErrorCode::kState, "the configuration names " + config_.party + ", the card " +
                self_.party() + ", the ledger " + ledger_->party(),
                "Put the party's own configuration, card and ledger into one folder.");
  FOCAL_TRY(load_pairs(keystore_, self_.pairs));
  FOCAL_TRY(key_life_.recover());
  FOCAL_TRY(peers_.load(ledger_->peers()));
  settings.start = compare_anchor();
  FOCAL_TRY(check_release_rules(config_.release));
  FOCAL_ASSIGN(settings.approved_kinds, approved_kinds(config_.release));
  core_ = std::make_unique<Core>(
      self_, peers_, *ledger_, [this](const store::Txn& txn) { return ledger_->commit(txn); }, rng_,
      settings, [this](exchange::LinkId link) { return can_send(link); },
      [this](const store::Txn& txn) { return ledger_->probe(txn); },
      [this](const exchange::PairBook& pairs) { return keep_pairs(pairs, keystore_, rng_); });
  core_->set_retention(config_.retention);
  erasure_ = std::make_unique<Erasure>(config_.retention, *ledger_, *keks_);
  core_->machine().set_outside(
      [this](const std::string& party) { return outside_of(gate_report_, party); });
  FOCAL_TRY(core_->machine().load(now));
  wake_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd_ < 0) return fail(ErrorCode::kIo, "cannot make an event descriptor");
  begin_anchor(now);
  tend(now);
  begin_hand_over(now);
  return finish_group(now);
}

Node::~Node() {
  if (wake_fd_ >= 0) ::close(wake_fd_);
}

void Node::set_watch(Watch watch) {
  watch_ = std::move(watch);
  core_->set_told(watch_.committed);
}

bool Node::can_send(exchange::LinkId link) const {
  if (!gate_) return true;  // driven in process, without a gate (tests, benchmarks)
  const auto waiting = backlog_.find(link);
  return (waiting == backlog_.end() || waiting->second.frames.empty()) && gate_->can_send(link);
}

void Node::links_changed() {
  if (!gate_) return;
  std::vector<gate::Allowed> allowed;
  std::vector<gate::DialTarget> plan;
  for (const auto& [party, peer] : peers_.all()) {
    if (!peers_.may_link(peer)) continue;
    allowed.push_back({party, peer.card.transport});
    if (peer.schedule && peer.schedule->reach == exchange::Reach::kDirect &&
        !peer.schedule->endpoints.empty())
      plan.push_back({party, peer.card.transport, peer.schedule->endpoints});
  }
  const Status listed = gate_->set_allow_list(std::move(allowed));
  const Status planned = gate_->set_dial_plan(std::move(plan));
  if (!listed || !planned)
    log::error("node", "the peers could not be handed to the gate",
               {{"reason", listed ? planned.error().message : listed.error().message}});
}

Status Node::run() {
  Status ended = serve();
  fail_tasks();  // whoever waits for the loop is told, however it ended
  gate_.reset();
  return ended;
}

Status Node::serve() {
  Now now = read_clocks();
  gate_ = make_gate();
  FOCAL_TRY(gate_->set_listen(config_.listen));
  links_changed();
  gate_report_.since_wall_ms = now.wall_ms;
  FOCAL_TRY(gate_->start(now));
  while (!stopping_) {
    wait_for_work(now);
    now = read_clocks();
    turn(now);
  }
  send_out(core_->machine().shutdown());
  gate_->flush_ready(now);
  checkpoint(now);
  return failure_;
}

void Node::stop() {
  stopping_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void Node::wait_for_work(const Now& now) {
  pollfd fds[2] = {{wake_fd_, POLLIN, 0}, {-1, 0, 0}};
  if (gate_->is_running())
    fds[1] = {gate_->fd(),
              static_cast<short>(POLLIN | (gate_->wants_write() ? POLLOUT : 0)), 0};
  std::uint64_t wake_at = events_.empty() ? core_->machine().next_wake_mono_ms() : 0;
  if (core_->is_indexing(now) || erasure_->is_busy(now)) wake_at = 0;
  if (const auto gate_wake = gate_->wake_at_ms()) wake_at = std::min(wake_at, *gate_wake);
  int wait_ms = kIdleWaitMs;
  if (wake_at <= now.mono_ms)
    wait_ms = 0;
  else
    wait_ms = static_cast<int>(std::min<std::uint64_t>(kIdleWaitMs, wake_at - now.mono_ms));
  const int ready = ::poll(fds, 2, wait_ms);
  if (ready == 0) ledger_->idle();
  std::uint64_t drained = 0;
  [[maybe_unused]] const auto n = ::read(wake_fd_, &drained, sizeof drained);
}

void Node::turn(const Now& now) {
  take_gate_events(now);
  take_tasks(now);
  core_->machine().tick(now);
  tend(now);
  watch_disk(now);
  static_cast<void>(finish_group(now));  // whoever asked for something was told
  checkpoint(now);
  gate_->flush_ready(now);
  if (pulse_) pulse_(now);
  if (is_handing_over() && now.mono_ms >= hand_over_until_ms_) restart_soon();
}

// What does not fit into this group opens the next one.
void Node::take_gate_events(const Now& now) {
  if (events_.empty())
    for (gate::GateEvent& event : gate_->poll_events(now)) events_.push_back(std::move(event));
  while (!events_.empty() && !core_->machine().group_is_full()) {
    const gate::GateEvent event = std::move(events_.front());
    events_.pop_front();
    on_gate_event(now, event);
  }
}

void Node::on_gate_event(const Now& now, const gate::GateEvent& event) {
  exchange::Machine& machine = core_->machine();
  if (const auto* frame = std::get_if<gate::FrameIn>(&event)) {
    machine.frame(now, frame->link, frame->frame);
  } else if (const auto* up = std::get_if<gate::LinkUp>(&event)) {
    gate_report_.link_up(*up);
    machine.link_up(now, up->link, up->party, up->direction == gate::Direction::kDialed);
    hand_over_to(up->party, true);
  } else if (const auto* down = std::get_if<gate::LinkDown>(&event)) {
    backlog_.erase(down->link);
    machine.link_down(now, down->link, down->reason);
    hand_over_to(down->party, false);
  } else if (const auto* ready = std::get_if<gate::LinkReady>(&event)) {
    flush_link(ready->link);
  } else if (const auto* listening = std::get_if<gate::Listening>(&event)) {
    gate_report_.state = "RUNNING";
    gate_report_.listen = listening->endpoint;
    gate_report_.since_wall_ms = now.wall_ms;
    log::info("gate", "listening", {{"address", listening->endpoint}});
  } else if (const auto* failed = std::get_if<gate::Failed>(&event)) {
    gate_report_.last_error = failed->reason;
    log::error("gate", "failed", {{"reason", failed->reason}});
  } else if (const auto* ended = std::get_if<gate::GateEnded>(&event)) {
    gate_report_.state = "DOWN";
    ++gate_report_.restarts;
    gate_report_.since_wall_ms = now.wall_ms;
    gate_report_.last_error = ended->reason;
    log::warn("gate", "ended; it will be started again", {{"reason", ended->reason}});
  } else if (const auto* refused = std::get_if<gate::Refused>(&event)) {
    const std::string who = refused->party.empty() ? "unknown key " + hex(refused->key).substr(0, 16)
                                                   : refused->party;
    gate_report_.refused.push_back(format_utc(now.wall_ms) + " " + refused->reason + " (" + who +
                                   ", " + refused->address + ")");
    while (gate_report_.refused.size() > kMaxRefusedShown) gate_report_.refused.pop_front();
    log::warn("gate", "turned a caller away", {{"who", who}, {"reason", refused->reason}});
  } else if (const auto* dial = std::get_if<gate::DialFailed>(&event)) {
    gate_report_.dial_failed(*dial, now.wall_ms);
  } else if (const auto* stats = std::get_if<gate::Stats>(&event)) {
    gate_report_.stats = *stats;
  }
  if (const auto what = moved_by(event)) moved(*what);
}

void Node::take_tasks(const Now& now) {
  for (std::size_t n = 0; n < kTasksPerGroup && !core_->machine().group_is_full(); ++n) {
    std::unique_ptr<Task> task;
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty()) break;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    Status status = task->act(now);
    if (!status) {
      task->done.set_value(std::move(status));
      continue;
    }
    in_group_.push_back(std::move(task));
  }
}

Core::GroupResult Node::commit_group(const Now& now) {
  Core::GroupResult result = core_->finish_group(now);
  key_life_.settle(now, result.status, *core_);
  if (result.erased) erasure_->erased(now);
  if (!result.status) erasure_->abandon(now);
  return result;
}

Status Node::finish_group(const Now& now) {
  Core::GroupResult result = commit_group(now);
  for (auto& task : std::exchange(in_group_, {})) {
    if (result.status && task->after) task->after(now);
    task->done.set_value(result.status);
  }
  if (!result.status) log_ends_ = false;  // the card that ends it is not there
  if (core_->machine().take_reach_changed()) links_changed();
  send_out(std::move(result.outputs));
  return result.status;
}

void Node::send_out(std::vector<exchange::Output> outputs) {
  if (!gate_) return;
  for (exchange::Output& output : outputs) {
    const exchange::LinkId link = link_of(output);
    if (auto* frame = std::get_if<exchange::SendFrame>(&output)) {
      Backlog& backlog = backlog_[link];
      backlog.bytes += frame->bytes.size();
      backlog.frames.push_back(std::move(frame->bytes));
      flush_link(link);
      continue;
    }
    flush_link(link);
    end_link(link);
  }
  end_links_that_do_not_read();
}

void Node::end_link(exchange::LinkId link) {
  backlog_.erase(link);
  gate_->close_link(link);
}

// DATA is bounded by credit and by what a turn hands over; what answers a peer
// (ACK, BOUNCE, NOTES) is bounded here. Its records come again on the next link.
void Node::end_links_that_do_not_read() {
  std::vector<exchange::LinkId> stuck;
  for (const auto& [link, backlog] : backlog_)
    if (backlog.bytes > kMaxBacklog) stuck.push_back(link);
  for (const exchange::LinkId link : stuck) {
    log::warn("node", "ended a link whose other end does not read", {});
    end_link(link);
    core_->machine().link_down(read_clocks(), link, "the other end does not read what we send");
  }
}

void Node::flush_link(exchange::LinkId link) {
  const auto it = backlog_.find(link);
  if (it == backlog_.end()) return;
  auto& [frames, bytes] = it->second;
  while (!frames.empty()) {
    const Status sent = gate_->send(link, frames.front());
    if (!sent && sent.error().code == ErrorCode::kBusy) return;
    if (!sent) {
      frames.clear();  // the link is gone; rows go out again on the next one
      break;
    }
    bytes -= frames.front().size();
    frames.pop_front();
  }
  backlog_.erase(it);
}

// With little room left only receipts are let in: what is under way at both ends
// can still be ended (docs/operations.md, "When the disk fails").
void Node::watch_disk(const Now& now) {
  if (now.mono_ms < next_disk_ms_) return;
  next_disk_ms_ = now.mono_ms + kDiskCheckMs;
  std::error_code error;
  const auto space = std::filesystem::space(config_.folder, error);
  if (error) return;  // a disk that cannot be asked shows at the next commit
  const bool low = space.available < (disk_is_low_ ? kEnoughDisk : kLowDisk);
  if (low == disk_is_low_) return;
  disk_is_low_ = low;
  moved(Watch::Moved::kState);
  core_->machine().accept_records(!low);
  if (low)
    log::error("node", "the disk is nearly full: records of others are not taken any more",
               {{"free_bytes", std::to_string(space.available)}});
  else
    log::info("node", "there is room on the disk again", {});
}

void Node::checkpoint(const Now& now) {
  if (log_ends_) return;
  const Status made = checkpointing_.tend(now, core_->machine());
  if (made) return;
  failure_ = made.error();  // the history contradicts what we have signed: sign nothing more
  stopping_ = true;
}

Status Node::perform(std::function<Status(const Now&)> act,
                     std::function<void(const Now&)> after) {
  auto task = std::make_unique<Task>();
  task->act = std::move(act);
  task->after = std::move(after);
  auto done = task->done.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return fail(ErrorCode::kUnavailable, "the node is stopping", "Start it again.");
    if (tasks_.size() >= kMaxTasks)
      return fail(ErrorCode::kBusy, "too many requests are waiting", "Try again in a moment.");
    tasks_.push_back(std::move(task));
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
  return done.get();
}

void Node::fail_tasks() {
  std::deque<std::unique_ptr<Task>> left;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    left.swap(tasks_);
  }
  for (auto& task : left)
    task->done.set_value(fail(ErrorCode::kUnavailable, "the node is stopping", "Start it again."));
}

}  // namespace focal::node

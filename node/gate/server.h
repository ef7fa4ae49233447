// The accepting half: one CURVE ROUTER, the ZAP handler in front of it, and
// the links that callers have opened.
//
// A caller becomes a link with its first message. libzmq gives every
// connection a routing id; it never leaves this file, focald sees a LinkId.
#pragma once

#include <poll.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "node/gate/report.h"
#include "node/gate/silent.h"
#include "node/gate/zap.h"
#include "node/gate/zmq_room.h"

namespace focal::gate {

// ZMQ_ZAP_ENFORCE_DOMAIN. Declared in libzmq's draft API only, known to the
// library all the same. Without it a server whose ZAP handler is missing lets
// everybody in.
inline constexpr int kZapEnforceDomain = 93;

// All options of the accepting socket. Fails if libzmq refuses any of them.
Status configure_router(Socket& socket, ByteView secret_key,
                        int enforce_option = kZapEnforceDomain);

class Server {
 public:
  // Binds the ZAP handler (before anything else, for good) and makes the
  // ROUTER. kIo: libzmq refuses something; then the gate must not run.
  static Result<std::unique_ptr<Server>> open(Context& context, ByteView secret_key,
                                              Gatekeeper& gatekeeper, Common& common,
                                              int enforce_option = kZapEnforceDomain);

  // Empty: nowhere. A port in use is reported (Failed) and tried again.
  void listen(const std::string& endpoint, const Now& now);
  // After the allow-list changed. Links of those who left end now; if
  // cut_off, all accepted connections are dropped within a second by binding
  // anew, because libzmq cannot drop a single one.
  void allow_list_changed(bool cut_off, const Now& now);
  bool owns(LinkId link) const { return by_id_.contains(link); }
  // False: the party is not the link's.
  bool send(LinkId link, std::string_view party, Bytes frame);
  void close(LinkId link);

  void add_descriptors(std::vector<pollfd>& out) const;
  // The answers for what was just added.
  void read_descriptors(const pollfd*& next) { due_.read(next, 3); }
  void set_due() { due_.set(); }
  bool is_due() const { return due_.is_set(); }
  // Does what can be done without waiting, if something is due.
  void work(const Now& now);
  bool is_blocked() const;  // a frame waits for room in libzmq
  std::optional<std::uint64_t> next_ms() const;

 private:
  struct Accepted {
    std::string routing_id;
    LinkId link = 0;
    std::string party;
    std::string key_hex;
    int connection = -1;
    SendQueue queue;
    bool closed = false;  // its messages are dropped; remembered until it is gone
    bool cut = false;     // its connection has ended or is ending
    std::uint64_t last_ms = 0;
  };
  using ById = std::map<LinkId, Accepted>;

  Server(Context& context, Gatekeeper& gatekeeper, Common& common);
  void answer_zap(const Now& now);
  void read_monitor(const Now& now);
  void receive(const Now& now);
  void receive_one(const Message& id, const Message& body, const Now& now);
  Accepted* find_or_open(const Message& id, const Message& body, const Now& now);
  void make_room_for(std::string_view party);
  void flush(Accepted& accepted);
  void end(ById::iterator it, const std::string& reason);
  void shut(Accepted& accepted, const std::string& reason);
  void cut(Accepted& accepted, const std::string& reason);  // shut, and no connection any more
  void try_bind(const Now& now);
  void rebind(const Now& now);
  void forget_closed(const Now& now);

  Gatekeeper& gatekeeper_;
  Common& common_;
  ReportLimiter limiter_;
  SilentCallers silent_;
  Socket zap_;
  Socket router_;
  Monitor monitor_;
  ById by_id_;
  std::map<std::string, LinkId> by_routing_id_;
  Due due_;

  std::string asked_;   // what focald asked for
  std::string wanted_;  // the same, or with the port found for it; empty: nowhere
  std::string bound_;   // actual endpoint; empty: not bound
  std::string bind_error_;
  std::optional<std::uint64_t> bind_at_ms_;
  std::optional<std::uint64_t> rebind_at_ms_;
  std::uint64_t quiet_until_ms_ = 0;
  std::uint64_t forget_at_ms_ = 0;
};

}  // namespace focal::gate

// Thin owners for libzmq's handles, so that <zmq.h> stays in .cc files.
// Nothing here waits: every receive and send is ZMQ_DONTWAIT. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/random.h"

namespace focal::gate {

// libzmq draws the routing ids it gives to callers from rand(), which it
// never seeds: without this they are the same in every run, and a caller that
// claims the next one brings the process down (docs/threat_model.md). Call
// before the first Context of the process.
void seed_libzmq(crypto::Rng& rng);

class Context {
 public:
  Context();
  ~Context();  // waits for its sockets to be closed
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  void* raw() const { return raw_; }
  std::string new_inproc_name();

 private:
  void* raw_;
  unsigned names_ = 0;
};

class Socket {
 public:
  Socket() = default;  // none
  Socket(Context& context, int type);
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { reset(); }

  void reset();  // closes; what libzmq still holds is dropped (LINGER 0)
  bool is_open() const { return raw_ != nullptr; }
  void* raw() const { return raw_; }
  // Descriptor for poll(2), edge triggered: readable means "look again".
  int fd() const { return fd_; }
  // Takes in what libzmq's threads have to say. Needed after the descriptor
  // was readable and before a send that shall see new room.
  void refresh() const;

  Status set(int option, int value);
  Status set(int option, ByteView value);
  Status bind(const std::string& endpoint);  // kIo, in libzmq's words
  // An address, no name: libzmq would look it up in a thread that all connections share.
  Status connect(const std::string& endpoint);
  void unbind(const std::string& endpoint);  // asynchronous; drops accepted connections
  std::string last_endpoint() const;

 private:
  void* raw_ = nullptr;
  int fd_ = -1;
};

// One part of a received message.
class Message {
 public:
  Message();
  ~Message();
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  bool receive(Socket& socket);  // false: nothing there
  ByteView body() const;
  bool has_more() const;
  // Property of the connection it came by; null if it has none. Valid as long
  // as the message.
  const char* property(const char* name) const;
  int connection() const;  // descriptor number of the connection, -1 if unknown

 private:
  alignas(8) unsigned char raw_[64];  // zmq_msg_t
};

// Ends one accepted connection: libzmq sees the end of the stream and reports
// ZMQ_EVENT_DISCONNECTED. It has no call for that. The number may have just been given to
// another connection, which then is made anew by its peer.
void cut_connection(int connection);

// Reads the remaining parts of a message and forgets them.
void skip_parts(Socket& socket, const Message& last);
// All parts of one message as text; false: nothing there. Parts beyond `most`
// are dropped.
bool receive_parts(Socket& socket, std::size_t most, std::vector<std::string>& parts);

enum class SendOutcome { kSent, kFull, kGone };
// kFull: keep it and try later. kGone: nobody there by this routing id.
SendOutcome send_part(Socket& socket, ByteView body, bool more);

// What libzmq's threads report about the connections of one socket.
struct ConnectionEvent {
  std::uint16_t event = 0;  // ZMQ_EVENT_…
  std::uint32_t value = 0;
};
class Monitor {
 public:
  Monitor() = default;
  // events: a mask of kinds raised by libzmq's own threads only. (One that
  // our thread raises could fill the pipe that only our thread empties.)
  Monitor(Context& context, Socket& watched, int events);
  bool next(ConnectionEvent& event);
  int fd() const { return socket_.fd(); }
  bool is_open() const { return socket_.is_open(); }

 private:
  Socket socket_;
};

// libzmq's own threads. Callers and dialed peers do not share one, so that neither kind can
// hold the other up.
enum class IoThread : std::uint64_t { kAccepted = 1, kDialed = 2 };

// The options that both kinds of network socket share (docs/protocol.md,
// "Socket options").
Status set_common_options(Socket& socket, ByteView secret_key, IoThread thread);

}  // namespace focal::gate

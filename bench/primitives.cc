// The libraries alone. Includes nothing of this project but its own header.
#include "bench/primitives.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kRecord = 1024;
constexpr std::size_t kGroup = 256;        // records in one commit
constexpr std::size_t kFrameRecords = 64;  // records in one ZeroMQ message
constexpr double kSliceUs = 60'000;        // one measurement of a processor-bound call
constexpr int kSlices = 5;                 // of which the median counts
constexpr int kTimeoutMs = 10'000;

using Buffer = std::vector<unsigned char>;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

double clock_us(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}
double wall_us() { return clock_us(CLOCK_MONOTONIC); }
double process_us() { return clock_us(CLOCK_PROCESS_CPUTIME_ID); }

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Processor time of one call on this thread, the median of some slices.
template <typename Call>
double cpu_us(Call call) {
  std::vector<double> slices;
  for (int slice = 0; slice < kSlices; ++slice) {
    const double begin = clock_us(CLOCK_THREAD_CPUTIME_ID);
    double spent = 0;
    std::size_t calls = 0;
    while (spent < kSliceUs) {
      for (int i = 0; i < 16; ++i) call();
      calls += 16;
      spent = clock_us(CLOCK_THREAD_CPUTIME_ID) - begin;
    }
    slices.push_back(spent / static_cast<double>(calls));
  }
  return median(std::move(slices));
}

Buffer random_bytes(std::size_t size) {
  Buffer bytes(size);
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

// --- hashing, sealing, signing ----------------------------------------------

void measure_hashes(FocalPrimitives& out) {
  const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> digest(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                          EVP_MD_free);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  require(digest && context && EVP_DigestInit_ex(context.get(), digest.get(), nullptr) == 1,
          "SHA-256 is not there");
  const Buffer data = random_bytes(kRecord);
  std::array<unsigned char, 32> hash{};
  const auto run = [&](std::size_t size) {
    return cpu_us([&, size] {
      unsigned length = 0;
      EVP_DigestInit_ex(context.get(), nullptr, nullptr);
      EVP_DigestUpdate(context.get(), data.data(), size);
      EVP_DigestFinal_ex(context.get(), hash.data(), &length);
    });
  };
  out.sha256_1k_cpu_us = run(kRecord);
  out.sha256_node_cpu_us = run(65);
}

void measure_seals(FocalPrimitives& out) {
  const Buffer plain = random_bytes(kRecord);
  const Buffer key = random_bytes(32);
  const Buffer nonce = random_bytes(24);
  Buffer sealed(kRecord + 16);
  Buffer opened(kRecord);
  unsigned long long size = 0;
  int good = 0;
  out.aead_seal_1k_cpu_us = cpu_us([&] {
    crypto_aead_chacha20poly1305_ietf_encrypt(sealed.data(), &size, plain.data(), plain.size(),
                                              nullptr, 0, nullptr, nonce.data(), key.data());
  });
  out.aead_open_1k_cpu_us = cpu_us([&] {
    good |= crypto_aead_chacha20poly1305_ietf_decrypt(opened.data(), &size, nullptr, sealed.data(),
                                                      sealed.size(), nullptr, 0, nonce.data(),
                                                      key.data());
  });
  require(good == 0 && opened == plain, "ChaCha20-Poly1305 does not open what it sealed");
  out.rest_seal_1k_cpu_us = cpu_us([&] {
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data(), &size, plain.data(), plain.size(),
                                               nullptr, 0, nullptr, nonce.data(), key.data());
  });
}

void measure_keys(FocalPrimitives& out) {
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> pk{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> sk{};
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_keypair(pk.data(), sk.data());
  const Buffer statement = random_bytes(192);
  int good = 0;
  out.ed25519_sign_cpu_us = cpu_us([&] {
    crypto_sign_detached(signature.data(), nullptr, statement.data(), statement.size(), sk.data());
  });
  out.ed25519_verify_cpu_us = cpu_us([&] {
    good |= crypto_sign_verify_detached(signature.data(), statement.data(), statement.size(),
                                        pk.data());
  });
  require(good == 0, "Ed25519 does not verify what it signed");
  std::array<unsigned char, 32> point{};
  const Buffer scalar = random_bytes(32);
  crypto_scalarmult_base(point.data(), random_bytes(32).data());
  std::array<unsigned char, 32> shared{};
  out.x25519_cpu_us =
      cpu_us([&] { good |= crypto_scalarmult(shared.data(), scalar.data(), point.data()); });
  require(good == 0, "X25519 failed");
}

// --- SQLite ------------------------------------------------------------------

// The lean rows of one record, keyed by the leaf's index, in a file of its own.
class Rows {
 public:
  explicit Rows(const std::string& folder)
      : path_(folder + "/primitives-" + std::to_string(getpid()) + ".db") {
    require(sqlite3_open(path_.c_str(), &db_) == SQLITE_OK, "SQLite cannot create a file");
    run("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA wal_autocheckpoint=0;"
        "CREATE TABLE leaf(idx INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
        "CREATE TABLE seen(day INTEGER, rid BLOB, idx INTEGER, PRIMARY KEY(day, rid)) STRICT,"
        " WITHOUT ROWID;"
        "CREATE TABLE rec(idx INTEGER PRIMARY KEY, wrapped BLOB, ct BLOB) STRICT;");
    leaf_ = prepare("INSERT INTO leaf VALUES($1,$2)");
    seen_ = prepare("INSERT INTO seen VALUES(1,$1,$2)");
    rec_ = prepare("INSERT INTO rec VALUES($1,$2,$3)");
  }
  ~Rows() {
    sqlite3_finalize(leaf_);
    sqlite3_finalize(seen_);
    sqlite3_finalize(rec_);
    sqlite3_close(db_);
    for (const char* end : {"", "-wal", "-shm"}) unlink((path_ + end).c_str());
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // One transaction.
  void commit(std::size_t records) {
    run("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < records; ++i) insert();
    run("COMMIT");
  }

 private:
  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(db_));
    }
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* made = nullptr;
    require(sqlite3_prepare_v2(db_, sql, -1, &made, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
    return made;
  }
  void step(sqlite3_stmt* statement) {
    require(sqlite3_step(statement) == SQLITE_DONE, sqlite3_errmsg(db_));
    sqlite3_reset(statement);
  }
  void insert() {
    ++idx_;
    randombytes_buf(rid_.data(), rid_.size());
    sqlite3_bind_int64(leaf_, 1, idx_);
    sqlite3_bind_blob(leaf_, 2, body_.data(), 74, SQLITE_STATIC);
    step(leaf_);
    sqlite3_bind_blob(seen_, 1, rid_.data(), static_cast<int>(rid_.size()), SQLITE_STATIC);
    sqlite3_bind_int64(seen_, 2, idx_);
    step(seen_);
    sqlite3_bind_int64(rec_, 1, idx_);
    sqlite3_bind_blob(rec_, 2, body_.data(), 72, SQLITE_STATIC);
    sqlite3_bind_blob(rec_, 3, body_.data(), static_cast<int>(body_.size()), SQLITE_STATIC);
    step(rec_);
  }

  std::string path_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* leaf_ = nullptr;
  sqlite3_stmt* seen_ = nullptr;
  sqlite3_stmt* rec_ = nullptr;
  std::int64_t idx_ = 0;
  std::array<unsigned char, 32> rid_{};
  Buffer body_ = random_bytes(kRecord + 200);  // manifest and tag travel with the body
};

void measure_rows(const std::string& folder, FocalPrimitives& out) {
  constexpr int kGroups = 40;
  constexpr int kSingles = 100;
  Rows rows(folder);
  rows.commit(kGroup);  // pages and statements are warm
  std::vector<double> cpu, wait, single;
  for (int i = 0; i < kGroups; ++i) {
    const double wall = wall_us();
    const double begin = process_us();
    rows.commit(kGroup);
    cpu.push_back(process_us() - begin);
    wait.push_back(std::max(0.0, wall_us() - wall - cpu.back()));
  }
  for (int i = 0; i < kSingles; ++i) {
    const double wall = wall_us();
    rows.commit(1);
    single.push_back(wall_us() - wall);
  }
  out.sqlite_row_cpu_us = median(std::move(cpu)) / kGroup;
  out.sqlite_group_wait_us = median(std::move(wait));
  out.sqlite_single_us = median(std::move(single));
}

// --- ZeroMQ with CURVE -------------------------------------------------------

class Socket {
 public:
  Socket(void* context, int type) : socket_(zmq_socket(context, type)) {
    require(socket_ != nullptr, "no ZeroMQ socket");
    set(ZMQ_LINGER, 0);
    set(ZMQ_RCVTIMEO, kTimeoutMs);
    set(ZMQ_SNDTIMEO, kTimeoutMs);
    set(ZMQ_SNDHWM, 1024);
    set(ZMQ_RCVHWM, 1024);
  }
  ~Socket() { zmq_close(socket_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void set(int option, int value) {
    require(zmq_setsockopt(socket_, option, &value, sizeof value) == 0, "ZeroMQ option");
  }
  void set_key(int option, const char* key) {
    require(zmq_setsockopt(socket_, option, key, 41) == 0, "ZeroMQ key");
  }
  void send(const void* data, std::size_t size, int flags = 0) {
    require(zmq_send(socket_, data, size, flags) >= 0, "ZeroMQ did not send");
  }
  std::size_t receive(Buffer& into) {
    const int size = zmq_recv(socket_, into.data(), into.size(), 0);
    require(size >= 0, "ZeroMQ did not receive");
    return static_cast<std::size_t>(size);
  }
  void* get() { return socket_; }

 private:
  void* socket_;
};

// Two contexts, as in two processes: a ROUTER that answers and a DEALER that asks.
class Link {
 public:
  Link() : server_context_(zmq_ctx_new()), client_context_(zmq_ctx_new()) {
    std::array<char, 41> server_pk{}, server_sk{}, client_pk{}, client_sk{};
    require(zmq_curve_keypair(server_pk.data(), server_sk.data()) == 0 &&
                zmq_curve_keypair(client_pk.data(), client_sk.data()) == 0,
            "ZeroMQ has no CURVE");
    router_ = std::make_unique<Socket>(server_context_, ZMQ_ROUTER);
    router_->set(ZMQ_CURVE_SERVER, 1);
    router_->set_key(ZMQ_CURVE_SECRETKEY, server_sk.data());
    require(zmq_bind(router_->get(), "tcp://127.0.0.1:*") == 0, "no loopback port");
    std::array<char, 128> endpoint{};
    std::size_t size = endpoint.size();
    require(zmq_getsockopt(router_->get(), ZMQ_LAST_ENDPOINT, endpoint.data(), &size) == 0, "port");
    dealer_ = std::make_unique<Socket>(client_context_, ZMQ_DEALER);
    dealer_->set_key(ZMQ_CURVE_SERVERKEY, server_pk.data());
    dealer_->set_key(ZMQ_CURVE_PUBLICKEY, client_pk.data());
    dealer_->set_key(ZMQ_CURVE_SECRETKEY, client_sk.data());
    require(zmq_connect(dealer_->get(), endpoint.data()) == 0, "cannot connect");
  }
  ~Link() {
    router_.reset();
    dealer_.reset();
    zmq_ctx_term(server_context_);
    zmq_ctx_term(client_context_);
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  Socket& router() { return *router_; }
  Socket& dealer() { return *dealer_; }

 private:
  void* server_context_;
  void* client_context_;
  std::unique_ptr<Socket> router_, dealer_;
};

// The answering end: an acknowledgement for every `each` messages, until an empty one.
void answer(Socket& router, std::size_t each, std::string& error) {
  try {
    Buffer id(64), frame(256 * kRecord), ack(64);
    for (std::size_t count = 0;;) {
      const std::size_t id_size = router.receive(id);
      if (router.receive(frame) == 0) return;
      if (++count % each != 0) continue;
      router.send(id.data(), id_size, ZMQ_SNDMORE);
      router.send(ack.data(), ack.size());
    }
  } catch (const std::exception& e) {
    error = e.what();
  }
}

void measure_curve(FocalPrimitives& out) {
  constexpr std::size_t kWindow = 16;  // frames under way, acknowledged together
  constexpr std::size_t kRounds = 20;
  constexpr std::size_t kSingles = 400;
  Buffer ack(256);
  std::string error;
  const Buffer frame = random_bytes(kFrameRecords * kRecord);
  {
    Link link;
    std::thread other([&] { answer(link.router(), kWindow, error); });
    const auto window = [&] {
      for (std::size_t i = 0; i < kWindow; ++i) link.dealer().send(frame.data(), frame.size());
      link.dealer().receive(ack);
    };
    try {
      window();  // the handshake is over
      const double wall = wall_us();
      const double cpu = process_us();
      for (std::size_t i = 0; i < kRounds; ++i) window();
      constexpr double kRecords = static_cast<double>(kRounds * kWindow * kFrameRecords);
      out.curve_1k_us = (wall_us() - wall) / kRecords;
      out.curve_1k_cpu_us = (process_us() - cpu) / kRecords;
      link.dealer().send("", 0);
    } catch (const std::exception& e) {
      error = e.what();  // the other end gives up at its time-out
    }
    other.join();
  }
  {
    Link link;
    std::thread other([&] { answer(link.router(), 1, error); });
    std::vector<double> times;
    try {
      for (std::size_t i = 0; i < kSingles; ++i) {
        const double wall = wall_us();
        link.dealer().send(frame.data(), kRecord);
        link.dealer().receive(ack);
        times.push_back(wall_us() - wall);
      }
      link.dealer().send("", 0);
    } catch (const std::exception& e) {
      error = e.what();
    }
    other.join();
    if (!times.empty()) out.curve_round_trip_us = median(std::move(times));
  }
  require(error.empty(), error.c_str());
}

}  // namespace

extern "C" int focal_measure_primitives(const char* folder, struct FocalPrimitives* out,
                                        char* error, unsigned long error_size) {
  try {
    require(sodium_init() >= 0, "libsodium does not start");
    *out = FocalPrimitives{};
    measure_hashes(*out);
    measure_seals(*out);
    measure_keys(*out);
    measure_rows(folder, *out);
    measure_curve(*out);
    return 0;
  } catch (const std::exception& e) {
    std::snprintf(error, error_size, "%s", e.what());
    return -1;
  }
}

extern "C" double focal_ideal_records_per_s(const struct FocalPrimitives* c, unsigned cores,
                                            unsigned batch, unsigned group) {
  const double hashing = 4 * c->sha256_1k_cpu_us + 12 * c->sha256_node_cpu_us;
  const double sealing =
      c->aead_seal_1k_cpu_us + c->aead_open_1k_cpu_us + 2 * c->rest_seal_1k_cpu_us;
  const double signing = 2 * (c->ed25519_sign_cpu_us + c->ed25519_verify_cpu_us) / batch;
  const double storing = 2 * c->sqlite_row_cpu_us;
  const double cpu = hashing + sealing + signing + storing + c->curve_1k_cpu_us;
  const double writer = c->sqlite_row_cpu_us + c->sqlite_group_wait_us / group;
  return cpu > 0 && writer > 0 ? std::min(cores * 1e6 / cpu, 1e6 / writer) : 0;
}

extern "C" double focal_ideal_round_trip_us(const struct FocalPrimitives* c) {
  return 3 * c->sqlite_single_us + c->curve_round_trip_us +
         2 * (c->ed25519_sign_cpu_us + c->ed25519_verify_cpu_us);
}

// What the ledger asks of a database engine: prepared statements and one
// transaction at a time. SQL stands once, in the store files, in the subset two
// engines share: placeholders $1 … $n numbered in order of first use, integer
// milliseconds, ids made by the node, INSERT … ON CONFLICT. One Driver belongs
// to one thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/bytes.h"
#include "base/check.h"
#include "base/result.h"

namespace focal::ledger {

class Statement {
 public:
  virtual ~Statement() = default;
  // Position from 1. Blobs and texts are not copied: they must live until reset().
  virtual void bind_integer(int position, std::int64_t value) = 0;
  virtual void bind_blob(int position, ByteView value) = 0;
  virtual void bind_text(int position, std::string_view value) = 0;
  virtual void bind_null(int position) = 0;
  // True: a row stands ready. False: the end. Errors as Driver's.
  virtual Result<bool> step() = 0;
  // Column from 0; views are valid until the next step() or reset().
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual ByteView blob(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual void reset() = 0;
};

// Errors: kNoSpace (disk full), kState (a constraint or a guard trigger),
// kBusy, kCorrupt (the file is damaged), kIo.
class Driver {
 public:
  virtual ~Driver() = default;
  // Compiled once per `sql` pointer (a constant of the caller) and kept.
  virtual Result<Statement*> prepare(const char* sql) = 0;
  virtual Status run_script(const char* sql) = 0;
  // What is read from here to end_reading() or begin() is one snapshot under one
  // lock, instead of one for each statement. Does nothing inside a transaction.
  virtual void begin_reading() = 0;
  virtual void end_reading() = 0;            // does nothing if nothing is being read
  virtual Status begin() = 0;                // ends reading; takes the write lock at once
  virtual Status commit() = 0;               // durable when it returns
  virtual void rollback() = 0;               // no effect outside a transaction
  virtual std::int64_t changes() const = 0;  // rows the last finished statement wrote
  virtual Status quick_check() = 0;          // kCorrupt: the engine's own check of its file
  // Moves what is committed to its final place when enough has gathered, or,
  // if idle, whatever there is. Ends reading. Never needed for durability.
  virtual void tidy(bool idle) = 0;
  // Moves everything to its final place and empties the write-ahead log, so that nothing of what was
  // overwritten is left in it. False: a reader of the file holds it. Ends reading.
  virtual Result<bool> truncate_wal() = 0;
  // From now on a failing disk or a damaged file ends the process: nothing may
  // be promised after an fsync that failed, and an fsync is never tried again.
  virtual void end_process_on_failure() = 0;
};

// Logs one clear line and aborts.
[[noreturn]] void disk_failed(const Error& error);

// One use of a prepared statement: bound, stepped and reset at the end of scope.
class Query {
 public:
  Query(Driver& db, const char* sql) : db_(db) {
    auto prepared = db.prepare(sql);
    if (prepared) {
      statement_ = *prepared;
    } else {
      error_ = prepared.error();
    }
  }
  ~Query() {
    if (statement_ != nullptr) statement_->reset();
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Values of $1 … $n. They must live until the query goes.
  template <typename... Values>
  Query& bind(const Values&... values) {
    if (statement_ != nullptr) {
      int position = 0;
      (bind_one(++position, values), ...);
    }
    return *this;
  }

  Result<bool> next() {
    if (error_) return *error_;
    return statement_->step();
  }
  // Runs a statement without rows; the number of rows written.
  Result<std::int64_t> run() {
    FOCAL_ASSIGN(const bool row, next());
    FOCAL_CHECK(!row);
    return db_.changes();
  }
  // next() for reads that have no way to report: ends the process on an error.
  bool row() {
    auto more = next();
    if (!more) disk_failed(more.error());
    return *more;
  }

  bool is_null(int column) const { return statement_->is_null(column); }
  std::int64_t integer(int column) const { return statement_->integer(column); }
  template <typename T>
  T number(int column) const {
    return static_cast<T>(statement_->integer(column));
  }
  ByteView blob(int column) const { return statement_->blob(column); }
  std::string text(int column) const { return std::string(statement_->text(column)); }
  // Zeros if the column has another size (the schema checks sizes).
  Hash32 hash(int column) const { return fixed<32>(blob(column)).value_or(Hash32{}); }

 private:
  template <typename T>
  void bind_one(int position, const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      statement_->bind_integer(position, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_same_v<T, std::nullopt_t>) {
      statement_->bind_null(position);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      statement_->bind_text(position, value);
    } else {
      statement_->bind_blob(position, ByteView(value));
    }
  }
  template <typename T>
  void bind_one(int position, const std::optional<T>& value) {
    if (value) {
      bind_one(position, *value);
    } else {
      statement_->bind_null(position);
    }
  }

  Driver& db_;
  Statement* statement_ = nullptr;
  std::optional<Error> error_;
};

// For INSERT … ON CONFLICT DO NOTHING that must insert: kState with `what` and the
// name in hexadecimal if not.
Status must_insert(Query& query, std::string_view what, ByteView name = {});

}  // namespace focal::ledger

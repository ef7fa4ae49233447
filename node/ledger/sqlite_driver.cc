#include "node/ledger/sqlite_driver.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/log.h"

namespace focal::ledger {
namespace {

constexpr int kBusyTimeoutMs = 5000;

ErrorCode code_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL: return ErrorCode::kNoSpace;
    case SQLITE_CONSTRAINT: return ErrorCode::kState;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::kBusy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::kCorrupt;
    case SQLITE_READONLY:
    case SQLITE_PERM: return ErrorCode::kPermission;
    default: return ErrorCode::kIo;
  }
}

// A promise may not follow these (see Driver::end_process_on_failure).
bool is_disk_failure(ErrorCode code) {
  return code == ErrorCode::kIo || code == ErrorCode::kCorrupt;
}

class SqliteDriver;

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(SqliteDriver& driver, sqlite3_stmt* handle) : driver_(driver), handle_(handle) {}
  ~SqliteStatement() override { sqlite3_finalize(handle_); }

  void bind_integer(int position, std::int64_t value) override {
    check(sqlite3_bind_int64(handle_, position, value));
  }
  void bind_blob(int position, ByteView value) override {
    const void* data = value.empty() ? static_cast<const void*>("") : value.data();
    check(sqlite3_bind_blob64(handle_, position, data, value.size(), SQLITE_STATIC));
  }
  void bind_text(int position, std::string_view value) override {
    const char* data = value.empty() ? "" : value.data();
    check(sqlite3_bind_text64(handle_, position, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  void bind_null(int position) override { check(sqlite3_bind_null(handle_, position)); }

  Result<bool> step() override;

  bool is_null(int column) const override {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(handle_, column); }
  ByteView blob(int column) const override {
    const void* data = sqlite3_column_blob(handle_, column);
    const int size = sqlite3_column_bytes(handle_, column);
    if (data == nullptr || size <= 0) return {};
    return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
  }
  std::string_view text(int column) const override { return as_text(blob(column)); }
  void reset() override {
    sqlite3_reset(handle_);  // repeats the error of step(), which was returned there
    in_use_ = false;
  }

  void claim() {
    FOCAL_CHECK(!in_use_);  // one Query per statement at a time
    in_use_ = true;
  }

 private:
  static void check(int code) { FOCAL_CHECK(code == SQLITE_OK); }

  SqliteDriver& driver_;
  sqlite3_stmt* handle_;
  bool in_use_ = false;
};

class SqliteDriver final : public Driver {
 public:
  SqliteDriver(sqlite3* db, std::string file) : db_(db), file_(std::move(file)) {}
  ~SqliteDriver() override {
    statements_.clear();
    sqlite3_close(db_);
  }

  Result<Statement*> prepare(const char* sql) override {
    auto& slot = statements_[sql];
    if (!slot) {
      sqlite3_stmt* handle = nullptr;
      const int code =
          sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
      if (code != SQLITE_OK) return failure(code, "compiling a statement");
      check_placeholders(handle);
      slot = std::make_unique<SqliteStatement>(*this, handle);
    }
    slot->claim();
    return slot.get();
  }

  Status run_script(const char* sql) override {
    const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(code, "running a script");
    return {};
  }

  void begin_reading() override {
    if (sqlite3_get_autocommit(db_) == 0) return;
    must_run("BEGIN");
    reading_ = true;
  }
  void end_reading() override {
    if (std::exchange(reading_, false)) must_run("COMMIT");
  }
  Status begin() override {
    end_reading();
    FOCAL_ASSIGN(const bool row, run_once("BEGIN IMMEDIATE"));
    FOCAL_CHECK(!row);
    return {};
  }
  Status commit() override {
    FOCAL_ASSIGN(const bool row, run_once("COMMIT"));
    FOCAL_CHECK(!row);
    return {};
  }
  void rollback() override {
    // A full disk may have rolled the transaction back already.
    if (sqlite3_get_autocommit(db_) != 0) return;
    reading_ = false;
    must_run("ROLLBACK");
  }

  std::int64_t changes() const override { return sqlite3_changes64(db_); }

  Status quick_check() override {
    Query query(*this, "PRAGMA quick_check(1)");
    FOCAL_ASSIGN(const bool row, query.next());
    if (row && query.text(0) == "ok") return {};
    return fail(ErrorCode::kCorrupt, "quick_check: " + (row ? query.text(0) : "no answer"),
                "restore the ledger from a backup", file_);
  }

  void tidy(bool idle) override {
    end_reading();
    if (wal_pages_ == 0 || (!idle && wal_pages_ < kWalPagesBeforeCheckpoint)) return;
    int in_wal = 0;
    int moved = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &moved);
    if (code == SQLITE_OK) {
      wal_pages_ = in_wal == moved ? 0 : in_wal - moved;
    } else if (code != SQLITE_BUSY) {
      const Error error = failure(code, "moving the write-ahead log");  // ends if the disk failed
      log::warn("ledger", error.message, {{"code", error_name(error.code)}});
    }
  }

  Result<bool> truncate_wal() override {
    end_reading();
    // Whoever reads is not waited for: the caller comes again.
    sqlite3_busy_timeout(db_, 0);
    const int code =
        sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(db_, kBusyTimeoutMs);
    if (code == SQLITE_OK) {
      wal_pages_ = 0;
      return true;
    }
    if ((code & 0xff) == SQLITE_BUSY) return false;
    return failure(code, "emptying the write-ahead log");
  }

  void end_process_on_failure() override { end_process_ = true; }

  Error failure(int code, const char* doing) {
    last_failure_ = code & 0xff;
    const ErrorCode ours =
        code_of(sqlite3_extended_errcode(db_) == 0 ? code : sqlite3_extended_errcode(db_));
    Error error = fail(ours, std::string(doing) + ": " + sqlite3_errmsg(db_), {}, file_);
    if (ours == ErrorCode::kNoSpace) error.hint = "free disk space";
    if (end_process_ && is_disk_failure(ours)) disk_failed(error);
    // Anything but trouble with the file is a wrong statement of ours.
    FOCAL_CHECK((code & 0xff) != SQLITE_ERROR && (code & 0xff) != SQLITE_MISUSE &&
                (code & 0xff) != SQLITE_RANGE);
    return error;
  }

  sqlite3* handle() { return db_; }
  int last_failure() const { return last_failure_; }  // SQLite's primary code

  // Pages in the write-ahead log after a commit.
  static int on_wal(void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteDriver*>(self)->wal_pages_ = pages;
    return SQLITE_OK;
  }

 private:
  Result<bool> run_once(const char* sql) {
    Query query(*this, sql);
    return query.next();
  }
  void must_run(const char* sql) {
    const auto done = run_once(sql);
    if (!done) disk_failed(done.error());
  }

  // Position n is $n: binding by number is then right on every engine.
  static void check_placeholders(sqlite3_stmt* handle) {
    for (int i = 1; i <= sqlite3_bind_parameter_count(handle); ++i) {
      const char* name = sqlite3_bind_parameter_name(handle, i);
      FOCAL_CHECK(name != nullptr && name == "$" + std::to_string(i));
    }
  }

  sqlite3* db_;
  std::string file_;
  std::unordered_map<const void*, std::unique_ptr<SqliteStatement>> statements_;
  bool reading_ = false;                     // the open transaction only reads
  int wal_pages_ = 0;
  int last_failure_ = SQLITE_OK;
  bool end_process_ = false;
};

Result<bool> SqliteStatement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return driver_.failure(code, "working on the ledger");
}

// SQLite would create the file readable by others; the WAL file inherits the mode.
Status create_private_file(const std::string& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    const int error = errno;
    if (error == EEXIST) return fail(ErrorCode::kExists, "there is a ledger already", {}, file);
    return fail(error == EACCES || error == EROFS ? ErrorCode::kPermission : ErrorCode::kIo,
                std::string("cannot create the ledger: ") + std::strerror(error), {}, file);
  }
  ::close(fd);
  return {};
}

constexpr char kSettings[] =
    "PRAGMA synchronous=FULL;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA cell_size_check=ON;"
    "PRAGMA recursive_triggers=ON;"  // so that REPLACE meets the append-only guards
    "PRAGMA secure_delete=ON;"       // what leaves the search index has no key of its own to lose
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA mmap_size=0;"
    "PRAGMA wal_autocheckpoint=0;";

Status configure(SqliteDriver& driver, SqliteMode mode) {
  sqlite3* db = driver.handle();
  sqlite3_extended_result_codes(db, 1);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  if (mode == SqliteMode::kReadOnly) {
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_busy_timeout(db, kBusyTimeoutMs);
  }
  if (mode == SqliteMode::kCreate) {
    FOCAL_TRY(driver.run_script(("PRAGMA page_size=" + std::to_string(kPageSize)).c_str()));
    FOCAL_TRY(driver.run_script("PRAGMA auto_vacuum=NONE"));
  }
  if (mode != SqliteMode::kReadOnly) {
    Query query(driver, "PRAGMA journal_mode=WAL");
    FOCAL_ASSIGN(const bool row, query.next());
    const bool wal = row && query.text(0) == "wal";
    // In a new file the change is committed, or fails, only when the statement ends.
    if (row) FOCAL_TRY(query.next());
    if (!wal)
      return fail(ErrorCode::kIo, "the file system does not carry a write-ahead log",
                  "keep the node's folder on a local disk");
  }
  FOCAL_TRY(driver.run_script(kSettings));
  FOCAL_TRY(driver.run_script(("PRAGMA cache_size=-" + std::to_string(kCacheKib)).c_str()));
  return driver.run_script("SELECT 1 FROM sqlite_schema LIMIT 1");  // reads the file: is it one?
}

// `failed` is SQLite's primary code of the error that is returned.
Result<std::unique_ptr<Driver>> connect(const std::string& name, const std::string& file, int flags,
                                        SqliteMode mode, int& failed) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    failed = code & 0xff;
    const std::string why = db != nullptr ? sqlite3_errmsg(db) : "out of memory";
    sqlite3_close(db);
    return fail(ErrorCode::kIo, "cannot open the ledger: " + why, {}, file);
  }
  auto driver = std::make_unique<SqliteDriver>(db, file);
  if (auto ready = configure(*driver, mode); !ready) {
    failed = driver->last_failure();
    return ready.error();
  }
  sqlite3_wal_hook(db, &SqliteDriver::on_wal, driver.get());
  return std::unique_ptr<Driver>(std::move(driver));
}

// On a medium nobody can write to, a ledger that was closed in order needs no
// WAL file; SQLite has to be told that nothing will change.
Result<std::unique_ptr<Driver>> connect_immutable(const std::string& file) {
  struct stat wal {};
  if (::stat((file + "-wal").c_str(), &wal) == 0 && wal.st_size > 0)
    return fail(ErrorCode::kPermission, "the ledger was not closed in order and cannot be written",
                "copy ledger.db and ledger.db-wal together to a folder you can write to", file);
  std::string uri = "file:";
  for (const char c : file) {
    if (c == '%' || c == '?' || c == '#') {
      uri += '%' + hex(as_bytes(std::string_view(&c, 1)));
    } else {
      uri += c;
    }
  }
  int failed = SQLITE_OK;
  return connect(uri + "?immutable=1", file, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                 SqliteMode::kReadOnly, failed);
}

}  // namespace

Result<std::unique_ptr<Driver>> open_sqlite(const std::filesystem::path& file, SqliteMode mode) {
  const std::string name = file.string();
  if (mode == SqliteMode::kCreate) {
    FOCAL_TRY(create_private_file(name));
  } else {
    struct stat info {};
    if (::stat(name.c_str(), &info) != 0)
      return fail(ErrorCode::kNotFound, "there is no ledger", "run focal init first", name);
    if (mode == SqliteMode::kWrite && ::access(name.c_str(), W_OK) != 0)
      return fail(ErrorCode::kPermission, "the ledger cannot be written",
                  "check its owner and mode", name);
  }
  int failed = SQLITE_OK;
  if (mode != SqliteMode::kReadOnly)
    return connect(name, name, SQLITE_OPEN_READWRITE, mode, failed);
  auto driver = connect(name, name, SQLITE_OPEN_READONLY, mode, failed);
  // A reader makes the files beside the ledger. Only if it may not, it can do without.
  const bool unwritable = failed == SQLITE_CANTOPEN || failed == SQLITE_READONLY;
  if (driver || !unwritable) return driver;
  return connect_immutable(name);
}

Result<std::unique_ptr<Driver>> open_memory() {
  sqlite3* db = nullptr;
  const int code =
      sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  auto driver = std::make_unique<SqliteDriver>(db, ":memory:");
  if (code != SQLITE_OK) return fail(ErrorCode::kIo, "no memory for a database");
  return std::unique_ptr<Driver>(std::move(driver));
}

void limit_pages(Driver& driver, std::int64_t pages) {
  auto& sqlite = dynamic_cast<SqliteDriver&>(driver);
  const std::string sql = "PRAGMA max_page_count=" + std::to_string(pages);
  FOCAL_CHECK(sqlite3_exec(sqlite.handle(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

std::int64_t count_pages(Driver& driver) {
  Query query(driver, "PRAGMA page_count");
  FOCAL_CHECK(query.row());
  return query.integer(0);
}

}  // namespace focal::ledger

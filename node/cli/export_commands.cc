#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "node/cli/export_check.h"
#include "node/cli/families.h"
#include "node/cli/new_file.h"
#include "node/cli/progress.h"
#include "node/cli/session.h"
#include "proto/evidence.pb.h"

namespace focal::cli {
namespace {

namespace fs = std::filesystem;
namespace v1 = api::v1;

constexpr std::uint32_t kLevels = 8;

LogSource of_node(Session& session) {
  LogSource out;
  out.checkpoint = [&session](v1::LedgerCheckpointResponse& answer) {
    return session.get("/v1/ledger/checkpoint", answer);
  };
  out.tiles = [&session](std::uint64_t size, std::uint32_t level, std::uint64_t first,
                         v1::LedgerFilesResponse& answer) {
    std::string target = "/v1/ledger/tiles";
    add_query(target, "size", std::to_string(size));
    add_query(target, "level", std::to_string(level));
    add_query(target, "first", std::to_string(first));
    return session.get(target, answer);
  };
  out.entries = [&session](std::uint64_t size, std::uint64_t first,
                           v1::LedgerFilesResponse& answer) {
    std::string target = "/v1/ledger/entries";
    add_query(target, "size", std::to_string(size));
    add_query(target, "first", std::to_string(first));
    return session.get(target, answer);
  };
  return out;
}

// For its owner alone, as everything that is written of a node.
Status make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return {};
  if (errno == EEXIST)
    return fail(ErrorCode::kExists, folder.string() + " is there already",
                "Name a folder that is not there; nothing is overwritten.", folder.string());
  return fail(ErrorCode::kIo, "cannot make the folder " + folder.string(),
              "Is the folder above it there, and may you write into it?", folder.string());
}

class Export {
 public:
  Export(fs::path folder, const v1::LedgerCheckpointResponse& checkpoint)
      : folder_(std::move(folder)), checkpoint_(checkpoint), check_(checkpoint.size()) {}

  Status write(const LogSource& log, Io& io) {
    Progress progress(io);
    for (std::uint64_t first = 0;;) {
      v1::LedgerFilesResponse page;
      FOCAL_TRY(log.entries(checkpoint_.size(), first, page));
      for (const v1::LedgerFile& file : page.files()) {
        FOCAL_TRY(check_.entries(as_bytes(file.data())));
        FOCAL_TRY(put(file));
      }
      progress.show(check_.entries_done(), checkpoint_.size(), 0);
      if (!goes_on(page, first)) break;
    }
    for (std::uint32_t level = 0; level < kLevels; ++level) {
      FOCAL_ASSIGN(const bool any, write_level(log, level));
      if (!any) break;
    }
    const auto bytes = unbase64(checkpoint_.root());
    const auto root = bytes ? fixed<32>(*bytes) : std::nullopt;
    if (!root) return fail(ErrorCode::kCorrupt, "the checkpoint names no root");
    FOCAL_TRY(check_.end(*root));
    // Last, so that a folder that has it is complete.
    v1::LedgerFile note;
    note.set_name("checkpoint");
    note.set_data(checkpoint_.note());
    return store(note);
  }

  v1::LedgerExportResult result() const {
    v1::LedgerExportResult out;
    out.set_folder(folder_.string());
    out.set_origin(checkpoint_.origin());
    out.set_size(checkpoint_.size());
    out.set_root(checkpoint_.root());
    out.set_files(files_);
    out.set_bytes(bytes_);
    return out;
  }

 private:
  Result<bool> write_level(const LogSource& log, std::uint32_t level) {
    for (std::uint64_t first = 0;;) {
      v1::LedgerFilesResponse page;
      FOCAL_TRY(log.tiles(checkpoint_.size(), level, first, page));
      for (const v1::LedgerFile& file : page.files()) {
        FOCAL_TRY(check_.tile(level, as_bytes(file.data())));
        FOCAL_TRY(put(file));
      }
      if (first == 0 && page.files_size() == 0) return false;
      if (!goes_on(page, first)) return true;
    }
  }

  // Always forward, whatever the answer says.
  static bool goes_on(const v1::LedgerFilesResponse& page, std::uint64_t& first) {
    if (page.next() <= first || page.files_size() == 0) return false;
    first = page.next();
    return true;
  }

  Status put(const v1::LedgerFile& file) {
    if (!is_export_name(file.name()))
      return fail(ErrorCode::kCorrupt, "the answer names a file '" + file.name() + "'",
                  "Is the node of the same version as this program?");
    return store(file);
  }

  Status store(const v1::LedgerFile& file) {
    const fs::path path = folder_ / file.name();
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    if (failed)
      return fail(ErrorCode::kIo, "cannot make the folder " + path.parent_path().string(),
                  "Is the medium full?", path.string());
    FOCAL_TRY(write_new_file(path.string(), file.data()));
    ++files_;
    bytes_ += file.data().size();
    return {};
  }

  fs::path folder_;
  const v1::LedgerCheckpointResponse& checkpoint_;
  ExportCheck check_;
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;
};

std::string export_text(const v1::LedgerExportResult& result, const Look& look) {
  return paint("The log is written.", Style::kGood, look) + "\n" +
         labelled({{"folder", result.folder()},
                   {"log", result.origin()},
                   {"leaves", std::to_string(result.size())},
                   {"root", result.root()},
                   {"files", std::to_string(result.files()) + ", " +
                                 std::to_string(result.bytes() / 1024) + " KiB"}},
                  look);
}

}  // namespace

Result<int> run_ledger_export(Session& session, const Values& values) {
  const fs::path folder = values.text("DIR");
  LogSource log = of_node(session);
  v1::LedgerCheckpointResponse checkpoint;
  if (const Status asked = log.checkpoint(checkpoint); !asked) {
    if (!session.not_running()) return asked.error();
    FOCAL_TRY(session.offline().open_log(session.folder(), log));
    FOCAL_TRY(log.checkpoint(checkpoint));
  }
  FOCAL_TRY(make_folder(folder));
  Export out(folder, checkpoint);
  if (const Status written = out.write(log, session.io()); !written) {
    Error error = written.error();
    error.hint.append(error.hint.empty() ? "" : " ")
        .append("The folder is not complete: remove it before you try again.");
    return error;
  }
  const v1::LedgerExportResult result = out.result();
  if (session.show_json(result)) return kExitOk;
  session.print(export_text(result, session.look()));
  return kExitOk;
}

}  // namespace focal::cli

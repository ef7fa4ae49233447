#include "node/evidence/bundle.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "base/names.h"
#include "proto/lint.h"

namespace focal::evidence {

namespace data {
extern const std::string_view kReadmeTxt;
}  // namespace data

namespace {

constexpr std::size_t kCardDigits = 10;
constexpr std::size_t kRevocationDigits = 16;
constexpr std::size_t kPolicyDigits = 16;
constexpr std::size_t kRidDigits = 64;

bool is_hex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == text.npos;
}
bool is_digits(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789") == text.npos;
}

// What stands before and behind the first `mark`; nothing: it is not there.
std::optional<std::pair<std::string_view, std::string_view>> cut(std::string_view text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return std::pair{text.substr(0, at), text.substr(at + 1)};
}

using Records = std::map<std::string_view, RecordFiles>;  // by rid as in the names

// "card/XA/0000000001.note" and its kind.
bool take_note(std::string_view folder, std::string_view rest, const FileView& file,
               std::map<std::string, PartyFiles>& parties) {
  const auto parts = cut(rest, '/');
  if (!parts || !is_party(parts->first) || !parts->second.ends_with(".note")) return false;
  const std::string_view name = parts->second.substr(0, parts->second.size() - 5);
  std::vector<NamedNote> PartyFiles::*list = nullptr;
  if (folder == "card" && is_digits(name, kCardDigits)) list = &PartyFiles::cards;
  if (folder == "revoke" && is_hex(name, kRevocationDigits)) list = &PartyFiles::revocations;
  if (folder == "policy" && is_digits(name, kPolicyDigits)) list = &PartyFiles::policies;
  if (list == nullptr) return false;
  (parties[std::string(parts->first)].*list).push_back({name, as_text(file.data)});
  return true;
}

// "KIND-KEY.SUFFIX" of a file of a record: which of its slots.
std::optional<ByteView>* keyed_slot(RecordFiles& record, std::string_view name) {
  const auto kind = cut(name, '-');
  if (!kind) return nullptr;
  const auto key = cut(kind->second, '.');  // neither a party nor a number has a dot
  if (!key) return nullptr;
  const std::string_view suffix = key->second;
  if (kind->first == "approval") {
    if (key->first.size() != 1 || !is_digits(key->first, 1)) return nullptr;
    ApprovalFiles& files = record.approvals[static_cast<std::size_t>(key->first[0] - '0')];
    return suffix == "cert" ? &files.certificate : suffix == "sig" ? &files.signature : nullptr;
  }
  if (!is_party(key->first)) return nullptr;
  const std::string party(key->first);
  if (kind->first == "leaf" && suffix == "bin") return &record.leaves[party].leaf;
  if (kind->first == "proof" && suffix == "tlog-proof") return &record.leaves[party].proof;
  if (kind->first == "receipt") {
    ReceiptFiles& files = record.receipts[party];
    if (suffix == "item") return &files.item;
    if (suffix == "stmt") return &files.stmt;
    if (suffix == "sig") return &files.sig;
    if (suffix == "path") return &files.path;
  }
  if (kind->first == "erased") {
    ErasedFiles& files = record.erased[party];
    if (suffix == "leaf") return &files.leaf;
    if (suffix == "tlog-proof") return &files.proof;
    if (suffix == "detail") return &files.detail;
  }
  return nullptr;
}

std::optional<ByteView>* slot_of(RecordFiles& record, std::string_view name) {
  if (name == "manifest.bin") return &record.manifest_bytes;
  if (name == "batch.stmt") return &record.stmt;
  if (name == "batch.sig") return &record.sig;
  if (name == "batch.path") return &record.path;
  if (name == "body.bin") return &record.body;
  if (name == "salt.bin") return &record.salt;
  return keyed_slot(record, name);
}

bool take_record_file(std::string_view rest, const FileView& file, Records& records) {
  const auto parts = cut(rest, '/');
  if (!parts || !is_hex(parts->first, kRidDigits)) return false;
  std::optional<ByteView>* slot = slot_of(records[parts->first], parts->second);
  if (slot == nullptr) return false;
  *slot = file.data;
  return true;
}

bool take(const FileView& file, Bundle& bundle, Records& records) {
  const auto parts = cut(file.name, '/');
  if (!parts) return false;
  if (parts->first == "rec") return take_record_file(parts->second, file, records);
  return take_note(parts->first, parts->second, file, bundle.parties);
}

// All of them stand, or none.
bool together(std::initializer_list<bool> here) {
  return std::all_of(here.begin(), here.end(),
                     [&here](bool each) { return each == *here.begin(); });
}

bool is_complete(const RecordFiles& r) {
  return r.manifest_bytes && r.stmt && r.sig && r.path &&
         together({r.body.has_value(), r.salt.has_value()}) &&
         std::all_of(
             r.approvals.begin(), r.approvals.end(),
             [](const auto& each) { return each.second.certificate && each.second.signature; }) &&
         std::all_of(r.receipts.begin(), r.receipts.end(),
                     [](const auto& each) {
                       return each.second.item && each.second.stmt && each.second.sig &&
                              each.second.path;
                     }) &&
         std::all_of(r.leaves.begin(), r.leaves.end(),
                     [](const auto& each) { return each.second.leaf && each.second.proof; }) &&
         std::all_of(r.erased.begin(), r.erased.end(),
                     [](const auto& each) { return each.second.leaf && each.second.proof; });
}

// The manifest: of this rid and version, not to its sender.
bool read_manifest(std::string_view rid, RecordFiles& record) {
  const auto version = proto::peek_version(*record.manifest_bytes);
  if (!version.has_value() || *version != 1) return false;
  auto manifest = exchange::parse_manifest(*record.manifest_bytes);
  if (!manifest.has_value() || hex(manifest->rid) != rid) return false;
  record.manifest = std::move(*manifest);
  const auto& to = record.manifest.to;
  return std::find(to.begin(), to.end(), record.manifest.from) == to.end();
}

bool keys_are_allowed(const RecordFiles& record) {
  const auto& m = record.manifest;
  const auto addressed = [&m](const auto& each) {
    return std::binary_search(m.to.begin(), m.to.end(), each.first);
  };
  const auto has_ledger = [&](const auto& each) { return each.first == m.from || addressed(each); };
  return std::all_of(record.approvals.begin(), record.approvals.end(),
                     [&m](const auto& each) { return each.first < m.approver.size(); }) &&
         std::all_of(record.receipts.begin(), record.receipts.end(), addressed) &&
         std::all_of(record.leaves.begin(), record.leaves.end(), has_ledger) &&
         std::all_of(record.erased.begin(), record.erased.end(), has_ledger);
}

ReadBundle refuse(std::string why, Reason reason = Reason::kForm) {
  return {std::nullopt, {reason, std::move(why)}};
}

ReadBundle read_files(IndexHead head, std::span<const FileView> files) {
  Bundle bundle{std::move(head), {}, {}};
  Records records;
  for (const FileView& file : files)
    if (!take(file, bundle, records))
      return refuse("no file of a bundle has the name " + std::string(file.name));
  if (records.empty()) return refuse("it holds no record");
  for (const auto& [rid, record] : records)
    if (!is_complete(record)) return refuse("files of a record are missing: " + std::string(rid));
  for (auto& [rid, record] : records)
    if (!read_manifest(rid, record)) return refuse("not the manifest of " + std::string(rid));
  bundle.records.reserve(records.size());
  for (auto& [rid, record] : records) {
    if (!keys_are_allowed(record))
      return refuse("a party or an approval that the record does not name: " + std::string(rid));
    bundle.records.push_back(std::move(record));
  }
  std::stable_sort(bundle.records.begin(), bundle.records.end(),
                   [](const RecordFiles& a, const RecordFiles& b) {
                     return a.manifest.created_ms < b.manifest.created_ms;
                   });  // before, they are in the order of their rids
  return {std::move(bundle), {}};
}

}  // namespace

std::string_view readme_text() { return data::kReadmeTxt; }

ReadBundle read_bundle(ByteView archive) {
  auto files = read_tar(archive);
  if (!files.has_value()) return refuse(files.error().message);
  // Taken out of the list; what is left is what the index names.
  const auto take_out = [&files](std::string_view name) -> std::optional<std::string_view> {
    const auto at = std::find_if(files->begin(), files->end(),
                                 [name](const FileView& file) { return file.name == name; });
    if (at == files->end()) return std::nullopt;
    const std::string_view text = as_text(at->data);
    files->erase(at);
    return text;
  };
  if (take_out(kReadmeName) != readme_text())
    return refuse("README.txt is another one, or missing");
  const auto text = take_out(kIndexName);
  if (!text) return refuse("index.txt is missing");
  auto index = read_index(*text, *files);
  if (!index.has_value()) return refuse(index.error().message);
  if (!index->digests) return refuse("a file is not the one that the index names", Reason::kDigest);
  return read_files(std::move(index->head), *files);
}

}  // namespace focal::evidence

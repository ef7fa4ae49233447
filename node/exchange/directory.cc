#include "node/exchange/directory.h"

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/card.h"
#include "node/exchange/lines.h"
#include "node/exchange/party.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFirstLine = "focal-directory/v1";

// "entry XA <base64 root> 12"
Result<DirectoryEntry> take_entry(Lines& in) {
  FOCAL_ASSIGN(const std::string_view value, in.take("entry"));
  const std::size_t first = value.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : value.find(' ', first + 1);
  if (second == std::string_view::npos)
    return in.wrong("this is not a party, a root key and a card serial");
  DirectoryEntry entry;
  entry.party = value.substr(0, first);
  if (!is_party(entry.party)) return in.wrong("this is not a party code");
  const std::optional<Hash32> root = read_hash(value.substr(first + 1, second - first - 1));
  if (!root) return in.wrong("the root is not the base64 form of 32 bytes");
  entry.root = *root;
  const std::optional<std::uint64_t> serial = read_number(value.substr(second + 1));
  if (!serial || *serial < 1 || *serial > kMaxSerial) return in.wrong("this is no card serial");
  entry.card_serial = *serial;
  return entry;
}

Status take_entries(Lines& in, DirectoryFields& d) {
  while (in.next_is("entry")) {
    FOCAL_ASSIGN(DirectoryEntry entry, take_entry(in));
    if (d.entries.size() == kMaxDirectoryEntries) return in.wrong("more than 768 lines of this kind");
    if (!d.entries.empty() && d.entries.back().party >= entry.party)
      return in.wrong("the parties are not in order, or one stands there twice");
    d.entries.push_back(std::move(entry));
  }
  return {};
}

// Introducers of the policy, each once.
template <typename Visit>
void each_introducer(const IntroducerPolicy& policy,
                     const Directories& directories, Visit visit) {
  for (std::size_t i = 0; i < policy.introducers.size(); ++i) {
    const auto begin = policy.introducers.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(i);
    if (std::find(begin, end, policy.introducers[i]) != end) continue;
    const auto it = directories.find(policy.introducers[i]);
    if (it != directories.end()) visit(*it->second);
  }
}

}  // namespace

const DirectoryEntry* Directory::find(std::string_view party) const {
  const auto it = std::lower_bound(
      entries.begin(), entries.end(), party,
      [](const DirectoryEntry& entry, std::string_view name) { return entry.party < name; });
  return it == entries.end() || it->party != party ? nullptr : &*it;
}

Result<DirectoryFields> parse_directory_text_unverified(std::string_view text) {
  Lines in(text, "directory");
  DirectoryFields d;
  FOCAL_TRY(in.take_first(kFirstLine));
  FOCAL_ASSIGN(d.introducer, in.take_party("introducer"));
  FOCAL_ASSIGN(d.serial, in.take_number("serial", 1, kMaxSerial));
  FOCAL_ASSIGN(d.prev, in.take_prev(d.serial));
  FOCAL_TRY(take_entries(in, d));
  FOCAL_TRY(in.done());
  return d;
}

std::string directory_text(const DirectoryFields& d) {
  std::string out(kFirstLine);
  out.append("\nintroducer ").append(d.introducer);
  out.append("\nserial ").append(std::to_string(d.serial));
  out.append("\nprev ").append(d.prev ? base64(*d.prev) : "none");
  for (const DirectoryEntry& entry : d.entries) {
    out.append("\nentry ").append(entry.party).append(" ").append(base64(entry.root));
    out.append(" ").append(std::to_string(entry.card_serial));
  }
  out.append("\n");
  return out;
}

Result<Directory> parse_directory(std::string_view bytes, const crypto::PublicKey& root) {
  if (bytes.size() > kMaxDirectorySize)
    return fail(ErrorCode::kLimit, "the directory is larger than 64 KiB", {}, "directory");
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  FOCAL_ASSIGN(DirectoryFields fields, parse_directory_text_unverified(note.text));
  FOCAL_TRY(crypto::check_note(note, {{root_name(fields.introducer), root}}));
  return Directory{std::move(fields), crypto::sha256(std::string_view(note.text)),
                   std::string(bytes), root};
}

Result<std::string> make_directory(const DirectoryFields& fields, const crypto::SigningKey& root) {
  crypto::Note note{directory_text(fields), {}};
  FOCAL_TRY(parse_directory_text_unverified(note.text));  // before anything is signed
  crypto::sign_note(note, root_name(fields.introducer), root);
  FOCAL_ASSIGN(Directory directory, parse_directory(crypto::format_note(note), root.pk));
  return std::move(directory.note);
}

DirectoryOrder compare_directories(const Directory& held, const Directory& incoming) {
  if (incoming.serial > held.serial) return DirectoryOrder::kNewer;
  if (incoming.serial < held.serial) return DirectoryOrder::kOlder;
  return incoming.directory_id == held.directory_id ? DirectoryOrder::kSame
                                                    : DirectoryOrder::kFork;
}

std::optional<Introduced> introduced(const IntroducerPolicy& policy,
                                     const Directories& directories,
                                     std::string_view party, const crypto::PublicKey& root) {
  if (policy.k == 0) return std::nullopt;
  Introduced out;
  std::vector<std::uint64_t> serials;
  std::map<crypto::PublicKey, std::size_t> others;
  each_introducer(policy, directories, [&](const Directory& directory) {
    const DirectoryEntry* entry = directory.find(party);
    if (entry == nullptr) return;
    if (entry->root != root) return static_cast<void>(++others[entry->root]);
    out.by.push_back(directory.introducer);
    serials.push_back(entry->card_serial);
  });
  if (out.by.size() < policy.k) return std::nullopt;
  for (const auto& [other, count] : others)  // they contradict each other: a person decides
    if (count >= policy.k) return std::nullopt;
  std::sort(serials.rbegin(), serials.rend());
  out.card_serial = serials[policy.k - 1];
  return out;
}

std::optional<crypto::PublicKey> introduced_root(
    const IntroducerPolicy& policy, const Directories& directories,
    std::string_view party) {
  std::optional<crypto::PublicKey> out;
  each_introducer(policy, directories, [&](const Directory& directory) {
    const DirectoryEntry* entry = directory.find(party);
    if (entry == nullptr || out) return;
    if (introduced(policy, directories, party, entry->root)) out = entry->root;
  });
  return out;
}

}  // namespace focal::exchange

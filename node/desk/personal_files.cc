#include "node/desk/personal_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "base/log.h"
#include "crypto/at_rest.h"
#include "crypto/hash.h"
#include "crypto/private_file.h"
#include "node/desk/draft_form.h"
#include "node/node/plain_files.h"
#include "proto/console.pb.h"
#include "proto/json.h"

namespace focal::desk {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "focal/personal/v1\n";
constexpr std::string_view kDraftEnd = ".draft";
constexpr std::string_view kPreferencesEnd = ".preferences";
constexpr std::size_t kWrappedSize = 24 + 32 + 16;
// The content, and what stands around it.
constexpr std::size_t kMaxFile = kMaxDraftBytes + (64u << 10);

Hash32 ref_of(std::string_view what, std::int64_t person, std::uint64_t number) {
  Bytes numbers;
  put_u64be(numbers, static_cast<std::uint64_t>(person));
  put_u64be(numbers, number);
  const std::string label = std::string(what) + '\0';
  return crypto::sha256({as_bytes(label), numbers});
}
Hash32 draft_ref(std::int64_t person, std::uint32_t number) {
  return ref_of("focal/draft/v1", person, number);
}
Hash32 preferences_ref(std::int64_t person) { return ref_of("focal/preferences/v1", person, 0); }

template <typename Number>
bool read_number(std::string_view text, Number& out) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && at == end && out >= 0;
}

// "3-17.draft"
bool read_draft_name(std::string_view name, std::int64_t& person, std::uint32_t& number) {
  if (!name.ends_with(kDraftEnd)) return false;
  name.remove_suffix(kDraftEnd.size());
  const auto dash = name.find('-');
  return dash != std::string_view::npos && read_number(name.substr(0, dash), person) &&
         read_number(name.substr(dash + 1), number);
}

std::uint64_t changed_ms(const fs::path& file, bool& is_empty) {
  struct stat info {};
  if (::lstat(file.c_str(), &info) != 0) return 0;
  is_empty = info.st_size == 0;
  return info.st_mtim.tv_sec < 0 ? 0 : static_cast<std::uint64_t>(info.st_mtim.tv_sec) * kSecondMs;
}

Error not_found() {
  return fail(ErrorCode::kNotFound, "you have no such draft", "'focal draft list' shows them.",
              "id");
}

}  // namespace

PersonalFiles::PersonalFiles(const fs::path& node_folder) : folder_(node_folder / kDraftsFolder) {
  const std::lock_guard lock(mutex_);
  look_around();
}

void PersonalFiles::look_around() {
  std::error_code error;
  std::set<std::string> stale;  // the files that half-written ones were to become
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    std::int64_t person = 0;
    Number number = 0;
    if (name.front() == '.') {
      stale.insert(name.substr(1, name.rfind('.') - 1));
    } else if (read_draft_name(name, person, number)) {
      Kept kept;
      kept.changed_ms = changed_ms(entry.path(), kept.spent);
      drafts_[person][number] = std::move(kept);
    } else if (name.ends_with(kPreferencesEnd) &&
               read_number(name.substr(0, name.size() - kPreferencesEnd.size()), person)) {
      with_preferences_.insert(person);
    }
  }
  for (const std::string& name : stale)
    if (const Status gone = crypto::remove_stale_copies(folder_ / name); !gone)
      log::warn("desk", "a half-written draft cannot be removed", {{"error", gone.error().message}});
}

void PersonalFiles::admit(const std::vector<std::int64_t>& persons) {
  const std::lock_guard lock(mutex_);
  persons_ = {persons.begin(), persons.end()};
}

void PersonalFiles::sweep() {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> strangers;
  for (const auto& [person, drafts] : drafts_)
    if (persons_.count(person) == 0) strangers.push_back(person);
  for (const std::int64_t person : strangers) {
    std::vector<fs::path> files;
    for (const auto& [number, kept] : drafts_[person]) files.push_back(draft_file(person, number));
    for (const fs::path& file : files)
      if (const Status gone = crypto::remove_private_file(file); !gone)
        log::warn("desk", "a draft cannot be removed", {{"error", gone.error().message}});
    drafts_.erase(person);
  }
  for (auto at = with_preferences_.begin(); at != with_preferences_.end();) {
    if (persons_.count(*at) != 0) {
      ++at;
      continue;
    }
    static_cast<void>(crypto::remove_private_file(preferences_file(*at)));
    at = with_preferences_.erase(at);
  }
}

void PersonalFiles::drop_old(std::uint64_t safe_ms, std::size_t most) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;  // somebody writes just now: the loop does not wait, and comes again
  std::vector<std::pair<std::int64_t, Number>> due;
  for (const auto& [person, drafts] : drafts_)
    for (const auto& [number, kept] : drafts)
      if (!kept.spent && due.size() < most && kept.changed_ms + kDraftDays * kDayMs <= safe_ms)
        due.emplace_back(person, number);
  for (const auto& [person, number] : due)
    if (const Status gone = remove(person, number); !gone)
      log::warn("desk", "an old draft cannot be removed", {{"error", gone.error().message}});
}

std::vector<std::int64_t> PersonalFiles::persons_with_drafts() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> out;
  for (const auto& [person, drafts] : drafts_) out.push_back(person);
  return out;
}

Status PersonalFiles::may_keep(const Owner& owner) const {
  if (persons_.count(owner.person) != 0) return {};
  return fail(ErrorCode::kPermission, "you are no person of this node any more",
              "An administrator names persons with 'focal people add'.");
}

fs::path PersonalFiles::draft_file(std::int64_t person, Number number) const {
  return folder_ / (std::to_string(person) + "-" + std::to_string(number) + std::string(kDraftEnd));
}

fs::path PersonalFiles::preferences_file(std::int64_t person) const {
  return folder_ / (std::to_string(person) + std::string(kPreferencesEnd));
}

Result<Bytes> PersonalFiles::open(const Owner& owner, const fs::path& file,
                                  const Hash32& ref) const {
  FOCAL_ASSIGN(const Bytes bytes, crypto::read_private_file(file, kMaxFile));
  const ByteView all(bytes);
  const std::size_t before = kMagic.size() + kWrappedSize;
  std::optional<Bytes> plain;
  if (owner.key != nullptr && all.size() > before && to_string(all.first(kMagic.size())) == kMagic)
    plain = crypto::open_at_rest(owner.key->view(), ref, crypto::RestPart::kPersonal,
                                 all.subspan(kMagic.size(), kWrappedSize), all.subspan(before));
  if (plain) return std::move(*plain);
  return fail(ErrorCode::kCorrupt, "what you kept here cannot be opened",
              "The file is damaged, or the keystore is not the one it was sealed with.");
}

Status PersonalFiles::seal(const Owner& owner, const fs::path& file, const Hash32& ref,
                           std::string_view plain) {
  if (owner.key == nullptr) return fail(ErrorCode::kKeystore, "there is no key to keep this under");
  const crypto::Sealed sealed = crypto::seal_at_rest(rng_, owner.key->view(), ref,
                                                     crypto::RestPart::kPersonal, as_bytes(plain));
  Bytes bytes = to_bytes(kMagic);
  bytes.insert(bytes.end(), sealed.wrapped.begin(), sealed.wrapped.end());
  bytes.insert(bytes.end(), sealed.ct.begin(), sealed.ct.end());
  FOCAL_TRY(node::make_private_folder(folder_));
  const auto done = crypto::replace_private_file(file, bytes);
  return done ? Status{} : Status(done.error());
}

void PersonalFiles::look_at(const Owner& owner, Number number, Kept& kept) const {
  if (kept.looked || kept.spent) return;
  kept.looked = true;
  v1::StoredDraft stored;
  const auto plain = open(owner, draft_file(owner.person, number), draft_ref(owner.person, number));
  if (!plain || !stored.ParseFromArray(plain->data(), static_cast<int>(plain->size()))) return;
  kept.head = Head{stored.kind(), stored.case_number(), stored.title(), stored.saved_ms()};
}

Result<std::vector<v1::Draft>> PersonalFiles::list(const Owner& owner) {
  const std::lock_guard lock(mutex_);
  FOCAL_TRY(may_keep(owner));
  std::vector<std::pair<std::uint64_t, v1::Draft>> shown;
  const auto mine = drafts_.find(owner.person);
  if (mine == drafts_.end()) return std::vector<v1::Draft>();
  for (auto at = mine->second.rbegin(); at != mine->second.rend(); ++at) {
    auto& [number, kept] = *at;
    if (kept.spent) continue;
    look_at(owner, number, kept);
    const Head head = kept.head.value_or(Head{{}, {}, {}, kept.changed_ms});
    v1::StoredDraft stored;
    stored.set_kind(head.kind);
    stored.set_case_number(head.case_number);
    stored.set_title(head.title);
    stored.set_saved_ms(head.saved_ms);
    shown.emplace_back(head.saved_ms, shown_draft(number, stored));
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<v1::Draft> out;
  for (auto& [ms, draft] : shown) out.push_back(std::move(draft));
  return out;
}

Result<PersonalFiles::Drafts::iterator> PersonalFiles::find(const Owner& owner,
                                                            std::string_view id) {
  FOCAL_TRY(may_keep(owner));
  FOCAL_ASSIGN(const Number number, parse_draft_id(id));
  const auto mine = drafts_.find(owner.person);
  if (mine == drafts_.end()) return not_found();
  const auto found = mine->second.find(number);
  if (found == mine->second.end() || found->second.spent) return not_found();
  return found;
}

Result<v1::Draft> PersonalFiles::show(const Owner& owner, std::string_view id) {
  const std::lock_guard lock(mutex_);
  FOCAL_ASSIGN(const auto found, find(owner, id));
  const Number number = found->first;
  FOCAL_ASSIGN(const Bytes plain, open(owner, draft_file(owner.person, number),
                                       draft_ref(owner.person, number)));
  v1::StoredDraft stored;
  if (!stored.ParseFromArray(plain.data(), static_cast<int>(plain.size())))
    return fail(ErrorCode::kCorrupt, "this draft cannot be read");
  v1::Draft out = shown_draft(number, stored);
  FOCAL_TRY(json::read(stored.content(), *out.mutable_content()));
  return out;
}

Result<PersonalFiles::Number> PersonalFiles::number_for(const Owner& owner,
                                                        const v1::Draft& draft) {
  if (!draft.id().empty()) {
    FOCAL_ASSIGN(const auto found, find(owner, draft.id()));
    return found->first;
  }
  FOCAL_TRY(may_keep(owner));
  const auto mine = drafts_.find(owner.person);
  if (mine == drafts_.end()) return Number{1};
  const auto live = std::count_if(mine->second.begin(), mine->second.end(),
                                  [](const auto& each) { return !each.second.spent; });
  if (static_cast<std::size_t>(live) >= kMaxDrafts)
    return fail(ErrorCode::kLimit, "you have 200 drafts, and nobody keeps more",
                "Drop some: 'focal draft list', 'focal draft drop ID'.");
  return mine->second.empty() ? Number{1} : mine->second.rbegin()->first + 1;
}

Result<v1::Draft> PersonalFiles::save(const Owner& owner, const v1::Draft& draft,
                                      std::uint64_t now_ms) {
  FOCAL_ASSIGN(const v1::StoredDraft stored, stored_draft(draft, now_ms));
  const std::lock_guard lock(mutex_);
  FOCAL_ASSIGN(const Number number, number_for(owner, draft));
  const fs::path file = draft_file(owner.person, number);
  FOCAL_TRY(seal(owner, file, draft_ref(owner.person, number), stored.SerializeAsString()));
  Drafts& mine = drafts_[owner.person];
  // A number that was spent is remembered by the highest one alone.
  std::vector<Number> spent;
  for (const auto& [each, kept] : mine)
    if (kept.spent && each < number) spent.push_back(each);
  for (const Number each : spent)
    if (crypto::remove_private_file(draft_file(owner.person, each))) mine.erase(each);
  mine[number] = Kept{false, now_ms,
                      Head{stored.kind(), stored.case_number(), stored.title(), stored.saved_ms()},
                      true};
  return shown_draft(number, stored);
}

// The highest number leaves an empty file, so that it is never given again: a page that still holds
// the draft would overwrite another one.
Status PersonalFiles::remove(std::int64_t person, Number number) {
  Drafts& mine = drafts_[person];
  const fs::path file = draft_file(person, number);
  if (mine.rbegin()->first == number) {
    if (const auto done = crypto::replace_private_file(file, {}); !done) return done.error();
    mine[number] = Kept{true, 0, {}, true};
    return {};
  }
  FOCAL_TRY(crypto::remove_private_file(file));
  mine.erase(number);
  return {};
}

Status PersonalFiles::drop(const Owner& owner, std::string_view id) {
  const std::lock_guard lock(mutex_);
  FOCAL_ASSIGN(const auto found, find(owner, id));
  return remove(owner.person, found->first);
}

Status PersonalFiles::drop_case(const Owner& owner, const std::string& case_number) {
  const std::lock_guard lock(mutex_);
  const auto mine = drafts_.find(owner.person);
  if (mine == drafts_.end()) return {};
  std::vector<Number> due;
  for (auto& [number, kept] : mine->second) {
    look_at(owner, number, kept);
    if (kept.head && kept.head->case_number == case_number) due.push_back(number);
  }
  for (const Number number : due) FOCAL_TRY(remove(owner.person, number));
  return {};
}

Status PersonalFiles::read_preferences(const Owner& owner, google::protobuf::Struct* out) {
  const std::lock_guard lock(mutex_);
  FOCAL_TRY(may_keep(owner));
  if (with_preferences_.count(owner.person) == 0) return {};
  FOCAL_ASSIGN(const Bytes plain,
               open(owner, preferences_file(owner.person), preferences_ref(owner.person)));
  return json::read(to_string(plain), *out);
}

Status PersonalFiles::write_preferences(const Owner& owner,
                                        const google::protobuf::Struct& preferences) {
  const std::string text = json::write(preferences);
  if (text.size() > kMaxPreferences)
    return fail(ErrorCode::kLimit, "preferences have at most 16 KiB", {}, "preferences");
  const std::lock_guard lock(mutex_);
  FOCAL_TRY(may_keep(owner));
  FOCAL_TRY(seal(owner, preferences_file(owner.person), preferences_ref(owner.person), text));
  with_preferences_.insert(owner.person);
  return {};
}

}  // namespace focal::desk

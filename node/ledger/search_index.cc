#include "node/ledger/search_index.h"

#include <algorithm>

#include "base/log.h"
#include "node/ledger/records.h"

namespace focal::ledger {
namespace {

constexpr char kInsertTag[] =
    "INSERT INTO index_tag(tag,idx,item) VALUES($1,$2,$3) ON CONFLICT DO NOTHING";
constexpr char kDeleteTags[] = "DELETE FROM index_tag WHERE idx=$1";
constexpr char kFindTag[] =
    "SELECT idx,item FROM index_tag WHERE tag=$1 ORDER BY idx DESC,item LIMIT $2";
constexpr char kInsertBlock[] =
    "INSERT INTO index_block(id,first_idx,last_idx,nonce,ct) VALUES($1,$2,$3,$4,$5)";
constexpr char kDeleteBlock[] = "DELETE FROM index_block WHERE id=$1";
constexpr char kSelectBlock[] = "SELECT first_idx,last_idx,nonce,ct FROM index_block WHERE id=$1";
constexpr char kAllBlocks[] =
    "SELECT id,first_idx,last_idx,nonce,ct FROM index_block ORDER BY id";
constexpr char kSelectState[] = "SELECT rules,key_check,done,target FROM index_state WHERE id=1";
constexpr char kInsertState[] =
    "INSERT INTO index_state(id,rules,key_check,done,target) VALUES(1,$1,$2,0,$3)";
constexpr char kUpdateDone[] = "UPDATE index_state SET done=$1 WHERE id=1";
constexpr char kEmpty[] =
    "DELETE FROM index_tag; DELETE FROM index_block; DELETE FROM index_state;";

int size_class(std::size_t size) { return size < kSmallBlock ? 0 : size < kFullBlock ? 1 : 2; }

}  // namespace

Status SearchIndex::load(ByteView index_key, std::uint64_t rules, store::LeafIndex size) {
  keys_ = derive_index_keys(index_key);
  FOCAL_ASSIGN(bool usable, load_state(rules));
  if (usable) {
    FOCAL_ASSIGN(usable, load_blocks());
  }
  return usable ? Status() : start_anew(rules, size);
}

Result<bool> SearchIndex::load_state(std::uint64_t rules) {
  Query state(p_.db, kSelectState);
  FOCAL_ASSIGN(const bool row, state.next());
  if (!row || state.number<std::uint64_t>(0) != rules || !equal(state.blob(1), keys_.check))
    return false;
  progress_ = {state.integer(2), state.integer(3)};
  return true;
}

Result<bool> SearchIndex::load_blocks() {
  Query all(p_.db, kAllBlocks);
  for (;;) {
    FOCAL_ASSIGN(const bool row, all.next());
    if (!row) return true;
    const auto plain =
        open_block(keys_, all.integer(1), all.integer(2), all.blob(3), all.blob(4));
    const auto add = [this](const store::IndexPlace& place, std::string_view fold,
                            std::string_view digits) { array_.add(place, fold, digits); };
    if (!plain || !read_readings(*plain, add)) {
      log::warn("ledger", "a block of the search index does not open; the index is made anew",
                {{"block", std::to_string(all.integer(0))}});
      return false;
    }
    blocks_.push_back({all.integer(0), all.integer(1), all.integer(2), all.blob(4).size()});
  }
}

Status SearchIndex::start_anew(std::uint64_t rules, store::LeafIndex size) {
  array_.clear();
  blocks_.clear();
  FOCAL_TRY(p_.db.begin());
  Status done = [&]() -> Status {
    FOCAL_TRY(p_.db.run_script(kEmpty));
    FOCAL_TRY(Query(p_.db, kInsertState).bind(rules, keys_.check, size).run());
    return p_.db.commit();
  }();
  if (!done) p_.db.rollback();
  progress_ = {0, size};
  return done;
}

SearchIndex::Pending& SearchIndex::pending() {
  if (!pending_) {
    pending_.emplace();
    pending_->blocks = blocks_;
  }
  return *pending_;
}

Status SearchIndex::put(const store::PutIndex& op, Group& group) {
  FOCAL_ASSIGN(const store::LeafIndex idx, records_.resolve(op.ref, group));
  FOCAL_TRY(take_out(idx, group.fresh.contains(op.ref.rid)));
  for (const store::IndexKey& each : op.keys) {
    const Id16 tag = index_tag(keys_, each.field, each.key);
    FOCAL_TRY(Query(p_.db, kInsertTag).bind(tag, idx, each.item_no).run());
  }
  if (!op.readings.empty()) pending().added.push_back({idx, op.readings});
  return {};
}

Status SearchIndex::drop(const store::DropIndex& op, Group& group) {
  FOCAL_ASSIGN(const store::LeafIndex idx, records_.resolve(op.ref, group));
  return take_out(idx, group.fresh.contains(op.ref.rid));
}

Status SearchIndex::set(const store::SetIndexed& op) {
  const store::LeafIndex before = pending().done.value_or(progress_.done);
  pending().done = std::clamp(op.done, before, std::max(before, progress_.target));
  return {};
}

// fresh: a record of this group, which nothing is known of but what the group itself said.
Status SearchIndex::take_out(store::LeafIndex idx, bool fresh) {
  Pending& now = pending();
  const bool first = now.touched.insert(idx).second;
  if (fresh && first) return {};
  FOCAL_TRY(Query(p_.db, kDeleteTags).bind(idx).run());
  std::erase_if(now.added, [idx](const Added& each) { return each.idx == idx; });
  if (fresh || !first) return {};
  return take_out_of_blocks(idx);
}

// Memory holds what the blocks hold: only what was in one of them leaves it.
Status SearchIndex::take_out_of_blocks(store::LeafIndex idx) {
  const std::vector<Block> blocks = pending().blocks;
  for (const Block& block : blocks) {
    if (idx < block.first || idx > block.last) continue;
    FOCAL_ASSIGN(const Bytes plain, read_block(block.id));
    Bytes kept;
    read_readings(plain, [&](const store::IndexPlace& place, std::string_view fold,
                             std::string_view digits) {
      if (place.idx != idx) put_reading(kept, place, fold, digits);
    });
    if (kept.size() == plain.size()) continue;
    pending().dropped.insert(idx);
    FOCAL_TRY(delete_block(block.id));
    if (!kept.empty()) FOCAL_TRY(insert_block(kept));
  }
  return {};
}

Status SearchIndex::finish_group() {
  if (!pending_) return {};
  if (pending_->done) FOCAL_TRY(Query(p_.db, kUpdateDone).bind(*pending_->done).run());
  Bytes plain;
  for (const Added& each : pending_->added)
    for (const store::SerialReading& reading : each.readings)
      put_reading(plain, {each.idx, reading.item_no}, reading.fold, reading.digits);
  if (plain.empty()) return {};
  FOCAL_TRY(insert_block(plain));
  return merge();
}

// At most one merge for each size: what is left over is merged by a later group.
Status SearchIndex::merge() {
  for (const int wanted : {0, 1}) {
    std::vector<std::int64_t> ids;
    for (const Block& block : pending_->blocks)
      if (size_class(block.size) == wanted && ids.size() < kMergeBlocks) ids.push_back(block.id);
    if (ids.size() < kMergeBlocks) continue;
    Bytes plain;
    for (const std::int64_t id : ids) {
      FOCAL_ASSIGN(const Bytes part, read_block(id));
      append(plain, part);
      FOCAL_TRY(delete_block(id));
    }
    FOCAL_TRY(insert_block(plain));
  }
  return {};
}

Status SearchIndex::insert_block(ByteView plain) {
  std::vector<Block>& blocks = pending().blocks;
  const std::int64_t id = blocks.empty() ? 1 : blocks.back().id + 1;
  const SealedBlock sealed = seal_block(keys_, plain);
  FOCAL_TRY(Query(p_.db, kInsertBlock)
                .bind(id, sealed.first, sealed.last, sealed.nonce, sealed.ct)
                .run());
  blocks.push_back({id, sealed.first, sealed.last, sealed.ct.size()});
  return {};
}

Status SearchIndex::delete_block(std::int64_t id) {
  FOCAL_TRY(Query(p_.db, kDeleteBlock).bind(id).run());
  std::erase_if(pending().blocks, [id](const Block& block) { return block.id == id; });
  return {};
}

Result<Bytes> SearchIndex::read_block(std::int64_t id) {
  Query query(p_.db, kSelectBlock);
  FOCAL_ASSIGN(const bool row, query.bind(id).next());
  auto plain = row ? open_block(keys_, query.integer(0), query.integer(1), query.blob(2),
                                query.blob(3))
                   : std::nullopt;
  if (!plain) damaged("block " + std::to_string(id) + " of the search index");
  return std::move(*plain);
}

void SearchIndex::committed() {
  if (!pending_) return;
  for (const store::LeafIndex idx : pending_->dropped) array_.drop(idx);
  for (const Added& each : pending_->added)
    for (const store::SerialReading& reading : each.readings) array_.add(each.idx, reading);
  blocks_ = std::move(pending_->blocks);
  if (pending_->done) progress_.done = *pending_->done;
  pending_.reset();
}

void SearchIndex::forget() { pending_.reset(); }

std::vector<store::IndexPlace> SearchIndex::find(std::string_view field, std::string_view key,
                                                 std::size_t limit) {
  const Id16 tag = index_tag(keys_, field, key);
  std::vector<store::IndexPlace> out;
  Query query(p_.db, kFindTag);
  query.bind(tag, limit);
  while (query.row()) out.push_back({query.integer(0), query.number<std::uint32_t>(1)});
  return out;
}

}  // namespace focal::ledger

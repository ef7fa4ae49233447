// What each schema adds to the one before. A new ledger is made by the same steps as an old one is
// brought forward by, so that both have the same definitions, byte for byte.
#include "node/ledger/schema.h"

namespace focal::ledger {
namespace {

// Witnesses, what others have shown of their logs, proofs, erasure and the keys it ends.
// `witness` and `peer` are numbers of party; `verdict` is 0 asked, 1 kept, 2 broken. `receipts` of a
// sending are the leaves of the receipts that ended its items, u64be each. `rec.shred` is the leaf
// of the erasure, `del_after` when it is due by the safe time. `kek.next` replaces an old key, and
// `kek.last_idx` is 0 while it is in use; what older schemas sealed is between its first and last leaf.
// Roots of statements signed on a branch of the ledger that was lost stand apart: nothing else here
// says what they were about. Records that are here already get their date in slices.
constexpr char kTo4[] = R"sql(
ALTER TABLE rec ADD COLUMN shred INTEGER;
ALTER TABLE rec ADD COLUMN del_after INTEGER;
ALTER TABLE outbox ADD COLUMN receipts BLOB;
CREATE INDEX rec_due ON rec(del_after) WHERE del_after IS NOT NULL;
CREATE INDEX rec_bare ON rec(idx) WHERE wrapped IS NULL AND shred IS NULL;
CREATE TABLE signed_lost(root BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE cosig(size INTEGER NOT NULL, witness INTEGER NOT NULL, at_s INTEGER NOT NULL,
  line TEXT NOT NULL, PRIMARY KEY(size,witness)) STRICT, WITHOUT ROWID;
CREATE TABLE publication(size INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;
CREATE TABLE witness_policy(idx INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
CREATE TABLE peer_policy(peer INTEGER NOT NULL, serial INTEGER NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY(peer,serial)) STRICT, WITHOUT ROWID;
CREATE TABLE witness_state(origin TEXT PRIMARY KEY, peer INTEGER NOT NULL, size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK(length(root)=32), note TEXT NOT NULL, line TEXT NOT NULL,
  at_s INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE witnessed(idx INTEGER NOT NULL, origin TEXT NOT NULL, size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK(length(root)=32), PRIMARY KEY(idx,origin)) STRICT, WITHOUT ROWID;
CREATE INDEX witnessed_origin ON witnessed(origin,idx);
CREATE TABLE peer_checkpoint(origin TEXT NOT NULL, size INTEGER NOT NULL, peer INTEGER NOT NULL,
  root BLOB NOT NULL CHECK(length(root)=32), note TEXT NOT NULL, seen_ms INTEGER NOT NULL,
  demanded_ms INTEGER NOT NULL, PRIMARY KEY(origin,size)) STRICT, WITHOUT ROWID;
CREATE TABLE newest_stmt(peer INTEGER PRIMARY KEY, signed_ms INTEGER NOT NULL, stmt BLOB NOT NULL,
  sig BLOB NOT NULL) STRICT;
CREATE TABLE proof(idx INTEGER NOT NULL, peer INTEGER NOT NULL,
  leaf BLOB NOT NULL CHECK(length(leaf)=74), proof TEXT NOT NULL, PRIMARY KEY(idx,peer))
  STRICT, WITHOUT ROWID;
CREATE TABLE promise(peer INTEGER NOT NULL, idx INTEGER NOT NULL, asked_ms INTEGER NOT NULL,
  verdict INTEGER NOT NULL, PRIMARY KEY(peer,idx)) STRICT, WITHOUT ROWID;
CREATE TABLE kek(id INTEGER PRIMARY KEY, first_idx INTEGER NOT NULL, last_idx INTEGER NOT NULL,
  deletions INTEGER NOT NULL, next INTEGER NOT NULL) STRICT;
CREATE TABLE opened(idx INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;

INSERT INTO kek(id,first_idx,last_idx,deletions,next)
  SELECT kek,MIN(idx),MAX(idx),0,0 FROM (SELECT kek,idx FROM rec WHERE wrapped IS NOT NULL
  UNION ALL SELECT kek,idx FROM detail WHERE wrapped IS NOT NULL) GROUP BY kek;
INSERT INTO kek(id,first_idx,last_idx,deletions,next)
  SELECT DISTINCT kek,0,0,0,0 FROM (SELECT kek FROM outbox WHERE kek IS NOT NULL
  UNION ALL SELECT kek FROM waiting UNION ALL SELECT kek FROM desk_row) WHERE true
  ON CONFLICT DO NOTHING;
INSERT INTO meta(k,v) SELECT 'dated','0' WHERE EXISTS(SELECT 1 FROM rec);
INSERT INTO meta(k,v) SELECT 'to_date',CAST(n AS TEXT) FROM (SELECT MAX(idx)+1 AS n FROM rec)
  WHERE n IS NOT NULL;

CREATE TRIGGER cosig_u BEFORE UPDATE ON cosig BEGIN SELECT RAISE(ABORT,'append-only: cosig'); END;
CREATE TRIGGER cosig_d BEFORE DELETE ON cosig BEGIN SELECT RAISE(ABORT,'append-only: cosig'); END;
CREATE TRIGGER publication_u BEFORE UPDATE ON publication
  BEGIN SELECT RAISE(ABORT,'append-only: publication'); END;
CREATE TRIGGER publication_d BEFORE DELETE ON publication
  BEGIN SELECT RAISE(ABORT,'append-only: publication'); END;
CREATE TRIGGER witness_policy_u BEFORE UPDATE ON witness_policy
  BEGIN SELECT RAISE(ABORT,'append-only: witness_policy'); END;
CREATE TRIGGER witness_policy_d BEFORE DELETE ON witness_policy
  BEGIN SELECT RAISE(ABORT,'append-only: witness_policy'); END;
CREATE TRIGGER witnessed_u BEFORE UPDATE ON witnessed
  BEGIN SELECT RAISE(ABORT,'append-only: witnessed'); END;
CREATE TRIGGER witnessed_d BEFORE DELETE ON witnessed
  BEGIN SELECT RAISE(ABORT,'append-only: witnessed'); END;
CREATE TRIGGER witness_state_u BEFORE UPDATE ON witness_state
  WHEN NEW.size < OLD.size OR NEW.origin <> OLD.origin
  BEGIN SELECT RAISE(ABORT,'what is witnessed never goes back'); END;
CREATE TRIGGER witness_state_d BEFORE DELETE ON witness_state
  BEGIN SELECT RAISE(ABORT,'what is witnessed never goes back'); END;
CREATE TRIGGER rec_shred_u BEFORE UPDATE ON rec
  WHEN OLD.shred IS NOT NULL AND NEW.shred IS NOT OLD.shred
  BEGIN SELECT RAISE(ABORT,'what is erased stays erased'); END;
)sql";

struct Step {
  std::int64_t to;
  const char* sql;
};
constexpr Step kSteps[] = {{4, kTo4}};
static_assert(std::end(kSteps)[-1].to == kSchemaVersion);

}  // namespace

Status add_schema_steps(Driver& db, std::int64_t after, std::int64_t up_to) {
  for (const Step& step : kSteps)
    if (step.to > after && step.to <= up_to) FOCAL_TRY(db.run_script(step.sql));
  return {};
}

}  // namespace focal::ledger

/* What a record costs at the very least: the library calls that no node can do
 * without, measured on this machine in the same run as the node itself.
 * Plain C and nothing of ours, so that a fault in our layers cannot flatter them. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Microseconds. "cpu" is processor time of all threads that take part. */
struct FocalPrimitives {
  double sha256_1k_cpu_us;    /* SHA-256 of 1 KiB, one fetched EVP digest, reused context */
  double sha256_node_cpu_us;  /* SHA-256 of 65 bytes: one inner node of a tree */
  double aead_seal_1k_cpu_us; /* ChaCha20-Poly1305 (IETF), 1 KiB */
  double aead_open_1k_cpu_us;
  double rest_seal_1k_cpu_us; /* XChaCha20-Poly1305 (IETF), 1 KiB: at rest */
  double ed25519_sign_cpu_us; /* 192 bytes: a statement about a batch */
  double ed25519_verify_cpu_us;
  double x25519_cpu_us;        /* one Diffie-Hellman */
  double sqlite_row_cpu_us;    /* one record's lean rows in a group of 256, commit included */
  double sqlite_group_wait_us; /* waiting for the disk, for one group */
  double sqlite_single_us;     /* one record alone, from begin to durable commit: wall time */
  double curve_1k_cpu_us;      /* 1 KiB in a frame of 64 over loopback CURVE, both ends */
  double curve_1k_us;          /* the same, wall time */
  double curve_round_trip_us;  /* 1 KiB there and 64 bytes back, one at a time: median */
};

/* Measures for about three seconds. `folder` is where the database is put and
 * removed again: use the folder of the ledgers that are compared.
 * 0, or -1 with a message in `error` (at most `error_size` bytes, terminated). */
int focal_measure_primitives(const char* folder, struct FocalPrimitives* out, char* error,
                             unsigned long error_size);

/* Records a second, of 1 KiB, from one node to one other, that these primitives
 * allow on `cores` processors with `batch` records under one signature and
 * `group` records in one commit, receipts included. The lesser of two bounds:
 * all processor time spread evenly over the cores,
 *   hashing   4 x 1 KiB (commitment and envelope, both ends), 12 nodes
 *             (record id, leaves and trees, both ends)
 *   sealing   one seal and one open for the wire, one seal at rest at each end
 *   signing   (2 signatures, 2 verifications) / batch: statement and receipt
 *             (key agreement is once a minute and left out)
 *   storing   one record's rows at each end
 *   sending   one record over CURVE
 * and one node's only writer, which also waits for the disk once a group.
 * Not counted: protobuf, moving the write-ahead log into the database, JSON. */
double focal_ideal_records_per_s(const struct FocalPrimitives* costs, unsigned cores,
                                 unsigned batch, unsigned group);

/* The least time for one record alone from submission to its verified receipt:
 * three commits (sent, received, receipted), one round trip, two signatures and
 * two verifications. */
double focal_ideal_round_trip_us(const struct FocalPrimitives* costs);

#ifdef __cplusplus
}
#endif

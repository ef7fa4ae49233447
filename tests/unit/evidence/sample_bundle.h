// A whole bundle of one record from XA to XB and XC, made with keys of tests: approved by a second
// officer, accepted by XB, rejected by XC, in the ledgers of all three, witnessed under policies.
// A test changes one step of its making, or one file of it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/evidence/bundle.h"
#include "node/evidence/check.h"
#include "node/evidence/index.h"
#include "node/evidence/policy.h"
#include "node/evidence/proofs.h"
#include "node/evidence/tar.h"
#include "node/exchange/approval.h"
#include "node/exchange/inner.h"
#include "node/exchange/safety_number.h"
#include "node/exchange/statement.h"
#include "node/store/checkpoint.h"
#include "node/store/leaf.h"
#include "tests/support/notes_fixture.h"

namespace focal::test {

inline constexpr std::uint64_t kSeenS = kIssuedMs / 1000 + 600;  // when witnesses saw the ledgers

struct SampleBundle {
  TestParty xa{"XA", 1}, xb{"XB", 20}, xc{"XC", 40};
  crypto::SigningKey officer = signing_key(60);
  exchange::Manifest manifest;
  Bytes body = to_bytes("what the record says");
  Hash32 salt = crypto::sha256("salt");
  std::map<std::string, Bytes> files;  // without README.txt and index.txt
  evidence::Fingerprints roots;

  SampleBundle() {
    for (const TestParty* p : {&xa, &xb, &xc}) {
      put(card_name(p->party, 1), p->card_note());
      roots[p->party] = exchange::root_fingerprint(p->party, p->root.pk);
    }
    make_manifest();
    make_record();
  }

  void put(const std::string& name, ByteView data) { files[name] = to_bytes(data); }
  void put(const std::string& name, const std::string& text) { files[name] = to_bytes(text); }
  static std::string card_name(const std::string& party, unsigned serial) {
    const std::string digits = std::to_string(serial);
    return "card/" + party + "/" + std::string(10 - digits.size(), '0') + digits + ".note";
  }
  std::string rec(const std::string& name) const { return "rec/" + hex(manifest.rid) + "/" + name; }
  const TestParty& party(const std::string& name) const {
    return name == "XA" ? xa : name == "XB" ? xb : xc;
  }

  std::string certificate() const {
    exchange::OfficerCertificate c;
    c.party = "XA";
    c.role = "SUPERVISOR";
    c.key = officer.pk;
    c.from_ms = kIssuedMs;
    c.until_ms = kIssuedMs + kDayMs;
    return exchange::make_certificate(c, xa.sign);
  }

  void make_manifest() {
    manifest.msg_id.fill(7);
    manifest.from = "XA";
    manifest.from_card = xa.card().card_id;
    manifest.to = {"XB", "XC"};
    manifest.kind = "trace.request";
    manifest.created_ms = kIssuedMs + 1000;
    manifest.body_commit = exchange::body_commitment(salt, body);
    manifest.body_len = body.size();
    manifest.approver = {crypto::sha256(certificate())};
    exchange::encode_manifest(manifest);
  }

  // Everything under rec/, of the manifest as it is.
  void make_record() {
    std::erase_if(files, [](const auto& file) { return file.first.starts_with("rec/"); });
    put(rec("manifest.bin"), ByteView(manifest.bytes));
    put(rec("body.bin"), ByteView(body));
    put(rec("salt.bin"), ByteView(salt));
    put(rec("approval-0.cert"), certificate());
    put(rec("approval-0.sig"), ByteView(exchange::approve_manifest(officer, manifest.bytes)));
    make_batch();
    make_receipt("XB", 1);
    make_receipt("XC", 19);
    for (const char* name : {"XA", "XB", "XC"}) make_ledger(name);
  }

  // The statement over three leaves of which the record is the second.
  void make_batch(std::uint32_t purpose = 1, const std::string& from = "XA") {
    make_statement("batch", xa.sign, from, manifest.from_card, purpose, manifest.rid);
  }
  void make_statement(const std::string& prefix, const crypto::SigningKey& key,
                      const std::string& from, const Hash32& card, std::uint32_t purpose,
                      const Hash32& leaf) {
    const std::vector<Hash32> leaves = {hash_of("before"), leaf, hash_of("behind")};
    const auto batch = exchange::sign_statement(
        key, from, card, static_cast<exchange::Purpose>(purpose), leaves, kIssuedMs + 2000);
    put(rec(prefix + ".stmt"), ByteView(batch.statement.bytes));
    put(rec(prefix + ".sig"), ByteView(batch.signature));
    put(rec(prefix + ".path"),
        evidence::path_text({1, leaves.size(), crypto::inclusion_path(1, leaves)}));
  }

  using EditItem = std::function<void(exchange::ReceiptItem&)>;
  exchange::ReceiptItem item_of(std::uint32_t status) const {
    return exchange::receipt_for({manifest.rid, manifest.created_ms}, status, kIssuedMs + 5000);
  }
  void make_receipt(const std::string& name, std::uint32_t status, const EditItem& edit = {},
                    std::uint32_t purpose = 2, const std::string& from = {}) {
    exchange::ReceiptItem item = item_of(status);
    if (edit) edit(item);
    const Bytes bytes = exchange::encode_receipt_item(item);
    const TestParty& p = party(name);
    put(rec("receipt-" + name + ".item"), ByteView(bytes));
    make_statement("receipt-" + name, p.sign, from.empty() ? name : from, p.card().card_id, purpose,
                   crypto::merkle_leaf(bytes));
  }

  store::Leaf leaf_of(const std::string& name) const {
    store::Leaf leaf;
    leaf.ref = manifest.rid;
    leaf.time_ms = kIssuedMs + (name == "XA" ? 3000 : 5000);
    leaf.type = name == "XA"   ? store::LeafType::kSent
                : name == "XB" ? store::LeafType::kReceived
                               : store::LeafType::kRejected;
    if (name == "XA") leaf.detail = hash_of("who released it");
    return leaf;
  }
  // The proof of a leaf, in a tree of five; cosigned by these parties.
  std::string proof_of(const store::Leaf& leaf, const std::string& name,
                       const std::vector<std::string>& witnesses, std::uint64_t seconds) const {
    std::vector<Hash32> leaves;
    for (const char* other : {"a", "b", "", "d", "e"})
      leaves.push_back(*other == '\0' ? store::leaf_hash(leaf) : hash_of(other));
    const std::string origin = exchange::log_name(name, 1);
    crypto::Note note{store::checkpoint_text(origin, 5, crypto::merkle_root(leaves)), {}};
    crypto::sign_note(note, origin, party(name).log);
    for (const std::string& witness : witnesses)
      crypto::cosign_note(note, exchange::witness_name(witness), party(witness).witness, seconds);
    const std::string text = crypto::format_note(note);
    return evidence::proof_text({2, crypto::inclusion_path(2, leaves), text});
  }
  void put_ledger(const std::string& name, const store::Leaf& leaf,
                  const std::vector<std::string>& witnesses, std::uint64_t seconds = kSeenS) {
    put(rec("leaf-" + name + ".bin"), ByteView(store::encode_leaf(leaf)));
    put(rec("proof-" + name + ".tlog-proof"), proof_of(leaf, name, witnesses, seconds));
  }
  std::vector<std::string> others(const std::string& name) const {
    std::vector<std::string> out = {"XA", "XB", "XC"};
    std::erase(out, name);
    return out;
  }
  void make_ledger(const std::string& name) {
    put_ledger(name, leaf_of(name), others(name));
    put_policy(name, 1795428000, 2, others(name));
  }
  void put_policy(const std::string& name, std::uint64_t serial, std::uint64_t quorum,
                  const std::vector<std::string>& witnesses) {
    evidence::WitnessPolicy policy{name, exchange::log_name(name, 1), serial, quorum, witnesses,
                                   {}};
    crypto::Note note{evidence::policy_text(policy), {}};
    crypto::sign_note(note, policy.log, party(name).log);
    const std::string digits = std::to_string(serial);
    put("policy/" + name + "/" + std::string(16 - digits.size(), '0') + digits + ".note",
        crypto::format_note(note));
  }
  // XB says that it destroyed the content; body and salt are gone from the bundle.
  void erase_at_xb(std::optional<std::string> detail = "lawful order 7") {
    files.erase(rec("body.bin"));
    files.erase(rec("salt.bin"));
    store::Leaf leaf;
    leaf.type = store::LeafType::kShred;
    leaf.ref = manifest.rid;
    leaf.time_ms = kIssuedMs + kDayMs;
    leaf.detail = store::detail_commitment(salt, as_bytes(std::string_view("lawful order 7")));
    put(rec("erased-XB.leaf"), ByteView(store::encode_leaf(leaf)));
    put(rec("erased-XB.tlog-proof"), proof_of(leaf, "XB", others("XB"), kSeenS));
    if (!detail) return;
    Bytes salted(salt.begin(), salt.end());
    append(salted, *detail);
    put(rec("erased-XB.detail"), ByteView(salted));
  }

  static Hash32 hash_of(const std::string& text) { return crypto::sha256(text); }

  evidence::IndexHead head() const { return {"XA", kIssuedMs + kDayMs, manifest.rid}; }
  // With README.txt and an index that fits.
  std::vector<evidence::Entry> entries() const {
    std::vector<evidence::FileView> views;
    std::vector<evidence::Entry> out;
    for (const auto& [name, data] : files) {
      views.push_back({name, data});
      out.push_back({name, data});
    }
    out.push_back({"README.txt", to_bytes(evidence::readme_text())});
    out.push_back({"index.txt", to_bytes(evidence::index_text(head(), views))});
    return out;
  }
  Bytes archive() const { return TestParty::must(evidence::write_tar(entries())); }
  std::vector<evidence::Claim> check() const { return evidence::check_bundle(archive(), roots); }

  // The first claim of that kind about that party.
  static evidence::Claim find(const std::vector<evidence::Claim>& claims, evidence::ClaimKind kind,
                              const std::string& about = "XA") {
    for (const evidence::Claim& claim : claims)
      if (claim.kind == kind && claim.party == about) return claim;
    FOCAL_CHECK(false);
  }
  evidence::Claim find(evidence::ClaimKind kind, const std::string& about = "XA") const {
    return find(check(), kind, about);
  }
};

}  // namespace focal::test

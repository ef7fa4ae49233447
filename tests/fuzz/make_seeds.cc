// Writes the seed corpora of all targets: valid objects, and for each a few with one rule
// broken. The same files on every run. Here: lint, note, card, schedule, revocation, directory,
// custody.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "crypto/note.h"
#include "node/exchange/ckpt.h"
#include "node/exchange/approval.h"
#include "node/exchange/card.h"
#include "node/exchange/card_request.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/root_plan.h"
#include "node/exchange/schedule.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"
#include "tests/fuzz/seeds.h"
#include "tests/support/notes_fixture.h"
#include "tests/support/party_fixture.h"

namespace {

using focal::proto::Msg;
using focal::test::TestParty;
namespace ex = focal::exchange;
namespace v1 = focal::v1;

std::filesystem::path root;

using focal::test::write_seed;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  FOCAL_CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string of(std::size_t size, char c) { return std::string(size, c); }

v1::Ref ref() {
  v1::Ref r;
  r.set_rid(of(32, 'r'));
  r.set_created_ms(focal::test::kIssuedMs);
  return r;
}

v1::Manifest manifest() {
  v1::Manifest m;
  m.set_v(1);
  m.set_msg_id(of(16, 'm'));
  m.set_from("XA");
  m.set_from_card(of(32, 'c'));
  m.add_to("XB");
  m.add_to("XC-ITI");
  m.set_kind("trace.request");
  *m.mutable_thread() = ref();
  *m.mutable_reply_to() = ref();
  m.set_created_ms(focal::test::kIssuedMs);
  m.set_expires_ms(focal::test::kIssuedMs + 1);
  m.set_body_commit(of(32, 'b'));
  m.set_body_len(4);
  m.add_approver(of(32, 'a'));
  return m;
}

v1::BatchStmt stmt(unsigned purpose) {
  v1::BatchStmt s;
  s.set_v(1);
  s.set_from("XA");
  s.set_card(of(32, 'c'));
  s.set_purpose(purpose);
  s.set_size(2);
  s.set_root(of(32, 't'));
  s.set_signed_ms(focal::test::kIssuedMs);
  return s;
}

v1::Item item() {
  v1::Item i;
  i.set_manifest(manifest().SerializeAsString());
  i.set_salt(of(32, 's'));
  i.set_body("body");
  auto* approval = i.add_approvals();
  approval->set_certificate("focal-officer/v1");
  approval->set_signature(of(64, 'g'));
  return i;
}

v1::ReceiptBatch receipts() {
  v1::ReceiptItem r;
  r.set_rid(of(32, 'r'));
  r.set_status(1);
  r.set_leaf(of(32, 'l'));
  r.set_at_ms(focal::test::kIssuedMs);
  r.set_created_ms(focal::test::kIssuedMs);
  v1::ReceiptBatch b;
  b.set_stmt(stmt(2).SerializeAsString());
  b.set_sig(of(64, 'g'));
  b.add_item(r.SerializeAsString());
  b.add_item(r.SerializeAsString());
  b.set_checkpoint("focal/XA/log/1\n2\n");
  return b;
}

void lint_seed(Msg m, const google::protobuf::Message& message) {
  const std::string name = focal::proto::name_of(m);
  const std::string which(1, static_cast<char>(m));
  const std::string bytes = message.SerializeAsString();
  FOCAL_CHECK(focal::proto::lint(m, focal::as_bytes(bytes)).has_value());
  write_seed("fuzz_lint", name + "-valid", which + bytes);
  write_seed("fuzz_lint", name + "-twice", which + bytes + bytes);
  write_seed("fuzz_lint", name + "-unknown", which + bytes + "\x78\x01");
  write_seed("fuzz_lint", name + "-cut", which + bytes.substr(0, bytes.size() / 2));
}

void lint_seeds() {
  v1::Attachment attachment;
  attachment.set_root(of(32, 'r'));
  attachment.set_size(7);
  attachment.set_media("text/plain");
  attachment.set_name_commit(of(32, 'n'));
  attachment.set_key_commit(of(32, 'k'));
  v1::Item leaf;
  leaf.set_leaf(of(32, 'l'));
  v1::Inner batch;
  batch.set_stmt(stmt(1).SerializeAsString());
  batch.set_sig(of(64, 'g'));
  *batch.add_item() = item();
  *batch.add_item() = leaf;
  v1::Manifest with_attachment = manifest();
  *with_attachment.add_att() = attachment;
  v1::ReceiptItem receipt;
  FOCAL_CHECK(receipt.ParseFromString(receipts().item(0)));
  lint_seed(Msg::kInner, batch);
  lint_seed(Msg::kItem, item());
  lint_seed(Msg::kApproval, item().approvals(0));
  lint_seed(Msg::kManifest, with_attachment);
  lint_seed(Msg::kRef, ref());
  lint_seed(Msg::kAttachment, attachment);
  lint_seed(Msg::kBatchStmt, stmt(1));
  lint_seed(Msg::kReceiptBatch, receipts());
  lint_seed(Msg::kReceiptItem, receipt);
  v1::Inner answer;
  *answer.mutable_receipts() = receipts();
  write_seed("fuzz_lint", "Inner-receipts", std::string(1, '\0') + answer.SerializeAsString());
  write_seed("fuzz_lint", "Item-leaf", std::string(1, '\1') + leaf.SerializeAsString());
}

void note_seeds(const TestParty& party) {
  const std::string card = party.card_note();
  write_seed("fuzz_note", "card", card);
  write_seed("fuzz_note", "schedule", party.schedule_note());
  write_seed("fuzz_note", "no-blank-line", replaced(card, "\n\n", "\n"));
  write_seed("fuzz_note", "two-blank-lines", replaced(card, "\n\n", "\n\n\n"));
  write_seed("fuzz_note", "carriage-return", replaced(card, "\n", "\r\n"));
  write_seed("fuzz_note", "not-utf8", replaced(card, "Police", "\xff"));
  focal::crypto::Note many{"focal\n", {}};
  while (many.signatures.size() < focal::crypto::kMaxNoteSignatures)
    focal::crypto::sign_note(many, "focal/XA/sign", party.sign);
  write_seed("fuzz_note", "many-signatures", focal::crypto::format_note(many));
}

void card_seeds(const TestParty& party) {
  const std::string note = party.card_note();
  const std::string text = ex::card_text(party.fields());
  write_seed("fuzz_card", "note", note);
  write_seed("fuzz_card", "text", text);
  write_seed("fuzz_card", "intro", note + party.schedule_note());
  write_seed("fuzz_card", "foreign-schedule", note + TestParty("XB", 51).schedule_note());
  ex::CardFields second = party.fields_after(party.card());
  second.suites = {1, 2};
  second.log_generation = 4294967295;
  write_seed("fuzz_card", "second", TestParty::must(ex::make_card(second, party.keys())));
  write_seed("fuzz_card", "second-text", ex::card_text(second));
  const ex::CardKeys rotated{party.next_root, party.sign, party.log, party.witness, &party.root};
  second.next = second.root;
  write_seed("fuzz_card", "rotation", TestParty::must(ex::make_card(second, rotated)));
  write_seed("fuzz_card", "serial-zero", replaced(text, "serial 1", "serial 0"));
  write_seed("fuzz_card", "trailing-bits", replaced(text, "E=\nlog", "F=\nlog"));
  write_seed("fuzz_card", "no-date", replaced(text, "2027-12-31", "2027-02-30"));
  write_seed("fuzz_card", "line-missing", replaced(text, "suites 1\n", ""));
}

void schedule_seeds(const TestParty& party) {
  const std::string text = ex::schedule_text(party.schedule_fields(3));
  write_seed("fuzz_schedule", "note", party.schedule_note());
  write_seed("fuzz_schedule", "text", text);
  ex::ScheduleFields relay = party.schedule_fields(2);
  relay.reach = ex::Reach::kRelay;
  relay.relay = "XC";
  relay.endpoints = {"tcp://[2001:db8::7]:7117", "tcp://node.focal.example:65535"};
  write_seed("fuzz_schedule", "relay", ex::schedule_text(relay));
  write_seed("fuzz_schedule", "full", ex::schedule_text(party.schedule_fields(ex::kMaxSealKeys)));
  write_seed("fuzz_schedule", "dialout", replaced(text, "reach direct", "reach dialout"));
  write_seed("fuzz_schedule", "tuesday", replaced(text, "2026-11-23", "2026-11-24"));
  write_seed("fuzz_schedule", "suite-2", replaced(text, " 1 ", " 2 "));
  write_seed("fuzz_schedule", "port-0", replaced(text, ":7117", ":0"));
  write_seed("fuzz_schedule", "one-key", ex::schedule_text(party.schedule_fields(1)));
  ex::ScheduleFields two = party.schedule_fields(2);
  for (std::size_t week = 0; week < 2; ++week)
    two.keys.push_back(ex::make_seal_key(focal::Bytes(64 + week, 9), two.keys[week].not_before_ms, 2));
  write_seed("fuzz_schedule", "two-suites", ex::schedule_text(two));
  const auto c = focal::crypto::Secret::copy_of(focal::Bytes(32, 7));
  write_seed("fuzz_code", "fingerprint", ex::fingerprint_code("XA", party.root.pk));
  write_seed("fuzz_code", "secret",
             std::string(focal::as_text(ex::ceremony_code("XA", party.root.pk, c).view())));
  write_seed("fuzz_code", "longest",
             std::string(focal::as_text(ex::ceremony_code("XAAAAAAAAAAA", party.root.pk, c).view())));
}

void revocation_seeds(const TestParty& party) {
  const ex::Card card = party.card();
  const auto put = [](const std::string& name, const std::string& note) {
    write_seed("fuzz_revocation", name, note);
  };
  const std::string note = focal::test::revocation_of(card, party.root);
  put("note", note);
  put("by-next-root", focal::test::revocation_of(card, party.next_root, ex::RevocationScope::kSeal));
  put("by-sign-key", focal::test::revocation_of(card, party.sign));
  const std::string text = note.substr(0, note.find("\n\n") + 1);
  put("text", text);
  put("scope", replaced(text, "scope all", "scope some"));
  put("no-time", replaced(text, "T10:00:00Z", "T10:00:60Z"));
  put("line-missing", replaced(text, "scope all\n", ""));
  put("blank", replaced(text, "reason The", "reason  The"));
}

void directory_seeds(const TestParty& party) {
  const TestParty xb("XB", 51), xc("XC", 101);
  const auto put = [](const std::string& name, const std::string& note) {
    write_seed("fuzz_directory", name, note);
  };
  const std::string note = focal::test::directory_of(
      party, 2, {{xb, xb.root.pk, 12}, {xc, xc.root.pk}});
  put("note", note);
  put("empty", focal::test::directory_of(party, 1, {}));
  put("by-another", focal::test::directory_of(TestParty("XA", 51), 1, {}));
  const std::string text = note.substr(0, note.find("\n\n") + 1);
  put("text", text);
  put("order", replaced(text, "entry XB", "entry XD"));
  put("twice", replaced(text, "entry XB", "entry XC"));
  put("prev", replaced(text, "serial 2", "serial 1"));
  put("no-serial", replaced(text, " 12\n", "\n"));
}

// The first byte says which form the rest is. Nothing here is signed: forms alone are read.
void ckpt_seeds() {
  const auto put = [](const std::string& name, char form, const std::string& rest) {
    write_seed("fuzz_ckpt", name, std::string(1, form) + rest);
  };
  const std::string hash = focal::base64(focal::Hash32{}) + "\n";
  const std::string line = "\xe2\x80\x94 focal/XA/log/1 " + focal::base64(focal::Bytes(68, 1)) + "\n";
  const std::string note = "focal/XA/log/1\n128\n" + hash + "\n" + line;
  put("ckpt", '\0', "old 64\n" + hash + hash + "\n" + note);
  put("ckpt-first", '\0', "old 0\n\n" + note);
  put("ckpt-zeros", '\0', "old 064\n\n" + note);
  put("cosig", '\1', focal::to_string(ex::encode_cosig({note, line, {}})));
  put("conflict", '\1', focal::to_string(ex::encode_cosig({{}, {}, note})));
  put("proof", '\2', "c2sp.org/tlog-proof@v1\nindex 7\n" + hash + "\n" + note);
  put("proof-extra", '\2', "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 7\n\n" + note);
  put("policy", '\3', "focal-witness/v1\nparty XA\nlog focal/XA/log/1\nserial 7\nquorum 2\n"
                      "witness XB\nwitness XC\nwitness XD\n\n" + line);
  put("policy-order", '\3', "focal-witness/v1\nparty XA\nlog focal/XA/log/1\nserial 7\nquorum 2\n"
                            "witness XC\nwitness XB\n\n" + line);
  put("checkpoint", '\4', note);
}

void custody_seeds(const TestParty& party) {
  const auto put = [](const std::string& name, const std::string& file) {
    write_seed("fuzz_custody", name, file);
  };
  const auto next_card = [&](const ex::CardFields& fields, const TestParty& keys) {
    return TestParty::must(ex::make_unsigned_card(fields, {keys.sign, keys.log, keys.witness}));
  };
  const std::string current = party.card_note();
  ex::CardFields f = party.fields_after(party.card());
  f.issued_ms += 1000;
  const std::string renewal = next_card(f, party) + current;
  put("first", next_card(party.fields(), party));
  put("renewal", renewal);
  put("backwards", current + next_card(f, party));
  put("cut", renewal.substr(0, renewal.size() / 2));
  put("line-ends", replaced(renewal, "\n", "\r\n"));
  put("another-party", next_card(TestParty("XB", 51).fields(), TestParty("XB", 51)) + current);
  put("signed-already", current + current);
  ex::CardFields rotation = f;
  rotation.root = party.next_root.pk;
  rotation.next = ex::next_root_hash(focal::test::signing_key(71).pk);
  put("rotation", next_card(rotation, party) + current);
  ex::CardFields stolen = f;
  stolen.next = rotation.next;
  put("next-root-exchanged", next_card(stolen, party) + current);
  stolen.next = f.next;
  stolen.serial = 9;
  put("serial", next_card(stolen, party) + current);

  const std::string plan =
      TestParty::must(ex::make_root_plan({"XA", party.root.pk, party.card().next}, party.root));
  put("plan", plan);
  put("plan-party", replaced(plan, "party XA", "party XB"));
  put("plan-line-missing", replaced(plan, "next ", "nexT "));
  put("plan-of-next",
      TestParty::must(ex::make_root_plan({"XA", party.next_root.pk, rotation.next}, party.next_root)));

  ex::OfficerCertificate officer;
  officer.party = "XA";
  officer.role = "SUPERVISOR";
  officer.key = focal::test::signing_key(81).pk;
  officer.from_ms = focal::test::kIssuedMs;
  officer.until_ms = focal::test::kIssuedMs + 365ull * 86'400'000;
  const std::string certificate = ex::make_certificate(officer, party.sign);
  put("certificate", certificate);
  put("certificate-role", replaced(certificate, "SUPERVISOR", "OFFICER"));
  put("certificate-ends", replaced(certificate, "until 2027", "until 2025"));
  put("certificate-by-log-key", ex::make_certificate(officer, party.log));
  officer.key = party.log.pk;
  put("certificate-key-of-card", ex::make_certificate(officer, party.sign));
}

}  // namespace

void focal::test::write_seed(const std::string& target, const std::string& name,
                             const std::string& bytes) {
  std::filesystem::create_directories(root / target);
  std::ofstream out(root / target / name, std::ios::binary);
  out << bytes;
  if (!out.flush()) {
    std::fprintf(stderr, "cannot write %s\n", name.c_str());
    std::exit(EXIT_FAILURE);
  }
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds <corpus folder>\n");
    return EXIT_FAILURE;
  }
  root = argv[1];
  focal::crypto::init();
  const TestParty party;
  lint_seeds();
  note_seeds(party);
  card_seeds(party);
  schedule_seeds(party);
  revocation_seeds(party);
  directory_seeds(party);
  custody_seeds(party);
  ckpt_seeds();
  focal::test::exchange_seeds();
  focal::test::local_seeds();
  focal::test::port_seeds();
  focal::test::evidence_seeds();
  return EXIT_SUCCESS;
}

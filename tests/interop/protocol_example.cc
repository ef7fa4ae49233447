// Prints the worked example of docs/protocol.md: one record from key to receipt, made by
// the production code from fixed seeds.
//   protocol_example                 prints it
//   protocol_example --check FILE    compares it with the section of FILE; exit 1 and the
//                                    first line that differs if it is another one
//   protocol_example --update FILE   writes it into FILE
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/merkle.h"
#include "node/exchange/envelope.h"
#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"
#include "node/exchange/safety_number.h"
#include "node/exchange/statement.h"
#include "node/store/checkpoint.h"
#include "node/record/record.h"
#include "node/store/leaf.h"
#include "proto/record.pb.h"
#include "tests/support/party_fixture.h"

namespace focal::test {
namespace {

constexpr std::string_view kBegin = "<!-- example:begin -->\n";
constexpr std::string_view kEnd = "<!-- example:end -->\n";
constexpr std::size_t kDigitsPerLine = 96;
constexpr std::uint64_t kSentMs = kIssuedMs + kHourMs;      // 2026-11-23T11:00:00Z
constexpr std::uint64_t kReceivedMs = kSentMs + 1500;
constexpr std::uint8_t kEphemeral = 0x40, kMsgId = 0xa0, kSalt = 0xb0, kOtherRid = 0xc0;

// Every byte the same: the ephemeral key of the example.
class OneByteRng final : public crypto::Rng {
 public:
  explicit OneByteRng(std::uint8_t byte) : byte_(byte) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& b : out) b = byte_;
  }

 private:
  std::uint8_t byte_;
};

class Example {
 public:
  std::string text() {
    keys();
    card();
    schedule();
    safety();
    record();
    batch();
    envelope();
    receipt();
    checkpoint();
    return out_;
  }

 private:
  void title(const std::string& words) { out_ += "### " + words + "\n\n"; }
  void say(const std::string& words) { out_ += words + "\n\n"; }
  void open() { out_ += "```\n"; }
  void close() { out_ += "```\n\n"; }
  void line(const std::string& label, const std::string& value) {
    out_ += label + std::string(label.size() < 16 ? 16 - label.size() : 1, ' ') + value + "\n";
  }
  // Short ones behind the label, long ones below it.
  void bytes(const std::string& label, ByteView value) {
    const std::string digits = hex(value);
    if (digits.size() <= 64) return line(label, digits);
    out_ += label + " (" + std::to_string(value.size()) + " bytes)\n";
    for (std::size_t at = 0; at < digits.size(); at += kDigitsPerLine)
      out_ += "  " + digits.substr(at, kDigitsPerLine) + "\n";
  }
  void verbatim(const std::string& note) {
    open();
    out_ += note;
    close();
  }

  void keys() {
    title("19.1 Keys");
    say("Every seed and secret is one byte, 32 times. XA is the sender, XB the recipient.");
    open();
    const auto ed25519 = [&](const char* what, std::uint8_t seed, const crypto::SigningKey& key) {
      FOCAL_CHECK(key.pk == signing_key(seed).pk);
      line(what, hex(ByteView(&seed, 1)) + "  " + hex(key.pk));
    };
    line("key", "seed  public key");
    ed25519("XA root", 0x01, xa_.root);
    ed25519("XA next root", 0x02, xa_.next_root);
    ed25519("XA sign", 0x03, xa_.sign);
    ed25519("XA log", 0x04, xa_.log);
    ed25519("XA witness", 0x05, xa_.witness);
    line("XA transport", "06  " + hex(xa_.transport.pk));
    ed25519("XB root", 0x33, xb_.root);
    ed25519("XB sign", 0x35, xb_.sign);
    ed25519("XB log", 0x36, xb_.log);
    line("XB sealing", "10  " + hex(sealing_.pk));
    close();
  }

  void card() {
    title("19.2 Card of XA");
    verbatim(xa_.card_note());
    open();
    bytes("card_id", xa_card_.card_id);
    close();
  }

  void schedule() {
    title("19.3 Sealing schedule of XB");
    say("Two weeks instead of nine, to be short.");
    verbatim(TestParty::must(exchange::make_schedule(xb_.schedule_fields(2), xb_.sign)));
    open();
    bytes("kid, week 1", kid_);
    close();
  }

  void safety() {
    title("19.4 Safety number of XA and XB");
    const auto a = exchange::root_fingerprint("XA", xa_.root.pk);
    const auto b = exchange::root_fingerprint("XB", xb_.root.pk);
    const auto pair = exchange::pair_hash(a, b);
    open();
    bytes("fp(XA)", a);
    bytes("fp(XB)", b);
    bytes("N", pair);
    line("shown", exchange::format_safety_number(exchange::safety_digits(pair)));
    close();
  }

  void record() {
    title("19.5 Record");
    v1::Record record;
    auto* header = record.mutable_header();
    header->set_from_desk("NPC");
    header->set_subject("Test record");
    header->set_language("en");
    header->set_priority("ROUTINE");
    record.mutable_peer_ping()->set_text("hello");
    body_ = to_bytes(record.SerializeAsString());
    FOCAL_CHECK(record::parse_checked(body_, "peer.ping", "XA", {"XB"}).has_value());
    salt_.fill(kSalt);
    manifest_.msg_id.fill(kMsgId);
    manifest_.from = "XA";
    manifest_.from_card = xa_card_.card_id;
    manifest_.to = {"XB"};
    manifest_.kind = "peer.ping";
    manifest_.created_ms = kSentMs;
    manifest_.body_commit = exchange::body_commitment(salt_, body_);
    manifest_.body_len = body_.size();
    exchange::encode_manifest(manifest_);
    say("A `peer.ping` with the text \"hello\", created at " + format_utc(kSentMs) + " (" +
        std::to_string(kSentMs) + " ms).");
    open();
    bytes("body", body_);
    bytes("salt", salt_);
    bytes("body_commit", manifest_.body_commit);
    bytes("manifest", manifest_.bytes);
    bytes("rid", manifest_.rid);
    close();
  }

  void batch() {
    title("19.6 Batch");
    Hash32 other;
    other.fill(kOtherRid);
    const std::vector<Hash32> leaves{manifest_.rid, other};
    const auto made = exchange::sign_statement(xa_.sign, "XA", xa_card_.card_id,
                                               exchange::Purpose::kRecords, leaves, kSentMs);
    inner_ = exchange::encode_batch_inner(
        made.statement.bytes, made.signature,
        std::vector<Bytes>{exchange::encode_item(manifest_.bytes, salt_, body_),
                           exchange::encode_leaf_item(other)});
    say("Two records; the second one, of rid " + hex(ByteView(&kOtherRid, 1)) +
        " (one byte, 32 times), was receipted\nbefore and stands as its leaf. "
        "`root = H(0x01 || rid || leaf)`.");
    open();
    bytes("root", made.statement.root);
    bytes("stmt", made.statement.bytes);
    bytes("PAE", crypto::pae(crypto::kBatchType, made.statement.bytes));
    bytes("sig", made.signature);
    bytes("Inner", inner_);
    close();
  }

  void envelope() {
    title("19.7 Envelope");
    OneByteRng rng(kEphemeral);
    const Bytes sealed =
        exchange::SealContext::open(rng, "XB", kid_, sealing_.pk, 0)->seal(inner_);
    const auto header = exchange::parse_envelope(sealed);
    FOCAL_CHECK(header.has_value());
    exchange::OpenContexts contexts;
    const crypto::KemKey sealing(sealing_.pk, sealing_.sk.clone());
    const auto opened = contexts.open(*header, sealing, "XB", 0);
    FOCAL_CHECK(opened.has_value() && *opened == inner_);
    Bytes info = to_bytes(std::string_view("focal/env/v1\0", 13));
    info.push_back(1), info.push_back(0);
    put_lp(info, "XB");
    append(info, kid_);
    Bytes exporter = to_bytes(std::string_view("focal/env-key/v1\0", 17));
    put_u64be(exporter, header->idx);
    const auto context = crypto::hpke::setup_r(*crypto::find_suite(header->suite), header->enc,
                                               sealing, info);
    const auto key = context->export_secret(exporter, 32);
    FOCAL_CHECK(crypto::open_chacha(key.view(), {}, header->aad, header->ct).has_value());
    say("The secret of the ephemeral X25519 key is the byte " + hex(ByteView(&kEphemeral, 1)) +
        ", 32 times. Of `ct` the first 32 bytes\nand the tag are shown.");
    open();
    bytes("info", info);
    bytes("enc", header->enc);
    bytes("exporter ctx", exporter);
    bytes("key", key.view());
    bytes("aad", header->aad);
    bytes("ct[0..32)", header->ct.first(32));
    bytes("ct, last 16", header->ct.last(16));
    line("length", std::to_string(sealed.size()) + " bytes");
    bytes("H(envelope)", crypto::sha256(sealed));
    bytes("env_id", exchange::envelope_id(sealed));
    close();
  }

  void receipt() {
    title("19.8 Receipt");
    const auto item = exchange::receipt_for({manifest_.rid, kSentMs}, 1, kReceivedMs);
    leaf_ = {store::LeafType::kReceived, kReceivedMs, manifest_.rid, {}};
    FOCAL_CHECK(store::leaf_hash(leaf_) == item.leaf);
    say("XB stored it at " + std::to_string(kReceivedMs) + " ms: leaf RECEIVED, status ACCEPTED.");
    open();
    bytes("leaf", store::encode_leaf(leaf_));
    bytes("leaf hash", item.leaf);
    bytes("ReceiptItem", exchange::encode_receipt_item(item));
    close();
  }

  void checkpoint() {
    title("19.9 Checkpoint of XB");
    std::vector<Hash32> leaves{store::leaf_hash(leaf_)};
    while (leaves.size() < store::kCheckpointStep) {
      store::Leaf pad{store::LeafType::kPad, kReceivedMs, {}, {}};
      pad.ref.fill(static_cast<std::uint8_t>(leaves.size()));
      leaves.push_back(store::leaf_hash(pad));
    }
    const auto at = [&leaves](unsigned level, std::uint64_t index) {
      const auto size = std::size_t{1} << level;
      return crypto::merkle_root(std::span(leaves).subspan(static_cast<std::size_t>(index) * size,
                                                           size));
    };
    const auto row = TestParty::must(store::sign_checkpoint(
        exchange::log_name("XB", 1), leaves.size(), at, std::nullopt, xb_.log));
    say("The leaf above, then PAD leaves of the same time; the `ref` of the leaf with index n is "
        "the\nbyte n, 32 times.");
    verbatim(row.note);
  }

  std::string out_;
  TestParty xa_{"XA", 0x01}, xb_{"XB", 0x33};
  exchange::Card xa_card_ = xa_.card();
  crypto::DhKey sealing_ = dh_key(0x10);
  Id16 kid_ = exchange::kid16(exchange::kSuite1, sealing_.pk);
  Bytes body_, inner_;
  Hash32 salt_{};
  exchange::Manifest manifest_;
  store::Leaf leaf_;
};

std::string read_file(const char* file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Says where two texts part; the first line that differs, counted from 1.
void show_difference(const std::string& theirs, const std::string& ours, const char* file) {
  std::istringstream a(theirs), b(ours);
  std::string was, is;
  for (int n = 1;; ++n) {
    const bool more_a = static_cast<bool>(std::getline(a, was));
    const bool more_b = static_cast<bool>(std::getline(b, is));
    if (!more_a && !more_b) return;
    if (more_a == more_b && was == is) continue;
    std::fprintf(stderr, "%s: the worked example is not what the code makes, line %d of it:\n"
                 "- %s\n+ %s\n", file, n, more_a ? was.c_str() : "(end)",
                 more_b ? is.c_str() : "(end)");
    return;
  }
}

int run(const std::string& act, const char* file, const char* program) {
  const std::string whole = read_file(file);
  const std::size_t begin = whole.find(kBegin);
  const std::size_t end = whole.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    std::fprintf(stderr, "%s: no place for the worked example\n", file);
    return 1;
  }
  const std::size_t from = begin + kBegin.size();
  const std::string theirs = whole.substr(from, end - from);
  const std::string ours = "\n" + Example().text();
  if (act == "--check") {
    if (theirs == ours) return 0;
    show_difference(theirs, ours, file);
    std::fprintf(stderr, "If the change is meant: %s --update %s\n", program, file);
    return 1;
  }
  std::ofstream out(file, std::ios::binary);
  out << whole.substr(0, from) << ours << whole.substr(end);
  return out.flush() ? 0 : 1;
}

}  // namespace
}  // namespace focal::test

int main(int argc, char** argv) {
  focal::crypto::init();
  if (argc == 1) {
    std::fputs(focal::test::Example().text().c_str(), stdout);
    return 0;
  }
  const std::string act = argv[1];
  if (argc != 3 || (act != "--check" && act != "--update")) {
    std::fprintf(stderr, "usage: protocol_example [--check FILE | --update FILE]\n");
    return 2;
  }
  return focal::test::run(act, argv[2], argv[0]);
}

#include "tests/interop/peer_judge.h"

#include <charconv>

#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/approval.h"
#include "node/exchange/card_rules.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/directory.h"
#include "node/exchange/fork_proof.h"
#include "node/exchange/intro.h"
#include "node/exchange/revocation.h"
#include "node/store/checkpoint.h"
#include "tests/interop/peer_receive.h"

namespace focal::test {
namespace {

std::string accept(std::string_view meaning) { return std::string("accept ").append(meaning); }

std::string refuse(const Error& error) {
  std::string out = "refuse - ";
  out.append(error_name(error.code)).append(" ").append(error.message);
  return out;
}

std::string judge_card(std::string_view note) {
  const auto card = exchange::parse_card(note);
  return card ? accept(hex(card->card_id)) : refuse(card.error());
}

std::string_view succession_word(exchange::Succession verdict) {
  using S = exchange::Succession;
  switch (verdict) {
    case S::kSame: return "same";
    case S::kOlder: return "older";
    case S::kUpdate: return "update";
    case S::kNewNext: return "new-next-root";
    case S::kRotate: return "rotation";
    case S::kRecover: return "recovery";
    case S::kFork: return "fork";
    case S::kGap: return "gap";
    case S::kPrevMismatch: return "wrong-prev";
    case S::kBadRotation: return "bad-rotation";
    case S::kUnknownRoot: return "unknown-root";
    case S::kRecoverEarlier: return "recovery-from-earlier";
    case S::kUndecided: return "undecided";
    case S::kRevokedRoot: return "revoked-root";
    case S::kCopiedKey: return "copied-key";
    case S::kCopiedTransport: return "copied-transport";
    case S::kOtherParty: break;
  }
  return "";
}

std::string judge_succession(const PeerWorld& world, std::string_view note) {
  const auto card = exchange::parse_card(note);
  if (!card) return refuse(card.error());
  const exchange::Peers peers = world.peers();
  const auto word = succession_word(
      exchange::judge_card(*peers.find(world.subject), *card, peers.pinned_keys()));
  return word.empty() ? "refuse - OTHER_PARTY" : accept(word);
}

std::string judge_revocation(const PeerWorld& world, std::string_view note) {
  const auto revocation = exchange::parse_revocation(note);
  if (!revocation) return refuse(revocation.error());
  const Status ours = exchange::check_revocation_of(*revocation, world.subject_card());
  return ours ? accept(hex(revocation->revocation_id)) : refuse(ours.error());
}

std::string judge_directory(const PeerWorld& world, std::string_view note) {
  const exchange::Card card = world.subject_card();
  const auto directory = exchange::parse_directory(note, card.root);
  if (!directory) return refuse(directory.error());
  return directory->introducer == card.party ? accept(hex(directory->directory_id))
                                             : "refuse - OTHER_PARTY";
}

// u32be length of the first || first || second.
std::string judge_fork(const PeerWorld& world, ByteView bytes) {
  FOCAL_CHECK(bytes.size() >= 4 && get_u32be(bytes) <= bytes.size() - 4);
  const ByteView notes = bytes.subspan(4);
  const std::size_t first = get_u32be(bytes);
  const exchange::Peers peers = world.peers();
  const exchange::Peer& peer = *peers.find(world.subject);
  const auto proof = exchange::check_fork_proof(to_string(notes.first(first)),
                                                to_string(notes.subspan(first)), peer.card,
                                                peer.old_cards);
  if (!proof) return refuse(proof.error());
  return proof->party == world.subject ? accept(hex(proof->id)) : "refuse - OTHER_PARTY";
}

std::string judge_schedule(const PeerWorld& world, std::string_view note) {
  const auto schedule = exchange::parse_schedule(note);
  if (!schedule) return refuse(schedule.error());
  const Status ours = exchange::check_schedule_of(*schedule, world.subject_card());
  return ours ? accept(hex(schedule->schedule_id)) : refuse(ours.error());
}

std::string judge_certificate(const PeerWorld& world, std::string_view note) {
  const auto certificate = exchange::parse_certificate(note, world.subject_card());
  return certificate ? accept(hex(certificate->hash)) : refuse(certificate.error());
}

// Size and root as the text says; whether it says so rightly is the check's matter.
std::string judge_checkpoint(const PeerWorld& world, std::string_view note) {
  const exchange::Card card = world.subject_card();
  store::CheckpointRow row;
  row.note = std::string(note);
  const auto parsed = crypto::parse_note(note);
  if (!parsed) return refuse(parsed.error());
  std::string_view text = parsed->text;
  const auto next_line = [&text] {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
  };
  next_line();
  const std::string_view size = next_line();
  std::from_chars(size.data(), size.data() + size.size(), row.size);
  if (const auto root = unbase64(next_line()); root && root->size() == 32) row.root = *fixed<32>(*root);
  const Status good = store::check_checkpoint(row, card.log_name, card.log);
  return good ? accept(hex(crypto::sha256(as_bytes(parsed->text)))) : refuse(good.error());
}

std::string judge_intro(std::string_view file) {
  const auto intro = exchange::parse_intro(file);
  if (!intro) return refuse(intro.error());
  std::string id = hex(intro->card.card_id);
  if (intro->schedule) id.append(hex(intro->schedule->schedule_id));
  return accept(id);
}

// The bytes behind the prefix, put together again: the node shows them to nobody.
std::string judge_code(std::string_view text) {
  const auto code = exchange::parse_ceremony_code(text);
  if (!code) return refuse(code.error());
  Bytes inside;
  put_lp(inside, code->party);
  append(inside, code->root);
  append(inside, code->c.view());
  return accept(hex(inside));
}

}  // namespace

std::string judge_object(PeerWorld& world, const std::string& kind, ByteView bytes) {
  const std::string_view text = as_text(bytes);
  if (kind == "card") return judge_card(text);
  if (kind == "succession") return judge_succession(world, text);
  if (kind == "schedule") return judge_schedule(world, text);
  if (kind == "certificate") return judge_certificate(world, text);
  if (kind == "checkpoint") return judge_checkpoint(world, text);
  if (kind == "code") return judge_code(text);
  if (kind == "revocation") return judge_revocation(world, text);
  if (kind == "directory") return judge_directory(world, text);
  if (kind == "fork") return judge_fork(world, bytes);
  if (kind == "intro") return judge_intro(text);
  if (kind == "policy") return judge_policy(world, text);
  if (kind == "ckpt") return judge_ckpt(world, bytes);
  if (kind == "cosig") return judge_cosig(world, bytes);
  if (kind == "hello") return judge_hello(bytes);
  if (kind == "proof") return judge_proof(world, bytes);
  FOCAL_CHECK(kind == "envelope");
  return judge_envelope(world, bytes);
}

}  // namespace focal::test

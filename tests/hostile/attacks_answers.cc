// What answers the target's own frames, or pretends to: acknowledgements, receipts and
// bounces that are not true, notes without end, and no answer at all.
#include "node/exchange/inner.h"
#include "tests/hostile/assault.h"

namespace focal::hostile {
namespace {

using exchange::ByeCode;

constexpr std::uint64_t kLikesToReceive = 64u << 20;
constexpr std::size_t kMaxReceipts = 2048;
constexpr int kLargeBounces = 10;  // frames on each of four links

// A link on which the target has sent records of its own.
std::unique_ptr<Line> open_and_take(Attacker& a) {
  auto line = a.open();
  return line && line->grant(kLikesToReceive) && line->sees_data(1) ? std::move(line) : nullptr;
}

bool ack_of_unsent(Attacker& a) {
  auto line = a.open();
  return line &&
         line->say(exchange::AckFrame{line->peer_stream, 100'000 + a.rng.below(1u << 30), 0, 0}) &&
         line->sees_bye(ByeCode::kSeq);
}

bool ack_of_another_stream(Attacker& a) {
  auto line = a.open();
  return line &&
         line->say(
             exchange::AckFrame{a.chance(2) ? line->own_stream : a.ids.array<16>(), 0, 1, 1}) &&
         line->sees_bye(ByeCode::kSeq);
}

bool ack_that_takes_credit_back(Attacker& a) {
  auto line = a.open();
  return line && line->grant(1000) && line->grant(10) && line->sees_bye(ByeCode::kCredit);
}

// More credit than there is memory anywhere.
bool endless_credit(Attacker& a) {
  auto line = a.open();
  if (!line || !line->grant(~std::uint64_t{0})) return false;
  const bool done = line->data({a.bytes(1102)}) && line->settles();
  a.hold(std::move(line));
  return done;
}

bool bounces_at_random(Attacker& a) {
  auto line = a.open();
  if (!line) return false;
  exchange::BounceFrame frame;
  frame.bounces.resize(exchange::kMaxBounces);
  const std::vector<std::uint32_t> items(a.rng.below(256), 1u << 31);
  for (auto& bounce : frame.bounces)
    bounce = {a.ids.array<32>(), static_cast<std::uint32_t>(a.rng.below(12)), 1, items};
  for (int i = 0; i < 8; ++i)
    if (!line->say(frame)) return false;
  return line->data({a.bytes(1102)}) && line->settles();
}

// As much as the largest frames carry, on several links at once: nobody has to grant
// credit for a bounce.
bool flood_of_large_bounces(Attacker& a) {
  exchange::BounceFrame frame;
  frame.bounces.resize(exchange::kMaxBounces);
  const std::vector<std::uint32_t> items(200, ~0u);
  for (auto& bounce : frame.bounces) bounce = {a.ids.array<32>(), 4, 0, items};
  const Bytes bytes = exchange::encode_frame(frame);
  std::vector<std::unique_ptr<Line>> lines;
  for (int i = 0; i < 4; ++i)
    if (auto line = a.open()) lines.push_back(std::move(line));
  for (int i = 0; i < kLargeBounces; ++i)
    for (const auto& line : lines)
      if (!line->send(bytes)) return false;
  return !lines.empty() && lines.front()->data({a.bytes(1102)}) && lines.front()->settles();
}

// For envelopes that the target did send here: as unopenable, waiting, of an unknown key …
bool bounces_of_what_came(Attacker& a) {
  const auto line = open_and_take(a);
  if (!line) return false;
  exchange::BounceFrame frame;
  for (const Bytes& envelope : line->envelopes)
    for (int n = 0; n < 3; ++n)
      frame.bounces.push_back({exchange::envelope_id(envelope),
                               static_cast<std::uint32_t>(a.rng.below(11)),
                               static_cast<std::uint32_t>(a.rng.below(7)),
                               {0}});
  return line->say(frame) && line->data({a.bytes(1102)}) && line->settles();
}

// Receipts for records that were sent to others, in this party's name or in theirs.
bool receipts_for_others(Attacker& a) {
  std::vector<store::RecordRef> refs;
  for (const Loot& loot : a.all.loot()) refs.push_back(loot.ref);
  refs.push_back({a.ids.array<32>(), read_clocks().wall_ms});
  const auto manifest = [](const Loot& loot) {
    const auto inner = exchange::parse_inner(loot.inner);
    return *exchange::parse_manifest(std::get<exchange::BatchView>(*inner).items.front().manifest);
  };
  const Loot& theirs = a.all.loot().front();
  const bool forged = a.chance(2);
  const Bytes inner =
      a.villain.receipts(refs, {1, 16, 19}, forged ? theirs.from : a.villain.name(),
                         forged ? manifest(theirs).from_card : a.villain.card().card_id);
  const auto line = a.open();
  return line && line->data({a.seal(inner)}, 0) && line->settles();
}

// A true receipt for a record that came, then others that contradict it, without end.
bool receipts_that_contradict(Attacker& a) {
  const auto line = open_and_take(a);
  if (!line) return false;
  std::vector<store::RecordRef> refs;
  for (const Bytes& envelope : line->envelopes) {
    const auto opened = a.villain.open(envelope);
    const auto inner =
        opened ? exchange::parse_inner(*opened) : Result<exchange::InnerView>(opened.error());
    const auto* batch = inner ? std::get_if<exchange::BatchView>(&*inner) : nullptr;
    if (batch == nullptr) continue;
    for (const auto& item : batch->items)
      if (const auto m = exchange::parse_manifest(item.manifest))
        refs.push_back({m->rid, m->created_ms});
  }
  if (refs.empty()) return false;
  refs.resize(1);
  const auto say = [&](std::vector<std::uint32_t> statuses) {
    return line->data({a.seal(a.villain.receipts(refs, statuses, a.villain.name(),
                                                 a.villain.card().card_id))},
                      0) &&
           line->settles();
  };
  // In the first batch there are also records that nobody has ever sent.
  const store::RecordRef theirs = refs.front();
  for (int i = 0; i < 20; ++i) refs.push_back({a.ids.array<32>(), theirs.created_ms});
  for (const auto& ref : refs) a.villain.invented(ref.rid);
  if (!say({1})) return false;
  refs.assign(kMaxReceipts, theirs);
  return say({16, 19, 24, 1});
}

// After it the target takes no notes for the rest of the minute: the others come first.
bool flood_of_notes(Attacker& a) {
  const auto counts = a.all.counts();
  for (const char* other : {"wrong_notes", "schedules_that_lead_astray"})
    if (counts.at(other) < 2) return false;
  const auto line = a.open();
  if (!line) return false;
  for (int i = 0; i < 70 && line->is_alive(); ++i) {
    if (!line->say(exchange::NotesFrame{{a.villain.self().schedule_note}})) return false;
    line->receive(0);
  }
  return line->sees_bye(ByeCode::kBadFrame);
}

bool wrong_notes(Attacker& a) {
  const std::string& schedule = a.villain.self().schedule_note;
  std::string changed = schedule;
  changed[a.rng.below(changed.size())] ^= 2;
  const exchange::NotesFrame frames[] = {
      {{std::string("focal-card/v1\n"), std::string("focal-seal/v1\n"),
        std::string("focal-zz/v1")}},
      {{a.target.card.note, a.target.schedule.note}},
      {{changed}},
      {{std::string(exchange::kMaxNotesBytes + 1, 'x')}},
      {{"focal-seal/v1\n" + std::string(70'000, '\n')}},
      {std::vector<std::string>(exchange::kMaxNotes + 1, "one too many")},
      {{"focal-card/v1\n" + to_string(a.bytes(8000))}}};
  const auto line = a.open();
  if (!line || !line->say(frames[a.rng.below(std::size(frames))])) return false;
  line->receive(20);
  return true;
}

// True schedules, each newer than the last, that lead the target's own gate to places
// where it is badly received, or to itself.
bool schedules_that_lead_astray(Attacker& a) {
  std::vector<std::string> endpoints = a.all.endpoints();
  if (a.chance(2)) std::swap(endpoints.front(), endpoints.back());
  if (a.chance(4)) endpoints.push_back(a.target.endpoint);
  const auto line = a.open();
  return line && line->say(exchange::NotesFrame{{a.villain.next_schedule(endpoints)}}) &&
         line->data({a.bytes(1102)}) && line->settles();
}

// Makes the target answer, and reads none of it.
bool does_not_read(Attacker& a) {
  LineOptions options;
  options.receive_high_water = 1;
  options.receive_buffer = 4096;
  auto line = a.connect(options);
  if (!line->open(a.villain, a.ids) || !line->grant(kLikesToReceive)) return false;
  bool done = false;
  for (int i = 0; i < 12; ++i) {
    std::vector<Bytes> rubbish(100);
    done = line->data(std::move(rubbish), 1 + static_cast<std::uint32_t>(i % 2), false) || done;
    for (int n = 0; n < 3; ++n)
      done =
          line->say(exchange::AckFrame{line->peer_stream, 0, kLikesToReceive, kLikesToReceive}) &&
          done;
  }
  a.hold(std::move(line));
  return done;
}

// Takes records and never says that it has them.
bool never_acknowledges(Attacker& a) {
  auto line = open_and_take(a);
  if (!line) return false;
  a.hold(std::move(line));
  return true;
}

constexpr Kind kKinds[] = {
    {"ack_of_unsent", ack_of_unsent},
    {"ack_of_another_stream", ack_of_another_stream},
    {"ack_that_takes_credit_back", ack_that_takes_credit_back},
    {"endless_credit", endless_credit},
    {"bounces_at_random", bounces_at_random},
    {"flood_of_large_bounces", flood_of_large_bounces},
    {"bounces_of_what_came", bounces_of_what_came},
    {"receipts_for_others", receipts_for_others},
    {"receipts_that_contradict", receipts_that_contradict},
    {"flood_of_notes", flood_of_notes},
    {"wrong_notes", wrong_notes},
    {"schedules_that_lead_astray", schedules_that_lead_astray},
    {"does_not_read", does_not_read},
    {"never_acknowledges", never_acknowledges},
};

}  // namespace

std::span<const Kind> answer_kinds() { return kKinds; }

}  // namespace focal::hostile

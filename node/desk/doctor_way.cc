// The doctor's first steps: the address of a party, and whether a Focal node answers there.
#include <algorithm>

#include "node/desk/doctor_steps.h"
#include "node/desk/link_words.h"
#include "node/exchange/frame.h"

namespace focal::desk {
namespace {

using exchange::ByeCode;
using gate::DialWhy;
using gate::ProbeOutcome;

const gate::Probe* furthest_probe(const LinkFacts& f) {
  const auto best = std::max_element(
      f.probes.begin(), f.probes.end(),
      [](const gate::Probe& a, const gate::Probe& b) { return a.outcome < b.outcome; });
  return best == f.probes.end() || best->outcome == ProbeOutcome::kFailed ? nullptr : &*best;
}

Phrase new_address(const std::string& party) { return say("way.new_address", {{"party", party}}); }

Way ends_at(Walk step, std::string at, Said said) {
  return {step, std::move(said), std::move(at)};
}

// The last link came up, and they ended it with a reason of the protocol.
std::optional<Way> ended_with_bye(const LinkFacts& f, const std::string& at) {
  const Place party{"party", f.party};
  const auto code = static_cast<ByeCode>(f.link.bye_in != 0 ? f.link.bye_in : f.link.bye_out);
  const bool by_us = f.link.bye_in == 0;
  switch (code) {
    case ByeCode::kStopped:
      if (by_us) break;
      return ends_at(Walk::kConnection, at, told("PEER_STOPPED", "way.peer_stopped", {party}));
    case ByeCode::kShutdown:
      if (by_us) break;
      return ends_at(Walk::kConnection, at, told("PEER_SHUT_DOWN", "way.peer_shut_down", {party}));
    case ByeCode::kVersion:
      return ends_at(Walk::kConnection, at, told("VERSION", "way.version"));
    case ByeCode::kParty:
      return ends_at(Walk::kKey, at,
                     {"OTHER_PARTY",
                      {say(by_us ? "way.other_party_here" : "way.other_party_there", {party})},
                      {say("way.compare_codes", {party})}});
    case ByeCode::kBadFrame:
    case ByeCode::kCredit:
    case ByeCode::kSeq:
    case ByeCode::kLane0: {
      const std::string named(exchange::bye_name(f.link.bye_in));
      return ends_at(Walk::kConnection, at,
                     {"PROTOCOL",
                      {by_us ? say("way.protocol_here", {{"reason", f.link.trouble}})
                             : say("way.protocol_there", {party, {"code", named}})},
                      {say("way.protocol.do")}});
    }
    default: break;
  }
  return std::nullopt;
}

// A Focal node answers, and there is no link to it.
Way handshake(const LinkFacts& f, const std::string& at) {
  const Place party{"party", f.party};
  const Place address{"at", at};
  const DialWhy why = f.trouble ? f.trouble->why : DialWhy::kEnded;
  if (why == DialWhy::kEnded)
    if (auto bye = ended_with_bye(f, at)) return *bye;
  if (why == DialWhy::kRefusedKey)
    return ends_at(Walk::kKey, at, told("REFUSED_BY_PEER", "way.refused_by_peer", {address}));
  if (why == DialWhy::kHandshake)
    return ends_at(Walk::kKey, at,
                   told("OTHER_KEY", "way.other_key", {address, party, {"serial", f.card_serial}}));
  if (why == DialWhy::kPutOff)
    return ends_at(Walk::kConnection, at, told("PUT_OFF", "way.put_off", {party}));
  return ends_at(
      Walk::kConnection, at,
      {"NEXT_ATTEMPT",
       {f.trouble ? say("way.next_attempt_at",
                        {address, {"when", format_utc(f.trouble->next_wall_ms)}})
                  : say("way.next_attempt", {address})},
       {say("way.next_attempt.do")}});
}

Way nobody_listens(const LinkFacts& f, const gate::Probe& probe, const std::string& at) {
  if (f.link.bye_in == static_cast<std::uint32_t>(ByeCode::kShutdown))
    return *ended_with_bye(f, at);
  const std::vector<Place> places{
      {"party", f.party}, {"at", at}, {"when", format_utc(f.link.last_heard_wall_ms)}};
  if (f.reached_at == probe.endpoint)
    return ends_at(Walk::kConnection, at, told("PEER_GONE", "way.peer_gone", places));
  return ends_at(Walk::kConnection, at,
                 {"REFUSED", {say("way.refused", places)}, {new_address(f.party)}});
}

Way by_probe(const LinkFacts& f, const gate::Probe& probe) {
  const std::string& at = probe.address.empty() ? probe.endpoint : probe.address;
  const std::vector<Place> places{
      {"party", f.party}, {"at", at}, {"address", probe.endpoint}};
  switch (probe.outcome) {
    case ProbeOutcome::kNoName:
      return ends_at(Walk::kAddress, at, {"NAME_NOT_FOUND",
                                          {say("way.name_not_found", places)},
                                          {new_address(f.party), say("way.name_is_right")}});
    case ProbeOutcome::kNameServer:
      return ends_at(Walk::kAddress, at, told("NAME_SERVER", "way.name_server", places));
    case ProbeOutcome::kNoRoute:
      return ends_at(Walk::kConnection, at, told("NO_ROUTE", "way.no_route", places));
    case ProbeOutcome::kNoAnswer:
      return ends_at(Walk::kConnection, at, told("NO_ANSWER", "way.no_answer", places));
    case ProbeOutcome::kSilent:
      return ends_at(Walk::kConnection, at, told("SILENT", "way.silent", places));
    case ProbeOutcome::kOther:
      return ends_at(Walk::kConnection, at, {"OTHER_PROGRAM",
                                             {say("way.other_program", places)},
                                             {new_address(f.party)}});
    case ProbeOutcome::kRefused: return nobody_listens(f, probe, at);
    case ProbeOutcome::kFocal: return handshake(f, at);
    case ProbeOutcome::kFailed: break;
  }
  return {};
}

// Nothing was tried just now: what the network process tried last.
Way by_trouble(const LinkFacts& f) {
  const std::string at = f.trouble ? f.trouble->endpoint : f.endpoints.front();
  const DialWhy why = f.trouble ? f.trouble->why : DialWhy::kEnded;
  const auto unclear = [&](const char* code, Phrase text) {
    return ends_at(Walk::kConnection, at,
                   {code, {std::move(text)}, {say("way.look_closer", {{"party", f.party}})}});
  };
  switch (why) {
    case DialWhy::kNoName:
      return by_probe(f, {at, {}, ProbeOutcome::kNoName});
    case DialWhy::kNameServer:
      return by_probe(f, {at, {}, ProbeOutcome::kNameServer});
    case DialWhy::kNoConnection:
    case DialWhy::kOther:
      return unclear("NOT_REACHED",
                     say("way.not_reached", {{"at", at}, {"reason", f.trouble->reason}}));
    case DialWhy::kHandshake:
      return unclear("NO_HANDSHAKE", say("way.no_handshake", {{"at", at}}));
    default: return handshake(f, at);
  }
}

Way only_they_call(const LinkFacts& f) {
  if (auto bye = ended_with_bye(f, {})) return *bye;
  const Place party{"party", f.party};
  if (!f.only_calls)
    return ends_at(Walk::kAddress, {}, told("NO_ENDPOINT", "way.no_endpoint", {party}));
  return ends_at(
      Walk::kConnection, {},
      {"NO_CALL",
       {f.link.hello_wall_ms == 0
            ? say("way.no_call", {party})
            : say("way.no_call_since", {party, {"when", format_utc(f.link.last_heard_wall_ms)}})},
       {say("way.no_call.do", {party, {"us", f.node.party}})}});
}

}  // namespace

Way way_to(const LinkFacts& f) {
  if (!f.may_link) return {};  // nothing is tried, and what was tried before says nothing
  if (const gate::Probe* probe = furthest_probe(f)) {
    // While the link stands, only a way that ends before a Focal node answers is news.
    if (f.link.up && probe->outcome == ProbeOutcome::kFocal) return {Walk::kPeer, {}, probe->address};
    return by_probe(f, *probe);
  }
  if (f.link.up) return {};
  return f.endpoints.empty() ? only_they_call(f) : by_trouble(f);
}

Step address_step(const LinkFacts& f, const Way& way) {
  if (way.ends == Walk::kAddress)
    return f.link.up ? warned(Walk::kAddress, way.said) : failed(Walk::kAddress, way.said);
  const Place party{"party", f.party};
  if (f.endpoints.empty())
    return fine(Walk::kAddress,
                {f.called_from.empty()
                     ? say("address.calls_us", {party})
                     : say("address.calls_us_from", {party, {"address", f.called_from}})});
  const std::string& first = f.endpoints.front();
  return fine(Walk::kAddress, {way.at.empty() || first.ends_with("//" + way.at) || first == way.at
                                   ? as_it_is(first)
                                   : say("address.best", {{"address", way.at}})});
}

Step connection_step(const LinkFacts& f, const Way& way) {
  if (!f.may_link)
    return not_reached(Walk::kConnection,
                       say("connection.none", {{"step", step_word(Walk::kKey)}}));
  if (f.link.up && way.ends == Walk::kConnection)
    return warned(Walk::kConnection,
                  {way.said.code,
                   {say("connection.one_way", {{"party", f.party}, {"text", way.said.text}})},
                   way.said.cure});
  if (f.link.up)
    return fine(Walk::kConnection, {say(f.link.dialed ? "connection.dialed" : "connection.called",
                                        {{"when", format_utc(f.link.last_heard_wall_ms)}})});
  if (way.ends == Walk::kAddress)
    return not_reached(Walk::kConnection, say("connection.no_address"));
  if (way.ends == Walk::kConnection) return failed(Walk::kConnection, way.said);
  return fine(Walk::kConnection, {way.at.empty()
                                      ? say("connection.answers")
                                      : say("connection.answers_at", {{"address", way.at}})});
}

}  // namespace focal::desk

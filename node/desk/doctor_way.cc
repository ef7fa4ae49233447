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

std::string new_address_cure(const std::string& party) {
  return "Compare the address with " + party + " by telephone. If they have another one now, the "
         "file of 'focal card export' there brings it ('focal notes add FILE').";
}

Way ends_at(Walk step, std::string at, Said said) {
  return {step, std::move(said), std::move(at)};
}

// The last link came up, and they ended it with a reason of the protocol.
std::optional<Way> ended_with_bye(const LinkFacts& f, const std::string& at) {
  const std::string& p = f.party;
  const auto code = static_cast<ByeCode>(f.link.bye_in != 0 ? f.link.bye_in : f.link.bye_out);
  const bool by_us = f.link.bye_in == 0;
  switch (code) {
    case ByeCode::kStopped:
      if (by_us) break;
      return ends_at(Walk::kConnection, at,
                     {"PEER_STOPPED",
                      p + "'s node ends every connection: it can store or sign nothing at present.",
                      "Call " + p + ": 'focal status' and 'focal start show' there say why."});
    case ByeCode::kShutdown:
      if (by_us) break;
      return ends_at(Walk::kConnection, at,
                     {"PEER_SHUT_DOWN", p + "'s node was shut down in order.",
                      "Wait until it runs again, or call " + p + "."});
    case ByeCode::kVersion:
      return ends_at(Walk::kConnection, at,
                     {"VERSION", "The two programs have no version of the protocol in common.",
                      "The older of the two has to be brought up to date; 'focal status' shows the "
                      "version at each end."});
    case ByeCode::kParty:
      return ends_at(Walk::kKey, at,
                     {"OTHER_PARTY",
                      by_us ? "Whoever has the transport key of " + p + " calls itself otherwise."
                            : p + " knows our transport key as that of another party.",
                      "Call " + p + " and compare the codes of the parties on both cards."});
    case ByeCode::kBadFrame:
    case ByeCode::kCredit:
    case ByeCode::kSeq:
    case ByeCode::kLane0:
      return ends_at(Walk::kConnection, at,
                     {"PROTOCOL",
                      by_us ? f.link.trouble
                            : p + "'s node ended the connection over something that our node said (" +
                                  std::string(exchange::bye_name(f.link.bye_in)) + ").",
                      "One of the two programs does what the protocol does not allow: compare the "
                      "versions, and keep both logs for the maintainers."});
    default: break;
  }
  return std::nullopt;
}

// A Focal node answers, and there is no link to it.
Way handshake(const LinkFacts& f, const std::string& at) {
  const std::string& p = f.party;
  const DialWhy why = f.trouble ? f.trouble->why : DialWhy::kEnded;
  if (why == DialWhy::kEnded)
    if (auto bye = ended_with_bye(f, at)) return *bye;
  if (why == DialWhy::kRefusedKey)
    return ends_at(Walk::kKey, at,
                   {"REFUSED_BY_PEER", "The node at " + at + " does not let our key in.",
                    std::string(kRefusedHint)});
  if (why == DialWhy::kHandshake)
    return ends_at(Walk::kKey, at,
                   {"OTHER_KEY",
                    "A Focal node answers at " + at + ", but not with the transport key on card " +
                        std::to_string(f.card_serial) + " of " + p + ".",
                    "Ask " + p + " whether it has a new card ('focal card export' there, 'focal notes "
                    "add FILE' here), and whether the address is still theirs."});
  if (why == DialWhy::kPutOff)
    return ends_at(Walk::kConnection, at,
                   {"PUT_OFF", p + "'s node puts our calls off: there were too many of them.",
                    "Wait some minutes; the node tries again by itself."});
  return ends_at(Walk::kConnection, at,
                 {"NEXT_ATTEMPT",
                  "A Focal node answers at " + at + ", and the connection is not made yet" +
                      (f.trouble ? ": the next attempt is at " +
                                       format_utc(f.trouble->next_wall_ms)
                                 : std::string()) + ".",
                  "Wait for it; nothing has to be done."});
}

Way nobody_listens(const LinkFacts& f, const gate::Probe& probe, const std::string& at) {
  const std::string& p = f.party;
  if (f.link.bye_in == static_cast<std::uint32_t>(ByeCode::kShutdown))
    return *ended_with_bye(f, at);
  if (f.reached_at == probe.endpoint)
    return ends_at(Walk::kConnection, at,
                   {"PEER_GONE",
                    p + " was connected here, last heard at " +
                        format_utc(f.link.last_heard_wall_ms) + ", and nobody listens at " + at +
                        " now: its node does not run.",
                    "Call " + p + ": its administrator has to start the node ('focal status' there)."});
  return ends_at(Walk::kConnection, at,
                 {"REFUSED",
                  "The machine at " + at + " says that nobody listens there: the port is wrong, or " +
                      p + "'s node does not run.",
                  new_address_cure(p)});
}

Way by_probe(const LinkFacts& f, const gate::Probe& probe) {
  const std::string& at = probe.address.empty() ? probe.endpoint : probe.address;
  switch (probe.outcome) {
    case ProbeOutcome::kNoName:
      return ends_at(Walk::kAddress, at,
                     {"NAME_NOT_FOUND", "The name in " + probe.endpoint + " is not known.",
                      new_address_cure(f.party) + " If the name is right, look at this machine's name "
                      "server."});
    case ProbeOutcome::kNameServer:
      return ends_at(Walk::kAddress, at,
                     {"NAME_SERVER",
                      "No name server says within 3 seconds what the name in " + probe.endpoint +
                          " means.",
                      "Look at the network and the name server of this machine."});
    case ProbeOutcome::kNoRoute:
      return ends_at(Walk::kConnection, at,
                     {"NO_ROUTE", "The network says that there is no way to " + at + ".",
                      "Look at the network of this machine, then compare the address with " + f.party +
                          "."});
    case ProbeOutcome::kNoAnswer:
      return ends_at(Walk::kConnection, at,
                     {"NO_ANSWER",
                      "Nothing comes back from " + at + " within 3 seconds: the machine is off, or a "
                      "firewall drops what is sent to it.",
                      "Ask the administrators of both ends whether their firewalls let the port "
                      "through."});
    case ProbeOutcome::kSilent:
      return ends_at(Walk::kConnection, at,
                     {"SILENT",
                      "Somebody takes the connection at " + at + " and says nothing: a firewall or "
                      "proxy in between, or a node that hangs.",
                      "Ask the administrators of both ends whether a firewall or proxy answers for the "
                      "port; at " + f.party + " 'focal status' shows whether the gate runs."});
    case ProbeOutcome::kOther:
      return ends_at(Walk::kConnection, at,
                     {"OTHER_PROGRAM", "Another program than a Focal node answers at " + at + ".",
                      new_address_cure(f.party)});
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
  switch (why) {
    case DialWhy::kNoName:
      return by_probe(f, {at, {}, ProbeOutcome::kNoName});
    case DialWhy::kNameServer:
      return by_probe(f, {at, {}, ProbeOutcome::kNameServer});
    case DialWhy::kNoConnection:
    case DialWhy::kOther:
      return ends_at(Walk::kConnection, at,
                     {"NOT_REACHED", "No connection to " + at + ": " + f.trouble->reason + ".",
                      "'focal doctor " + f.party + "' looks closer."});
    case DialWhy::kHandshake:
      return ends_at(Walk::kConnection, at,
                     {"NO_HANDSHAKE",
                      "A connection to " + at + ", and no understanding: a firewall, another program, or "
                      "another transport key.",
                      "'focal doctor " + f.party + "' looks closer."});
    default: return handshake(f, at);
  }
}

Way only_they_call(const LinkFacts& f) {
  if (auto bye = ended_with_bye(f, {})) return *bye;
  if (!f.only_calls)
    return ends_at(Walk::kAddress, {},
                   {"NO_ENDPOINT", no_endpoint_text(f.party) + ".", std::string(kNoEndpointHint)});
  return ends_at(Walk::kConnection, {},
                 {"NO_CALL",
                  f.party + " has no address of its own, and does not call" +
                      (f.link.hello_wall_ms == 0
                           ? std::string(" since this node started")
                           : ": it was last heard at " + format_utc(f.link.last_heard_wall_ms)) + ".",
                  "Call " + f.party + ": does its node run, and what does 'focal doctor " +
                      f.node.party + "' say there?"});
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
  if (f.endpoints.empty())
    return fine(Walk::kAddress, f.party + " has no address of its own: it calls us" +
                                    (f.called_from.empty() ? "" : ", last from " + f.called_from) +
                                    ".");
  const std::string& first = f.endpoints.front();
  return fine(Walk::kAddress, way.at.empty() || first.ends_with("//" + way.at) || first == way.at
                                  ? first
                                  : "The address that answers best is " + way.at + ".");
}

Step connection_step(const LinkFacts& f, const Way& way) {
  if (!f.may_link)
    return not_reached(Walk::kConnection, "No connection is made; the step KEY says why.");
  if (f.link.up && way.ends == Walk::kConnection)
    return warned(Walk::kConnection,
                  {way.said.code,
                   f.party + " is connected because it called us. The other way: " + way.said.text,
                   way.said.cure});
  if (f.link.up)
    return fine(Walk::kConnection,
                "Connected" + std::string(f.link.dialed ? ", dialed by us" : ", called by them") +
                    "; last heard at " + format_utc(f.link.last_heard_wall_ms) + ".");
  if (way.ends == Walk::kAddress)
    return not_reached(Walk::kConnection, "Without an address nothing can be tried.");
  if (way.ends == Walk::kConnection) return failed(Walk::kConnection, way.said);
  return fine(Walk::kConnection, "A Focal node answers" +
                                     (way.at.empty() ? std::string() : " at " + way.at) + ".");
}

}  // namespace focal::desk

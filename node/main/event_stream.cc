#include "node/main/event_stream.h"

#include <chrono>
#include <memory>
#include <string>

#include "proto/console.pb.h"
#include "proto/json.h"

namespace focal {
namespace {

constexpr std::chrono::seconds kQuiet{15};

std::string written(const desk::Event& event) {
  api::v1::Event out;
  out.set_topic(std::string(desk::topic_name(event.topic)));
  out.set_seq(event.seq);
  return "id: " + std::to_string(event.seq) + "\ndata: " + json::write(out) + "\n\n";
}

}  // namespace

api::http::Response event_stream(desk::EventHub& hub, std::optional<std::uint64_t> after) {
  api::http::Response out;
  out.content_type = "text/event-stream";
  auto heard = std::make_shared<desk::EventHub::Subscription>(after ? hub.subscribe(*after)
                                                                    : hub.subscribe());
  out.stream = [heard, begun = false]() mutable -> std::optional<std::string> {
    // The browser takes the stream for open with its first bytes.
    if (!std::exchange(begun, true)) return ":\n\n";
    const auto woken = heard->wait(std::chrono::steady_clock::now() + kQuiet);
    if (woken.closed) return std::nullopt;
    std::string text;
    for (const desk::Event& event : woken.events) text += written(event);
    return text.empty() ? ":\n\n" : text;
  };
  return out;
}

}  // namespace focal

#include "bench/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "bench/measure.h"

namespace focal::bench {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

}  // namespace

HttpClient::HttpClient(const std::filesystem::path& socket) : host_("localhost") {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  if (socket.native().size() >= sizeof at.sun_path) give_up("the path of the socket is too long");
  std::memcpy(at.sun_path, socket.c_str(), socket.native().size());
  fd_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
    give_up("no answer on " + socket.string());
}

HttpClient::HttpClient(int loopback_port) : host_("127.0.0.1:" + std::to_string(loopback_port)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(loopback_port));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
    give_up("no answer on port " + std::to_string(loopback_port));
}

HttpClient::~HttpClient() { ::close(fd_); }

void HttpClient::send(std::string_view method, std::string_view target, std::string_view body) {
  std::string out;
  out.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host_);
  out += "\r\nX-Focal: 1\r\nAccept: application/json, text/event-stream\r\n";
  if (!cookie_.empty()) out += "Cookie: " + cookie_ + "\r\n";
  if (method != "GET")
    out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  out.append("\r\n").append(body);
  for (std::string_view rest = out; !rest.empty();) {
    const ssize_t n = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n <= 0) give_up("the node does not take a request");
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

bool HttpClient::receive() {
  char block[65536];
  const ssize_t n = ::recv(fd_, block, sizeof block, 0);
  if (n > 0) held_.append(block, static_cast<std::size_t>(n));
  return n > 0;
}

std::string HttpClient::take_head() {
  std::size_t end;
  while ((end = held_.find("\r\n\r\n")) == std::string::npos)
    if (!receive()) give_up("the node closed the connection");
  std::string out = held_.substr(0, end + 2);
  held_.erase(0, end + 4);
  return out;
}

std::string HttpClient::ask(std::string_view method, std::string_view target, std::string_view body,
                            std::string* headers) {
  send(method, target, body);
  const std::string head = take_head();
  const std::string names = lower(head);
  const std::size_t at = names.find("\r\ncontent-length:");
  if (at == std::string::npos) give_up("an answer without a length: " + head);
  const std::size_t size = std::strtoul(names.c_str() + at + 17, nullptr, 10);
  while (held_.size() < size)
    if (!receive()) give_up("the node closed the connection");
  std::string out = held_.substr(0, size);
  held_.erase(0, size);
  if (head.compare(9, 1, "2") != 0)
    give_up(std::string(method) + " " + std::string(target) + ": " + head.substr(0, 12) + " " + out);
  if (headers != nullptr) *headers = head;
  return out;
}

void HttpClient::listen(std::string_view target, const std::function<bool(std::string_view)>& take) {
  send("GET", target, {});
  const std::string head = take_head();
  if (head.compare(9, 3, "200") != 0) give_up("no stream: " + head.substr(0, 12));
  for (;;) {
    if (!held_.empty() && !take(held_)) return;
    held_.clear();
    if (!receive()) return;
  }
}

}  // namespace focal::bench

// The least of HTTP that a benchmark needs: one connection that stays, one question at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace focal::bench {

class HttpClient {
 public:
  explicit HttpClient(const std::filesystem::path& socket);  // ends the program if it cannot connect
  explicit HttpClient(int loopback_port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void set_cookie(std::string cookie) { cookie_ = std::move(cookie); }
  // The body; anything but 2xx ends the program. headers: of the answer, if wanted.
  std::string ask(std::string_view method, std::string_view target, std::string_view body = {},
                  std::string* headers = nullptr);
  // A stream: every piece as it comes, until `take` says false or the other end closes.
  void listen(std::string_view target, const std::function<bool(std::string_view)>& take);

 private:
  void send(std::string_view method, std::string_view target, std::string_view body);
  bool receive();
  std::string take_head();

  int fd_ = -1;
  std::string host_, cookie_, held_;
};

}  // namespace focal::bench

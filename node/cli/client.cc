#include "node/cli/client.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "node/api/http.h"

namespace focal::cli {
namespace {

constexpr std::size_t kReservedAnswer = 4096;

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t on_data(char* data, std::size_t, std::size_t size, void* out) {
  auto& body = *static_cast<std::string*>(out);
  if (body.size() + size > kMaxAnswerBytes) return 0;
  body.append(data, size);
  return size;
}

// Whether somebody listens: 0 or the errno of connect. curl does not say why a unix socket
// failed, and people need to know.
int probe(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.native().size() >= sizeof address.sun_path) return ENAMETOOLONG;
  std::memcpy(address.sun_path, socket.c_str(), socket.native().size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return errno;
  const int rc = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int why = rc == 0 || errno == EAGAIN ? 0 : errno;
  ::close(fd);
  return why;
}

std::string encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '~' || c == '.';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[u >> 4];
      out += kHex[u & 15];
    }
  }
  return out;
}

}  // namespace

std::string target_of(const std::vector<std::string>& segments) {
  std::string out;
  for (const std::string& segment : segments) out += "/" + encode(segment);
  return out;
}

void add_query(std::string& target, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += encode(name) + "=" + encode(value);
}

Client::Client(std::filesystem::path folder) : folder_(std::move(folder)) {}

Error Client::stopped() {
  not_running_ = true;
  std::error_code error;
  const std::filesystem::path full = std::filesystem::weakly_canonical(folder_, error);
  const std::string name = (error || full.empty() ? folder_ : full).string();
  return fail(ErrorCode::kUnavailable, "focald is not running for " + name,
              "start it (focald --folder " + name +
                  "), or name the node's folder with -C or FOCAL_HOME",
              name);
}

// Nothing if somebody listens on the socket, else what is wrong, in words.
Status Client::reach(const std::filesystem::path& socket) {
  switch (const int why = probe(socket)) {
    case 0: return {};
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED: return stopped();
    case EACCES:
    case EPERM:
      return fail(ErrorCode::kPermission,
                  "this user may not talk to the node in " + folder_.string(),
                  "use the account focald runs as", socket.string());
    case ENAMETOOLONG:
      return fail(ErrorCode::kLimit, "the path of the node's socket is too long",
                  "use a node folder with a shorter path, or go there and use -C .",
                  socket.string());
    default:
      return fail(ErrorCode::kIo, "cannot reach the node: " + std::string(std::strerror(why)), {},
                  socket.string());
  }
}

Result<Reply> Client::request(std::string_view method, const std::string& target,
                              const std::string& body) {
  std::error_code ignored;  // then it is no socket
  const std::filesystem::path socket = std::filesystem::is_socket(folder_, ignored)
                                           ? folder_
                                           : folder_ / api::http::kSocketName;
  const std::string name = socket.string();
  FOCAL_TRY(reach(socket));
  const std::unique_ptr<CURL, FreeEasy> handle(curl_easy_init());
  FOCAL_CHECK(handle != nullptr);
  CURL* curl = handle.get();
  Reply reply;
  reply.body.reserve(kReservedAnswer);  // so that a small one, which may be secret, is never moved
  std::unique_ptr<curl_slist, FreeList> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"));
  curl_slist_append(headers.get(), "Expect:");
  curl_easy_setopt(curl, CURLOPT_URL, ("http://focal" + target).c_str());
  curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, name.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kAnswerTimeoutMs);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_data);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
  if (method == "POST") {
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  }
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_COULDNT_CONNECT) return stopped();
  if (code == CURLE_OPERATION_TIMEDOUT)
    return fail(ErrorCode::kUnavailable, "the node did not answer in time",
                "look at its log; what was asked may still happen", name);
  if (code == CURLE_WRITE_ERROR)
    return fail(ErrorCode::kLimit, "the node's answer is too long", "ask for less (--limit)", name);
  if (code != CURLE_OK)
    return fail(ErrorCode::kIo,
                "the connection to the node broke: " + std::string(curl_easy_strerror(code)),
                "look whether focald still runs; what was asked may have happened", name);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

}  // namespace focal::cli

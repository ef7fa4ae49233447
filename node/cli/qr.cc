#include "node/cli/qr.h"

#include <qrencode.h>

#include <cerrno>
#include <memory>

namespace focal::cli {
namespace {

struct FreeInput {
  void operator()(QRinput* input) const { QRinput_free(input); }
};
struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

bool is_alphanumeric(std::string_view text) {
  return text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") ==
         std::string_view::npos;
}

bool is_dark(const QrCode& code, int x, int y) {
  if (x < 0 || y < 0 || x >= code.size || y >= code.size) return false;
  return code.dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(code.size) +
                   static_cast<std::size_t>(x)];
}

}  // namespace

Result<QrCode> make_qr(std::string_view text) {
  if (text.empty() || text.find('\0') != std::string_view::npos)
    return fail(ErrorCode::kInvalid, "a QR code needs a text without zero bytes",
                "This is a fault of the program: report it.");
  if (text.size() > kMaxQrText)
    return fail(ErrorCode::kLimit, "a text of " + std::to_string(text.size()) +
                " bytes does not fit into a QR code that paper can carry",
                "Pass it on as a file.");
  // One segment: the library's own search for the best split takes seconds.
  const std::unique_ptr<QRinput, FreeInput> input(QRinput_new2(0, QR_ECLEVEL_M));
  const bool taken =
      input && QRinput_append(input.get(), is_alphanumeric(text) ? QR_MODE_AN : QR_MODE_8,
                              static_cast<int>(text.size()),
                              reinterpret_cast<const unsigned char*>(text.data())) == 0;
  const std::unique_ptr<QRcode, FreeCode> made(taken ? QRcode_encodeInput(input.get()) : nullptr);
  if (!made)
    return fail(ErrorCode::kLimit, "the text cannot be drawn as a QR code",
                errno == ENOMEM ? "There is no memory left." : "Pass it on as a file.");
  QrCode out;
  out.size = made->width;
  const auto modules = static_cast<std::size_t>(out.size) * static_cast<std::size_t>(out.size);
  out.dark.reserve(modules);
  for (std::size_t i = 0; i < modules; ++i) out.dark.push_back((made->data[i] & 1) != 0);
  return out;
}

std::string qr_for_terminal(const QrCode& code) {
  // By (upper dark, lower dark): what is light is drawn.
  constexpr const char* kBlock[2][2] = {{"█", "▀"}, {"▄", " "}};
  std::string out;
  for (int y = -kQrQuiet; y < code.size + kQrQuiet; y += 2) {
    for (int x = -kQrQuiet; x < code.size + kQrQuiet; ++x) {
      const bool below_edge = y + 1 >= code.size + kQrQuiet;  // an odd last row
      out += kBlock[is_dark(code, x, y) ? 1 : 0][below_edge || is_dark(code, x, y + 1) ? 1 : 0];
    }
    out += '\n';
  }
  return out;
}

std::string qr_svg(const QrCode& code) {
  const std::string box = std::to_string(code.size + 2 * kQrQuiet);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ";
  out.append(box).append(" ").append(box).append("\" shape-rendering=\"crispEdges\">");
  out.append("<rect width=\"").append(box).append("\" height=\"").append(box);
  out.append("\" fill=\"#fff\"/><path fill=\"#000\" d=\"");
  for (int y = 0; y < code.size; ++y) {
    for (int x = 0; x < code.size;) {
      int run = 0;
      while (is_dark(code, x + run, y)) ++run;
      if (run > 0) {
        out.append("M").append(std::to_string(x + kQrQuiet));
        out.append(" ").append(std::to_string(y + kQrQuiet));
        out.append("h").append(std::to_string(run)).append("v1h-");
        out.append(std::to_string(run)).append("z");
      }
      x += run > 0 ? run : 1;
    }
  }
  return out.append("\"/></svg>");
}

}  // namespace focal::cli

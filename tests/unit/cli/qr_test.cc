// Goal: what is drawn as a QR code says the text that was given, on the terminal and
// on paper alike. Method: a reader of our own (qr_read.h) takes the modules apart; the
// terminal's lines and the SVG are turned back into modules and compared; one SVG is
// kept whole; modules are flipped and the reader has to notice.
#include "node/cli/qr.h"

#include <gtest/gtest.h>

#include <charconv>

#include "qr_read.h"

namespace focal::cli {
namespace {

QrCode qr(std::string_view text) {
  auto made = make_qr(text);
  EXPECT_TRUE(made.has_value()) << text;
  return made.has_value() ? *made : QrCode{};
}

// Modules of the terminal's picture, quiet zone included.
std::vector<std::vector<bool>> modules_of_lines(const std::string& lines) {
  std::vector<std::vector<bool>> out;
  std::vector<bool> upper, lower;
  for (std::size_t at = 0; at < lines.size();) {
    const std::string_view rest = std::string_view(lines).substr(at);
    if (rest.front() == '\n') {
      out.push_back(std::exchange(upper, {}));
      out.push_back(std::exchange(lower, {}));
      ++at;
      continue;
    }
    const bool full = rest.substr(0, 3) == "█", top = rest.substr(0, 3) == "▀",
               bottom = rest.substr(0, 3) == "▄";
    EXPECT_TRUE(full || top || bottom || rest.front() == ' ');
    upper.push_back(!full && !top);
    lower.push_back(!full && !bottom);
    at += rest.front() == ' ' ? 1 : 3;
  }
  return out;
}

int number(std::string_view& rest) {
  int out = 0;
  const auto end = std::from_chars(rest.data(), rest.data() + rest.size(), out).ptr;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return out;
}

// Modules of the SVG's path: M x y h n v1 h-n z …
std::vector<std::vector<bool>> modules_of_svg(const std::string& svg, std::size_t box) {
  std::vector<std::vector<bool>> out(box, std::vector<bool>(box, false));
  const auto start = svg.find("d=\"") + 3;
  std::string_view rest = std::string_view(svg).substr(start, svg.find('"', start) - start);
  while (!rest.empty()) {
    EXPECT_EQ(rest.front(), 'M');
    rest.remove_prefix(1);
    const int x = number(rest);
    rest.remove_prefix(1);
    const int y = number(rest);
    EXPECT_EQ(rest.front(), 'h');
    rest.remove_prefix(1);
    const int run = number(rest);
    const std::string tail = "v1h-" + std::to_string(run) + "z";
    EXPECT_EQ(rest.substr(0, tail.size()), tail);
    rest.remove_prefix(tail.size());
    for (int i = 0; i < run; ++i)
      out.at(static_cast<std::size_t>(y)).at(static_cast<std::size_t>(x + i)) = true;
  }
  return out;
}

bool expected(const QrCode& code, std::size_t x, std::size_t y) {
  const auto size = static_cast<std::size_t>(code.size);
  const std::size_t quiet = kQrQuiet;
  if (x < quiet || y < quiet || x >= size + quiet || y >= size + quiet) return false;
  return code.dark[(y - quiet) * size + x - quiet];
}

TEST(Qr, SaysTheTextThatWasGiven) {
  for (const std::string& text :
       {std::string("A"), std::string("0123456789"), std::string("focal root show"),
        std::string("FOCAL:1:KV2%694-Q9X8A6N1T0C4Z$TQ7RW:0/1AB+2E5*7U3F6H9J"),
        "FOCAL:1:" + std::string(101, 'K'), std::string("Österreich 中文 العربية"),
        std::string(104, 'z')}) {
    const QrCode code = qr(text);
    EXPECT_EQ(code.dark.size(), static_cast<std::size_t>(code.size * code.size));
    EXPECT_EQ(QrReader(code).text(), text);
  }
}

TEST(Qr, IsAsSmallAsTheStandardAllows) {
  EXPECT_EQ(qr("A").size, 21);
  EXPECT_EQ(qr(std::string(20, 'A')).size, 21);  // 20 alphanumeric characters: version 1-M
  EXPECT_EQ(qr(std::string(21, 'A')).size, 25);
  EXPECT_EQ(qr(std::string(61, 'A')).size, 29);  // a fingerprint with its prefix: version 3-M
  EXPECT_EQ(qr(std::string(kMaxQrText, 'x')).size, 17 + 4 * 26);  // version 25-M ends at 997 bytes
}

TEST(Qr, AFlippedModuleIsNoticed) {
  const std::string text = "FOCAL:1:0123456789ABCDEFGHIJ";
  const QrCode code = qr(text);
  ASSERT_EQ(QrReader(code).text(), text);
  for (const auto& [x, y] : {std::pair{3, 3}, {8, 2}, {code.size - 1, code.size - 1},
                             {code.size - 2, code.size - 3}, {12, 6}}) {
    QrCode broken = code;
    broken.dark[static_cast<std::size_t>(y * code.size + x)].flip();
    EXPECT_NE(QrReader(broken).text(), text) << x << "," << y;
  }
}

TEST(Qr, TheTerminalShowsTheSameModules) {
  const QrCode code = qr("FOCAL:1:XA");
  const auto shown = modules_of_lines(qr_for_terminal(code));
  const std::size_t box = static_cast<std::size_t>(code.size) + 2 * kQrQuiet;
  ASSERT_EQ(shown.size(), box + 1);  // the last line's lower half belongs to nothing
  for (std::size_t y = 0; y < box; ++y) {
    ASSERT_EQ(shown[y].size(), box);
    for (std::size_t x = 0; x < box; ++x) EXPECT_EQ(shown[y][x], expected(code, x, y)) << x << y;
  }
}

TEST(Qr, PaperShowsTheSameModules) {
  const QrCode code = qr("FOCAL:1:XA");
  const std::size_t box = static_cast<std::size_t>(code.size) + 2 * kQrQuiet;
  const auto shown = modules_of_svg(qr_svg(code), box);
  for (std::size_t y = 0; y < box; ++y)
    for (std::size_t x = 0; x < box; ++x) EXPECT_EQ(shown[y][x], expected(code, x, y)) << x << y;
}

TEST(Qr, SvgIsKept) {
  QrCode code;
  code.size = 3;
  code.dark = {true, true, false, false, false, false, true, false, true};
  EXPECT_EQ(qr_svg(code),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 11 11\" "
            "shape-rendering=\"crispEdges\"><rect width=\"11\" height=\"11\" fill=\"#fff\"/>"
            "<path fill=\"#000\" d=\"M4 4h2v1h-2zM4 6h1v1h-1zM6 6h1v1h-1z\"/></svg>");
}

TEST(Qr, RefusesWhatItCannotDraw) {
  EXPECT_EQ(make_qr("").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(make_qr(std::string_view("a\0b", 3)).error().code, ErrorCode::kInvalid);
  const auto long_text = make_qr(std::string(kMaxQrText + 1, 'x'));
  ASSERT_FALSE(long_text.has_value());
  EXPECT_EQ(long_text.error().code, ErrorCode::kLimit);
  EXPECT_FALSE(long_text.error().hint.empty());
}

}  // namespace
}  // namespace focal::cli

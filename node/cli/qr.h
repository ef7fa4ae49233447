// QR codes for a terminal and for paper: the only room that knows libqrencode.
// A picture of any text; what the text means, and whether it is a secret, is the
// caller's business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace focal::cli {

inline constexpr std::size_t kMaxQrText = 1000;  // bytes; more is hard to scan from paper
inline constexpr int kQrQuiet = 4;               // light modules around it (ISO/IEC 18004)

struct QrCode {
  int size = 0;            // modules a side: 21, 25, 29, …
  std::vector<bool> dark;  // size * size, row by row from the top left; no quiet zone
};

// The smallest code that holds the text at error correction M (15 % of it may be
// damaged), alphanumeric if every character is (capitals, digits, $%*+-./: and blank),
// else bytes. The same text makes the same code. kInvalid (empty, or a zero byte),
// kLimit (over kMaxQrText).
Result<QrCode> make_qr(std::string_view text);

// Lines of half blocks with the quiet zone, each ended by \n; size + 8 columns. Light
// modules are the drawn ones, so it is right on a dark terminal, and inverted on a
// light one, which phones read too.
std::string qr_for_terminal(const QrCode& code);

// One <svg> element without a size of its own (its box is modules, quiet zone
// included), black on white; refers to nothing outside itself.
std::string qr_svg(const QrCode& code);

}  // namespace focal::cli

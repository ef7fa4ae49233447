// How a pair secret is shown. Includes a generated message's name only.
#pragma once

#include <string>

#include "node/cli/print.h"

namespace focal::api::v1 {
class PairInfo;
}

namespace focal::cli {

std::string pair_text(const api::v1::PairInfo& pair, const Look& look);  // labelled lines

}  // namespace focal::cli

// What `focal card` prints about cards under way and in force. Pure.
#pragma once

#include <string>

#include "node/cli/print.h"

namespace focal::api::v1 {
class CardApplyResponse;
class CardCustodyResponse;
class CardPending;
}  // namespace focal::api::v1

namespace focal::cli {

std::string pending_text(const api::v1::CardPending& pending, const Look& look);
std::string custody_text(const api::v1::CardCustodyResponse& custody, const Look& look);
std::string applied_text(const api::v1::CardApplyResponse& applied, const Look& look);

}  // namespace focal::cli

// A world around one trust book, and the names that its tests say most.
#pragma once

#include "tests/unit/exchange/book_world.h"

namespace focal::exchange {

using store::HoldWhy;
using store::PeerLevel;
using store::Suspension;
using test::BookWorld;
using test::TestParty;
using test::kByOfficer;
using test::kByOther;
using test::kByOwn;

}  // namespace focal::exchange

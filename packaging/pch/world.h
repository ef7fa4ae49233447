// Precompiled: what tests of whole nodes include.
#pragma once

#include "packaging/pch/tests.h"

#include "tests/support/world.h"

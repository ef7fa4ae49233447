// Precompiled: what stands on a whole node includes it nearly everywhere.
#pragma once

#include "packaging/pch/common.h"

#include "node/node/node.h"

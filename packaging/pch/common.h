// Precompiled: what most sources of node/ include. Each still includes what it uses; the tidy build
// has no precompiled headers.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "proto/api.pb.h"
#include "proto/envelope.pb.h"
#include "proto/frames.pb.h"
#include "proto/record.pb.h"

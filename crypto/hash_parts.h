// SHA-256 of what is too large to be held at once.
#pragma once

#include <functional>

#include "base/bytes.h"

namespace focal::crypto {

// Of what `next` hands out, part by part, until a part is empty. It must not hash meanwhile.
Hash32 sha256_of(const std::function<ByteView()>& next);

}  // namespace focal::crypto

// Alone in its file: a linker takes it from the library only where nothing else
// defines it.
#include "crypto/suite.h"

namespace focal::crypto {

std::span<const Suite* const> extra_suites() { return {}; }

}  // namespace focal::crypto

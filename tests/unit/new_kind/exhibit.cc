// The life of the kind of this test: asked, lent or not, given back.
#include "tests/unit/new_kind/exhibit.h"

#include <array>

namespace focal::casework {
namespace {

enum : Phase { kAsked, kDecided, kOver, kPhaseCount };

constexpr std::array<PhaseNames, kPhaseCount> kNames = {{
    {"SENT", "RECEIVED", Side::kResponder},
    {"ANSWERED", "ANSWERED", Side::kRequester},
    {"CLOSED", "CLOSED", {}},
}};

// clang-format off
constexpr std::array<Step, 2> kSteps = {{
    // kind             by              from          to        also
    {"exhibit.answer", By::kResponder, in(kAsked),   kDecided, kFinalAnswer},
    {"exhibit.return", By::kRequester, in(kDecided), kOver,    kNothingElse},
}};
// clang-format on

constexpr Life kLife = {"exhibit",
                        "exhibit.request",
                        kAsked,
                        kNoPhase,
                        in(kAsked),
                        "exhibit_requester_state",
                        "exhibit_responder_state",
                        kNames,
                        kSteps,
                        nullptr};

}  // namespace

const Life& exhibit_life() { return kLife; }

}  // namespace focal::casework

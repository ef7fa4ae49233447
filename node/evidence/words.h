// A verdict in plain words, in six languages (docs/protocol.md, "Output"). The sentences stand in
// data/verdict_words.tsv.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/evidence/claims.h"

namespace focal::evidence {

bool is_language(std::string_view code);  // en fr es ru zh ar

// language is one of them (checked). In Arabic each value is isolated, so that a name in Latin
// letters does not turn the sentence around; marks of direction are left out of values.
std::string words(const Claim& claim, std::string_view language);
std::vector<std::string> words(const std::vector<Claim>& claims, std::string_view language);
std::string words(Whole whole, std::string_view language);

}  // namespace focal::evidence

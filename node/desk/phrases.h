// Sentences in the reader's language: what is said (a key of data/doctor_words.tsv) and the values
// that stand in its named places, kept apart until somebody reads them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/record/catalogue.h"

namespace focal::desk {

inline constexpr std::string_view kEnglish = "en";

struct Place;
struct Phrase {
  std::string key;                // of doctor_words()
  std::vector<Place> places;
};
using Phrases = std::vector<Phrase>;  // one sentence after the other

// What stands in a place: a text as it is, or phrases in the language of the sentence around it.
struct Place {
  Place(std::string_view place, std::string value) : name(place), text(std::move(value)) {}
  Place(std::string_view place, const char* value) : name(place), text(value) {}
  Place(std::string_view place, std::uint64_t value) : name(place), text(std::to_string(value)) {}
  Place(std::string_view place, Phrases value) : name(place), phrases(std::move(value)) {}
  Place(std::string_view place, Phrase value) : name(place) { phrases.push_back(std::move(value)); }

  std::string_view name;          // without its braces
  std::string text{};
  Phrases phrases{};
};

inline Phrase say(std::string key, std::vector<Place> places = {}) {
  return {std::move(key), std::move(places)};
}
// A text of another layer, which speaks English.
Phrase as_it_is(std::string text);
// "trace.ack, trace.answer and peer.note"; nothing for no names.
Phrases list_of(const std::vector<std::string>& names);

// lang: one of record::languages(), anything else gives English.
std::string in_words(const Phrase& phrase, std::string_view lang);
std::string in_words(const Phrases& phrases, std::string_view lang);

// text with its places, "{party}", filled once: what a value holds is never taken for a place.
// A place that nothing is given for stays as it is.
std::string filled(std::string_view text, const std::vector<Place>& places, std::string_view lang);
// The names of the places of a text, in their order.
std::vector<std::string_view> places_of(std::string_view text);

const record::Catalogue& doctor_words();

}  // namespace focal::desk

#include "node/desk/phrases.h"

#include <algorithm>

namespace focal::desk {

namespace data {
extern const std::string_view kDoctorWordsTsv;
}

namespace {

// The next place of a text: where it opens and what it is called.
struct Opening {
  std::size_t at = std::string_view::npos;
  std::string_view name{};
  bool is_there() const { return at != std::string_view::npos; }
};

Opening next_place(std::string_view text) {
  const std::size_t open = text.find('{');
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find('}', open);
  if (close == std::string_view::npos) return {};
  return {open, text.substr(open + 1, close - open - 1)};
}

}  // namespace

const record::Catalogue& doctor_words() {
  static const auto* const all = new record::Catalogue(data::kDoctorWordsTsv);
  return *all;
}

Phrase as_it_is(std::string text) { return say("text.as_it_is", {{"text", std::move(text)}}); }

Phrases list_of(const std::vector<std::string>& names) {
  Phrases out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == 0) {
      out.push_back(as_it_is(names[i]));
      continue;
    }
    const char* how = i + 1 == names.size() ? "text.list_last" : "text.list_next";
    out = {say(how, {{"first", std::move(out)}, {"next", names[i]}})};
  }
  return out;
}

std::vector<std::string_view> places_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (Opening found = next_place(text); found.is_there(); found = next_place(text)) {
    out.push_back(found.name);
    text.remove_prefix(found.at + found.name.size() + 2);
  }
  return out;
}

std::string filled(std::string_view text, const std::vector<Place>& places, std::string_view lang) {
  std::string out;
  for (Opening found = next_place(text); found.is_there(); found = next_place(text)) {
    const std::size_t end = found.at + found.name.size() + 2;
    out += text.substr(0, found.at);
    const auto given = std::find_if(places.begin(), places.end(),
                                    [&](const Place& place) { return place.name == found.name; });
    if (given == places.end()) out += text.substr(found.at, end - found.at);
    else out += given->phrases.empty() ? given->text : in_words(given->phrases, lang);
    text.remove_prefix(end);
  }
  return out += text;
}

std::string in_words(const Phrase& phrase, std::string_view lang) {
  return filled(doctor_words().text(phrase.key, lang).value_or(phrase.key), phrase.places, lang);
}

std::string in_words(const Phrases& phrases, std::string_view lang) {
  std::string out;
  for (const Phrase& phrase : phrases) {
    std::string next = in_words(phrase, lang);
    out = out.empty() ? std::move(next)
                      : in_words(say("text.sentences", {{"first", std::move(out)},
                                                        {"next", std::move(next)}}), lang);
  }
  return out;
}

}  // namespace focal::desk

#include "node/desk/sheet_label.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/utf8.h"

namespace focal::desk {
namespace {

// Strictest first. What is not listed (a newer code) counts as stricter than all.
constexpr std::array<std::string_view, 5> kTlp{"RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"};
constexpr std::array<std::string_view, 4> kOnward{"NONE", "ASK", "NAMED", "FREE"};
constexpr std::array<std::string_view, 4> kUse{"INTELLIGENCE_ONLY", "INVESTIGATION",
                                               "EVIDENCE_WITH_CONSENT", "EVIDENCE"};

constexpr std::size_t kMostInLine = 4;       // of a list
constexpr std::size_t kMostTexts = 2;        // restrictions in words
constexpr std::size_t kMostTextBytes = 160;  // of each

template <std::size_t N>
std::size_t rank(const std::array<std::string_view, N>& order, std::string_view code) {
  const auto found = std::find(order.begin(), order.end(), code);
  return found == order.end() ? 0 : static_cast<std::size_t>(found - order.begin()) + 1;
}

template <std::size_t N>
void keep_strictest(const std::array<std::string_view, N>& order, const std::string& code,
                    std::string& kept) {
  if (kept.empty() || rank(order, code) < rank(order, kept)) kept = code;
}

// One line, and not a long one: a head higher than a quarter of the page is printed only once.
std::string shortened(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() <= kMostTextBytes) return text;
  return std::string(begin_utf8(text, kMostTextBytes)) + "…";
}

std::string in_line(const std::vector<std::string>& words, const Reader& reader) {
  std::string out;
  for (std::size_t i = 0; i < std::min(words.size(), kMostInLine); ++i)
    out += (out.empty() ? "" : ", ") + words[i];
  if (words.size() > kMostInLine)
    out += ", +" + std::to_string(words.size() - kMostInLine) + " " + reader.word("more");
  return out;
}

}  // namespace

std::optional<SheetLabel> strictest(const std::vector<record::Label>& labels) {
  if (labels.empty()) return std::nullopt;
  SheetLabel out;
  std::set<std::string> codes, texts, providers;
  out.purposes = labels.front().purposes;
  for (const record::Label& label : labels) {
    keep_strictest(kTlp, label.tlp, out.tlp);
    keep_strictest(kOnward, label.onward, out.onward);
    keep_strictest(kUse, label.use, out.use);
    if (out.retain_until.empty() || label.retain_until < out.retain_until)
      out.retain_until = label.retain_until;
    codes.insert(label.h_codes.begin(), label.h_codes.end());
    if (!label.h3_text.empty()) texts.insert(label.h3_text);
    providers.insert(label.provider);
    out.personal_data = out.personal_data || label.personal_data;
    std::erase_if(out.purposes, [&](const std::string& purpose) {
      return std::find(label.purposes.begin(), label.purposes.end(), purpose) ==
             label.purposes.end();
    });
  }
  out.h_codes.assign(codes.begin(), codes.end());
  out.h3_texts.assign(texts.begin(), texts.end());
  out.providers.assign(providers.begin(), providers.end());
  return out;
}

void label_line(const SheetLabel& label, const Reader& reader, Tally& tally,
                google::protobuf::RepeatedPtrField<v1::SheetValue>* out) {
  const auto add = [&](const std::string& text, const std::string& code, const char* word) {
    if (text.empty()) return;
    auto* value = out->Add();
    *value = plain_value(text, word[0] == '\0' ? std::string() : reader.word(word));
    value->set_code(code);
  };
  add(reader.code("tlp", label.tlp), label.tlp, "");
  for (const std::string& code : label.h_codes) add(reader.code("h_code", code), code, "");
  for (std::size_t i = 0; i < std::min(label.h3_texts.size(), kMostTexts); ++i) {
    auto* value = out->Add();
    *value = quoted_value(label.h3_texts[i], tally);
    value->set_text(shortened(value->text()));
  }
  if (label.h3_texts.size() > kMostTexts)
    add("+" + std::to_string(label.h3_texts.size() - kMostTexts) + " " + reader.word("more"), "",
        "");
  std::vector<std::string> purposes;
  for (const std::string& purpose : label.purposes)
    purposes.push_back(reader.code("purposes", purpose));
  add(purposes.empty() ? reader.word("notice.none") : in_line(purposes, reader), "",
      "short.purposes");
  add(reader.code("onward", label.onward), label.onward, "short.onward");
  add(reader.code("use_permission", label.use), label.use, "short.use");
  add(label.retain_until, "", "short.keep");
  add(in_line(label.providers, reader), "", "short.from");
  if (label.personal_data) add(reader.word("yes"), "", "short.personal");
}

}  // namespace focal::desk

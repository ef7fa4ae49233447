#include "node/cli/ledger_text.h"

#include <algorithm>

#include "proto/trust.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::size_t kRefShown = 16;  // hex digits of a reference in the table

// The act, who released it, and why.
std::string what_text(const v1::LedgerView& leaf) {
  std::string out = leaf.act();
  if (!leaf.released_by().empty()) out.append(", released by ").append(leaf.released_by());
  if (!leaf.reason().empty()) out.append(out.empty() ? "" : ": ").append(leaf.reason());
  return out;
}

Style style_of(const std::string& remark) {
  const bool bad =
      remark.starts_with("DISPUTED") || remark.find("release not proven") != std::string::npos;
  return bad ? Style::kBad : Style::kPlain;
}

}  // namespace

std::string leaves_table(const std::vector<const v1::LedgerView*>& leaves, const Look& look) {
  const bool remarks = std::any_of(leaves.begin(), leaves.end(), [](const v1::LedgerView* leaf) {
    return !leaf->remark().empty();
  });
  std::vector<std::string> titles{"<LEAF", "TIME (UTC)", "TYPE", "PARTY",
                                  "KIND",  "REFERENCE",  "WHO",  "~WHAT"};
  if (remarks) titles.emplace_back("~REMARK");
  Table table(std::move(titles));
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const v1::LedgerView& leaf = *leaves[i];
    std::size_t last = i;
    while (leaf.type() == "PAD" && last + 1 < leaves.size() && leaves[last + 1]->type() == "PAD")
      ++last;
    std::string index = std::to_string(leaf.index());
    if (last > i) index.append("-").append(std::to_string(leaves[last]->index()));
    std::vector<Cell> row{index,       short_time(leaf.at()),
                          leaf.type(), leaf.party(),
                          leaf.kind(), last > i ? "" : leaf.ref().substr(0, kRefShown),
                          leaf.who(),  what_text(leaf)};
    if (remarks) row.emplace_back(leaf.remark(), style_of(leaf.remark()));
    table.add(std::move(row));
    i = last;
  }
  return table.empty() ? std::string() : table.text(look);
}

}  // namespace focal::cli

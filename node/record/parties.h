// Names of parties for people: States from data/countries.tsv; organisations and the fictional
// States of the examples (XA..XG) from data/parties.tsv, which names the source of each row.
// Names never come from a card or a message: a peer cannot choose what it is called here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace focal::record {

// lang is one of languages(); anything else gives English. "XA-ITI" has the name of XA.
// Nothing: no State or organisation of the lists. The view stays valid for ever.
std::optional<std::string_view> party_name(std::string_view party, std::string_view lang);

// "Spain (ES)", for lines such as `will reach:`; the code alone where there is no name.
std::string party_with_name(std::string_view party, std::string_view lang);

}  // namespace focal::record

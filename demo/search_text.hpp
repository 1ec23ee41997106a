// What Twenty indexes of a record, and how well a text of words matches it: PostgreSQL's
// tsvector, to_tsquery with prefixes, ts_rank and ts_rank_cd, as far as recordings show them.
#pragma once

#include "demo/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace demo {

// The lexemes in their order; the position of one is its index + 1.
using lexemes = std::vector<std::string>;

// Lower case without accents, as unaccent makes it.
std::string folded(std::string_view text);

lexemes lexemes_of(const object& o, const record& r);
// "'gmbh':3 'sohne':2", sorted by lexeme.
std::string shown_vector(const lexemes& all);

// The distinct words of a search.
std::vector<std::string> terms_of(std::string_view search);

struct ranks {
    double cover = 0; // tsRankCD: above 0 only when every term is found
    double any = 0;   // tsRank: above 0 when one is
};
ranks rank_of(const lexemes& have, const std::vector<std::string>& terms);

// The text stands inside a lexeme, which counts where no record has a word of the search.
bool contains_text(const lexemes& have, std::string_view text);

} // namespace demo

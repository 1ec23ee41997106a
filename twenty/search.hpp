// Twenty's full-text search: how its words are best written, what is sent, and what the ranks of
// its answer mean.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/answer.hpp"
#include "twenty/transport.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

inline constexpr int most_hits = 100; // Twenty refuses to give more

// A phone number as Twenty indexes it: digits, with + where it is international. Written with
// blanks it would match everybody of that country, with dashes or 00 nobody. Other words stay.
std::string search_words(std::string_view written);

// Where a search over everything looks. A search takes no filter, so objects whose rows need one
// (access::scope) are none of them.
std::vector<readable_object> searchable_objects(const access& may);

// data.search.edges[].node{recordId objectNameSingular label tsRank tsRankCD}. `in` is always
// named, because Twenty refuses a search over everything to every role that lacks one object.
// errc::bad_request without words, errc::not_allowed when `in` holds nothing that may be read.
result<request> search_request(const access& may, std::string_view words,
                               const std::vector<readable_object>& in, int limit);

struct hit {
    std::string object; // nameSingular
    std::string id;
    std::string label;
    bool all_words = true; // Twenty gives records that have only some of the words as well
};
// Best first, those with all words before the others; errc::upstream_refused for another form.
result<std::vector<hit>> read_hits(const answer& a);

// One root for each object, data.PLURAL: null where the key's role may not read it. At most
// most_probed objects; the rest is not asked about, nor are objects with a scope.
inline constexpr std::size_t most_probed = 15; // Twenty takes 20 roots in a document
request probe_request(const std::vector<readable_object>& objects);

// data.PLURAL.edges[].node: some records of several objects in one document. Their ids are UUIDs
// or left out, and so are objects with a scope: such a document has no variables.
struct records_wanted {
    readable_object of;
    std::vector<std::string> ids;
    std::string selection;
};
request several_records_request(const std::vector<records_wanted>& wanted);

} // namespace twenty

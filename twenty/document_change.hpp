// What a hand-written mutation changes, as far as its text says: for the change journal, which
// keeps what was there before. The document has been judged (twenty/access.hpp) and has one
// mutation of records.
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"
#include "twenty/graphql.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

struct document_change {
    const object* of = nullptr; // nullptr: no records
    std::string
        verb; // create, update, delete, restore; upsert: a create that may change what is there
    std::string id; // of the record; empty: a create without one, or of several
    std::vector<json::object>
        records; // what a create writes, or the one set of values of an update
};

// Of an operation that was judged.
document_change change_of(const access& may, const graphql::operation& op,
                          const graphql::find_variable& variable);

} // namespace twenty

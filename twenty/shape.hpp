// One record of Twenty made small and plain for a model. Nothing here changes a value: digits
// of numbers and text stay as they are, except that invisible characters are dropped.
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <string_view>

namespace twenty {

// Drops nulls, empty composites and lists, search vectors, positions, the editor form of rich
// text, actors' context and file tokens. Relations become {id, label}; a to-many connection a
// list of them; currencies become `amount` (exact decimal) and currencyCode, micros are for `whole`
// and where they are selected alone; rich text is its
// markdown. A morph field with all of its relations becomes one {object, id, label}. What Twenty
// restricts (twenty/restricted.hpp) counts as empty; of a timeline entry's properties the changes
// stay (twenty/timeline.hpp).
// Members that the schema does not know stay (aliases), forbidden relations do not.
// `whole`: positions, actors' context, empty values and files' addresses (without the token) stay.
json::value compact_record(const json::value& record, const object& of, const access& may,
                           bool whole = false);

// {edges:[{node}]} -> [node…], unchanged nodes. An array or null passes.
json::value connection_nodes(json::value connection);

// The record's name for people: its label field as text; empty when it has none.
std::string record_label(const json::value& record, const object& of);

// 53890000 -> "53.89": micros as a decimal, exact, also of fractions of micros (averages). The
// text itself when it is no plain decimal.
std::string amount_text(std::string_view micros);

// The generic part for documents of unknown shape (run_graphql): file tokens and invisible
// characters removed, everything else kept.
json::value cleaned(const json::value& v);

} // namespace twenty

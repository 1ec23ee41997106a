// How much of each thing a client may write, for all entrances: filter texts and objects, orders,
// fields, data, GraphQL documents. The cost of a call is linear in what these let through, so they
// are looked at before the work (docs/decisions/0007-bounds-instead-of-a-budget.md). A document's
// text has its own, graphql::limits; a JSON text json::limits; a cursor, a name or a search word
// beside the one tool that takes it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace twenty {

inline constexpr std::size_t most_steps = 6; // of a path: relation.field.part, and some to spare
inline bool has_many_steps(std::string_view path) {
    return static_cast<std::size_t>(std::count(path.begin(), path.end(), '.')) >= most_steps;
}

// Filters.
inline constexpr std::size_t longest_filter = 128 * 1024; // bytes of a text, or of all in an object
inline constexpr std::size_t most_conditions = 200;
inline constexpr std::size_t most_filter_names = 2'000; // members of all objects: ten a condition
inline constexpr std::size_t most_listed = 2'000;       // values in all lists: a day becomes two
inline constexpr std::size_t most_compared_items = 500; // in one list
inline constexpr std::size_t most_identities = 60;      // of a filter; each has many spellings
inline constexpr int deepest_filter = 10;
inline constexpr int deepest_filter_text = 16;

// Orders, and the names of fields or objects.
inline constexpr std::size_t longest_order = 4096; // bytes of a text
inline constexpr std::size_t most_order_keys = 5;
inline constexpr std::size_t most_written_keys = 50; // repeated ones count once
inline constexpr std::size_t most_names = 200;       // in fields, objects, groupBy

// Data.
inline constexpr std::size_t most_written_fields = 200; // of a record
inline constexpr std::size_t most_others = 100;         // additional addresses, numbers or links
inline constexpr std::size_t most_listed_texts = 500;   // in a field that is a list
inline constexpr std::size_t longest_link_name = 200;   // of a record named instead of its id
inline constexpr std::size_t longest_text = 1'000'000;  // Twenty takes about 1 MB

// Documents.
inline constexpr std::size_t most_selections = 4'000;  // fragments expanded
inline constexpr std::size_t deepest_selection = 64;   // levels, those of fragments counted
inline constexpr int deepest_document_filter = 8;      // filters and orders in a document
inline constexpr std::size_t most_expanded = 4U << 20; // bytes of arguments, variables expanded

} // namespace twenty

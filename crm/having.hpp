// Filters that Twenty has none for: records with some, or with no, records at the other end of a
// to-many relation. {"notes":{"none":{"createdAt":{"gte":"2026-10-29"}}}} is answered in two
// steps: the other end is grouped by its column that leads here, and those ids are a condition.
#pragma once

#include "base/json.hpp"
#include "crm/workspace.hpp"
#include "twenty/days.hpp"

#include <string>
#include <vector>

namespace crm {

// Ids that one such condition may come to, and conditions in a filter.
inline constexpr std::size_t most_having_ids = 5'000;
inline constexpr std::size_t most_having = 3;

struct having {
    explicit having(twenty::readable_object grouped) : rows(std::move(grouped)) {}

    std::string name; // as the caller calls the list
    bool none = false;
    twenty::readable_object rows;  // what is grouped
    std::string join;              // the column of it that holds our id
    json::value filter;            // of these rows, with the grant's own limits
    std::string compared;          // selects what the filter compares
    bool compares_related = false; // some of it is of other objects
};

struct split_filter {
    json::value rest; // what prepare_filter takes; `filter` itself without such conditions
    std::vector<having> conditions;
    std::vector<std::string> notes;
};

// Takes the conditions on to-many relations out of a filter as it was written, text or JSON. The
// names are those of get_record's include. They stand at the top or in "and"; errc::bad_request
// for any in "or" or "not".
result<split_filter> split_having(const json::value& filter, const twenty::object& of,
                                  const twenty::access& may, const twenty::moment& at = {});

// The same conditions on our id, `{}` without any; one request each. errc::too_large when one
// comes to more than most_having_ids.
async<result<json::value>> ask_having(call_slot& slot, const twenty::object& of,
                                      std::vector<having> conditions);

// What a cursor is bound to in the place of the ids.
json::value identity_of(const std::vector<having>& conditions);

} // namespace crm

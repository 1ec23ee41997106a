// Filters as models write them, made into the filter object that Twenty's GraphQL takes.
// Accepts a JSON object (GraphQL style) or a text in Twenty's REST grammar
// (`name.firstName[ilike]:%ja%,or(stage[eq]:NEW,stage[is]:NULL)`), repairs typical mistakes,
// says so, and explains the rest before Twenty answers with nothing or with SQL.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/days.hpp"
#include "twenty/operators.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

struct prepared_filter {
    json::value value = json::object(); // `{}`: no filter; goes into a GraphQL variable
    std::vector<std::string> notes;     // repairs made and warnings, for the model
    bool mentions_deleted = false;      // deletedAt occurs: Twenty then shows deleted records
    [[nodiscard]] bool empty() const noexcept {
        const auto* o = value.if_object();
        return o == nullptr || o->empty();
    }
};

// `input`: null, "" and {} mean no filter. Checked per field type: operators, values, options,
// UUIDs, sub-fields of composites; one relation may be crossed, through `may`. Every field
// object of the result holds exactly one operator, and several conditions stand in a list of
// "and": beside each other an empty text would break out of them (Twenty 2.19 writes "= '' OR IS
// NULL" without brackets). `at` is when and where days are read. errc::bad_request names the place
// and what would be right.
result<prepared_filter> prepare_filter(const json::value& input, const object& of,
                                       const access& may, const moment& at = {});

// Both must hold; an empty one is no condition.
json::value both(json::value a, json::value b);

// `input` as a filter object that is within its bounds (twenty/bounds.hpp), and otherwise
// unchecked; errc::bad_request says which one is passed.
result<json::value> read_filter(const json::value& input, std::vector<std::string>& notes);
error too_many_conditions();
error too_many_listed();

// The text grammar alone: an unchecked filter object in GraphQL style. Used by prepare_filter.
result<json::value> parse_filter_text(std::string_view text, std::vector<std::string>& notes);

} // namespace twenty

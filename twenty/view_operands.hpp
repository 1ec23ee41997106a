// What the operands of a saved view's filters mean, for each type of field.
#pragma once

#include "twenty/schema.hpp"

#include <optional>
#include <string_view>

namespace twenty {

// What an operand comes to. [Twenty 2.19 and 2.47 source: turnRecordFilterIntoRecordGqlOperation-
// Filter]
enum class view_meaning {
    one_of,     // in
    none_of,    // not in
    linked,     // the join column in
    not_linked, // not in, or empty
    equal,      // eq
    not_equal,  // not eq
    least,      // gte
    most,       // lte
    has,        // contains the text, in any part
    has_not,    // in no part
    has_any,    // some of the choices
    has_none,   // none of the choices, or empty
    on_day,     // the whole day
    before,     // lt
    after,      // gte
    past,       // before now or today
    future,     // after now, today for days
    today,      // the whole day
    relative,   // PAST_7_DAY
    empty,      // no value in any part
    filled      // a value in some part
};

// nullopt: Twenty has no such operand for fields of that type.
std::optional<view_meaning> meaning_of_operand(std::string_view operand, field_type type);

} // namespace twenty

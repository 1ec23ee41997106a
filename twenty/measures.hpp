// What an aggregation counts or sums: functions as people name them, in Twenty's words.
#pragma once

#include "twenty/query.hpp"

#include <string>

namespace twenty {

struct measured {
    std::string key;    // Twenty's member
    std::string column; // ours
    const field* money = nullptr;
    bool in_units = false;
};
// errc::bad_request for functions that there are none of, or not for that field.
result<measured> read_measure(const object& of, const access& may, const measure& m);

} // namespace twenty

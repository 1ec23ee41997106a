// Keeps one record within a size. What a model gets costs it context, and every result goes
// out twice (as text and as structured content), so no single value may make it boundless.
#pragma once

#include "base/json.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace crm {

// What fit() took away.
struct fitted {
    struct part {
        std::string path;      // "bodyV2", "emails.additionalEmails"
        std::size_t bytes = 0; // its size before
    };
    std::vector<part> cut;             // texts, lists and objects that lost their ends
    std::vector<std::string> left_out; // members that are gone
};

// Cuts texts and lists, at any depth, to `longest` bytes each, and to less until the record's
// compact JSON fits `budget`. Of a larger object inside (RAW_JSON) the beginning of its JSON
// stays, as text. If that does not do, the largest members go, but never "id".
fitted fit(json::value& record, std::size_t longest, std::size_t budget);

} // namespace crm

// What several tests of the tools ask for, and what Twenty answers them.
#pragma once

#include "tests/mcp/support/script.hpp"
#include "twenty/access.hpp"

#include <optional>
#include <string>

namespace crm_test {

inline const twenty::schema_ptr schema = mcp_test::sample_schema();
inline const twenty::object& company = *schema->by_singular("company");

inline twenty::access reads_all() { return {twenty::mode::read, std::nullopt, schema}; }

// Links of a note that were made.
inline constexpr const char* target_rows = R"({"data":{"createNoteTargets":[{"id":"x"}]}})";
inline constexpr const char* refused_data =
    R"({"data":null,"errors":[{"message":"Refused","extensions":{"code":"BAD_USER_INPUT"}}]})";

// A create whose id is taken, and one whose unique value a deleted record has: Twenty names no
// record [twenty-golden-2 uniqueness/039 and 030, many/004].
inline std::string refused_as_double(const std::string& root) {
    return R"({"data":{")" + root +
           R"(":null},"errors":[{"message":"A duplicate entry was detected","extensions":)"
           R"({"userFriendlyMessage":"This record already exists. Please check your data and try )"
           R"(again.","code":"BAD_USER_INPUT"}}]})";
}

inline std::string people_refused(std::string message, std::string extensions) {
    return R"({"data":{"people":null},"errors":[{"message":")" + message + R"(","extensions":)" +
           extensions + "}]}";
}

inline std::string notes_of(const mcp_test::script::called& r) {
    return r.body.find("notes") ? json::dump(*r.body.find("notes")) : "";
}

} // namespace crm_test

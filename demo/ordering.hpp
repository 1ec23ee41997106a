// Sorting and cursors, with the real server's faults: a cursor holds only the sort values that
// the answer shows, null sort values compare to nothing, relation sorts leave no trace in a
// cursor, and sorting by id descending sorts ascending but pages descending.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/store.hpp"
#include "demo/values.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

struct sort_key {
    std::vector<std::string> path; // {"createdAt"}, {"name","firstName"}, {"company","name"}
    leaf_of of;
    const object* related = nullptr; // the object that path[0] leads to
    std::string column;              // the join column, when related or sorted by it
    bool descending = false;
    bool nulls_first = true;
};
using sort_order = std::vector<sort_key>; // without the id that Twenty appends

inline constexpr std::string_view directions[] = {"AscNullsFirst", "AscNullsLast", "DescNullsFirst",
                                                  "DescNullsLast"};

// [{"createdAt":"DescNullsLast"},{"name":{"firstName":"AscNullsFirst"}}]
result<sort_order> compile_order(const schema& model, const object& on, const json::value& order);

void sort_rows(std::vector<const record*>& rows, const sort_order& order, const store& records);

// The cursor of a row whose answer is `node` (the fields that were selected, as shown).
std::string encode_cursor(const sort_order& order, const record& row, const json::object& node);

// Takes the rows after the cursor (before it, when backward).
result<std::function<bool(const record&)>> after_cursor(const sort_order& order,
                                                        std::string_view cursor, bool backward);

} // namespace demo

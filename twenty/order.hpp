// Sort orders as models write them, made into Twenty's orderBy; and the decision whether
// Twenty's own cursor can be trusted with that order.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <vector>

namespace twenty {

// Twenty's cursor compares values with the last row's, so it loses or repeats rows for
// nullable fields, relations, foreign keys and descending ids. Those orders page by offset.
enum class paging { cursor, offset };

struct prepared_order {
    json::value value = json::array(); // for a GraphQL variable; empty: Twenty's default (id)
    std::vector<std::string> notes;
    paging how = paging::cursor;
    // Top-level fields that a page by cursor must select, or Twenty's cursor lacks them.
    std::vector<std::string> selected;
    [[nodiscard]] bool empty() const noexcept {
        const auto* a = value.if_array();
        return a == nullptr || a->empty();
    }
};

// `input`: null or "" (default order); "createdAt[DescNullsLast],name.firstName"; the repaired
// forms "createdAt DESC", "-createdAt", "createdAt:desc"; or the GraphQL form as object or
// array. A composite alone means its main part. One relation may be crossed, through `may`.
result<prepared_order> prepare_order(const json::value& input, const object& of, const access& may);

} // namespace twenty

// What the arguments of find_records come to, before anything is sent.
#pragma once

#include "base/json.hpp"
#include "crm/having.hpp"
#include "crm/page.hpp"
#include "crm/related.hpp"
#include "crm/saved_view.hpp"
#include "crm/workspace.hpp"
#include "twenty/filter.hpp"
#include "twenty/order.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace crm {

struct listing {
    explicit listing(twenty::readable_object object) : of(std::move(object)) {}

    twenty::readable_object of;
    json::value filter; // with deleted records where they are wanted
    // Conditions that take requests of their own before they join the filter.
    std::vector<having> conditions;
    std::string words;   // full-text search; empty: none
    bool ranked = false; // best matches first, because no other order is wanted
    // What a cursor belongs to: the filter as it was asked for, not the ids found on the way.
    json::value identity;
    twenty::prepared_order order;
    position at;
    int limit = 20;
    twenty::wanted_fields want;
    relations_shown related; // depth 1
    bool count_only = false;
    bool whole = false; // detail: full
    std::size_t budget = 0;
    std::vector<std::string> notes;
};

// errc::bad_request and others name the argument that is wrong. Fields that it names are
// remembered in the session. The view's filter is one more, its order and columns are those of
// whoever names none.
result<listing> read_listing(const json::value& arguments, const twenty::access& may,
                             const call_slot& slot, const call_context& context,
                             const std::optional<applied_view>& view);

// The page of Twenty's that it begins with.
twenty::page page_of(const listing& l);

} // namespace crm

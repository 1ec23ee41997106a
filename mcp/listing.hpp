// What the arguments of find_records come to, before anything is sent.
#pragma once

#include "base/json.hpp"
#include "mcp/page.hpp"
#include "mcp/workspace.hpp"
#include "twenty/filter.hpp"
#include "twenty/order.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mcp {

struct listing {
    const twenty::object* of = nullptr;
    json::value filter; // with the search, and with deleted records where they are wanted
    twenty::prepared_order order;
    position at;
    int limit = 20;
    twenty::wanted_fields want;
    bool count_only = false;
    bool whole = false; // detail: full
    std::size_t budget = 0;
    std::vector<std::string> notes;
};

// errc::bad_request and others name the argument that is wrong. Fields that it names are
// remembered in the session.
result<listing> read_listing(const json::value& arguments, const twenty::access& may,
                             const exchange& slot, const call_context& context);

// The page of Twenty's that it begins with.
twenty::page page_of(const listing& l);

} // namespace mcp

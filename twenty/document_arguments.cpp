#include "twenty/document_arguments.hpp"

#include "base/text.hpp"
#include "twenty/crossing.hpp"
#include "twenty/query.hpp"
#include "twenty/values.hpp"

#include <algorithm>

namespace twenty {

namespace {

constexpr std::int64_t most_merged = 9; // in one merge [merge/030]

} // namespace

result<done> check_argument(const access& may, std::string_view name, const json::value& v,
                            const root_field& takes) {
    const auto& to = takes.to;
    // whole_number() is for counts: Twenty's GraphQL has no largest page, so a document gets the
    // one that the tools have.
    const auto whole_number = [&](std::int64_t most) -> result<done> {
        const auto n = v.as_int();
        if (v.is_null() || (n && *n >= 0 && *n <= most)) return done{};
        return bad_request(in_quotes(name) + " must be a whole number from 0 to " +
                           std::to_string(most) + ".");
    };
    if (name == "first" || name == "last" || name == "limit") return whole_number(max_page);
    if (name == "offset" || name == "offsetForRecords") return whole_number(10'000'000);
    if (name == "id") {
        if (v.if_string() && text::is_uuid(*v.if_string())) return done{};
        return bad_request("id must be a UUID.");
    }
    if (name == "ids") {
        if (const auto* all = v.if_array())
            if (std::all_of(all->begin(), all->end(), [](const json::value& id) {
                    return id.if_string() && text::is_uuid(*id.if_string());
                }))
                return done{};
        return bad_request("ids must be a list of UUIDs.");
    }
    if (name == "conflictPriorityIndex") return whole_number(most_merged - 1);
    if (!to.of) return done{}; // search: its scope is checked apart
    if (name == "filter") {
        CHECK_OK(check_filter(may, *to.of, v, to.where));
        return empty_texts_alone(v);
    }
    if (name == "orderBy" || name == "orderByForRecords" || name == "groupBy")
        return check_order(may, *to.of, v,
                           to.what == place::kind::group ? field_use::grouped : field_use::sorted,
                           to.where);
    if (name == "data") {
        // Twenty's roots for one record and for many take data of different forms; check_data()
        // reads both, and would let the wrong one pass.
        if (v.is_array() != takes.many)
            return bad_request(takes.many ? "data must be a list of records."
                                          : "data must be one record.");
        return check_data(may, *to.of, v, !takes.changes_one);
    }
    // A view filters by whatever its owner chose, other objects included.
    if (name == "viewId" && may.restricted())
        return error{errc::not_allowed, "viewId is not offered to a connection that is limited "
                                        "to certain objects; give a filter instead."};
    return done{};
}

} // namespace twenty

// The requests that tools send to Twenty's record API: POST /graphql, selections generated
// from the schema, values in variables, ids inlined only after a UUID check. No route that
// changes a whole collection is ever built. Every request is built for an object that access has
// handed out, and carries the scope of that object.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/schema.hpp"
#include "twenty/transport.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

inline constexpr int max_page = 200; // Twenty's REST limit; its GraphQL has none, so ours

struct wanted_fields {
    // Field names, join columns, "name.firstName"; empty: the default set (every scalar and
    // composite except search vectors, positions and rich text's editor form; to-one relations
    // as join column and {id, label}).
    std::vector<std::string> fields;
    bool whole = false; // the default set with positions, actors' context and files' addresses
    std::vector<std::string> expand; // to-many relations to show as well
    int expand_first = 10;           // records of each, 1 to 60; Twenty may give 60 anyway
    std::set<std::string> without;   // "person.jobTitle": fields that the key may not read
    std::vector<std::string> also;   // needed in any case (sort fields of a cursor)
};
// The inside of a record's selection set. errc::bad_request names an unknown field.
result<std::string> select_fields(const object& of, const access& may, const wanted_fields& want);

struct page {
    json::value filter = json::object(); // as prepare_filter made it
    json::value order = json::array();   // as prepare_order made it
    int first = 20;                      // clamped to 1..max_page
    std::string after;                   // Twenty's cursor, or empty
    std::optional<int> offset;           // wins over `after`
};
// data.PLURAL = {totalCount, pageInfo{hasNextPage endCursor}, edges[{cursor node}]}
request find_request(const readable_object& of, std::string_view selection, const page& p);
// data.PLURAL.totalCount
request count_request(const readable_object& of, const json::value& filter);
// data.PLURALGroupBy[].groupByDimensionValues[0]: what the records that match have in a join
// column, each once, at most `most`.
request joined_ids_request(const readable_object& of, std::string_view join_column,
                           const json::value& filter, std::size_t most);
// data.SINGULAR. With deleted_too a soft-deleted record is found as well.
result<request> get_request(const readable_object& of, std::string_view id,
                            std::string_view selection, bool deleted_too = false);

// data.PLURAL.edges[].node: the records with these ids, at most max_page of them.
request records_request(const readable_object& of, const std::vector<std::string>& ids,
                        std::string_view selection, bool deleted_too = false);
// A filter that finds soft-deleted records as well.
json::value deleted_too(json::object filter);

// data.createSINGULAR. `id` is a UUIDv4 of ours, which makes a repetition safe: the second
// attempt fails as a duplicate of that very id.
result<request> create_request(const writable_object& of, std::string_view id,
                               const json::object& values, std::string_view selection);
// data.createPLURAL: all of them or none. `records` have their ids, UUIDv4 of ours.
result<request> create_many_request(const writable_object& of,
                                    const std::vector<json::object>& records,
                                    std::string_view selection);
// data.updateSINGULAR
result<request> update_request(const writable_object& of, std::string_view id,
                               const json::object& values, std::string_view selection);
// data.deleteSINGULAR: soft, on every version of Twenty
result<request> delete_request(const writable_object& of, std::string_view id,
                               std::string_view selection = "id deletedAt");
// data.restoreSINGULAR
result<request> restore_request(const writable_object& of, std::string_view id,
                                std::string_view selection);

// -- Aggregates ---------------------------------------------------------------------------------

inline constexpr int most_groups = 200; // in one answer

struct measure {
    std::string function; // count, sum, avg, min, max, countEmpty, countNotEmpty,
                          // countUniqueValues, percentageEmpty, percentageNotEmpty,
                          // countTrue, countFalse
    std::string field;    // empty for count; "amount" (in units) or "amount.amountMicros"
};
struct grouping {
    std::string field;       // scalar, "address.addressCity", "company.name", or a to-one relation
                             // (company, companyId), which groups by the record it leads to
    std::string granularity; // dates only: DAY WEEK MONTH QUARTER YEAR DAY_OF_THE_WEEK
                             // MONTH_OF_THE_YEAR QUARTER_OF_THE_YEAR; empty: MONTH
};
struct aggregation {
    json::value filter = json::object();
    std::vector<measure> measures;  // empty: count
    std::vector<grouping> group_by; // at most 2
    int limit = 50;                 // groups, at most 200; one more is asked for, to know of more
    // Measures and groups, "sum(amount)" or "-closeDate"; a measure comes largest first. Empty:
    // dates in their order, everything else by the first measure.
    std::vector<std::string> order_by;
    std::string time_zone = "UTC"; // IANA name: where days and months begin
};
// What one of groupByDimensionValues is.
struct dimension {
    std::string name;                       // "stage", "amount.currencyCode", "company"
    std::optional<readable_object> records; // the values are ids of these, else speak themselves
    const field* values = nullptr; // the field whose values they are, unless they are parts
    bool is_date = false;          // in an order of its own
};
struct aggregate_request {
    twenty::request request;
    std::string root;                 // "people" or "peopleGroupBy"
    std::vector<std::string> keys;    // the answer's member of each measure, in order
    std::vector<std::string> columns; // how people call it: "sum(amount)"
    std::vector<bool> in_units;       // the answer is in micros and shown in units
    std::vector<dimension> dimensions;
    std::vector<std::string> notes; // what the numbers don't say, for the model
    std::string order;              // how the groups are ordered, for people
    bool grouped = false;           // data.ROOT = [{groupByDimensionValues:[…], KEY: …}]
};
result<aggregate_request> prepare_aggregate(const readable_object& of, const access& may,
                                            const aggregation& what);

} // namespace twenty

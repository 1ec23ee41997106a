#include "base/text.hpp"
#include "crm/columns.hpp"
#include "crm/finding.hpp"
#include "crm/tools.hpp"
#include "twenty/bounds.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

constexpr int default_hits = 20;

// The objects that are named, else all that can be searched.
result<std::vector<twenty::readable_object>> searched_objects(const json::value& arguments,
                                                              const twenty::access& may) {
    // Only objects of this list are ever searched, whatever the caller names.
    const auto searchable = twenty::searchable_objects(may);
    const auto names = name_list(arguments.find("objects"));
    if (names.empty()) return searchable;
    if (names.size() > twenty::most_names)
        return error{errc::bad_request, "At most " + std::to_string(twenty::most_names) +
                                            " objects are taken in one call."};
    std::vector<twenty::readable_object> in;
    for (const auto& name : names) {
        TRY(of, may.readable(name));
        const bool can = std::find(searchable.begin(), searchable.end(), of) != searchable.end();
        if (can && std::find(in.begin(), in.end(), of) == in.end()) in.push_back(of);
        // Among several objects one that cannot be searched is passed over; alone it would leave
        // nothing.
        if (!can && names.size() == 1)
            return error{errc::bad_request, "Records of " + of->name_singular +
                                                " can't be searched; find_records filters them."};
    }
    return in;
}

} // namespace

async<crm_outcome> search_records(call_slot& slot, const json::value& arguments,
                                  const call_context&, const twenty::access& may) {
    auto in = searched_objects(arguments, may);
    if (!in) co_return failed(in.failure());
    const int limit = int_argument(arguments, "limit", default_hits);
    std::string query(arguments.text("query"));
    std::vector<twenty::readable_object> objects = std::move(in).value();
    search_found found =
        co_await search_workspace(slot, may, std::move(query), std::move(objects), limit);
    crm_outcome out;
    if (found.failure) {
        out.failure = std::move(found.failure);
        out.stale_schema = found.stale_schema;
        co_return out;
    }
    const told_apart details = co_await read_told_apart(slot, may, found.hits);
    json::array rows;
    std::size_t whole = 0;
    for (const auto& hit : found.hits) {
        json::array row;
        row.emplace_back(hit.object);
        row.emplace_back(hit.id);
        row.emplace_back(shown_label(hit.label));
        const auto detail = details.find(hit.id);
        // Rows have as many cells as there are columns, so a hit without details gets an empty one.
        if (detail != details.end())
            row.emplace_back(shown_label(detail->second));
        else if (!details.empty())
            row.emplace_back();
        rows.emplace_back(std::move(row));
        if (hit.all_words) ++whole;
    }
    if (found.cut)
        out.notes.push_back("Only the " + std::to_string(limit) +
                            " best matches are shown; there may be more.");
    if (whole == 0 && !rows.empty())
        out.notes.emplace_back("No record has all of the words; these have some of them.");
    else if (whole < rows.size())
        out.notes.push_back((whole == 1 ? std::string("Only the first has")
                                        : "Only the first " + std::to_string(whole) + " have") +
                            " all of the words; the others have some.");
    add_notes(out, found.notes);
    json::array columns{"object", "id", "label"};
    if (!details.empty()) columns.emplace_back("details");
    out.body.set("count", rows.size());
    out.body.set("columns", std::move(columns));
    out.body.set("rows", std::move(rows));
    co_return out;
}
} // namespace crm

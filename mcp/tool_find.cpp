#include "base/text.hpp"
#include "mcp/columns.hpp"
#include "mcp/crm_tools.hpp"
#include "mcp/fit.hpp"
#include "mcp/page.hpp"
#include "mcp/related.hpp"
#include "twenty/filter.hpp"
#include "twenty/order.hpp"
#include "twenty/shape.hpp"

#include <set>
#include <utility>

namespace mcp {

namespace {

constexpr int default_limit = 20;

// What the arguments of find_records come to, before anything is sent.
struct listing {
    const twenty::object* of = nullptr;
    twenty::prepared_filter filter;
    twenty::prepared_order order;
    position at;
    int limit = default_limit;
    twenty::wanted_fields want;
};

result<listing> read_listing(const json::value& arguments, const twenty::access& may) {
    const auto given = [&](std::string_view name) {
        const auto* v = arguments.find(name);
        return v ? *v : json::value{};
    };
    listing l;
    TRY(of, may.readable(arguments.text("objectName")));
    l.of = of;
    TRY(filter, twenty::prepare_filter(given("filter"), *of, may));
    TRY(order, twenty::prepare_order(given("orderBy"), *of, may));
    l.filter = std::move(filter);
    l.order = std::move(order);
    if (const auto* limit = arguments.find("limit"))
        l.limit = static_cast<int>(limit->as_int().value_or(default_limit));
    if (l.order.how == twenty::paging::offset) l.at.offset = 0;
    if (const auto cursor = arguments.text("cursor"); !cursor.empty()) {
        TRY(at, decode_cursor(cursor, of->name_singular, l.filter.value, l.order.value));
        l.at = std::move(at);
    }
    l.want.fields = name_list(arguments.find("fields"));
    if (l.want.fields.empty()) l.want.fields = list_fields(*of, may);
    // Twenty's cursor holds the sort values of a row only when they are selected.
    l.want.also = l.order.selected;
    return l;
}

twenty::page page_of(const listing& l) {
    twenty::page p;
    p.filter = l.filter.value;
    p.order = l.order.value;
    p.first = l.limit;
    p.after = l.at.after;
    p.offset = l.at.offset;
    return p;
}

// Where the page after the first `shown` edges begins, or nothing at the end.
std::optional<position> next_position(const listing& l, const json::value& root, std::size_t shown,
                                      std::int64_t total) {
    const auto* edges = root.find("edges")->if_array();
    if (shown == 0) return std::nullopt;
    position next;
    next.seen = l.at.seen + static_cast<int>(shown);
    if (l.at.offset) {
        if (next.seen >= total) return std::nullopt;
        next.offset = next.seen;
        return next;
    }
    const auto* info = root.find("pageInfo");
    const bool cut = shown < edges->size();
    if (!cut && !(info && info->flag("hasNextPage"))) return std::nullopt;
    next.after = cut || !info ? (*edges)[shown - 1].text("cursor") : info->text("endCursor");
    if (next.after.empty()) return std::nullopt;
    return next;
}

// The rows of a page, and what did not fit in.
struct listed_rows {
    table rows;
    std::size_t taken = 0; // edges
    std::set<std::string> cut;
    std::set<std::string> shortened;
    std::set<std::string> left_out;
};

listed_rows rows_of(json::array& edges, const twenty::object& of, const twenty::access& may) {
    listed_rows out{table(page_budget, split_paths(of, may)), 0, {}, {}, {}};
    for (auto& edge : edges) {
        auto* members = edge.if_object();
        if (auto* node = members ? members->find("node") : nullptr) {
            const auto lists = shorten_lists(*node, of, may, most_related);
            auto record = twenty::compact_record(*node, of, may);
            const auto taken = fit(record, longest_in_list, page_budget);
            if (!out.rows.add(record)) break;
            for (const auto& list : lists)
                out.shortened.insert(list.name);
            for (const auto& part : taken.cut)
                out.cut.insert(part.path);
            out.left_out.insert(taken.left_out.begin(), taken.left_out.end());
        }
        ++out.taken;
    }
    return out;
}

std::string names(const std::set<std::string>& of) {
    return text::join(std::vector<std::string>(of.begin(), of.end()), ", ");
}

void add_notes(crm_outcome& out, const listed_rows& page, std::size_t fetched) {
    if (page.taken < fetched)
        out.notes.push_back("The page was cut to fit; the cursor continues behind its last row.");
    if (!page.cut.empty())
        out.notes.push_back("Long values were cut (" + names(page.cut) +
                            "); get_record shows more of them.");
    if (!page.shortened.empty())
        out.notes.push_back("Of a long list only the first " + std::to_string(most_related) +
                            " are shown (" + names(page.shortened) +
                            "); get_record with depth 1 says how to list the others.");
    if (!page.left_out.empty())
        out.notes.push_back("Left out of some rows because they are too large: " +
                            names(page.left_out) + "; get_record reaches them.");
}

} // namespace

task<crm_outcome> find_records(exchange& slot, const json::value& arguments,
                               const call_context& context, const twenty::access& may) {
    auto read = read_listing(arguments, may);
    if (!read) co_return failed(read.failure());
    const listing l = std::move(read).value();
    const twenty::object& of = *l.of;

    const twenty::page wanted = page_of(l);
    request_maker make = [&of, &wanted](const std::string& selection) {
        return result<twenty::request>(twenty::find_request(of, selection, wanted));
    };
    reading found = co_await read_root(slot, of, may, l.want, std::move(make), of.name_plural);
    if (found.failure) co_return failed(found);
    auto* members = found.root.if_object();
    auto* listed = members ? members->find("edges") : nullptr;
    auto* edges = listed ? listed->if_array() : nullptr;
    if (!edges) co_return failed(error(errc::upstream_refused, "Twenty answered without records."));

    const listed_rows page = rows_of(*edges, of, may);
    const auto* counted = found.root.find("totalCount");
    const auto total = counted ? counted->as_int().value_or(0) : 0;

    crm_outcome out;
    out.body.set("object", of.name_singular);
    out.body.set("total", total);
    out.body.set("count", page.rows.size());
    page.rows.write_to(out.body);
    const auto next = next_position(l, found.root, page.taken, total);
    out.body.set("hasNextPage", next.has_value());
    if (next)
        out.body.set("cursor",
                     encode_cursor(*next, of.name_singular, l.filter.value, l.order.value));
    if (const auto url = record_url(context, of, "{id}"); !url.empty())
        out.body.set("recordUrl", url);
    add_notes(out, page, edges->size());
    add_notes(out, l.filter.notes);
    add_notes(out, l.order.notes);
    add_notes(out, found.notes);
    co_return out;
}

} // namespace mcp

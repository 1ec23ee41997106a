#include "base/text.hpp"
#include "mcp/columns.hpp"
#include "mcp/crm_tools.hpp"
#include "mcp/fit.hpp"
#include "mcp/listing.hpp"
#include "mcp/related.hpp"
#include "twenty/shape.hpp"

#include <set>
#include <utility>

namespace mcp {

namespace {

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
    std::size_t deleted = 0;
    std::set<std::string> cut;
    std::set<std::string> shortened;
    std::set<std::string> left_out;
};

result<listed_rows> rows_of(json::array& edges, const listing& l, const twenty::access& may) {
    const twenty::object& of = *l.of;
    listed_rows out{table(l.budget, split_paths(of, may), l.whole), 0, 0, {}, {}, {}};
    for (auto& edge : edges) {
        auto* members = edge.if_object();
        auto* node = members ? members->find("node") : nullptr;
        if (!node || node->text("id").empty()) return twenty::unexpected_form();
        const auto lists = shorten_lists(*node, of, may, most_related);
        auto record = twenty::compact_record(*node, of, may, l.whole);
        const auto taken = fit(record, l.whole ? l.budget : longest_in_list, l.budget);
        if (!out.rows.add(record)) break;
        if (!record.text("deletedAt").empty()) ++out.deleted;
        for (const auto& list : lists)
            out.shortened.insert(list.name);
        for (const auto& part : taken.cut)
            out.cut.insert(part.path);
        out.left_out.insert(taken.left_out.begin(), taken.left_out.end());
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
    if (page.deleted > 0)
        out.notes.push_back(std::to_string(page.deleted) +
                            " of the rows are deleted (deletedAt); restore_record brings back.");
    if (!page.left_out.empty())
        out.notes.push_back("Left out of some rows because they are too large: " +
                            names(page.left_out) + "; get_record reaches them.");
}

// The number alone.
task<crm_outcome> count(exchange& slot, const listing& l) {
    twenty::request sent = twenty::count_request(*l.of, l.filter);
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed(answer.failure());
    remember_read(slot, *l.of, *answer);
    if (!answer->ok()) co_return failed(*answer);
    const auto* counted = answer->data.at(l.of->name_plural, "totalCount");
    if (!counted || !counted->as_int()) co_return failed(twenty::unexpected_form());
    crm_outcome out;
    out.body.set("object", l.of->name_singular);
    out.body.set("total", *counted);
    add_notes(out, l.notes);
    co_return out;
}

} // namespace

task<crm_outcome> find_records(exchange& slot, const json::value& arguments,
                               const call_context& context, const twenty::access& may) {
    auto read = read_listing(arguments, may, slot, context);
    if (!read) co_return failed(read.failure());
    const listing l = std::move(read).value();
    const twenty::object& of = *l.of;
    if (l.count_only) {
        crm_outcome counted = co_await count(slot, l);
        co_return counted;
    }

    const twenty::page wanted = page_of(l);
    request_maker make = [&of, &wanted](const std::string& selection) {
        return result<twenty::request>(twenty::find_request(of, selection, wanted));
    };
    reading found = co_await read_root(slot, of, may, l.want, std::move(make), of.name_plural);
    if (found.failure) co_return failed(found);
    auto* members = found.root.if_object();
    auto* listed = members ? members->find("edges") : nullptr;
    auto* edges = listed ? listed->if_array() : nullptr;
    if (!edges) co_return failed(twenty::unexpected_form());

    auto fitted = rows_of(*edges, l, may);
    if (!fitted) co_return failed(fitted.failure());
    const listed_rows page = std::move(fitted).value();
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
        out.body.set("cursor", encode_cursor(*next, of.name_singular, l.filter, l.order.value));
    if (const auto url = record_url(context, of, "{id}"); !url.empty())
        out.body.set("recordUrl", url);
    add_notes(out, page, edges->size());
    add_notes(out, l.notes);
    add_notes(out, found.notes);
    co_return out;
}

} // namespace mcp

#include "base/text.hpp"
#include "crm/choice_labels.hpp"
#include "crm/columns.hpp"
#include "crm/compared.hpp"
#include "crm/fit.hpp"
#include "crm/listing.hpp"
#include "crm/moment.hpp"
#include "crm/ranked.hpp"
#include "crm/reading.hpp"
#include "crm/related.hpp"
#include "crm/tools.hpp"
#include "twenty/letter_case.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace crm {

namespace {

// next_position() is where the page after the first `shown` edges begins, or nothing at the end. By
// cursor that is behind the last row shown, whose own cursor Twenty gives; pageInfo knows only the
// end of the whole page.
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
    std::set<std::string> hidden; // notes on related records that may not be read
    choice_labels choices;
};

result<listed_rows> rows_of_page(json::array& edges, const listing& l, const twenty::access& may) {
    const twenty::object& of = *l.of;
    listed_rows out{table(l.budget, split_paths(of, may), l.whole), 0, 0, {}, {}, {}, {}, {}};
    for (auto& edge : edges) {
        auto* members = edge.if_object();
        auto* node = members ? members->find("node") : nullptr;
        if (!node || node->text("id").empty()) return twenty::unexpected_form();
        const auto lists = shorten_lists(*node, of, may, most_related);
        auto record = twenty::compact_record(*node, of, may, l.whole);
        for (const link& behind : l.related.links)
            if (auto note = show_behind(*record.if_object(), behind); !note.empty())
                out.hidden.insert(std::move(note));
        const auto taken = fit(record, l.whole ? l.budget : longest_in_list, l.budget);
        // Notes are of rows that are shown, so they come after this.
        if (!out.rows.add(record)) break;
        out.choices.add_record(record, of, may);
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
    out.notes.insert(out.notes.end(), page.hidden.begin(), page.hidden.end());
    if (page.deleted > 0)
        out.notes.push_back(std::to_string(page.deleted) +
                            " of the rows are deleted (deletedAt); restore_record brings back.");
    if (!page.left_out.empty())
        out.notes.push_back("Left out of some rows because they are too large: " +
                            names(page.left_out) + "; get_record reaches them.");
}

struct counted_records {
    std::optional<crm_outcome> failure;
    std::int64_t total = 0;
};
// total_of() counts with compared_count_request(), because a count tells the values of what its
// filter compares.
async<counted_records> total_of(call_slot& slot, const twenty::readable_object& of,
                                const twenty::access& may, json::value filter) {
    counted_records out;
    auto request = compared_count_request(of, may, filter);
    if (!request) {
        out.failure = failed(request.failure());
        co_return out;
    }
    twenty::request sent = std::move(request).value();
    const bool related = compares_related(of, may, filter);
    auto answer = co_await ask_about(slot, of, std::move(sent), related);
    if (!answer) {
        out.failure = failed(answer.failure());
        co_return out;
    }
    const auto* counted = answer->data.at(twenty::root_many(of), "totalCount");
    if (!answer->ok())
        out.failure = failed(*answer);
    else if (!counted || !counted->as_int())
        out.failure = failed(twenty::unexpected_form());
    else
        out.total = *counted->as_int();
    co_return out;
}

// case_note() is asked for when nothing was found. When only upper and lower case is in the way, a
// model that reads "0" would say that there is no such record; one more request tells.
async<std::string> case_note(call_slot& slot, const listing& l, const twenty::access& may) {
    auto filter = twenty::without_case(l.filter, *l.of, may);
    if (!filter) co_return std::string();
    const counted_records found = co_await total_of(slot, l.of, may, std::move(*filter));
    if (found.failure || found.total == 0) co_return std::string();
    co_return "eq compares exactly, and " + std::to_string(found.total) +
        (found.total == 1 ? " record differs" : " records differ") +
        " only in upper and lower case: ilike finds such, e.g. name[ilike]:acme.";
}

// The number alone.
async<crm_outcome> count(call_slot& slot, const listing& l, const twenty::access& may) {
    json::value filter = l.filter;
    counted_records counted = co_await total_of(slot, l.of, may, std::move(filter));
    if (counted.failure) co_return std::move(*counted.failure);
    crm_outcome out;
    out.body.set("object", l.of->name_singular);
    out.body.set("total", counted.total);
    add_notes(out, l.notes);
    std::string note;
    if (counted.total == 0) note = co_await case_note(slot, l, may);
    if (!note.empty()) out.notes.push_back(std::move(note));
    co_return out;
}

// Records that have none of what was looked for.
crm_outcome nothing(const listing& l) {
    crm_outcome out;
    out.body.set("object", l.of->name_singular);
    out.body.set("total", 0);
    if (!l.count_only) {
        out.body.set("count", 0);
        out.body.set("columns", json::array());
        out.body.set("rows", json::array());
        out.body.set("hasNextPage", false);
    }
    add_notes(out, l.notes);
    return out;
}

// The page of a listing whose filter is complete.
async<crm_outcome> list(call_slot& slot, const listing& l, const ranks& by,
                        const call_context& context, const twenty::access& may) {
    const twenty::readable_object& of = l.of;
    const twenty::page wanted = page_of(l);
    request_maker make = [&of, &wanted](const std::string& selection) {
        return result<twenty::request>(twenty::find_request(of, selection, wanted));
    };
    reading found = co_await read_compared(slot, of, may, l.want, l.filter, std::move(make));
    if (found.failure) co_return failed(found);
    auto* members = found.root.if_object();
    auto* listed = members ? members->find("edges") : nullptr;
    auto* edges = listed ? listed->if_array() : nullptr;
    if (!edges) co_return failed(twenty::unexpected_form());
    // sort_by_rank() orders all that was found and cuts the page out; from here on both kinds of
    // listings are alike.
    if (l.ranked) sort_by_rank(*edges, l, by);

    auto fitted = rows_of_page(*edges, l, may);
    if (!fitted) co_return failed(fitted.failure());
    const listed_rows page = std::move(fitted).value();
    const auto* counted = found.root.find("totalCount");
    const auto total = counted ? counted->as_int().value_or(0) : 0;

    crm_outcome out;
    out.body.set("object", of->name_singular);
    out.body.set("total", total);
    out.body.set("count", page.rows.size());
    page.rows.write_to(out.body);
    page.choices.write_to(out.body);
    const auto next = next_position(l, found.root, page.taken, total);
    out.body.set("hasNextPage", next.has_value());
    if (next)
        out.body.set("cursor", encode_cursor(*next, of->name_singular, l.identity, l.order.value));
    if (const auto url = record_url(context, of, "{id}"); !url.empty())
        out.body.set("recordUrl", url);
    add_notes(out, page, edges->size());
    add_notes(out, l.notes);
    add_notes(out, found.notes);
    std::string note;
    if (total == 0) note = co_await case_note(slot, l, may);
    if (!note.empty()) out.notes.push_back(std::move(note));
    co_return out;
}

// lacks_named() is true when a field that the caller named is in no row. Twenty answers null for a
// field that is gone or has another name by now [twenty-golden-2 metadata-change/041, 050], and a
// column that is empty on the whole page is not shown: the schema is compared, which costs one
// question.
bool lacks_named(const crm_outcome& page, const json::value* fields, const twenty::object& of,
                 const twenty::access& may) {
    const auto* rows = page.body.find("rows");
    const auto* columns = page.body.find("columns");
    const auto* shown = columns ? columns->if_array() : nullptr;
    if (page.failure || !shown || !rows || !rows->if_array() || rows->if_array()->empty())
        return false;
    return std::ranges::any_of(name_list(fields), [&](const std::string& name) {
        const auto wanted = shown_member(of, may, name);
        return std::ranges::none_of(*shown, [&](const json::value& column) {
            const auto* path = column.if_string();
            return path && text::iequals(path->substr(0, path->find('.')), wanted);
        });
    });
}

} // namespace

async<crm_outcome> find_records(call_slot& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may) {
    std::optional<applied_view> view;
    if (std::string name(text::trim(arguments.text("view"))); !name.empty()) {
        auto of = may.readable(arguments.text("objectName"));
        if (!of) co_return failed(of.failure());
        auto when = moment_of(arguments, context);
        if (!when) co_return failed(when.failure());
        auto saved = co_await read_view(slot, *of, may, std::move(name), *when);
        if (!saved) co_return failed(saved.failure());
        view = std::move(saved).value();
    }
    // find_records() then turns conditions on lists, and words, into ids that join the filter, and
    // counts or lists the records.
    auto read = read_listing(arguments, may, slot, context, view);
    if (!read) co_return failed(read.failure());
    listing l = std::move(read).value();
    std::vector<having> conditions = l.conditions;
    auto joined = co_await ask_having(slot, *l.of, std::move(conditions));
    if (!joined) co_return failed(joined.failure());
    l.filter = twenty::both(std::move(l.filter), std::move(joined).value());
    ranks by;
    if (!l.words.empty()) {
        auto found = co_await find_words(slot, l, may);
        if (!found) co_return failed(found.failure());
        by = std::move(found).value();
        // Without a hit the filter would be "id in []", which Twenty refuses.
        if (by.empty()) co_return nothing(l);
    }
    if (l.count_only) {
        crm_outcome counted = co_await count(slot, l, may);
        co_return counted;
    }
    crm_outcome listed = co_await list(slot, l, by, context, may);
    listed.stale_schema =
        listed.stale_schema || lacks_named(listed, arguments.find("fields"), *l.of, may);
    co_return listed;
}

} // namespace crm

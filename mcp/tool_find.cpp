#include "base/text.hpp"
#include "mcp/crm_tools.hpp"
#include "mcp/page.hpp"
#include "twenty/filter.hpp"
#include "twenty/order.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
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

// Where the page after `shown` rows begins, or nothing at the end.
std::optional<position> next_position(const listing& l, const json::value& root, std::size_t shown,
                                      std::int64_t total) {
    const auto* edges = root.find("edges")->if_array();
    position next;
    if (l.at.offset) {
        next.offset = *l.at.offset + static_cast<int>(shown);
        if (shown == 0 || *next.offset >= total) return std::nullopt;
        return next;
    }
    if (shown == 0) return std::nullopt;
    const auto* info = root.find("pageInfo");
    const bool cut = shown < edges->size();
    if (!cut && !(info && info->flag("hasNextPage"))) return std::nullopt;
    next.after = cut || !info ? (*edges)[shown - 1].text("cursor") : info->text("endCursor");
    if (next.after.empty()) return std::nullopt;
    return next;
}

} // namespace

task<crm_outcome> find_records(exchange& slot, const json::value& arguments,
                               const call_context& context, const twenty::access& may) {
    auto read = read_listing(arguments, may);
    if (!read) co_return failed(read.failure());
    const listing l = std::move(read).value();
    const twenty::object& of = *l.of;

    const twenty::page page = page_of(l);
    request_maker make = [&of, &page](const std::string& selection) {
        return result<twenty::request>(twenty::find_request(of, selection, page));
    };
    reading found = co_await read_root(slot, of, may, l.want, std::move(make), of.name_plural);
    if (found.failure) co_return failed(found);
    const auto* edges = found.root.find("edges");
    if (!edges || !edges->is_array())
        co_return failed(error(errc::upstream_refused, "Twenty answered without records."));

    table rows(page_budget);
    for (const auto& edge : *edges->if_array()) {
        const auto* node = edge.find("node");
        if (node && !rows.add(twenty::compact_record(*node, of, may))) break;
    }
    const auto* counted = found.root.find("totalCount");
    const auto total = counted ? counted->as_int().value_or(0) : 0;

    crm_outcome out;
    out.body.set("object", of.name_singular);
    out.body.set("total", total);
    out.body.set("count", rows.size());
    rows.write_to(out.body);
    const auto next = next_position(l, found.root, rows.size(), total);
    out.body.set("hasNextPage", next.has_value());
    if (next)
        out.body.set("cursor",
                     encode_cursor(*next, of.name_singular, l.filter.value, l.order.value));
    if (const auto url = record_url(context, of, "{id}"); !url.empty())
        out.body.set("recordUrl", url);
    if (rows.size() < edges->if_array()->size())
        out.notes.push_back("The page was cut to fit; the cursor continues behind its last row.");
    add_notes(out, l.filter.notes);
    add_notes(out, l.order.notes);
    add_notes(out, found.notes);
    co_return out;
}

// -- Which columns -----------------------------------------------------------------------------

namespace {

using twenty::field_type;

// How telling a type of field is in a list: lower comes first, 0 is never shown unasked.
int rank(field_type type) {
    switch (type) {
    case field_type::emails:
        return 1;
    case field_type::select:
        return 2;
    case field_type::currency:
        return 3;
    case field_type::relation:
        return 4;
    case field_type::phones:
        return 5;
    case field_type::date:
    case field_type::date_time:
        return 6;
    case field_type::text:
        return 7;
    case field_type::number:
    case field_type::numeric:
        return 8;
    case field_type::links:
        return 9;
    case field_type::full_name:
    case field_type::multi_select:
    case field_type::rating:
        return 10;
    case field_type::boolean:
        return 11;
    case field_type::address:
        return 12;
    case field_type::actor:
    case field_type::array:
    case field_type::files:
    case field_type::morph_relation:
    case field_type::position:
    case field_type::raw_json:
    case field_type::rich_text:
    case field_type::ts_vector:
    case field_type::uuid:
    case field_type::other:
        return 0;
    }
    return 0;
}

// The parts of a composite that say it in one column.
std::vector<std::string> list_parts(const twenty::field& f) {
    switch (f.type) {
    case field_type::emails:
        return {f.name + ".primaryEmail"};
    case field_type::phones:
        return {f.name + ".primaryPhoneCallingCode", f.name + ".primaryPhoneNumber"};
    case field_type::links:
        return {f.name + ".primaryLinkUrl"};
    case field_type::address:
        return {f.name + ".addressCity"};
    default:
        return {f.name};
    }
}

bool listed(const twenty::field& f) {
    if (f.is_system || f.is_read_only || rank(f.type) == 0) return false;
    return f.type != field_type::relation ||
           (!f.relations.empty() && f.relations.front().kind == twenty::relation_kind::many_to_one);
}

} // namespace

std::vector<std::string> list_fields(const twenty::object& of, const twenty::access& may) {
    constexpr std::size_t most = 6;       // beside the name and updatedAt
    constexpr std::size_t most_links = 2; // each costs an id and a label
    std::vector<const twenty::field*> chosen;
    for (const auto* f : may.fields(of))
        if (f->name != of.label_field && listed(*f)) chosen.push_back(f);
    // A workspace's own fields say more than the stock ones of the same kind.
    const auto order = [](const twenty::field* f) { return 2 * rank(f->type) - f->is_custom; };
    std::stable_sort(chosen.begin(), chosen.end(),
                     [&](const auto* a, const auto* b) { return order(a) < order(b); });
    std::size_t links = 0;
    std::erase_if(chosen, [&](const auto* f) {
        return f->type == field_type::relation && ++links > most_links;
    });
    if (chosen.size() > most) chosen.resize(most);

    std::vector<std::string> names{"id"};
    if (const auto* label = of.find_field(of.label_field); label && label->name != "id")
        names.push_back(label->name);
    for (const auto* f : chosen)
        for (auto& part : list_parts(*f))
            names.push_back(std::move(part));
    if (of.find_field("updatedAt")) names.emplace_back("updatedAt");
    return names;
}

std::vector<std::string> name_list(const json::value* given) {
    std::vector<std::string> names;
    if (!given) return names;
    const auto add = [&](std::string_view name) {
        if (const auto trimmed = text::trim(name); !trimmed.empty()) names.emplace_back(trimmed);
    };
    if (const auto* line = given->if_string())
        for (const auto& part : text::split(*line, ','))
            add(part);
    if (const auto* items = given->if_array())
        for (const auto& item : *items)
            if (const auto* name = item.if_string()) add(*name);
    return names;
}

} // namespace mcp

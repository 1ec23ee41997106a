#include "mcp/listing.hpp"

#include "mcp/client_limits.hpp"
#include "mcp/columns.hpp"
#include "mcp/crm_tools.hpp"

#include <utility>

namespace mcp {

namespace {

// What a token holds of the densest text that a page has, ids in columns (words: 4 bytes), so that
// a page keeps within the tokens that were asked for; tests/e2e/tokens.mjs counts it.
constexpr std::size_t bytes_of(std::size_t tokens) { return tokens * 8 / 5; }
constexpr std::size_t longest_search = 500;
constexpr std::size_t around_rows = 600; // names, cursor, address and notes of a page

std::size_t budget_of(const json::value& arguments, const exchange& slot) {
    const auto* tokens = arguments.find("maxTokens");
    const auto n = tokens ? tokens->as_int() : std::nullopt;
    if (!n || *n <= 0) return fitting(slot, page_budget);
    // What the client would cut off is of no use, whatever was asked for.
    const auto bytes = fitting(slot, bytes_of(static_cast<std::size_t>(*n)));
    return bytes > around_rows ? bytes - around_rows : 1;
}

} // namespace

result<listing> read_listing(const json::value& arguments, const twenty::access& may,
                             const exchange& slot, const call_context& context) {
    const auto given = [&](std::string_view name) {
        const auto* v = arguments.find(name);
        return v ? *v : json::value{};
    };
    listing l;
    TRY(of, may.readable(arguments.text("objectName")));
    l.of = of;
    TRY(filter, twenty::prepare_filter(given("filter"), *of, may));
    TRY(order, twenty::prepare_order(given("orderBy"), *of, may));
    l.want.fields = name_list(arguments.find("fields"));
    remember_used(context.memory, *of, filter.value);
    remember_used(context.memory, *of, order.value);
    for (const auto& name : l.want.fields)
        remember_used(context.memory, *of, name.substr(0, name.find('.')));

    l.filter = std::move(filter.value);
    l.notes = std::move(filter.notes);
    l.notes.insert(l.notes.end(), order.notes.begin(), order.notes.end());
    l.order = std::move(order);
    if (const auto* words = arguments.find("search")) {
        if (words->if_string() && words->if_string()->size() > longest_search)
            return error(errc::bad_request, "\"search\" is too long; a few words do.");
        TRY(found, twenty::full_text(words->if_string() ? *words->if_string() : "", *of, may));
        l.filter = twenty::both(std::move(l.filter), std::move(found));
    }
    bool deleted = filter.mentions_deleted;
    if (arguments.flag("includeDeleted") && !std::exchange(deleted, true))
        l.filter = twenty::both(std::move(l.filter), twenty::deleted_too({}));
    if (const auto* limit = arguments.find("limit"))
        l.limit = static_cast<int>(limit->as_int().value_or(l.limit));
    if (l.order.how == twenty::paging::offset) l.at.offset = 0;
    if (const auto cursor = arguments.text("cursor"); !cursor.empty()) {
        TRY(at, decode_cursor(cursor, of->name_singular, l.filter, l.order.value));
        l.at = std::move(at);
    }
    l.count_only = arguments.flag("countOnly");
    l.whole = arguments.text("detail") == "full";
    l.budget = budget_of(arguments, slot);
    l.want.whole = l.whole && l.want.fields.empty();
    if (l.want.fields.empty() && !l.whole) l.want.fields = list_fields(*of, may, context.memory);
    // Twenty's cursor holds the sort values of a row only when they are selected.
    l.want.also = l.order.selected;
    // A deleted row is known by the time of its end.
    if (deleted && of->find_field("deletedAt")) l.want.also.emplace_back("deletedAt");
    return l;
}

twenty::page page_of(const listing& l) {
    twenty::page p;
    p.filter = l.filter;
    p.order = l.order.value;
    p.first = l.limit;
    p.after = l.at.after;
    p.offset = l.at.offset;
    return p;
}

} // namespace mcp

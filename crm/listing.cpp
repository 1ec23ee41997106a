#include "crm/listing.hpp"

#include "base/text.hpp"
#include "crm/columns.hpp"
#include "crm/moment.hpp"
#include "crm/tools.hpp"
#include "mcp/client_limits.hpp"
#include "twenty/search.hpp"

#include <utility>

namespace crm {

namespace {

// bytes_of() counts what a token holds of the densest text that a page has, ids in columns (words:
// 4 bytes), so that a page keeps within the tokens that were asked for; tests/e2e/tokens.mjs counts
// it.
constexpr std::size_t bytes_of(std::size_t tokens) { return tokens * 8 / 5; }
constexpr std::size_t longest_search = 500;
constexpr std::size_t around_rows = 600; // names, cursor, address and notes of a page

std::size_t budget_of(const json::value& arguments, const call_slot& slot) {
    const auto* tokens = arguments.find("maxTokens");
    const auto n = tokens ? tokens->as_int() : std::nullopt;
    if (!n || *n <= 0) return fitting(slot, page_budget);
    // A client would cut the rest off, so more is of no use, whatever was asked for.
    const auto bytes = fitting(slot, bytes_of(static_cast<std::size_t>(*n)));
    return bytes > around_rows ? bytes - around_rows : 1;
}

// prepared_order() takes the view's order where the caller has none. A view that cannot be sorted
// by still filters, so its order is left out with a note; its filter never is (apply_view()).
result<twenty::prepared_order> prepared_order(const json::value& own,
                                              const std::optional<applied_view>& view,
                                              const twenty::object& of, const twenty::access& may) {
    TRY(order, twenty::prepare_order(own, of, may));
    if (!order.empty() || !view) return order;
    auto viewed = twenty::prepare_order(view->order, of, may);
    if (viewed) return viewed;
    order.notes.push_back("The order of the view \"" + view->name +
                          "\" is left out: " + viewed.failure().message);
    return order;
}

result<std::string> words_of(const json::value& arguments, const std::optional<applied_view>& view,
                             const twenty::object& of, const twenty::access& may) {
    const auto* given = arguments.find("search");
    if (!given && (!view || view->words.empty())) return std::string();
    std::string words(text::trim(given ? arguments.text("search") : std::string_view()));
    if (given && (words.empty() || words.find('\0') != std::string::npos))
        return error{errc::bad_request, "\"search\" needs some words."};
    // A view that searches narrows what the caller searches for.
    if (view && !view->words.empty()) words += (words.empty() ? "" : " ") + view->words;
    if (words.size() > longest_search)
        return error{errc::bad_request, "\"search\" is too long; a few words do."};
    if (of.is_searchable && may.can_search(of)) return words;
    std::string like;
    for (const auto* f : may.fields(of))
        if (f->type == twenty::field_type::text && like.empty()) like = f->name;
    return error{
        errc::bad_request,
        (of.is_searchable ? "This connection may not search " : "Twenty has no full text of ") +
            of.name_plural + "; use filter" +
            (like.empty() ? "." : ", e.g. " + like + "[ilike]:%word%.")};
}

json::value identity_of(const listing& l, const std::optional<applied_view>& view) {
    // A cursor is bound to what was asked. The ids that a search or a condition on lists comes to
    // may change between two pages, and days of a view move on with the clock.
    if (l.words.empty() && l.conditions.empty() && !view) return l.filter;
    json::object all;
    all.append("filter", l.filter);
    all.append("having", identity_of(l.conditions));
    all.append("search", l.words);
    if (view) all.append("view", view->identity);
    return all;
}

// apply_view() puts the view's condition beside the caller's. `deleted` becomes true when the view
// asks for deleted records.
result<done> apply_view(listing& l, const applied_view& view, const twenty::object& of,
                        const twenty::access& may, const twenty::moment& at, bool& deleted) {
    auto viewed = twenty::prepare_filter(view.filter, of, may, at);
    if (!viewed) {
        auto why = std::move(viewed).failure();
        why.message = "The view \"" + view.name + "\" can't be used: " + why.message;
        return why;
    }
    deleted = deleted || viewed->mentions_deleted;
    l.filter = twenty::both(std::move(l.filter), std::move(viewed->value));
    l.notes.insert(l.notes.end(), view.notes.begin(), view.notes.end());
    if (l.want.fields.empty()) l.want.fields = view.fields;
    return done{};
}

// want_fields() decides which fields are read, and how much of them is shown.
void want_fields(listing& l, const json::value& arguments, const twenty::object& of,
                 const twenty::access& may, const call_slot& slot, const call_context& context) {
    l.whole = arguments.text("detail") == "full";
    l.budget = budget_of(arguments, slot);
    l.want.whole = l.whole && l.want.fields.empty();
    if (l.want.fields.empty() && !l.whole) l.want.fields = list_fields(of, may, context.memory);
    const auto* depth = arguments.find("depth");
    if (depth && depth->as_int() == 1) l.related = to_many_of(of, may);
    l.want.expand = l.related.names;
    // Twenty's cursor holds the sort values of a row only when they are selected.
    l.want.also = l.order.selected;
}

} // namespace

result<listing> read_listing(const json::value& arguments, const twenty::access& may,
                             const call_slot& slot, const call_context& context,
                             const std::optional<applied_view>& view) {
    const auto given = [&](std::string_view name) {
        const auto* v = arguments.find(name);
        return v ? *v : json::value{};
    };
    TRY(of, may.readable(arguments.text("objectName")));
    listing l(of);
    TRY(at, moment_of(arguments, context));
    // Conditions on lists go first, because prepare_filter() refuses lists.
    TRY(split, split_having(given("filter"), *of, may, at));
    TRY(filter, twenty::prepare_filter(split.rest, *of, may, at));
    TRY(order, prepared_order(given("orderBy"), view, *of, may));
    l.want.fields = name_list(arguments.find("fields"));
    remember_used(context.memory, *of, filter.value);
    remember_used(context.memory, *of, order.value);
    for (const auto& name : l.want.fields)
        remember_used(context.memory, *of, name.substr(0, name.find('.')));

    l.filter = std::move(filter.value);
    l.conditions = std::move(split.conditions);
    l.notes = std::move(split.notes);
    l.notes.insert(l.notes.end(), filter.notes.begin(), filter.notes.end());
    l.notes.insert(l.notes.end(), order.notes.begin(), order.notes.end());
    l.order = std::move(order);
    TRY(words, words_of(arguments, view, *of, may));
    l.words = std::move(words);
    l.ranked = !l.words.empty() && l.order.empty();
    bool deleted = filter.mentions_deleted;
    if (arguments.flag("includeDeleted") && !std::exchange(deleted, true))
        l.filter = twenty::both(std::move(l.filter), twenty::deleted_too({}));
    if (deleted && !l.words.empty())
        l.notes.emplace_back("A search by words finds no deleted records; a filter does.");
    // The identity is taken before the view's filter joins the caller's: the view stands in it as
    // it is saved, without the days that it comes to now.
    l.identity = identity_of(l, view);
    if (view) CHECK_OK(apply_view(l, *view, *of, may, at, deleted));
    l.limit = int_argument(arguments, "limit", l.limit);
    // An offset of 0 says how this listing goes on; a cursor replaces it.
    if (l.order.how == twenty::paging::offset || l.ranked) l.at.offset = 0;
    if (const auto cursor = arguments.text("cursor"); !cursor.empty()) {
        TRY(place, decode_cursor(cursor, of->name_singular, l.identity, l.order.value));
        l.at = std::move(place);
    }
    l.count_only = arguments.flag("countOnly");
    want_fields(l, arguments, *of, may, slot, context);
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
    if (!l.ranked) return p;
    // Twenty can't sort by rank: all that was found, at most most_hits, is sorted here.
    p.first = twenty::most_hits;
    p.offset.reset();
    return p;
}

} // namespace crm

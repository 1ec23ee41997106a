#include "demo/records.hpp"

#include "demo/errors.hpp"
#include "demo/filter.hpp"
#include "demo/newer.hpp"
#include "demo/values.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace demo {

namespace {

result<done> check_paging(const page_request& r) {
    if (r.first && *r.first < 0)
        return refuse(refusal::bad_first, "First argument must be non-negative");
    if (r.last && *r.last < 0)
        return refuse(refusal::bad_query, "Last argument must be non-negative");
    if (!r.before.empty() && !r.after.empty())
        return refuse(refusal::args_conflict, "Cannot provide both before and after");
    if (r.first && !r.before.empty())
        return refuse(refusal::args_conflict, "Cannot provide both before and first");
    if (r.last && !r.after.empty())
        return refuse(refusal::args_conflict, "Cannot provide both after and last");
    if (r.first && r.last)
        return refuse(refusal::args_conflict, "Cannot provide both first and last");
    return done{};
}

} // namespace

// enter() takes the token first: a call that the role may not make costs one, too.
result<done> records::enter(action what, const object& on) {
    if (limit_ && !limit_->take(now_))
        return refuse(refusal::rate_limited,
                      "Limit reached (" + std::to_string(rate_limit::capacity) + " tokens per " +
                          std::to_string(rate_limit::window.count()) + " ms)");
    if (!rights_.may(what, on)) return no_permission();
    return done{};
}

result<rows> records::matching(const object& on, const json::value& filter, bool lenient) {
    TRY(takes, compile_filter({model_, data_, lenient, false}, on, filter));
    rows out;
    for (const auto& [id, row] : data_.of(on))
        if (takes(row) && is_shared(model_, caller_.who, on, row)) out.push_back(&row);
    return out;
}

result<rows> records::written(const object& on, const json::value& filter, bool lenient) {
    if (breaks_out(filter)) return refuse(refusal::data_corrupt, "Data validation error.");
    if (const auto* ids = filter.at("id", "in"); ids && ids->if_array()) {
        if (ids->if_array()->empty())
            return refuse(refusal::bad_query,
                          "Invalid filter value for field id. Expected non-empty array",
                          "Invalid filter value: \"\"");
        for (const auto& id : *ids->if_array())
            if (!id.if_string() || !text::is_uuid(*id.if_string()))
                return refuse(refusal::bad_query,
                              "Value " + json::dump(id) + " is not a valid UUID",
                              "Invalid UUID format.");
    }
    TRY(takes, compile_filter({model_, data_, lenient, true}, on, filter));
    rows out;
    for (const auto& [id, row] : data_.of(on))
        if (takes(row) && is_shared(model_, caller_.who, on, row)) out.push_back(&row);
    return out;
}

result<page> records::find_many(const object& on, const page_request& request) {
    CHECK_OK(enter(action::read, on));
    CHECK_OK(check_paging(request));
    page out;
    TRY(order, compile_order(model_, on, request.order_by));
    // What orders is checked against the role; what only filters is not (permissions/112, 116), so
    // a filter tells a caller what it may not read.
    for (const auto& key : order)
        if (key.of.of && !rights_.may_read(key.related ? *key.related : on, *key.of.of))
            return no_permission("read field \"" + key.of.of->name + "\" on \"" +
                                 (key.related ? key.related->singular : on.singular) + "\"");
    out.order = std::move(order);
    TRY(matched, matching(on, request.filter, request.lenient));
    out.matched = std::move(matched);
    // `last` alone does not turn the list around: the first rows come.
    const bool backward = !request.before.empty();
    out.rows = out.matched;
    const std::string& cursor = backward ? request.before : request.after;
    if (!cursor.empty()) {
        TRY(beyond, after_cursor(out.order, cursor, backward));
        std::erase_if(out.rows, [&](const record* row) { return !beyond(*row); });
    }
    sort_rows(out.rows, out.order, data_);
    const auto skipped = std::min(out.rows.size(), static_cast<std::size_t>(request.offset));
    out.rows.erase(out.rows.begin(), out.rows.begin() + static_cast<std::ptrdiff_t>(skipped));
    const auto wanted = request.last ? request.last : request.first;
    if (wanted && out.rows.size() > static_cast<std::size_t>(*wanted)) {
        const auto keep = static_cast<std::ptrdiff_t>(*wanted);
        if (backward)
            out.rows.erase(out.rows.begin(), out.rows.end() - keep);
        else
            out.rows.erase(out.rows.begin() + keep, out.rows.end());
        (backward ? out.has_previous : out.has_next) = true;
    }
    return out;
}

result<const record*> records::find_one(const object& on, const json::value& filter) {
    CHECK_OK(enter(action::read, on));
    TRY(found, matching(on, filter, false));
    if (found.empty()) return missing_record();
    return found.front();
}

result<const record*> records::get(const object& on, std::string_view id) {
    CHECK_OK(enter(action::read, on));
    const record* row = data_.find(on, id);
    if (!row || is_deleted(*row) || !is_shared(model_, caller_.who, on, *row))
        return missing_record();
    return row;
}

result<record*> records::existing(const object& on, std::string_view id) {
    table& all = data_.of(on);
    const auto found = all.find(id);
    if (found == all.end() || !is_shared(model_, caller_.who, on, found->second))
        return missing_record();
    return &found->second;
}

} // namespace demo

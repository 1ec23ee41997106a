#include "demo/rest_view.hpp"

#include "demo/aggregate.hpp"
#include "demo/newer.hpp"
#include "demo/shape.hpp"
#include "demo/values.hpp"

#include <algorithm>

namespace demo {

namespace {

constexpr std::size_t most_related = 60;
constexpr std::size_t records_of_sample = 10;

} // namespace

json::object rest_view::record_shape(const object& on, const record& row) const {
    json::object out = shown(on, row, rights_);
    if (depth_ == 0) return out;
    for (const auto& f : on.fields) {
        if (!f.is_relation()) continue;
        for (const auto& target : f.targets) {
            const object* other = with_.model.find_singular(target.object);
            if (!rights_.may(action::read, *other)) continue;
            if (f.relation == relation_kind::one_to_many)
                out.set(f.name, children(*other, target.column, id_of(row)));
            else
                out.set(target.column.substr(0, target.column.size() - 2),
                        parent(*other, stored(row, target.column)));
        }
    }
    return out;
}

json::value rest_view::parent(const object& other, const json::value& id) const {
    const record* row = id.if_string() ? with_.data.find(other, *id.if_string()) : nullptr;
    if (!row || is_deleted(*row) || !is_shared(with_.model, with_.caller->who, other, *row))
        return nullptr;
    return shown(other, *row, rights_);
}

json::value rest_view::children(const object& other, std::string_view column,
                                std::string_view id) const {
    json::array out;
    for (const auto& [key, row] : with_.data.of(other)) {
        const auto* owner = stored(row, column).if_string();
        if (!owner || *owner != id || is_deleted(row) ||
            !is_shared(with_.model, with_.caller->who, other, row))
            continue;
        out.emplace_back(shown(other, row, rights_));
        if (out.size() == most_related) break;
    }
    return out;
}

json::value rest_view::list(const object& on, const rows& all) const {
    json::array out;
    for (const auto* row : all)
        out.emplace_back(record_shape(on, *row));
    return out;
}

// Aggregates come as texts here.
json::object rest_view::group(const object& on, const demo::group& g, const json::value& names,
                              bool with_sample) const {
    json::object out;
    out.append("groupByDimensionValues", g.dimensions);
    if (names.if_array())
        for (const auto& name : *names.if_array())
            if (name.if_string())
                if (const auto v = aggregate(on, *name.if_string(), g.rows))
                    out.set(*name.if_string(), v->is_number() ? json::value(json::dump(*v)) : *v);
    if (with_sample) {
        rows sample(g.rows.begin(), g.rows.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                         g.rows.size(), records_of_sample)));
        out.append("records", list(on, sample));
    }
    return out;
}

json::value rest_page_info(const page& p, const json::array& nodes) {
    json::value start;
    json::value end;
    if (!p.rows.empty()) {
        start = encode_cursor(p.order, *p.rows.front(), *nodes.front().if_object());
        end = encode_cursor(p.order, *p.rows.back(), *nodes.back().if_object());
    }
    return json::make({{"startCursor", std::move(start)},
                       {"endCursor", std::move(end)},
                       {"hasNextPage", p.has_next},
                       {"hasPreviousPage", p.has_previous}});
}

} // namespace demo

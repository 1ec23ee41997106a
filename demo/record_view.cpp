#include "demo/record_view.hpp"

#include "demo/aggregate.hpp"
#include "demo/errors.hpp"
#include "demo/newer.hpp"
#include "demo/search_text.hpp"
#include "demo/shape.hpp"

namespace demo {

namespace {

// Parts of a composite or of a list of files; without a selection Twenty shows nothing.
json::value parts_of(const json::value& whole, const graphql::field& f,
                     const graphql::document& doc, const json::value& variables) {
    if (f.selections.empty()) return nullptr;
    return pick(whole, f.selections, doc, variables);
}

json::value page_info(const page& shown, const std::vector<std::string>& cursors) {
    const auto at = [&](bool first) -> json::value {
        if (cursors.empty()) return nullptr;
        return first ? cursors.front() : cursors.back();
    };
    return json::make({{"hasNextPage", shown.has_next},
                       {"hasPreviousPage", shown.has_previous},
                       {"startCursor", at(true)},
                       {"endCursor", at(false)}});
}

const graphql::field* child(const graphql::selection_set& set, std::string_view name,
                            const graphql::document& doc, const json::value& variables) {
    for (const auto* f : flatten(set, doc, variables))
        if (f->name == name) return f;
    return nullptr;
}

} // namespace

// node() checks each field against the role as it comes to it: a document that selects a forbidden
// one is refused, while a filter by the same one is not (records::find_many).
result<json::object> record_view::node(const object& on, const record& row,
                                       const graphql::selection_set& set, int lists) const {
    json::object out;
    for (const auto* f : flatten(set, doc_, variables_)) {
        TRY(value, member_of(on, row, *f, lists));
        out.set(f->name, std::move(value)); // nested aliases are ignored
    }
    return out;
}

result<json::value> record_view::nodes(const object& on, const rows& all,
                                       const graphql::selection_set& set) const {
    json::array out;
    for (const auto* row : all) {
        TRY(one, node(on, *row, set));
        out.emplace_back(std::move(one));
    }
    return json::value(std::move(out));
}

result<json::value> record_view::member_of(const object& on, const record& row,
                                           const graphql::field& f, int lists) const {
    if (f.name == "__typename") return json::value(capitalised(on.singular));
    const auto found = find_member(on, f.name);
    if (!found) return json::value();
    if (!from_.rights().may_read(on, *found->of))
        return no_permission("read field \"" + f.name + "\" on \"" + on.singular + "\"");
    switch (found->what) {
    case member::kind::column:
        return joined_id(*found, row);
    case member::kind::to_one:
        return related_one(*found, row, f, lists);
    case member::kind::to_many:
        return related_many(*found, row, f, lists);
    case member::kind::value:
        break;
    }
    if (found->of->type->name == "TS_VECTOR") return json::value(shown_vector(lexemes_of(on, row)));
    const json::value whole = shown(*found->of, row);
    if (!found->of->type->parts.empty()) return parts_of(whole, f, doc_, variables_);
    return pick(whole, f.selections, doc_, variables_);
}

// The id behind a relation reads null while the other record is deleted.
json::value record_view::joined_id(const member& through, const record& row) const {
    const json::value& id = stored(row, through.target->column);
    const object* other = from_.model().find_singular(through.target->object);
    const record* found =
        other && id.if_string() ? from_.data().find(*other, *id.if_string()) : nullptr;
    return found && is_deleted(*found) ? json::value() : id;
}

result<json::value> record_view::related_one(const member& through, const record& row,
                                             const graphql::field& f, int lists) const {
    const object* other = from_.model().find_singular(through.target->object);
    if (!from_.rights().may(action::read, *other)) return no_permission();
    const auto* id = stored(row, through.target->column).if_string();
    const record* found = id ? from_.data().find(*other, *id) : nullptr;
    if (!found || is_deleted(*found) || f.selections.empty() ||
        !is_shared(from_.model(), from_.caller(), *other, *found))
        return json::value();
    TRY(one, node(*other, *found, f.selections, lists));
    return json::value(std::move(one));
}

result<json::value> record_view::related_many(const member& through, const record& row,
                                              const graphql::field& f, int lists) const {
    const object* other = from_.model().find_singular(through.target->object);
    if (!from_.rights().may(action::read, *other)) return no_permission();
    if (lists >= 1)
        return refuse(
            refusal::too_complex,
            "Query complexity is too high. One-to-Many relation cannot be nested in another "
            "One-to-Many relation.");
    page found;
    for (const auto& [id, child_row] : from_.data().of(*other)) {
        if (is_deleted(child_row) || !is_shared(from_.model(), from_.caller(), *other, child_row))
            continue;
        const auto* parent = stored(child_row, through.target->column).if_string();
        if (parent && *parent == id_of(row)) found.matched.push_back(&child_row);
    }
    found.rows = found.matched;
    // A list inside of a record knows neither size nor filter nor order, and claims to be whole
    // (relations/073 to 077).
    if (found.rows.size() > most_related) {
        found.rows.resize(most_related);
        found.matched.resize(most_related); // the total says no more, and no next page either
    }
    return connection(*other, found, f.selections, lists + 1);
}

result<json::value> record_view::connection(const object& on, const page& shown,
                                            const graphql::selection_set& set, int lists) const {
    const auto* edges = child(set, "edges", doc_, variables_);
    const auto* inner = edges ? child(edges->selections, "node", doc_, variables_) : nullptr;
    std::vector<json::object> made;
    std::vector<std::string> cursors;
    for (const auto* row : shown.rows) {
        json::object one;
        if (inner) {
            TRY(picked, node(on, *row, inner->selections, lists));
            one = std::move(picked);
        }
        cursors.push_back(encode_cursor(shown.order, *row, one));
        made.push_back(std::move(one));
    }
    json::object out;
    for (const auto* f : flatten(set, doc_, variables_)) {
        if (f->name == "edges") {
            json::array list;
            for (std::size_t i = 0; i < made.size(); ++i) {
                json::object edge;
                for (const auto* part : flatten(f->selections, doc_, variables_)) {
                    if (part->name == "node")
                        edge.set("node", std::move(made[i]));
                    else if (part->name == "cursor")
                        edge.set("cursor", cursors[i]);
                    else
                        edge.set(part->name, nullptr);
                }
                list.emplace_back(std::move(edge));
            }
            out.set("edges", std::move(list));
        } else if (f->name == "pageInfo") {
            out.set("pageInfo", pick(page_info(shown, cursors), f->selections, doc_, variables_));
        } else if (f->name == "__typename") {
            out.set(f->name, capitalised(on.singular) + "Connection");
        } else {
            out.set(f->name, aggregate(on, f->name, shown.matched).value_or(nullptr));
        }
    }
    return json::value(std::move(out));
}

} // namespace demo

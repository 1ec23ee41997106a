#include "demo/metadata_view.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace demo {

namespace {

std::string cursor_at(std::size_t index) {
    return text::base64_encode("arrayconnection:" + std::to_string(index));
}

std::size_t index_after(const json::value& cursor) {
    const auto* s = cursor.if_string();
    const auto bytes = s ? text::base64_decode(*s) : std::nullopt;
    if (!bytes || !bytes->starts_with("arrayconnection:")) return 0;
    const auto index = json::value(json::number{bytes->substr(16)}).as_int();
    return index && *index >= 0 ? static_cast<std::size_t>(*index) + 1 : 0;
}

} // namespace

json::value metadata_view::object_node(const object& o, const graphql::field& f) const {
    const json::object plain = describe_object(with_, o);
    json::object out;
    for (const auto* child : children(f)) {
        json::value v;
        if (child->name == "fieldsList")
            v = field_list(o, *child);
        else if (child->name == "fields")
            v = field_connection(o, *child);
        else if (child->name == "__typename")
            v = "Object";
        else if (const auto* found = plain.find(child->name))
            v = picked(*found, *child);
        out.set(child->key(), std::move(v));
    }
    return out;
}

json::value metadata_view::field_node(const object& o, const field& fd,
                                      const graphql::field& f) const {
    const json::object plain = describe_field(with_, o, fd);
    json::object out;
    for (const auto* child : children(f)) {
        json::value v;
        if (child->name == "relation")
            v = relation(o, fd, *child);
        else if (child->name == "morphRelations")
            v = morph_relations(o, fd, *child);
        else if (child->name == "object")
            v = object_node(o, *child);
        else if (child->name == "__typename")
            v = "Field";
        else if (const auto* found = plain.find(child->name))
            v = *found; // JSON scalars whole
        out.set(child->key(), std::move(v));
    }
    return out;
}

json::value metadata_view::relation_node(const relation_view& view, const graphql::field& f) const {
    json::object out;
    for (const auto* child : children(f)) {
        json::value v;
        if (child->name == "type")
            v = view.many_to_one ? "MANY_TO_ONE" : "ONE_TO_MANY";
        else if (child->name == "sourceObjectMetadata")
            v = object_node(*view.source, *child);
        else if (child->name == "targetObjectMetadata")
            v = object_node(*view.target, *child);
        else if (child->name == "sourceFieldMetadata")
            v = field_node(*view.source, *view.source_field, *child);
        else if (child->name == "targetFieldMetadata" && view.target_field)
            v = field_node(*view.target, *view.target_field, *child);
        out.set(child->key(), std::move(v));
    }
    return out;
}

json::value metadata_view::relation(const object& o, const field& fd,
                                    const graphql::field& f) const {
    const auto all = relations_of(with_, o, fd);
    return all.empty() || fd.is_morph() ? json::value() : relation_node(all.front(), f);
}

json::value metadata_view::morph_relations(const object& o, const field& fd,
                                           const graphql::field& f) const {
    if (!fd.is_morph()) return nullptr;
    json::array out;
    for (const auto& view : relations_of(with_, o, fd))
        out.push_back(relation_node(view, f));
    return out;
}

json::value metadata_view::field_list(const object& o, const graphql::field& f) const {
    json::array out;
    for (const auto& fd : o.fields)
        out.push_back(field_node(o, fd, f));
    return out;
}

json::value metadata_view::connection(std::size_t count, const json::value& paging,
                                      const graphql::field& f, const node_maker& node) const {
    const json::value* first = paging.find("first");
    const json::value* after = paging.find("after");
    const std::size_t begin = std::min(count, after ? index_after(*after) : 0);
    const auto wanted = first ? first->as_int() : std::nullopt;
    const std::size_t size =
        wanted && *wanted >= 0 ? static_cast<std::size_t>(*wanted) : default_page;
    const std::size_t end = std::min(count, begin + size);
    json::object out;
    for (const auto* child : children(f)) {
        if (child->name == "edges") {
            json::array edges;
            for (std::size_t i = begin; i < end; ++i) {
                json::object edge;
                for (const auto* part : children(*child))
                    edge.set(part->key(),
                             part->name == "node" ? node(i, *part) : json::value(cursor_at(i)));
                edges.emplace_back(std::move(edge));
            }
            out.set(child->key(), std::move(edges));
        } else if (child->name == "pageInfo") {
            const bool any = begin < end;
            out.set(
                child->key(),
                picked(json::make(
                           {{"hasNextPage", end < count},
                            {"hasPreviousPage", begin > 0},
                            {"startCursor", any ? json::value(cursor_at(begin)) : json::value()},
                            {"endCursor", any ? json::value(cursor_at(end - 1)) : json::value()}}),
                       *child));
        }
    }
    return out;
}

json::value metadata_view::field_connection(const object& o, const graphql::field& f) const {
    return connection(o.fields.size(), argument_of(f, "paging", call_.variables), f,
                      [&](std::size_t i, const graphql::field& node) {
                          return field_node(o, o.fields[i], node);
                      });
}

} // namespace demo

// Follows a selection through the schema: objects, their fields, relations to other objects.
#pragma once

#include "demo/graphql_call.hpp"
#include "demo/metadata_shape.hpp"

#include <functional>

namespace demo {

class metadata_view {
  public:
    static constexpr std::size_t default_page = 10; // Twenty's own

    metadata_view(const session& with, const graphql_call& call) : with_(with), call_(call) {}

    json::value object_node(const object& o, const graphql::field& f) const;
    json::value field_node(const object& o, const field& fd, const graphql::field& f) const;

    // {"edges":[{"cursor","node"}],"pageInfo"} of `count` things, of which `node` makes one.
    using node_maker = std::function<json::value(std::size_t, const graphql::field&)>;
    json::value connection(std::size_t count, const json::value& paging, const graphql::field& f,
                           const node_maker& node) const;

  private:
    json::value relation_node(const relation_view& view, const graphql::field& f) const;
    json::value relation(const object& o, const field& fd, const graphql::field& f) const;
    json::value morph_relations(const object& o, const field& fd, const graphql::field& f) const;
    json::value field_list(const object& o, const graphql::field& f) const;
    json::value field_connection(const object& o, const graphql::field& f) const;
    [[nodiscard]] std::vector<const graphql::field*> children(const graphql::field& f) const {
        return flatten(f.selections, call_.document, call_.variables);
    }
    [[nodiscard]] json::value picked(const json::value& v, const graphql::field& f) const {
        return pick(v, f.selections, call_.document, call_.variables);
    }

    const session& with_;
    const graphql_call& call_;
};

} // namespace demo

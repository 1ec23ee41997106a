// Picks what a GraphQL selection asks of records: fields, parts, related records and
// connections with their counts and cursors.
#pragma once

#include "demo/graphql_types.hpp"
#include "demo/records.hpp"

namespace demo {

class record_view {
  public:
    static constexpr std::size_t most_related = 60; // per parent

    record_view(const records& from, const graphql::document& doc, const json::value& variables)
        : from_(from), doc_(doc), variables_(variables) {}

    result<json::object> node(const object& on, const record& row,
                              const graphql::selection_set& set, int lists = 0) const;
    result<json::value> nodes(const object& on, const rows& all,
                              const graphql::selection_set& set) const;
    result<json::value> connection(const object& on, const page& shown,
                                   const graphql::selection_set& set, int lists = 0) const;

  private:
    result<json::value> member_of(const object& on, const record& row, const graphql::field& f,
                                  int lists) const;
    [[nodiscard]] json::value joined_id(const member& through, const record& row) const;
    result<json::value> related_one(const member& through, const record& row,
                                    const graphql::field& f, int lists) const;
    result<json::value> related_many(const member& through, const record& row,
                                     const graphql::field& f, int lists) const;

    const records& from_;
    const graphql::document& doc_;
    const json::value& variables_;
};

} // namespace demo

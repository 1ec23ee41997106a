// Carries out the root fields of records: each one on its own, so that one may fail beside others.
#pragma once

#include "demo/graphql_roots.hpp"
#include "demo/record_view.hpp"
#include "demo/records.hpp"

namespace demo {

class graphql_executor {
  public:
    graphql_executor(session& with, const graphql_call& call)
        : call_(call), runner_(with.model, with.data, with.limit, *with.caller, with.now),
          view_(runner_, call.document, call.variables) {}

    result<json::value> run(const root_field& r, const graphql::field& f);

  private:
    result<json::value> by_id(root what, const object& on, const graphql::field& f);
    result<json::value> one(const object& on, result<rows> done, const graphql::field& f);
    result<json::value> many(const object& on, result<rows> done, const graphql::field& f);
    result<json::value> gone(const object& on, result<std::vector<record>> done,
                             const graphql::field& f);
    result<json::value> find_many(const object& on, const graphql::field& f);
    result<json::value> find_one(const object& on, const graphql::field& f);
    result<json::value> duplicates(const object& on, const graphql::field& f);
    result<json::value> group(const object& on, const graphql::field& f);
    result<done> check_group_fields(const object& on, const json::value& by) const;
    result<json::value> merge(const object& on, const graphql::field& f);

    const graphql_call& call_;
    records runner_;
    record_view view_;
};

} // namespace demo

#include "twenty/query.hpp"

#include "base/text.hpp"
#include "twenty/graphql_post.hpp"
#include "twenty/names.hpp"

#include <algorithm>

namespace twenty {

namespace {

// Collects "name:$name" arguments and their declarations.
class variables {
  public:
    void add(std::string_view name, std::string type, json::value v) {
        if (!filled(v)) return;
        declared_ += (declared_.empty() ? "" : ",") + ("$" + std::string(name)) + ":" + type;
        // A variable holds what a client wrote: its value can neither end an argument nor begin
        // one.
        argument(std::string(name) + ":$" + std::string(name));
        values_.append(std::string(name), std::move(v));
    }
    void argument(const std::string& text) { used_ += (used_.empty() ? "" : ",") + text; }
    [[nodiscard]] std::string header() const {
        return declared_.empty() ? "" : "(" + declared_ + ")";
    }
    [[nodiscard]] std::string arguments() const { return used_.empty() ? "" : "(" + used_ + ")"; }
    json::value take() { return std::move(values_); }

  private:
    std::string declared_;
    std::string used_;
    json::object values_;
};

// id_literal() lets an id into a document's text: a UUID cannot end the literal.
result<std::string> id_literal(std::string_view id) {
    if (!text::is_uuid(id))
        return error{errc::bad_request, "The id must be a UUID such as "
                                        "3f2b1c9e-5a7d-4e21-9c40-0d6a8b7f1e2c; search or find the "
                                        "record to get it."};
    return "\"" + std::string(id) + "\"";
}

// The id is inlined: its GraphQL type is ID in old servers and UUID in new ones.
result<request> by_id(const writable_object& of, std::string_view verb, std::string_view id,
                      std::string_view selection) {
    TRY(literal, id_literal(id));
    auto r = graphql_post("mutation{" + mutation_one(verb, of) + "(id:" + literal + "){" +
                              std::string(selection) + "}}",
                          {});
    r.is_write = true;
    // Deleting or restoring twice ends in the same state.
    r.safe_to_repeat = true;
    return r;
}

} // namespace

request find_request(const readable_object& of, std::string_view selection, const page& p) {
    const auto type = type_name(of);
    variables v;
    v.add("filter", type + "FilterInput", of.within_scope(p.filter));
    v.add("orderBy", "[" + type + "OrderByInput]", p.order);
    v.argument("first:" + std::to_string(std::clamp(p.first, 1, max_page)));
    if (p.offset)
        v.argument("offset:" + std::to_string(std::max(*p.offset, 0)));
    else if (!p.after.empty())
        v.add("after", "String", p.after);
    const auto document = "query" + v.header() + "{" + root_many(of) + v.arguments() +
                          "{totalCount pageInfo{hasNextPage endCursor} edges{cursor node{" +
                          std::string(selection) + "}}}}";
    return graphql_post(document, v.take());
}

json::value deleted_too(json::object filter) {
    // A filter that mentions deletedAt is how Twenty is asked for deleted records too.
    const auto is = [](const char* what) {
        return json::make({{"deletedAt", json::make({{"is", what}})}});
    };
    filter.append("or", json::list({is("NULL"), is("NOT_NULL")}));
    return filter;
}

request records_request(const readable_object& of, const std::vector<std::string>& ids,
                        std::string_view selection, bool deleted) {
    json::array listed;
    for (const auto& id : ids)
        listed.emplace_back(id);
    json::object filter;
    filter.append("id", json::make({{"in", std::move(listed)}}));
    page p;
    p.filter = deleted ? deleted_too(std::move(filter)) : json::value(std::move(filter));
    p.first = max_page;
    return find_request(of, selection, p);
}

request count_request(const readable_object& of, const json::value& filter) {
    variables v;
    v.add("filter", type_name(of, "FilterInput"), of.within_scope(filter));
    // totalCount is of the filter and not of the page, so the smallest page does.
    v.argument("first:1");
    const auto document =
        "query" + v.header() + "{" + root_many(of) + v.arguments() + "{totalCount}}";
    return graphql_post(document, v.take());
}

request joined_ids_request(const readable_object& of, std::string_view join_column,
                           const json::value& filter, std::size_t most) {
    variables v;
    v.add("filter", type_name(of, "FilterInput"), of.within_scope(filter));
    // A group for each value of the column gives each id once, whatever the number of its rows.
    v.argument("groupBy:[{" + std::string(join_column) + ":true}]");
    v.argument("limit:" + std::to_string(most));
    const auto document =
        "query" + v.header() + "{" + root_groups(of) + v.arguments() + "{groupByDimensionValues}}";
    return graphql_post(document, v.take());
}

result<request> get_request(const readable_object& of, std::string_view id,
                            std::string_view selection, bool deleted_too) {
    TRY(literal, id_literal(id));
    // A scope is JSON and goes into a variable, with the id in the same filter. Without one the id
    // is inlined like those of writes.
    if (!of.scope().is_null()) {
        json::object by_id;
        by_id.append("id", json::make({{"eq", id}}));
        auto found = deleted_too ? twenty::deleted_too(std::move(by_id)) : json::value(by_id);
        variables v;
        v.add("filter", type_name(of, "FilterInput"), of.within_scope(std::move(found)));
        return graphql_post("query" + v.header() + "{" + root_one(of) + v.arguments() + "{" +
                                std::string(selection) + "}}",
                            v.take());
    }
    // A filter that mentions deletedAt is how Twenty is asked for deleted records too.
    const auto deleted = deleted_too ? ",or:[{deletedAt:{is:NULL}},{deletedAt:{is:NOT_NULL}}]" : "";
    return graphql_post("query{" + root_one(of) + "(filter:{id:{eq:" + literal + "}" + deleted +
                            "}){" + std::string(selection) + "}}",
                        {});
}

result<request> create_request(const writable_object& of, std::string_view id,
                               const json::object& values, std::string_view selection) {
    CHECK_OK(id_literal(id));
    const auto type = type_name(of);
    // The id is ours whatever `values` holds: write_one() knows a repetition by it.
    auto data = values;
    data.set("id", id);
    auto r = graphql_post("mutation($data:" + type + "CreateInput!){" + mutation_one("create", of) +
                              "(data:$data){" + std::string(selection) + "}}",
                          json::make({{"data", std::move(data)}}));
    r.is_write = true;
    r.safe_to_repeat = true;
    return r;
}

result<request> create_many_request(const writable_object& of,
                                    const std::vector<json::object>& records,
                                    std::string_view selection) {
    json::array listed;
    for (const auto& r : records) {
        CHECK_OK(id_literal(json::value(r).text("id")));
        listed.emplace_back(r);
    }
    auto r = graphql_post("mutation($data:[" + type_name(of, "CreateInput") + "!]!){" +
                              mutation_many("create", of) + "(data:$data){" +
                              std::string(selection) + "}}",
                          json::make({{"data", std::move(listed)}}));
    r.is_write = true;
    r.safe_to_repeat = true;
    return r;
}

result<request> update_request(const writable_object& of, std::string_view id,
                               const json::object& values, std::string_view selection) {
    TRY(literal, id_literal(id));
    const auto type = type_name(of);
    auto r = graphql_post("mutation($data:" + type + "UpdateInput!){" + mutation_one("update", of) +
                              "(id:" + literal + ",data:$data){" + std::string(selection) + "}}",
                          json::make({{"data", values}}));
    r.is_write = true;
    r.safe_to_repeat = false; // another's change may have come between
    return r;
}

result<request> delete_request(const writable_object& of, std::string_view id,
                               std::string_view selection) {
    return by_id(of, "delete", id, selection);
}

result<request> restore_request(const writable_object& of, std::string_view id,
                                std::string_view selection) {
    return by_id(of, "restore", id, selection);
}

} // namespace twenty

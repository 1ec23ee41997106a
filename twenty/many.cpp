#include "twenty/many.hpp"

#include "base/text.hpp"
#include "twenty/graphql_post.hpp"
#include "twenty/names.hpp"

namespace twenty {

namespace {

// Threat: an empty or foreign filter changes the whole collection. Defence: the condition is made
// here, of ids that are UUIDs, of at least one of them, and of nothing else; as a literal, so that
// a reader of the document sees all that can be changed.
result<std::string> ids_filter(const std::vector<std::string>& ids) {
    if (ids.empty() || ids.size() > most_changed)
        return error{errc::bad_request, "Give 1 to 200 ids."};
    std::string listed;
    for (const auto& id : ids) {
        if (!text::is_uuid(id))
            return error{errc::bad_request, "Every id must be a record's UUID."};
        listed += (listed.empty() ? "\"" : ",\"") + id + "\"";
    }
    return "filter:{id:{in:[" + listed + "]}}";
}

result<request> change(const writable_object& of, std::string_view verb,
                       const std::vector<std::string>& ids, std::string_view selection) {
    TRY(filter, ids_filter(ids));
    auto r = graphql_post("mutation{" + mutation_many(verb, of) + "(" + filter + "){" +
                              std::string(selection) + "}}",
                          {});
    r.is_write = true;
    r.safe_to_repeat = true; // deleting or restoring twice ends in the same state
    return r;
}

} // namespace

result<request> update_many_request(const writable_object& of, const std::vector<std::string>& ids,
                                    const json::object& values, std::string_view selection) {
    TRY(filter, ids_filter(ids));
    json::object variables;
    variables.append("data", values);
    auto r = graphql_post("mutation($data:" + type_name(of, "UpdateInput") + "!){" +
                              mutation_many("update", of) + "(" + filter + ",data:$data){" +
                              std::string(selection) + "}}",
                          std::move(variables));
    r.is_write = true;
    r.safe_to_repeat = false; // another's change may have come between
    return r;
}

result<request> delete_many_request(const writable_object& of, const std::vector<std::string>& ids,
                                    std::string_view selection) {
    return change(of, "delete", ids, selection);
}

result<request> restore_many_request(const writable_object& of, const std::vector<std::string>& ids,
                                     std::string_view selection) {
    return change(of, "restore", ids, selection);
}

} // namespace twenty

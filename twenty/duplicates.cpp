#include "twenty/duplicates.hpp"

#include "base/text.hpp"
#include "twenty/graphql_post.hpp"
#include "twenty/names.hpp"

#include <set>

namespace twenty {

namespace {

// Threat: an id closes the list and goes on in the document. Defence: only UUIDs are written.
result<std::string> listed(const std::vector<std::string>& ids) {
    std::set<std::string> seen;
    std::string out;
    for (const auto& id : ids) {
        if (!text::is_uuid(id))
            return error{errc::bad_request, "Every id must be a record's UUID."};
        if (!seen.insert(text::lower(id)).second)
            return error{errc::bad_request, "The same record is named twice."};
        out += (out.empty() ? "\"" : ",\"") + id + "\"";
    }
    return "[" + out + "]";
}

result<request> merge(const writable_object& of, const std::vector<std::string>& ids,
                      std::string_view selection, bool dry) {
    if (ids.size() < fewest_merged || ids.size() > most_merged)
        return error{errc::bad_request, "2 to 9 records can be merged at once."};
    TRY(list, listed(ids));
    return graphql_post("mutation{" + mutation_many("merge", of) + "(ids:" + list +
                            ",conflictPriorityIndex:0,dryRun:" + (dry ? "true" : "false") + "){" +
                            std::string(selection) + "}}",
                        {});
}

} // namespace

result<request> duplicates_request(const readable_object& of, const std::string& id,
                                   std::string_view selection) {
    // The root takes no filter, so that it would show rows outside the scope.
    if (!of.scope().is_null())
        return error{errc::not_allowed, "This connection sees only some of " + of->name_plural +
                                            ", so Twenty cannot look for duplicates among them."};
    TRY(list, listed({id}));
    return graphql_post("{" + root_duplicates(of) + "(ids:" + list + "){edges{node{" +
                            std::string(selection) + "}}}}",
                        {});
}

result<request> merge_request(const writable_object& of, const std::vector<std::string>& ids,
                              std::string_view selection) {
    TRY(r, merge(of, ids, selection, false));
    r.is_write = true;
    r.safe_to_repeat = false; // the second time the others are gone
    return r;
}

result<request> dry_merge_request(const writable_object& of, const std::vector<std::string>& ids,
                                  std::string_view selection) {
    TRY(r, merge(of, ids, selection, true));
    r.safe_to_repeat = true;
    return r;
}

} // namespace twenty

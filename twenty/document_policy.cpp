// The judgement of hand-written GraphQL documents: access.hpp's graphql_request(). The document is
// parsed, must hold one operation, and its variables are put in. Each root is found among those
// that there are, its arguments are judged with their values, and what is selected below it is
// walked (document_selections.cpp). What is sent is the text that was judged, byte by byte: the
// parser takes nothing that Twenty could read otherwise.
#include "base/text.hpp"
#include "twenty/document_change.hpp"
#include "twenty/document_judge.hpp"
#include "twenty/values.hpp"

#include <algorithm>

namespace twenty {

namespace {

using kind = place::kind;
constexpr std::size_t most_roots = 20; // Twenty's own limit

error queries_only() {
    return {errc::not_allowed,
            "This tool runs queries only; use run_graphql_mutation in write mode "
            "for changes."};
}

} // namespace

// Twenty does not apply defaults and reads a missing variable as undefined, so both would make
// us judge another document than the one that runs.
result<done> document_judge::declare(const graphql::operation& op) {
    for (const auto& v : op.variables)
        given_.emplace(v.name, nullptr);
    // Each given value is looked at once: a thousand declared ones among fifty thousand given are
    // not sought one by one.
    if (const auto* members = variables_.if_object())
        for (const auto& [name, v] : *members)
            if (const auto wanted = given_.find(name); wanted != given_.end()) wanted->second = &v;
    for (const auto& v : op.variables) {
        if (v.fallback)
            return bad_request("The default of $" + v.name +
                               " has no effect in Twenty; give the value in variables.");
        CHECK_OK(directives(v.directives));
        const auto* given = variable(v.name);
        if (!given) return bad_request("variables lacks a value for $" + v.name + ".");
    }
    return done{};
}

result<done> document_judge::operation(const graphql::operation& op) {
    using enum graphql::operation_kind;
    if (op.kind == subscription) return bad_request("Subscriptions are not offered.");
    // A dry run stands in the document as a mutation and changes nothing, so the tool for queries
    // takes it, on a read connection too. record_root() lets nothing else of that kind pass.
    dry_ = tool_ == graphql_tool::query && op.kind == mutation;
    if (dry_ && where_ != endpoint::records) return queries_only();
    if (tool_ == graphql_tool::mutation) {
        if (op.kind != mutation)
            return bad_request("This tool runs mutations only; use run_graphql for queries.");
        if (may_.mode() != mode::write)
            return error{errc::not_allowed,
                         "This connection is read-only; connect again in write mode."};
    }
    CHECK_OK(directives(op.directives));
    CHECK_OK(declare(op));
    CHECK_OK(roots(op.selections));
    if (root_names_.empty()) return bad_request("The document selects nothing.");
    // A fragment is judged where it is spread; one that never is would be sent unjudged.
    for (const auto& f : doc_.fragments)
        if (!used_.contains(f.name))
            return bad_request("The fragment " + in_quotes(f.name) + " is never used; remove it.");
    return done{};
}

result<done> document_judge::roots(const graphql::selection_set& set) {
    const auto* type = tool_ == graphql_tool::query && !dry_ ? "Query" : "Mutation";
    for (const auto& s : set) {
        if (++seen_ > most_selections) return bad_request("The document is too large.");
        if (const auto* f = std::get_if<graphql::field>(&s.node)) {
            CHECK_OK(root(*f));
        } else if (const auto* in = std::get_if<graphql::inline_fragment>(&s.node)) {
            CHECK_OK(directives(in->directives));
            if (!in->type_condition.empty() && in->type_condition != type)
                return bad_request("A fragment at the top must be on " + std::string(type) + ".");
            CHECK_OK(roots(in->selections));
        } else {
            // Root fields stand where every reader of the document looks for them.
            return bad_request("Write root fields in the operation itself, not in a fragment.");
        }
    }
    return done{};
}

result<done> document_judge::root(const graphql::field& f) {
    if (!f.directives.empty())
        return bad_request("Twenty ignores directives on a root field; leave " + in_quotes(f.name) +
                           " out of the document instead.");
    if (std::find(root_names_.begin(), root_names_.end(), f.name) != root_names_.end())
        return bad_request(
            "Twenty runs a root field once a document, aliases notwithstanding; send " +
            in_quotes(f.name) + " in separate calls.");
    root_names_.push_back(f.name);
    if (root_names_.size() > most_roots)
        return bad_request("Twenty runs at most 20 root fields a document.");
    if (dry_) return record_root(f);
    // __typename tells the name of a root type, which is no secret of any workspace.
    if (f.name == "__typename") return below(f, place{});
    if (f.name == "__schema" || f.name == "__type") {
        if (may_.restricted())
            return error{errc::not_allowed, "This connection is limited to certain objects, so "
                                            "the whole schema is not shown; use describe_object."};
        place open;
        open.what = kind::introspection;
        return below(f, open);
    }
    return where_ == endpoint::metadata ? metadata_root(f) : record_root(f);
}

result<done> document_judge::metadata_root(const graphql::field& f) {
    if (may_.restricted())
        return error{errc::not_allowed, "This connection is limited to certain objects, so the "
                                        "metadata API is closed; use list_objects and "
                                        "describe_object."};
    const auto roots =
        tool_ == graphql_tool::query ? metadata::query_roots() : metadata::mutation_roots();
    // metadata_types lists what is offered, because keys, webhooks and invitations live on the same
    // endpoint.
    for (const auto& r : roots) {
        if (r.name != f.name) continue;
        CHECK_OK(expanded(f)); // check_options_stay() makes JSON of an input
        for (const auto& a : f.arguments)
            CHECK_OK(bound(a.val));
        place to;
        to.what = kind::metadata;
        to.described = metadata::find_type(r.type);
        return below(f, to);
    }
    std::vector<std::string> offered;
    for (const auto& r : roots)
        offered.emplace_back(r.name);
    return error{errc::not_allowed, in_quotes(f.name) +
                                        " is not offered on the metadata endpoint; " +
                                        "offered: " + text::join(offered, ", ") + "."};
}

result<done> document_judge::record_root(const graphql::field& f) {
    const bool mutates = tool_ == graphql_tool::mutation || dry_;
    auto found = mutates ? record_mutation(may_, f.name) : record_query(may_, f.name);
    // A root that is unknown and one that is no dry run get the same answer in the tool for
    // queries.
    if (dry_ && (!found || !found->dry_run_only)) return queries_only();
    if (!found) return std::move(found).failure();
    // Threat: a variable, or Twenty's default, makes a merge of a dry run. Defence: the word stands
    // in the document.
    if (const auto* dry = f.find_argument("dryRun");
        found->dry_run_only &&
        (!dry || dry->type != graphql::value::kind::boolean || dry->text != "true"))
        return error{errc::not_allowed, std::string(*found->dry_run_only)};
    // Twenty runs the roots of a mutation at once, not one after the other (GraphQL 6.2.2).
    if (mutates && ++writes_ > 1)
        return bad_request(
            "Twenty runs the mutations of a document at once; send one mutation a call.");
    CHECK_OK(arguments(f, *found));
    if (f.name == "search") CHECK_OK(search_scope(f));
    return below(f, found->to);
}

// Threat: search finds records of every object. Defence: a restricted grant names the objects,
// and each must be its own.
result<done> document_judge::search_scope(const graphql::field& f) {
    if (!may_.restricted()) return done{};
    // search's filter is of no object and so judged by nobody; a list of what is left out would
    // open every object that is not on it.
    if (f.find_argument("filter") || f.find_argument("excludedObjectNameSingulars"))
        return error{errc::not_allowed, "This connection is limited to certain objects; search "
                                        "takes includedObjectNameSingulars only."};
    const auto* wanted = f.find_argument("includedObjectNameSingulars");
    const auto listed = wanted ? value_of(*wanted) : json::value();
    const auto* names = listed.if_array();
    if (!names || names->empty())
        return error{errc::not_allowed, "This connection is limited to certain objects; name them "
                                        "in includedObjectNameSingulars."};
    for (const auto& n : *names) {
        const auto* o = n.if_string() ? may_.schema().by_singular(*n.if_string()) : nullptr;
        if (!o || !may_.can_search(*o))
            return error{errc::not_allowed, "This connection may not search that object; "
                                            "list_objects shows which it may."};
    }
    return done{};
}

result<request> graphql_request(const access& may, graphql_tool tool, endpoint where,
                                std::string_view document, const json::value& variables,
                                std::string_view operation_name, document_change* change) {
    if (text::trim(document).empty()) return bad_request("The GraphQL document is empty.");
    if (!variables.is_null() && !variables.is_object())
        return bad_request("variables must be an object.");
    TRY(doc, graphql::parse(document));
    if (doc.operations.size() != 1)
        return bad_request("Send one operation a call; this document has " +
                           std::to_string(doc.operations.size()) + ".");
    const auto& op = doc.operations.front();
    if (!operation_name.empty() && op.name != operation_name)
        return bad_request("operationName names no operation of the document.");

    document_judge j(may, tool, where, doc, variables);
    CHECK_OK(j.operation(op));
    if (change && tool == graphql_tool::mutation && where == endpoint::records)
        *change = change_of(may, op, [&j](std::string_view name) { return j.variable(name); });

    request r;
    r.target = where == endpoint::metadata ? "/metadata" : "/graphql";
    // A mutation is never repeated: of a hand-written document nobody knows what a second run does.
    r.is_write = tool == graphql_tool::mutation; // a dry run changes nothing
    r.safe_to_repeat = !r.is_write;
    json::writer body;
    body.begin_object().member("query", document);
    // Nothing but what is declared is sent.
    if (!op.variables.empty()) {
        body.key("variables").begin_object();
        for (const auto& v : op.variables)
            body.member(v.name, *j.variable(v.name));
        body.end_object();
    }
    if (!op.name.empty()) body.member("operationName", op.name);
    body.end_object();
    r.body = body.take();
    return r;
}

} // namespace twenty

// The judgement of hand-written GraphQL documents: access.hpp's graphql_request().
#include "base/text.hpp"
#include "twenty/access.hpp"
#include "twenty/document_arguments.hpp"
#include "twenty/document_types.hpp"
#include "twenty/document_weight.hpp"
#include "twenty/graphql.hpp"
#include "twenty/values.hpp"

#include <algorithm>

namespace twenty {

namespace {

using kind = place::kind;
constexpr std::size_t most_roots = 20;                       // Twenty's own limit
constexpr std::size_t most_expanded = std::size_t{4} << 20U; // bytes of all arguments
constexpr std::size_t most_selections = 4'000; // fragments expanded: no exponential documents

error refuse(std::string message) { return {errc::bad_request, std::move(message)}; }

error queries_only() {
    return {errc::not_allowed,
            "This tool runs queries only; use run_graphql_mutation in write mode "
            "for changes."};
}

class judge {
  public:
    judge(const access& may, graphql_tool tool, endpoint where, const graphql::document& doc,
          const json::value& variables)
        : may_(may), tool_(tool), where_(where), doc_(doc), variables_(variables) {}

    result<void> operation(const graphql::operation& op);
    // The declared variables that have a value: nothing else is sent.
    [[nodiscard]] const json::object& used_variables() const noexcept { return declared_; }

  private:
    result<void> declare(const graphql::operation& op);
    result<void> roots(const graphql::selection_set& set);
    result<void> root(const graphql::field& f);
    result<void> metadata_root(const graphql::field& f);
    result<void> record_root(const graphql::field& f);
    result<void> selections(const graphql::selection_set& set, const place& at);
    result<void> field(const graphql::field& f, const place& at);
    result<void> below(const graphql::field& f, const place& to);
    result<void> fragment(const graphql::fragment_spread& s, const place& at);
    result<void> directives(const std::vector<graphql::directive>& all) const;
    result<void> pages_backwards(const graphql::field& f) const;
    result<void> arguments(const graphql::field& f, const root_field& takes);
    result<void> search_scope(const graphql::field& f);
    result<void> bound(const graphql::value& v) const;
    [[nodiscard]] json::value value_of(const graphql::value& v) const {
        return graphql::to_json(v, json::value(declared_));
    }

    const access& may_;
    graphql_tool tool_;
    endpoint where_;
    const graphql::document& doc_;
    const json::value& variables_;
    json::object declared_;
    std::vector<std::string_view> open_; // fragments being walked
    std::vector<std::string_view> used_; // fragments seen
    std::vector<std::string_view> root_names_;
    document_weight weight_;
    std::size_t expanded_ = 0;
    std::size_t seen_ = 0;
    std::size_t writes_ = 0;
    bool dry_ = false; // a mutation in the tool for queries: dry runs only
};

// Twenty does not apply defaults and reads a missing variable as undefined, so both would make
// us judge another document than the one that runs.
result<void> judge::declare(const graphql::operation& op) {
    for (const auto& v : op.variables) {
        if (v.fallback)
            return refuse("The default of $" + v.name +
                          " has no effect in Twenty; give the value in variables.");
        CHECK_OK(directives(v.directives));
        const auto* given = variables_.find(v.name);
        if (!given) return refuse("variables lacks a value for $" + v.name + ".");
        declared_.append(v.name, *given);
    }
    return {};
}

result<void> judge::operation(const graphql::operation& op) {
    using enum graphql::operation_kind;
    if (op.kind == subscription) return refuse("Subscriptions are not offered.");
    dry_ = tool_ == graphql_tool::query && op.kind == mutation;
    if (dry_ && where_ != endpoint::records) return queries_only();
    if (tool_ == graphql_tool::mutation) {
        if (op.kind != mutation)
            return refuse("This tool runs mutations only; use run_graphql for queries.");
        if (may_.mode() != mode::write)
            return error{errc::not_allowed,
                         "This connection is read-only; connect again in write mode."};
    }
    CHECK_OK(directives(op.directives));
    CHECK_OK(declare(op));
    CHECK_OK(roots(op.selections));
    if (root_names_.empty()) return refuse("The document selects nothing.");
    for (const auto& f : doc_.fragments)
        if (std::find(used_.begin(), used_.end(), f.name) == used_.end())
            return refuse("The fragment " + in_quotes(f.name) + " is never used; remove it.");
    return {};
}

result<void> judge::roots(const graphql::selection_set& set) {
    const auto* type = tool_ == graphql_tool::query && !dry_ ? "Query" : "Mutation";
    for (const auto& s : set) {
        if (++seen_ > most_selections) return refuse("The document is too large.");
        if (const auto* f = std::get_if<graphql::field>(&s.node)) {
            CHECK_OK(root(*f));
        } else if (const auto* in = std::get_if<graphql::inline_fragment>(&s.node)) {
            CHECK_OK(directives(in->directives));
            if (!in->type_condition.empty() && in->type_condition != type)
                return refuse("A fragment at the top must be on " + std::string(type) + ".");
            CHECK_OK(roots(in->selections));
        } else {
            // Root fields stand where every reader of the document looks for them.
            return refuse("Write root fields in the operation itself, not in a fragment.");
        }
    }
    return {};
}

result<void> judge::root(const graphql::field& f) {
    if (!f.directives.empty())
        return refuse("Twenty ignores directives on a root field; leave " + in_quotes(f.name) +
                      " out of the document instead.");
    if (std::find(root_names_.begin(), root_names_.end(), f.name) != root_names_.end())
        return refuse("Twenty runs a root field once a document, aliases notwithstanding; send " +
                      in_quotes(f.name) + " in separate calls.");
    root_names_.push_back(f.name);
    if (root_names_.size() > most_roots)
        return refuse("Twenty runs at most 20 root fields a document.");
    if (dry_) return record_root(f);
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

result<void> judge::metadata_root(const graphql::field& f) {
    if (may_.restricted())
        return error{errc::not_allowed, "This connection is limited to certain objects, so the "
                                        "metadata API is closed; use list_objects and "
                                        "describe_object."};
    const auto roots =
        tool_ == graphql_tool::query ? metadata::query_roots() : metadata::mutation_roots();
    for (const auto& r : roots) {
        if (r.name != f.name) continue;
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

result<void> judge::record_root(const graphql::field& f) {
    const bool mutates = tool_ == graphql_tool::mutation || dry_;
    auto found = mutates ? record_mutation(may_, f.name) : record_query(may_, f.name);
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
        return refuse("Twenty runs the mutations of a document at once; send one mutation a call.");
    CHECK_OK(arguments(f, *found));
    if (f.name == "search") CHECK_OK(search_scope(f));
    return below(f, found->to);
}

// Threat: search finds records of every object. Defence: a restricted grant names the objects,
// and each must be its own.
result<void> judge::search_scope(const graphql::field& f) {
    if (!may_.restricted()) return {};
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
    return {};
}

result<void> judge::selections(const graphql::selection_set& set, const place& at) {
    for (const auto& s : set) {
        if (++seen_ > most_selections) return refuse("The document is too large.");
        if (const auto* f = std::get_if<graphql::field>(&s.node)) {
            CHECK_OK(field(*f, at));
        } else if (const auto* in = std::get_if<graphql::inline_fragment>(&s.node)) {
            CHECK_OK(directives(in->directives));
            // Threat: Twenty ignores type conditions, so `... on Company` inside a person would
            // be judged as one thing and run as another. Defence: only the place's own type.
            if (!in->type_condition.empty() && at.what != kind::introspection &&
                in->type_condition != type_name(at))
                return refuse("A fragment on " + in_quotes(in->type_condition) +
                              " can't stand here.");
            CHECK_OK(selections(in->selections, at));
        } else {
            CHECK_OK(fragment(std::get<graphql::fragment_spread>(s.node), at));
        }
    }
    return {};
}

result<void> judge::fragment(const graphql::fragment_spread& s, const place& at) {
    CHECK_OK(directives(s.directives));
    const auto* f = doc_.find_fragment(s.name);
    if (!f) return refuse("The fragment " + in_quotes(s.name) + " is not defined.");
    if (std::find(open_.begin(), open_.end(), f->name) != open_.end())
        return refuse("The fragment " + in_quotes(s.name) + " contains itself.");
    if (at.what != kind::introspection && f->type_condition != type_name(at))
        return refuse("The fragment " + in_quotes(s.name) + " on " + in_quotes(f->type_condition) +
                      " can't stand here.");
    CHECK_OK(directives(f->directives));
    used_.push_back(f->name);
    open_.push_back(f->name);
    auto walked = selections(f->selections, at);
    open_.pop_back();
    return walked;
}

result<void> judge::field(const graphql::field& f, const place& at) {
    CHECK_OK(directives(f.directives));
    if (f.name == "__typename") return below(f, place{});
    TRY(to, member_of(may_, at, f.name));
    if (at.what == kind::introspection || at.what == kind::metadata) {
        for (const auto& a : f.arguments)
            CHECK_OK(bound(a.val));
        if (at.what == kind::introspection) return selections(f.selections, to);
        return below(f, to);
    }
    if (at.what == kind::record || at.what == kind::composite) CHECK_OK(own_name(f));
    root_field takes{to, {}};
    if (at.what == kind::record && to.what == kind::connection) takes.arguments = list_arguments();
    CHECK_OK(arguments(f, takes));
    return below(f, to);
}

// Leaves have no selection; everything else must have one, or Twenty answers null.
result<void> judge::below(const graphql::field& f, const place& to) {
    if (to.what == kind::leaf) {
        if (!f.selections.empty())
            return refuse(in_quotes(f.name) + " is a value; it takes no selection.");
        return {};
    }
    if (f.selections.empty()) {
        std::string parts;
        if (to.parts)
            for (const auto& p : to.parts->parts)
                parts += (parts.empty() ? "" : " ") + std::string(p.name);
        return refuse(in_quotes(f.name) + " needs a selection: {" +
                      (parts.empty() ? std::string("…") : parts) + "}.");
    }
    return selections(f.selections, to);
}

result<void> judge::directives(const std::vector<graphql::directive>& all) const {
    for (const auto& d : all) {
        if (d.name != "skip" && d.name != "include")
            return refuse("The directive @" + d.name + " is not offered.");
        for (const auto& a : d.arguments) {
            CHECK_OK(bound(a.val));
            if (a.val.type == graphql::value::kind::variable)
                return refuse("Twenty fails on a variable in @" + d.name +
                              "; write true or false.");
        }
    }
    return {};
}

// Twenty reads `last` without `before` as `first`.
result<void> judge::pages_backwards(const graphql::field& f) const {
    const auto* last = f.find_argument("last");
    if (!last || value_of(*last).is_null()) return {};
    const auto* before = f.find_argument("before");
    if (before && !value_of(*before).is_null()) return {};
    return refuse("last without before gives the first rows in Twenty; give before, or turn "
                  "orderBy round and use first.");
}

// Every variable inside is declared and has a value.
result<void> judge::bound(const graphql::value& v) const {
    if (v.type == graphql::value::kind::variable && !declared_.contains(v.text))
        return refuse("$" + v.text + " is not declared by the operation.");
    for (const auto& item : v.items)
        CHECK_OK(bound(item));
    for (const auto& member : v.members)
        CHECK_OK(bound(member.val));
    return {};
}

// Threat: a variable of 60 KB that is named a thousand times in two bytes each takes gigabytes, and
// the only thread for minutes. Defence: what arguments take with their variables is counted before
// any of it is made.
result<void> judge::arguments(const graphql::field& f, const root_field& takes) {
    for (const auto& a : f.arguments)
        expanded_ += weight_.of(a.val, declared_);
    if (expanded_ > most_expanded)
        return refuse(
            "The arguments are too long with their variables; name a long variable once.");
    CHECK_OK(pages_backwards(f));
    const auto& allowed = takes.arguments;
    for (const auto& a : f.arguments) {
        if (std::find(allowed.begin(), allowed.end(), a.name) == allowed.end()) {
            std::vector<std::string> known(allowed.begin(), allowed.end());
            return refuse(in_quotes(f.name) + " takes no argument " + in_quotes(a.name) +
                          (known.empty() ? "." : "; it takes " + text::join(known, ", ") + "."));
        }
        CHECK_OK(bound(a.val));
        CHECK_OK(check_argument(may_, a.name, value_of(a.val), takes));
    }
    return {};
}

} // namespace

result<request> graphql_request(const access& may, graphql_tool tool, endpoint where,
                                std::string_view document, const json::value& variables,
                                std::string_view operation_name) {
    if (text::trim(document).empty()) return refuse("The GraphQL document is empty.");
    if (!variables.is_null() && !variables.is_object())
        return refuse("variables must be an object.");
    TRY(doc, graphql::parse(document));
    if (doc.operations.size() != 1)
        return refuse("Send one operation a call; this document has " +
                      std::to_string(doc.operations.size()) + ".");
    const auto& op = doc.operations.front();
    if (!operation_name.empty() && op.name != operation_name)
        return refuse("operationName names no operation of the document.");

    judge j(may, tool, where, doc, variables);
    CHECK_OK(j.operation(op));

    request r;
    r.target = where == endpoint::metadata ? "/metadata" : "/graphql";
    r.is_write = tool == graphql_tool::mutation; // a dry run changes nothing
    r.safe_to_repeat = !r.is_write;
    json::writer body;
    body.begin_object().member("query", document);
    if (!j.used_variables().empty()) body.member("variables", json::value(j.used_variables()));
    if (!op.name.empty()) body.member("operationName", op.name);
    body.end_object();
    r.body = body.take();
    return r;
}

} // namespace twenty

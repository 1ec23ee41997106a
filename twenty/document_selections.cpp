// The selections of a document below its roots: fields, fragments, arguments, directives.
#include "base/text.hpp"
#include "twenty/document_arguments.hpp"
#include "twenty/document_judge.hpp"
#include "twenty/values.hpp"

#include <algorithm>

namespace twenty {

namespace {

using kind = place::kind;

} // namespace

// Threat: the parser bounds what stands nested in the text; hundreds of fragments that each spread
// the next take the stack of whoever follows them. Defence: levels are counted through fragments.
result<done> document_judge::selections(const graphql::selection_set& set, const place& at) {
    if (depth_ == deepest_selection)
        return bad_request("The document is nested more than 64 levels deep with its fragments.");
    ++depth_;
    auto walked = level(set, at);
    --depth_;
    return walked;
}

result<done> document_judge::level(const graphql::selection_set& set, const place& at) {
    for (const auto& s : set) {
        if (++seen_ > most_selections) return bad_request("The document is too large.");
        if (const auto* f = std::get_if<graphql::field>(&s.node)) {
            CHECK_OK(field(*f, at));
        } else if (const auto* in = std::get_if<graphql::inline_fragment>(&s.node)) {
            CHECK_OK(directives(in->directives));
            // Threat: Twenty ignores type conditions, so `... on Company` inside a person would
            // be judged as one thing and run as another. Defence: only the place's own type.
            if (!in->type_condition.empty() && at.what != kind::introspection &&
                in->type_condition != type_name(at))
                return bad_request("A fragment on " + in_quotes(in->type_condition) +
                                   " can't stand here.");
            CHECK_OK(selections(in->selections, at));
        } else {
            CHECK_OK(fragment(std::get<graphql::fragment_spread>(s.node), at));
        }
    }
    return done{};
}

result<done> document_judge::fragment(const graphql::fragment_spread& s, const place& at) {
    CHECK_OK(directives(s.directives));
    const auto known = fragments_.find(s.name);
    if (known == fragments_.end())
        return bad_request("The fragment " + in_quotes(s.name) + " is not defined.");
    const auto* f = known->second;
    if (std::find(open_.begin(), open_.end(), f->name) != open_.end())
        return bad_request("The fragment " + in_quotes(s.name) + " contains itself.");
    if (at.what != kind::introspection && f->type_condition != type_name(at))
        return bad_request("The fragment " + in_quotes(s.name) + " on " +
                           in_quotes(f->type_condition) + " can't stand here.");
    // A fragment is judged anew at each place that spreads it, because its fields may be of another
    // place there; most_selections bounds the sum of these walks.
    CHECK_OK(directives(f->directives));
    used_.insert(f->name);
    open_.push_back(f->name);
    auto walked = selections(f->selections, at);
    open_.pop_back();
    return walked;
}

result<done> document_judge::field(const graphql::field& f, const place& at) {
    CHECK_OK(directives(f.directives));
    if (f.name == "__typename") return below(f, place{});
    TRY(to, member_of(may_, at, f.name));
    // Arguments of introspection and metadata carry ids and pages of no records; only their
    // variables have to be declared.
    if (at.what == kind::introspection || at.what == kind::metadata) {
        for (const auto& a : f.arguments)
            CHECK_OK(bound(a.val));
        if (at.what == kind::introspection) return selections(f.selections, to);
        return below(f, to);
    }
    if (at.what == kind::record || at.what == kind::composite) CHECK_OK(own_name(f));
    // Of all fields below a root only lists of records take arguments.
    root_field takes{to, {}};
    if (at.what == kind::record && to.what == kind::connection) takes.arguments = list_arguments();
    CHECK_OK(arguments(f, takes));
    return below(f, to);
}

// Leaves have no selection; everything else must have one, or Twenty answers null.
result<done> document_judge::below(const graphql::field& f, const place& to) {
    if (to.what == kind::leaf) {
        if (!f.selections.empty())
            return bad_request(in_quotes(f.name) + " is a value; it takes no selection.");
        return done{};
    }
    if (f.selections.empty()) {
        std::string parts;
        if (to.parts)
            for (const auto& p : to.parts->parts)
                parts += (parts.empty() ? "" : " ") + std::string(p.name);
        return bad_request(in_quotes(f.name) + " needs a selection: {" +
                           (parts.empty() ? std::string("…") : parts) + "}.");
    }
    return selections(f.selections, to);
}

result<done> document_judge::directives(const std::vector<graphql::directive>& all) const {
    for (const auto& d : all) {
        if (d.name != "skip" && d.name != "include")
            return bad_request("The directive @" + d.name + " is not offered.");
        for (const auto& a : d.arguments) {
            CHECK_OK(bound(a.val));
            if (a.val.type == graphql::value::kind::variable)
                return bad_request("Twenty fails on a variable in @" + d.name +
                                   "; write true or false.");
        }
    }
    return done{};
}

// Twenty reads `last` without `before` as `first`.
result<done> document_judge::pages_backwards(const graphql::field& f) const {
    const auto* last = f.find_argument("last");
    if (!last || value_of(*last).is_null()) return done{};
    const auto* before = f.find_argument("before");
    if (before && !value_of(*before).is_null()) return done{};
    return bad_request("last without before gives the first rows in Twenty; give before, or turn "
                       "orderBy round and use first.");
}

// bound() holds when every variable inside is declared and has a value: Twenty reads a missing one
// as undefined and does not say so.
result<done> document_judge::bound(const graphql::value& v) const {
    if (v.type == graphql::value::kind::variable && !variable(v.text))
        return bad_request("$" + v.text + " is not declared by the operation.");
    for (const auto& item : v.items)
        CHECK_OK(bound(item));
    for (const auto& member : v.members)
        CHECK_OK(bound(member.val));
    return done{};
}

// Threat: a variable of 60 KB that is named a thousand times in two bytes each takes gigabytes, and
// the only thread for minutes. Defence: what arguments take with their variables is counted before
// any of it is made.
result<done> document_judge::expanded(const graphql::field& f) {
    for (const auto& a : f.arguments)
        expanded_ += weight_.of(a.val);
    if (expanded_ > most_expanded)
        return bad_request(
            "The arguments are too long with their variables; name a long variable once.");
    return done{};
}

result<done> document_judge::arguments(const graphql::field& f, const root_field& takes) {
    CHECK_OK(expanded(f));
    CHECK_OK(pages_backwards(f));
    const auto& allowed = takes.arguments;
    for (const auto& a : f.arguments) {
        if (std::find(allowed.begin(), allowed.end(), a.name) == allowed.end()) {
            std::vector<std::string> known(allowed.begin(), allowed.end());
            return bad_request(
                in_quotes(f.name) + " takes no argument " + in_quotes(a.name) +
                (known.empty() ? "." : "; it takes " + text::join(known, ", ") + "."));
        }
        CHECK_OK(bound(a.val));
        CHECK_OK(check_argument(may_, a.name, value_of(a.val), takes));
    }
    return done{};
}

} // namespace twenty

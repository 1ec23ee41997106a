// GraphQL documents of a model: the variables in the first line, the document in the rest.
// Promises: a query tool sends no mutation but dry runs of merges, the request carries exactly the
// document that was judged, and a connection with fewer objects never may do more.
#include "twenty/graphql.hpp"

#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/access.hpp"

#include <algorithm>
#include <variant>

namespace {

using twenty::endpoint;
using twenty::graphql_tool;

namespace graphql = twenty::graphql;

bool only_dry_runs(const graphql::selection_set& set) {
    return std::ranges::all_of(set, [](const graphql::selection& s) {
        if (const auto* in = std::get_if<graphql::inline_fragment>(&s.node))
            return only_dry_runs(in->selections);
        const auto* f = std::get_if<graphql::field>(&s.node);
        const auto* dry = f && f->name.starts_with("merge") ? f->find_argument("dryRun") : nullptr;
        return dry && dry->type == graphql::value::kind::boolean && dry->text == "true";
    });
}

void check_request(const twenty::request& sent, std::string_view document, graphql_tool tool) {
    const auto body = json::parse(sent.body);
    fuzz::must(body.ok(), "what is sent is JSON");
    fuzz::must(body->text("query") == document, "what is sent is what was judged");
    const auto again = twenty::graphql::parse(document);
    fuzz::must(again && again->operations.size() == 1, "one operation is sent");
    const auto& op = again->operations[0];
    const bool mutates = op.kind == graphql::operation_kind::mutation;
    fuzz::must(mutates || op.kind == graphql::operation_kind::query, "no subscription is sent");
    fuzz::must(mutates == (tool == graphql_tool::mutation) || only_dry_runs(op.selections),
               "each tool sends its own kind of operation");
    fuzz::must(sent.is_write == (tool == graphql_tool::mutation), "a write is marked");
    fuzz::must(sent.target == "/graphql" || sent.target == "/metadata", "there are two addresses");
}

} // namespace

void fuzz::graphql(std::string_view bytes) {
    static const auto all = support::sample_access(twenty::mode::write);
    static const auto reading = support::sample_access(twenty::mode::read);
    static const auto people = support::sample_access(twenty::mode::write, {"person"});
    static const auto people_and_more =
        support::sample_access(twenty::mode::write, {"person", "company"});

    const auto parsed_variables = json::parse(take_line(bytes));
    const auto variables = parsed_variables ? *parsed_variables : json::value();
    const auto document = twenty::graphql::parse(bytes);
    if (document) {
        must(!document->operations.empty(), "a document has an operation");
        for (const auto& op : document->operations)
            for (const auto& v : op.variables)
                if (v.fallback) (void)twenty::graphql::to_json(*v.fallback, variables);
    }
    for (const auto where : {endpoint::records, endpoint::metadata})
        for (const auto tool : {graphql_tool::query, graphql_tool::mutation}) {
            const auto judged = [&](const twenty::access& may) {
                const auto sent = twenty::graphql_request(may, tool, where, bytes, variables);
                must(!sent || document.ok(), "what is not GraphQL is never sent");
                if (sent) check_request(*sent, bytes, tool);
                return sent.ok();
            };
            const bool by_all = judged(all);
            const bool by_reader = judged(reading);
            const bool by_some = judged(people_and_more);
            const bool by_few = judged(people);
            must(!by_reader || by_all, "a reader may do no more than a writer");
            must(!by_reader || tool == graphql_tool::query, "a reader changes nothing");
            must(!by_some || by_all, "some objects allow no more than all");
            must(!by_few || by_some, "fewer objects allow no more than more");
        }
}

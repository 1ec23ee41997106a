#include "crm/document_write.hpp"
#include "crm/tools.hpp"
#include "mcp/client_limits.hpp"
#include "twenty/document_notes.hpp"
#include "twenty/removed_options.hpp"
#include "twenty/restricted.hpp"
#include "twenty/shape.hpp"

#include <limits>
#include <utility>

namespace crm {

namespace {

// errors_of() shows messages that have been cleaned (twenty/answer.hpp); the extensions of an error
// stay inside.
json::value errors_of(const twenty::answer& answer) {
    json::array errors;
    for (const auto& e : answer.errors) {
        json::object shown;
        shown.append("message", e.message);
        if (!e.path.empty()) shown.append("path", e.path);
        errors.emplace_back(std::move(shown));
    }
    return errors;
}

// has_data() is false for null under every root: Twenty sends the roots' names along with errors.
bool has_data(const json::value& data) {
    const auto* roots = data.if_object();
    if (!roots) return false;
    for (const auto& [_, v] : *roots)
        if (!v.is_null()) return true;
    return false;
}

// Bytes. Threat: a query asks for an answer that takes long to read, and is too long to be shown.
// Defence: it is not read. A mutation's is, for what was done is told.
constexpr std::size_t most_read(bool mutates) {
    return mutates ? std::numeric_limits<std::size_t>::max() : 1'000'000;
}

crm_outcome shown_document(const twenty::answer& answer, std::vector<std::string> notes,
                           bool mutates, std::size_t budget) {
    crm_outcome out;
    out.notes = std::move(notes);
    if (twenty::has_restricted_values(answer.data)) out.notes.emplace_back(twenty::restricted_note);
    out.body.set("data", twenty::cleaned(answer.data));
    // Twenty gives partial data beside errors; both are kept.
    if (!answer.ok()) out.body.set("errors", errors_of(answer));
    const auto size = json::dumped_size(out.body);
    if (size <= budget) return out;
    const std::string excess = "The answer has " + std::to_string(size) + " bytes, more than " +
                               std::to_string(budget) + ".";
    if (!mutates)
        return failed(error(errc::too_large, excess + " Select fewer fields or ask for fewer "
                                                      "records with first; get_record reads a "
                                                      "long text in pieces (offset)."));
    out.body.erase("data");
    out.notes.push_back("The mutation ran. " + excess + " Its data is left out.");
    return out;
}

// run_document() judges the document, sends it, and shows what came. An answer that is too large is
// a failure of a query, which can ask for less; a mutation has run, so that is said, and its data
// is left out.
async<crm_outcome> run_document(call_slot& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may,
                                twenty::graphql_tool kind) {
    const auto endpoint = twenty::endpoint_of(arguments.text("endpoint", "graphql"));
    if (!endpoint)
        co_return failed(error(errc::bad_request, "\"endpoint\" must be graphql or metadata."));
    const auto* given = arguments.find("variables");
    const json::value variables = given ? *given : json::value{};
    document_write write;
    auto request = twenty::graphql_request(may, kind, *endpoint, arguments.text("query"), variables,
                                           {}, &write.what);
    if (!request) co_return failed(request.failure());
    const bool mutates = kind == twenty::graphql_tool::mutation;
    if (mutates && *endpoint == twenty::endpoint::metadata) {
        auto kept = twenty::check_options_stay(may.schema(), arguments.text("query"), variables);
        if (!kept) co_return failed(kept.failure());
    }
    twenty::request sent = std::move(request).value();
    if (mutates) {
        write.text = arguments.text("query");
        write.is_metadata = *endpoint == twenty::endpoint::metadata;
        auto no = co_await begin_document(slot, context, may, write);
        if (no) co_return std::move(*no);
    }
    auto answer = co_await ask(slot, std::move(sent), most_read(mutates));
    co_await end_document(slot, may, write, answer);
    // The next call of any client must know what this one made. A change whose answer was lost
    // may have happened.
    if (mutates && *endpoint == twenty::endpoint::metadata)
        (void)co_await open_workspace(slot, context, freshness::changed);
    crm_outcome out;
    if (!answer) {
        out = mutates ? failed_write(answer.failure(), perhaps_ran()) : failed(answer.failure());
        co_return out;
    }
    if (!answer->ok() && !has_data(answer->data)) {
        out = mutates ? failed_write(*answer, perhaps_ran()) : failed(*answer);
        // Free mutations are never sent twice, whatever the reason.
        if (mutates) out.stale_schema = false;
        co_return out;
    }
    std::vector<std::string> notes =
        twenty::document_notes(may, kind, *endpoint, arguments.text("query"), variables);
    co_return shown_document(*answer, std::move(notes), mutates, fitting(slot, document_budget));
}

} // namespace

async<crm_outcome> run_graphql(call_slot& slot, const json::value& arguments,
                               const call_context& context, const twenty::access& may) {
    crm_outcome out =
        co_await run_document(slot, arguments, context, may, twenty::graphql_tool::query);
    co_return out;
}

async<crm_outcome> run_graphql_mutation(call_slot& slot, const json::value& arguments,
                                        const call_context& context, const twenty::access& may) {
    crm_outcome out =
        co_await run_document(slot, arguments, context, may, twenty::graphql_tool::mutation);
    co_return out;
}

} // namespace crm

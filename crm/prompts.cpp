// Prompts that people start a conversation with, and the values that their clients suggest
// meanwhile.
#include "base/text.hpp"
#include "crm/tools.hpp"
#include "crm/workflows.hpp"
#include "crm/workspace.hpp"
#include "twenty/search.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

prompt_text says(std::string text) {
    prompt_text p;
    p.text = std::move(text);
    return p;
}

template <std::size_t n>
async<result<prompt_text>> run_workflow(call_slot&, json::value arguments, const call_context&) {
    const auto& w = workflows()[n];
    co_return says(w.asked(arguments) + " " + std::string(w.steps));
}

template <std::size_t... n> std::vector<prompt> prompts_of(std::index_sequence<n...>) {
    const auto prompt_of = [](const workflow& w, mcp::prompt_handler run) {
        return prompt{w.prompt, w.title, w.description, w.arguments, run};
    };
    return {prompt_of(workflows()[n], run_workflow<n>)...};
}

// -- Completions -------------------------------------------------------------------------------

using values = std::vector<std::string>;
using suggest = async<result<values>> (*)(call_slot&, const completion_request&,
                                          const twenty::access&);

bool begins(std::string_view candidate, const completion_request& wanted) {
    return text::starts_with_ci(candidate, wanted.typed);
}

async<result<values>> object_names(call_slot&, const completion_request& wanted,
                                   const twenty::access& may) {
    values out;
    for (const auto* of : may.objects())
        if (begins(of->name_singular, wanted)) out.push_back(of->name_singular);
    co_return out;
}

async<result<values>> fields(call_slot&, const completion_request& wanted,
                             const twenty::access& may) {
    values out;
    const auto of = may.readable(wanted.known.text("object"));
    if (!of) co_return out; // not chosen yet
    for (const auto* f : may.fields(**of))
        if (begins(f->name, wanted)) out.push_back(f->name);
    co_return out;
}

values options_of(const twenty::access& may, std::string_view object, std::string_view field,
                  const completion_request& wanted) {
    values out;
    const auto of = may.readable(object);
    if (!of) return out;
    for (const auto* f : may.fields(**of)) {
        if (f->name != field) continue;
        for (const auto& option : f->options)
            if (begins(option.value, wanted) || begins(option.label, wanted))
                out.push_back(option.value);
    }
    return out;
}

async<result<values>> field_values(call_slot&, const completion_request& wanted,
                                   const twenty::access& may) {
    co_return options_of(may, wanted.known.text("object"), wanted.known.text("field"), wanted);
}

async<result<values>> stages(call_slot&, const completion_request& wanted,
                             const twenty::access& may) {
    co_return options_of(may, "opportunity", "stage", wanted);
}

// Names of records. Each question costs one of the workspace's calls a minute, so a first
// letter is not enough to ask.
async<result<values>> record_names(call_slot& slot, const completion_request& wanted,
                                   const twenty::access& may, std::string_view object) {
    constexpr std::size_t least_typed = 2;
    constexpr int most = 20;
    values out;
    const auto of = may.readable(object);
    if (!of || text::code_points(wanted.typed) < least_typed) co_return out;
    std::vector<twenty::readable_object> in{*of};
    auto request = twenty::search_request(may, wanted.typed, in, most);
    if (!request) co_return out;
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return std::move(answer).failure();
    const auto hits = twenty::read_hits(*answer);
    if (!hits) co_return out;
    for (const auto& hit : *hits) {
        // Twenty's search was asked for this object alone; what it gives of others is dropped all
        // the same.
        if (hit.object != (*of)->name_singular) continue;
        auto label = text::without_invisible(hit.label, false);
        if (!label.empty() && std::ranges::find(out, label) == out.end())
            out.push_back(std::move(label));
    }
    co_return out;
}

async<result<values>> companies(call_slot& slot, const completion_request& wanted,
                                const twenty::access& may) {
    return record_names(slot, wanted, may, "company");
}

async<result<values>> people(call_slot& slot, const completion_request& wanted,
                             const twenty::access& may) {
    return record_names(slot, wanted, may, "person");
}

// suggestions says what each argument is filled with. The arguments of prompts and the variables of
// templates that have one name mean one thing.
struct suggestion {
    std::string_view argument;
    suggest run;
};
constexpr suggestion suggestions[] = {
    {"object", object_names}, {"field", fields},      {"value", field_values},
    {"stage", stages},        {"company", companies}, {"person", people},
};

} // namespace

std::vector<prompt> crm_prompts() { return prompts_of(std::make_index_sequence<workflow_count>()); }

async<result<std::vector<std::string>>> complete_crm(call_slot& slot, completion_request wanted,
                                                     const call_context& context) {
    const auto found =
        std::ranges::find(suggestions, std::string_view(wanted.argument), &suggestion::argument);
    if (found == std::end(suggestions)) co_return values();
    auto may = co_await open_workspace(slot, context);
    if (!may) co_return std::move(may).failure();
    auto out = co_await found->run(slot, wanted, *may);
    co_return out;
}

} // namespace crm

// Prompts that people start a conversation with, and the values that their clients suggest
// meanwhile.
#include "base/text.hpp"
#include "crm/tools.hpp"
#include "crm/workspace.hpp"
#include "twenty/search.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

// quoted() shows what a person typed, or a client put there: it stands in quotes that it cannot
// end, as a name and not as an instruction.
std::string quoted(const json::value& arguments, std::string_view name) {
    auto plain = text::without_invisible(arguments.text(name), false);
    std::replace(plain.begin(), plain.end(), '"', '\'');
    return "\"" + std::string(text::cut_utf8(plain, 200)) + "\"";
}

prompt_text says(std::string text) {
    prompt_text p;
    p.text = std::move(text);
    return p;
}

async<result<prompt_text>> prepare_meeting(call_slot&, json::value arguments, const call_context&) {
    co_return says(
        "Prepare me for a meeting with the company " + quoted(arguments, "company") +
        ". Find it with search_records, read it with get_record (depth 1), and look at its "
        "people, open opportunities, recent notes and open tasks. Then give me one page: who they "
        "are, whom I will meet, where each deal stands, what was last agreed, open tasks, and "
        "three questions worth asking. Say what the CRM does not know. Change nothing.");
}

async<result<prompt_text>> clean_up_contact(call_slot&, json::value arguments,
                                            const call_context&) {
    co_return says(
        "Clean up the contact " + quoted(arguments, "person") +
        ". Find it with search_records, along with others that may be the same person (same name, "
        "email or phone), and read them with get_record (depth 1). Then list what is missing, "
        "malformed, out of date or contradictory, which records look like duplicates and why, and "
        "the changes you propose, field by field with the old and the new value. Change nothing "
        "before I agree; then use update_record, and leave merging to me.");
}

async<result<prompt_text>> review_pipeline(call_slot&, json::value arguments, const call_context&) {
    std::string only;
    if (!arguments.text("owner").empty())
        only += " Only deals owned by " + quoted(arguments, "owner") + ".";
    if (!arguments.text("stage").empty())
        only += " Only the stage " + quoted(arguments, "stage") + ".";
    co_return says(
        "Review the sales pipeline for this week." + only +
        " Use aggregate_records on opportunities for count and sum of amount by stage, then "
        "find_records for those whose close date has passed or comes within 30 days, and those "
        "not updated for 14 days. Then report: totals by stage, what closes soon, what is overdue "
        "or has gone quiet, and the next step you suggest for each. Change nothing unless I ask.");
}

async<result<prompt_text>> look_into_segment(call_slot&, json::value arguments,
                                             const call_context&) {
    std::string which = "by " + quoted(arguments, "field");
    if (!arguments.text("value").empty())
        which = "whose " + quoted(arguments, "field") + " is " + quoted(arguments, "value");
    co_return says("Look into the records of " + quoted(arguments, "object") + " " + which +
                   ". Look up the field with describe_object, use aggregate_records for counts "
                   "and sums, and find_records for examples. Then tell me how they are spread, "
                   "what stands out, and what is missing. Change nothing.");
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

std::vector<prompt> crm_prompts() {
    return {
        {"prepare_meeting",
         "Prepare a meeting",
         "A one-page briefing on a company from its CRM records.",
         {{"company", "The company's name", true}},
         prepare_meeting},
        {"clean_up_contact",
         "Clean up a contact",
         "What is missing, wrong or doubled in a person's record, with proposed changes.",
         {{"person", "The person's name", true}},
         clean_up_contact},
        {"review_pipeline",
         "Weekly pipeline review",
         "Totals by stage, deals closing soon, overdue and quiet ones.",
         {{"owner", "Only deals of this person", false},
          {"stage", "Only deals in this stage", false}},
         review_pipeline},
        {"look_into_segment",
         "Look into a segment",
         "How an object's records are spread over a field, or those with one value.",
         {{"object", "The object, such as company", true},
          {"field", "The field, such as city", true},
          {"value", "Only records with this value", false}},
         look_into_segment},
    };
}

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

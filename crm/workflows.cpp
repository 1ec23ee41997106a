#include "crm/workflows.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace crm {

namespace {

// quoted() shows what a person typed, or a client put there: it stands in quotes that it cannot
// end, as a name and not as an instruction.
std::string quoted(const json::value& arguments, std::string_view name) {
    auto plain = text::without_invisible(arguments.text(name), false);
    std::replace(plain.begin(), plain.end(), '"', '\'');
    return "\"" + std::string(text::cut_utf8(plain, 200)) + "\"";
}

std::string meeting(const json::value& arguments) {
    return "Prepare me for a meeting with the company " + quoted(arguments, "company") + ".";
}

std::string contact(const json::value& arguments) {
    return "Clean up the contact " + quoted(arguments, "person") + ".";
}

std::string pipeline(const json::value& arguments) {
    std::string out = "Review the sales pipeline for this week.";
    if (!arguments.text("owner").empty())
        out += " Only deals owned by " + quoted(arguments, "owner") + ".";
    if (!arguments.text("stage").empty())
        out += " Only the stage " + quoted(arguments, "stage") + ".";
    return out;
}

std::string segment(const json::value& arguments) {
    std::string which = "by " + quoted(arguments, "field");
    if (!arguments.text("value").empty())
        which = "whose " + quoted(arguments, "field") + " is " + quoted(arguments, "value");
    return "Look into the records of " + quoted(arguments, "object") + " " + which + ".";
}

} // namespace

const std::array<workflow, workflow_count>& workflows() {
    static const std::array<workflow, workflow_count> table{{
        {.prompt = "prepare_meeting",
         .title = "Prepare a meeting",
         .description = "A one-page briefing on a company from its CRM records.",
         .arguments = {{"company", "The company's name", true}},
         .asked = meeting,
         .steps =
             "Find it with search_records, read it with get_record (depth 1), and look at its "
             "people, open opportunities, recent notes and open tasks. Then give me one page: who "
             "they are, whom I will meet, where each deal stands, what was last agreed, open "
             "tasks, and three questions worth asking. Say what the CRM does not know. Change "
             "nothing.",
         .when = "Use before a meeting or a call with a company.",
         .find_out = "which company it is about",
         .objects = "company"},
        {.prompt = "clean_up_contact",
         .title = "Clean up a contact",
         .description =
             "What is missing, wrong or doubled in a person's record, with proposed changes.",
         .arguments = {{"person", "The person's name", true}},
         .asked = contact,
         .steps =
             "Find it with search_records, along with others that may be the same person (same "
             "name, email or phone), and read them with get_record (depth 1). Then list what is "
             "missing, malformed, out of date or contradictory, which records look like duplicates "
             "and why, and the changes you propose, field by field with the old and the new value. "
             "Change nothing before I agree; then use update_record, and leave merging to me.",
         .when = "Use when somebody wants a contact checked, completed or corrected.",
         .find_out = "which person it is about",
         .objects = "person",
         .writes = true},
        {.prompt = "review_pipeline",
         .title = "Weekly pipeline review",
         .description = "Totals by stage, deals closing soon, overdue and quiet ones.",
         .arguments = {{"owner", "Only deals of this person", false},
                       {"stage", "Only deals in this stage", false}},
         .asked = pipeline,
         .steps =
             "Use aggregate_records on opportunities for count and sum of amount by stage, then "
             "find_records for those whose close date has passed or comes within 30 days, and "
             "those not updated for 14 days. Then report: totals by stage, what closes soon, what "
             "is overdue or has gone quiet, and the next step you suggest for each. Change nothing "
             "unless I ask.",
         .when = "Use for a regular look at the sales pipeline, or at what needs attention in it.",
         .find_out = "whether it is about all deals, those of one owner or those of one stage",
         .objects = "opportunity"},
        {.prompt = "look_into_segment",
         .title = "Look into a segment",
         .description = "How an object's records are spread over a field, or those with one value.",
         .arguments = {{"object", "The object, such as company", true},
                       {"field", "The field, such as city", true},
                       {"value", "Only records with this value", false}},
         .asked = segment,
         .steps = "Look up the field with describe_object, use aggregate_records for counts and "
                  "sums, and find_records for examples. Then tell me how they are spread, what "
                  "stands out, and what is missing. Change nothing.",
         .when = "Use for questions about how records are spread, or about a group of them.",
         .find_out = "which object and which field it is about",
         .objects = ""},
    }};
    return table;
}

} // namespace crm

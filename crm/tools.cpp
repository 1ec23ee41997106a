// The table of tools, in the order of tools/list. What clients read of each is in
// crm/tools/NAME.json: descriptions say what a tool does and gives back and which sibling does the
// neighbouring thing; they give no orders. Every result may have "notes" beside what its schema
// names.
#include "crm/tools.hpp"

#include "crm/tool_text.hpp"

namespace crm {

namespace {

struct row {
    std::string_view name;
    effect what;
    mcp::tool_handler run;
};

constexpr row rows[] = {
    {"list_objects", effect::read, in_workspace<list_objects, freshness::checked>},
    {"describe_object", effect::read, in_workspace<describe_object, freshness::checked>},
    {"find_records", effect::read, in_workspace<find_records>},
    {"get_record", effect::read, in_workspace<get_record>},
    {"search_records", effect::read, in_workspace<search_records>},
    {"aggregate_records", effect::read, in_workspace<aggregate_records>},
    {"run_graphql", effect::read, in_workspace<run_graphql>},
    {"get_primer", effect::read, in_workspace<get_primer, freshness::checked>},
    {"find_duplicates", effect::read, in_workspace<find_duplicates>},
    {"list_changes", effect::read, in_workspace<list_changes>},
    {"create_record", effect::create, in_workspace<create_record>},
    {"update_record", effect::update, in_workspace<update_record>},
    {"delete_record", effect::remove, in_workspace<delete_record>},
    {"restore_record", effect::restore, in_workspace<restore_record>},
    {"merge_records", effect::remove, in_workspace<merge_records>},
    {"undo_changes", effect::update, in_workspace<undo_changes>},
    {"run_graphql_mutation", effect::raw, in_workspace<run_graphql_mutation>},
};

} // namespace

std::vector<tool> crm_tools() {
    std::vector<tool> tools;
    for (const auto& [name, what, run] : rows) {
        const auto& text = *built_in_text(name).value();
        tools.push_back({name, text.title, text.description, text.input_schema, text.output_schema,
                         what, run, text.accepted_schema});
    }
    return tools;
}

} // namespace crm

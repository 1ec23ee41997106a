#include "crm/tool_text.hpp"

#include "embedded/crm_tools.hpp"

#include <map>

namespace crm {

namespace {

constexpr std::string_view shared_file = "shared";
constexpr std::string_view into_shared = "shared.json#/";

// put_shared() copies a shared part to where it is referred to. A shared part refers to no other,
// so that no chain of them has to be followed.
result<done> put_shared(json::value& into, const json::object& shared) {
    if (auto* items = into.if_array())
        for (auto& item : *items)
            CHECK_OK(put_shared(item, shared));
    auto* const members = into.if_object();
    if (!members) return done{};
    if (into.find("$ref")) {
        const auto name = into.text("$ref");
        const auto* part =
            name.starts_with(into_shared) ? shared.find(name.substr(into_shared.size())) : nullptr;
        if (!part || members->size() != 1)
            return error{errc::bad_request, "no such part: " + json::dump(into)};
        json::value copy = *part;
        into = std::move(copy);
        return done{};
    }
    for (auto& [_, member] : *members)
        CHECK_OK(put_shared(member, shared));
    return done{};
}

constexpr std::string_view also_takes = "alsoTakes";
// Shown with an error alone: a list of tools is read at every start.
constexpr std::string_view error_examples = "errorExamples";

// Visits every object of the schema, the inner ones first.
void each_object(json::value& schema, void (*visit)(json::value&)) {
    if (auto* items = schema.if_array())
        for (auto& item : *items)
            each_object(item, visit);
    auto* const members = schema.if_object();
    if (!members) return;
    for (auto& [_, member] : *members)
        each_object(member, visit);
    visit(schema);
}

void advertise(json::value& part) {
    part.if_object()->erase(also_takes);
    part.if_object()->erase(error_examples);
}

void accept(json::value& part) {
    if (const auto* shown = part.find(error_examples)) {
        json::value examples = *shown;
        part.if_object()->erase(error_examples);
        part.if_object()->set("examples", std::move(examples));
    }
    const auto* types = part.find(also_takes);
    if (!types) return;
    json::array forms{part};
    for (const auto& type : *types->if_array())
        forms.push_back(json::make({{"type", type}}));
    advertise(part);
    part.if_object()->append("anyOf", std::move(forms)); // which is read before `type`
}

std::map<std::string_view, tool_text> read_built_in() {
    json::object shared;
    for (const auto& [name, text] : embedded::crm_tools)
        if (name == shared_file) shared = *json::parse(text).value().if_object();
    std::map<std::string_view, tool_text> out;
    for (const auto& [name, text] : embedded::crm_tools)
        if (name != shared_file) out.emplace(name, read_tool_text(text, shared).value());
    return out;
}

} // namespace

result<tool_text> read_tool_text(std::string_view document, const json::object& shared) {
    TRY(read, json::parse(document));
    CHECK_OK(put_shared(read, shared));
    const auto* input = read.find("inputSchema");
    const auto* output = read.find("outputSchema");
    tool_text out;
    out.title = read.text("title");
    out.description = read.text("description");
    if (out.title.empty() || out.description.empty() || !input || !output ||
        read.if_object()->size() != 4)
        return error{errc::bad_request, "a tool has title, description, inputSchema and "
                                        "outputSchema, and nothing else"};
    json::value advertised = *input;
    each_object(advertised, advertise);
    out.input_schema = json::dump(advertised);
    json::value accepted = *input;
    each_object(accepted, accept);
    out.accepted_schema = json::dump(accepted);
    out.output_schema = json::dump(*output);
    return out;
}

result<const tool_text*> built_in_text(std::string_view tool) {
    // The files are a part of the program: one at fault ends its start, and every test of crm/.
    static const auto texts = read_built_in();
    const auto found = texts.find(tool);
    if (found == texts.end())
        return error{errc::not_found, "no crm/tools/" + std::string(tool) + ".json"};
    return &found->second;
}

} // namespace crm

#include "twenty/removed_options.hpp"

#include "base/text.hpp"
#include "twenty/graphql.hpp"
#include "twenty/values.hpp"

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace twenty {

namespace {

const field* field_by_id(const schema& model, std::string_view id) {
    for (const auto& o : model.objects())
        for (const auto& f : o.fields)
            if (!f.id.empty() && text::iequals(f.id, id)) return &f;
    return nullptr;
}

// `input` is updateOneField's: {id, update: {options: [{value, label}]}}.
result<done> keeps_options(const schema& model, const json::value& input) {
    const auto* update = input.find("update");
    const auto* given = update ? update->find("options") : nullptr;
    if (!given) return done{};
    const auto* f = field_by_id(model, input.text("id"));
    if (!f)
        return error{errc::bad_request,
                     "Choices are changed of active fields alone, named by the field's id."};
    // null or anything else that is no list keeps no choice, and is refused as if it were empty.
    const auto* listed = given->if_array();
    std::set<std::string_view> kept;
    if (listed)
        for (const auto& option : *listed)
            kept.insert(option.text("value"));
    std::vector<std::string> lost;
    for (const auto& option : f->options)
        if (!kept.contains(option.value)) lost.push_back(option.value);
    if (lost.empty()) return done{};
    return error{errc::not_allowed,
                 "Twenty would clear " + in_quotes(f->name) + " in every record that has " +
                     text::join(lost, ", ") +
                     "; list all choices with their values and add to them. People take choices "
                     "out in Twenty's settings."};
}

result<done> check(const schema& model, const graphql::selection_set& set,
                   const graphql::find_variable& variable) {
    // Spreads need no following: all fragments of the document are looked through, used or not.
    for (const auto& s : set) {
        if (const auto* in = std::get_if<graphql::inline_fragment>(&s.node))
            CHECK_OK(check(model, in->selections, variable));
        const auto* f = std::get_if<graphql::field>(&s.node);
        if (!f || f->name != "updateOneField") continue;
        if (const auto* input = f->find_argument("input"))
            CHECK_OK(keeps_options(model, graphql::to_json(*input, variable)));
    }
    return done{};
}

} // namespace

result<done> check_options_stay(const schema& model, std::string_view document,
                                const json::value& variables) {
    const auto parsed = graphql::parse(document);
    if (!parsed) return done{};
    // One pass over the given variables, as in document_judge::declare(). What they come to at all
    // of their uses was bounded there.
    std::unordered_map<std::string_view, const json::value*> given;
    for (const auto& op : parsed->operations)
        for (const auto& v : op.variables)
            given.emplace(v.name, nullptr);
    if (const auto* members = variables.if_object())
        for (const auto& [name, v] : *members)
            if (const auto wanted = given.find(name); wanted != given.end()) wanted->second = &v;
    const graphql::find_variable variable = [&given](std::string_view name) {
        const auto known = given.find(name);
        return known == given.end() ? nullptr : known->second;
    };
    for (const auto& op : parsed->operations)
        CHECK_OK(check(model, op.selections, variable));
    for (const auto& part : parsed->fragments)
        CHECK_OK(check(model, part.selections, variable));
    return done{};
}

} // namespace twenty

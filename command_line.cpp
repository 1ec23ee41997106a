#include "command_line.hpp"

#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <string_view>

namespace command_line {

namespace {

bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }

// CLI11 calls a value by its type and its checks: "TEXT:{2.19,newer}", "TEXT:NAME",
// "UINT:INT in [1 - 65535]". The last word in capitals says most to people.
void name_value(option& into, std::string_view type) {
    if (const auto open = type.find('{'); open != type.npos) {
        const auto set = type.substr(open + 1, type.find('}', open) - open - 1);
        for (const auto& word : text::split(set, ','))
            into.words.emplace_back(word);
    }
    for (const auto& part : text::split(type, ':'))
        if (!part.empty() && std::ranges::all_of(part, is_upper)) into.value = part;
    if (into.value == "UINT" || into.value == "INT" || into.value == "FLOAT") into.value = "NUMBER";
    for (const std::string_view path : {"FILE", "DIR", "PATH"})
        into.is_file = into.is_file || type.find(path) != type.npos;
}

option described(const CLI::Option& given) {
    option out;
    for (const auto& name : given.get_snames())
        out.names.push_back("-" + name);
    for (const auto& name : given.get_lnames())
        out.names.push_back("--" + name);
    if (out.names.empty()) out.names.push_back(given.get_name(true));
    if (given.get_items_expected_max() > 0) name_value(out, given.get_type_name());
    out.required = given.get_required();
    out.repeats = given.get_expected_max() > 1;
    out.fallback = given.get_default_str();
    out.help = given.get_description();
    return out;
}

} // namespace

command described(const CLI::App& app) {
    command out{app.get_name(),       app.get_description(), app.get_footer(), {}, {},
                app.get_fallthrough()};
    for (const auto* given : app.get_options([](const auto* o) { return !o->get_group().empty(); }))
        out.options.push_back(described(*given));
    for (const auto* below : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (below->get_group().empty()) continue;
        auto part = described(*below);
        if (!part.name.empty()) {
            out.commands.push_back(std::move(part));
            continue;
        }
        // CLI11 keeps a group of options as a command without a name.
        out.options.insert(out.options.end(), part.options.begin(), part.options.end());
    }
    return out;
}

} // namespace command_line
